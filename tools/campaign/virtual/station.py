"""A handset of a campaign in virtual time: the program as shipped, its modem, and the serial line of its console."""

import asyncio
import json

from drivers.modem.auto import Auto
from mms.events import Events
from mms.handset import settings as checked
from mms.handset.console.console import Console
from mms.handset.handset import Handset
from mms.handset.store import files
from mms.handset.store.store import Store
from tools.campaign.virtual.world import HOME
from tools.lab import families
from tools.lab.modem import reach
from tools.lab.modem.environment import Card
from tools.soak.core_network import MMSC, PROXY
from tools.soak.lines import Line, data


def _settings(operator, number, folder):
    """Settings of a handset of an operator, as their file has them: the MMSC is reached by the proxy of the world."""
    access = {"apn": operator.apn, "user": operator.user, "password": operator.password, "auth": operator.auth}
    way = {"mmsc": "http://%s/" % MMSC, "proxy": "%s:%d" % PROXY}
    # As the cases of a campaign want them, so that a message needs no change of the flash before it.
    ready = {"roaming": {"send": "yes"}, "retrieve": {"home": "now", "roaming": "now"}}
    known = {HOME: {"name": operator.name, **access, **way}}
    return {"number": number, "store": folder, "album": folder + "/album", "operators": known, **ready}


class Station:
    """The handset of `subscriber`, a row of the lab's world, with a modem of a `family`, in its home country.

    `heard(octets)` gets each line of its console, `ended(error)` the error with which its program ends.
    """

    def __init__(self, world, subscriber, family, heard, ended):
        self._world, self.name, self.number = world, subscriber.name, subscriber.number
        card = Card(subscriber.number, subscriber.imsi, subscriber.iccid)
        around = reach.environment(world.lab, HOME)
        self.modem = families.module("modem", family).MACHINE(card, around, world.lab.radio)
        self.line = Line(world, lambda octets: self.modem.receive(octets, world.now), world.struck, data)
        self._console = Line(world, self._hear, world.struck, lambda octets, up: True)
        self._heard, self._ended, self._said = heard, ended, b""
        self._lives, self._task, self._driver = 0, None, None
        self.modem.power_on()

    def due(self):
        """The moment when something is due in the modem, or None."""
        return self.modem.next()

    def advance(self, now):
        """Do all that is due in the modem."""
        self.modem.advance(now)

    def start(self):
        """Start the program, whose console is heard from here on."""
        self._lives += 1
        port, self._said = self._console.open(), b""
        self._task = asyncio.create_task(self._live("%s.%d" % (self.name, self._lives), port))

    def stop(self):
        """End the program in the middle of anything."""
        self._world.disk.end(self.name)
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._close()

    def say(self, octets):
        """Write octets to the console."""
        self._console.say(octets)

    def carry(self, country):
        """Carry the subscriber to a country."""
        self.modem.carry(self._world.cells(country))

    def _hear(self, octets):
        *lines, self._said = (self._said + octets).split(b"\n")
        for line in lines:
            self._heard(line)

    def _close(self):
        self.line.end()
        self._console.end()
        if self._driver is not None:
            self._driver.close()
            self._driver = None

    def _read_settings(self, folder):
        """Settings from their file on the flash, which is written anew for each life of the program."""
        told, path = _settings(self._world.lab.operator(HOME), self.number, folder), folder + "/settings.json"
        files.make_folder(told["album"])
        with self._world.disk.open(path, "wb") as file:
            file.write(json.dumps(told).encode())
        return checked.load(path)

    async def _live(self, life, port):
        error = None
        self._world.disk.lives[self.name] = life
        events = Events()
        try:
            store = Store(life)
            self._driver = Auto(self.line.open(), events)
            handset = Handset(self._read_settings(life), store, self._driver, None, events)
            await handset.run(Console(port, handset, events))
        except Exception as caught:  # noqa: BLE001 whoever asks the program has to know that it is gone
            error = caught
        self._world.disk.end(self.name)
        self._close()
        self._ended(error)
