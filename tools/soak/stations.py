"""A handset of the soak with its machines and its board's watchdog: it is started, killed and started again."""

import asyncio

from mms import limits
from mms.events import Events
from mms.handset import settings as checked
from mms.handset.handset import Handset
from mms.handset.store.store import Store
from tools.lab.camera.vc0706 import Vc0706
from tools.lab.modem.bg95 import Bg95
from tools.lab.modem.environment import Card, Environment, Profile
from tools.lab.modem.m66 import M66
from tools.lab.modem.sara import Sara
from tools.lab.modem.sim800 import Sim800
from tools.lab.modem.sim7600 import Sim7600
from tools.soak import abroad, oracles, wap, wires
from tools.soak.core_network import MMSC, PROXY
from tools.soak.lines import Line, data, picture

ALICE, BOB = "alice", "bob"
MACHINES = {"bg95": Bg95, "m66": M66, "sara": Sara, "sim7600": Sim7600, "sim800": Sim800}
FAMILIES = tuple(sorted(MACHINES))  # in their order
NUMBERS = {ALICE: "+447700900001", BOB: "+447700900002"}
IMSIS = {ALICE: "234100000000001", BOB: "234100000000002"}
PIN, USER, PASSWORD = "73519", "o2mms", "canary-of-the-operator"
SOON_MS = 100


def _settings(pin, way, **more):
    operator = {
        "name": "O2",
        "apn": "mms.o2.example",
        "user": USER,
        "password": PASSWORD,
        "mmsc": "http://%s/" % MMSC,
    }
    if way != "direct":
        operator["proxy"] = "wsp://%s:%d" % wap.ADDRESS if way == "wap" else "%s:%d" % PROXY
    wanted = {"operators": {"23410": operator}, "camera": {"size": "QQVGA"}}
    wanted.update(more)
    if pin:
        wanted["pin"] = PIN
    return checked.check(wanted)


WAYS = ("proxy", "direct", "wap")  # to the MMSC
SETTINGS = {(pin, way): _settings(pin, way) for pin in (False, True) for way in WAYS}


class _Faults(dict):
    """The faults that are prepared for a modem; `struck(name)` is called when the modem takes one out."""

    def __init__(self, struck):
        super().__init__()
        self._struck = struck

    def pop(self, *words):
        if words[0] in self:
            self._struck(words[0])
        return super().pop(*words)


class Watchdog:
    """The watchdog of a board: it restarts the board when it is not fed for limits.WATCHDOG_MS."""

    def __init__(self, station):
        self._station = station
        station.watchdog = self
        self.feed()
        self._look()

    def feed(self):
        self._fed = self._station.session.now

    def _look(self):
        if self._station.watchdog is self:
            left = self._fed + limits.WATCHDOG_MS - self._station.session.now
            if left > 0:
                self._station.session.agenda.after(left, self._look)
            else:
                self._station.restart()


class Station:
    """A handset with its machines: it is started, killed and started again."""

    LINE, MACHINES = Line, MACHINES
    ROWS = ("gprs-10-cs2", "gprs-12-cs4", "gprs-8-cs1", "edge-12-mcs9")  # one of these radios

    def __init__(self, session, name, family, pin):
        self.session, self.name, self.family = session, name, family
        self.number = NUMBERS[name]
        card = Card(self.number, IMSIS[name])
        if pin:
            card.pin = PIN
        around = Environment(abroad.home(), [Profile("mms.o2.example", USER, PASSWORD)])
        world = session.world
        self.modem = self.MACHINES[family](card, around, session.dice.choice(self.ROWS))
        self.modem.faults = _Faults(session.count_fault)
        self.modem.terminal.heard = lambda line: session.check_command(self, line)
        self.line = self.LINE(world, lambda octets: self.modem.receive(octets, world.now), session.count_fault, data)
        self.eye_line = self.LINE(
            world,
            lambda octets: self.eye.receive(octets, world.now),
            lambda name: session.count_fault("camera: " + name),
            picture,
        )
        self.eye = Vc0706(self.eye_line.say, self._set_rate, session.frame)
        ways = [way for way in WAYS if way in session.traits]
        way = ways[0] if ways else "proxy"
        self.settings, self.journey = SETTINGS[pin, way], None
        if "abroad" in session.traits:
            self.settings = _settings(pin, way, **abroad.policy(session.ways))
            self.journey = abroad.Journey(session, self, session.ways, session.is_long)
        self.wires = wires.Wires(session, self, session.wiring)
        self.lives = 0
        self._wishes = []
        self.handset = self.task = self._driver = self.watchdog = None
        self.modem.power_on()
        self.eye.power(world.now)

    def _set_rate(self, rate):
        self.eye_line.baud = rate

    def due(self):
        """The moment when something is due in a machine of this station, or None."""
        modem, eye = self.modem.next(), self.eye.due
        return eye if modem is None or eye is not None and eye < modem else modem

    def advance(self, now):
        """Do all that is due in the machines."""
        self.eye.advance(now)
        self.modem.advance(now)

    def start(self):
        """Start the program, at power-on or after it was killed."""
        if self.task is None:
            self.task = asyncio.create_task(self._live())

    def kill(self, ms):
        """End the program in the middle of anything, and start it again after `ms` milliseconds."""
        if self.session.held:  # a program that is blocked by its flash cannot be ended before the flash is ready
            self.session.agenda.after(SOON_MS, lambda: self.kill(ms))
            return
        self.session.disk.end(self.name)
        oracles.check_files(self.session, self.name)
        if self.task is not None:
            self.task.cancel()
        self._end()
        self.session.world.agenda.after(ms, self.start)

    def wish(self, work):
        """Do what a user wants of the program, which ends it when it ends."""
        self._wishes.append(asyncio.create_task(work))

    def _end(self):
        for wish in self._wishes:
            wish.cancel()
        self._wishes = []
        self.line.end()
        self.eye_line.end()
        if self._driver is not None:
            self._driver.close()
        self.handset = self.task = self._driver = self.watchdog = None

    def restart(self):
        """Restart the program, whose watchdog was not fed."""
        self.session.check_watchdog(self)
        self.kill(self.session.dice.between(1000, 3000))

    async def _power(self):
        """The power key."""
        self.session.press_power_key(self)

    async def _live(self):
        from drivers.camera import Camera
        from drivers.modem.auto import Auto as Driver

        session = self.session
        while True:
            self.lives += 1
            life = "%s.%d" % (self.name, self.lives)
            session.disk.lives[self.name] = life
            session.disk.starving.pop(self.name, None)  # the heap is whole again
            events = Events()
            events.listen(lambda event, life=life: session.handle_event(self, life, event))
            try:
                off = self.wires.cut if "off" in session.traits else None
                driver = self._driver = Driver(self.line.open(), events, self._power, off)
                camera = Camera("drivers.camera.vc0706", self.eye_line.open(), self.settings["camera"])
                self.handset = Handset(self.settings, Store(life), driver, camera, events)
                await self.handset.run(watchdog=Watchdog(self))
            except Exception as error:
                if session.disk.lives.get(self.name) != life:
                    return
                session.check_end(self, error)
            session.disk.end(self.name)
            self.line.end()
            self.eye_line.end()
            driver.close()
            self.handset = None
            await session.wait(10000)
