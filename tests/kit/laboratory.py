"""The lab network with handsets on it, for one test: `async with Laboratory(folder) as lab`."""

import aiohttp

from tools.journey.phone import Phone
from tools.lab import world as worlds
from tools.lab.lab import Lab

SPEED = 20.0
SECONDS = 120  # real ones, for anything that is waited for: no promise, but where a hang ends


class Laboratory:
    """`network` is the lab (tools/lab/lab.py); handsets keep their things in `folder`; `modems` are their families.

    `more` is Lab's.
    """

    def __init__(self, folder, speed=SPEED, octets=None, modems=("sim800",), **more):
        self._folder = folder
        self.world = worlds.load()
        self.network = Lab(self.world, folder / "lab", "gprs-10-cs2", speed, octets=octets, modems=modems, **more)
        self._phones = []

    async def __aenter__(self):
        await self.network.start()
        return self

    async def __aexit__(self, *error):
        for phone in self._phones:
            await phone.stop()
        await self.network.stop()

    def number(self, name):
        """The subscriber's telephone number."""
        return self.world.subscriber(name).number

    def phone(self, name, command=None, listener=None, **more):
        """The handset of a subscriber, not yet started; `more` replaces whole settings; `listener`: see Phone."""
        settings = dict(self.network.settings(name, self._folder), **more)
        modem, camera = self.network.lines(name)
        phone = Phone(name, settings, self._folder, modem, camera, command, listener)
        self._phones.append(phone)
        return phone

    async def ready(self, name, command=None, listener=None, **more):
        """The handset of a subscriber, started and registered."""
        phone = self.phone(name, command, listener, **more)
        await phone.start()
        await phone.seen("ready", SECONDS)
        return phone

    async def push(self, name, octets):
        """Have the SMS centre send a WAP push from O2 to a subscriber."""
        parameters = {"to": self.number(name), "from": "O2"}
        async with aiohttp.ClientSession() as session:
            async with session.post(self.network.smsc.url + "/push", params=parameters, data=octets) as answer:
                assert answer.ok

    def journal(self, event, operator=None):
        """The journal entries of that event, of the home operator's MMSC or of that of another network."""
        mmsc = self.network.operators[operator].mmsc if operator else self.network.mmsc
        return mmsc.journal.all(event)
