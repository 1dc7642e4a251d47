"""One session: alice takes a picture and sends it to bob, while faults strike; then nobody may have lost anything.

`play(seed)` gives a dict: `seed`, `broken` (promises that did not hold, in words), `faults` (how often each struck),
`ms` (virtual), `recovered_ms` (of each modem reset), `digest` (equal for equal runs).
"""

import asyncio
import binascii

from mms import clock, errors, limits
from mms.advice import sentence
from mms.events import Events
from mms.handset import settings as checked
from mms.handset import store as rooms
from mms.handset.handset import Handset
from mms.handset.message import Message
from mms.handset.store import Store
from tools.lab import radio
from tools.lab.sim800 import Card, Cell, Profile, Sim800, World
from tools.lab.sim800.agenda import Agenda
from tools.lab.vc0706 import Vc0706
from tools.soak import faults, oracles, ticks
from tools.soak.dice import Dice
from tools.soak.disk import Disk
from tools.soak.lines import Line
from tools.soak.network import EPOCH, Network

ALICE, BOB = "alice", "bob"
NUMBERS = {ALICE: "+447700900001", BOB: "+447700900002"}
IMSIS = {ALICE: "234100000000001", BOB: "234100000000002"}
PIN, PASSWORD = "73519", "canary-of-the-operator"
BUDGET_MS = 3 * 3600000
RECOVERY_MS = 60000  # of a modem reset, and what attaching takes
_LOOK_MS = 500
_OPERATIONS, _OPERATIONS_A_SECOND = 10000, 10  # on the flash: who polls it day and night empties the battery
_WRAP_MS = 60000  # by then the ticks of a 32-bit board have begun again at 0
_PATIENCE_MS = 60000  # of a person who sees that a message failed
_ROWS = ("gprs-10-cs2", "gprs-12-cs4", "gprs-8-cs1", "edge-12-mcs9")
_BATCH_MS = 50  # pieces of the radio: coarser than life, and so ten times as fast


def _settings(pin):
    operator = {
        "name": "O2",
        "apn": "mms.o2.example",
        "user": "o2mms",
        "password": PASSWORD,
        "mmsc": "http://mmsc.o2.example/",
        "proxy": "10.1.1.1:8080",
    }
    wanted = {"operators": {"23410": operator}, "camera": {"size": "QQVGA"}}
    if pin:
        wanted["pin"] = PIN
    return checked.check(wanted)


SETTINGS, SETTINGS_PIN = _settings(False), _settings(True)


class Watchdog:
    """A board's: once it has begun, the board begins anew when nobody feeds it for too long."""

    def __init__(self, phone):
        self._phone = phone
        phone.watchdog = self
        self.feed()
        self._look()

    def feed(self):
        self._fed = self._phone.session.now

    def _look(self):
        if self._phone.watchdog is self:
            left = self._fed + limits.WATCHDOG_MS - self._phone.session.now
            if left > 0:
                self._phone.session.agenda.after(left, self._look)
            else:
                self._phone.bitten()


class Phone:
    """A handset with its machines: it is started, killed and started again."""

    def __init__(self, session, name, pin):
        self.session, self.name = session, name
        self.number = NUMBERS[name]
        card = Card(self.number, IMSIS[name])
        if pin:
            card.pin = PIN
        around = World([Cell("23410", "O2 - UK", "O2")], [Profile("mms.o2.example", "o2mms", PASSWORD)])
        world = session.world
        self.modem = Sim800(card, around, session.dice.choice(_ROWS))
        self.modem.terminal.heard = lambda line: session.heard(self, line)
        self.line = Line(world, lambda octets: self.modem.receive(octets, world.now), session.struck)
        self.eye_line = Line(world, lambda octets: self.eye.receive(octets, world.now), session.struck)
        self.eye = Vc0706(self.eye_line.say, self._set_rate, session.frame)
        self.settings = SETTINGS_PIN if pin else SETTINGS
        self.lives = 0
        self.handset = self.task = self._driver = self.watchdog = None
        self.modem.power_on()
        self.eye.power(world.now)

    def _set_rate(self, rate):
        self.eye_line.baud = rate

    def start(self):
        """Power comes, or the program is started again."""
        if self.task is None:
            self.task = asyncio.create_task(self._live())

    def kill(self, ms):
        """The program ends in the middle of anything, and is started again after so long."""
        self.session.disk.end(self.name)
        oracles.visible(self.session, self.name)
        if self.task is not None:
            self.task.cancel()
        self._end()
        self.session.world.agenda.after(ms, self.start)

    def _end(self):
        self.line.end()
        self.eye_line.end()
        if self._driver is not None:
            self._driver.close()
        self.handset = self.task = self._driver = self.watchdog = None

    def bitten(self):
        """Nobody fed the watchdog."""
        self.session.bitten(self)
        self.kill(self.session.dice.between(1000, 3000))

    async def _power(self):
        """The power key."""
        self.session.powered(self)

    async def _live(self):
        from drivers.camera.vc0706 import Vc0706 as Camera
        from drivers.modem.sim800 import Sim800 as Driver

        session = self.session
        while True:
            self.lives += 1
            life = "%s.%d" % (self.name, self.lives)
            session.disk.lives[self.name] = life
            events = Events()
            events.listen(lambda event, life=life: session.happened(self, life, event))
            try:
                driver = self._driver = Driver(self.line.open(), events, self._power)
                camera = Camera(self.eye_line.open(), compression=54)
                self.handset = Handset(self.settings, Store(life), driver, camera, events)
                await self.handset.run(watchdog=Watchdog(self))
            except Exception as error:
                if session.disk.lives.get(self.name) != life:
                    return
                session.ended(self, error)
            session.disk.end(self.name)
            self.line.end()
            self.eye_line.end()
            driver.close()
            self.handset = None
            await session.wait(10000)


class Session:
    """Everything in one run from one seed. `only`: the one kind of fault to strike with, instead of chance."""

    def __init__(self, seed, only=None):
        self.seed, self.only = seed, only
        self.dice = Dice(seed)
        self.now = 0
        self.wraps_at = self.dice.below(_WRAP_MS)
        self.world = self
        self.numbers = NUMBERS.values()
        self.agenda = Agenda()
        self.disk = Disk(Dice(seed + 1000003))
        self.disk.cut = self._cut
        self.disk.struck = self.struck
        self.digest = 0
        self.faults = {}
        self.frames = []  # every picture that a camera took
        self.broken, self.damaged = [], False
        self.accepted = []  # ids
        self.pressed = None  # when the picture was first wanted
        self.resets, self.recovered = {}, []
        self.date_offset = 0
        self._helped = 0
        self.asked = 0  # how often somebody asked for one more attempt
        self.network = Network(self, self._journalled, self.struck, seed)
        self.phones = [Phone(self, name, self.dice.below(6) == 0) for name in (ALICE, BOB)]
        self.machines = [phone.modem for phone in self.phones]
        self.by_number = {phone.number: phone for phone in self.phones}
        self.network.modems = {phone.number: phone.modem for phone in self.phones}
        self._done = None

    # time

    def date(self):
        """Seconds since 1970 as the boards' clocks have it."""
        return EPOCH + self.now // 1000 + self.date_offset

    def next(self):
        """When the world has something to do."""
        best = self.agenda.next()
        for phone in self.phones:
            for due in (phone.modem.next(), phone.eye.due):
                if due is not None and (best is None or due < best):
                    best = due
        due = self.network.next()
        if due is not None and (best is None or due < best):
            best = due
        return None if best is None else int(-(-best // 1))

    def turn(self):
        """Do what is due."""
        self.agenda.advance(self.now)
        for phone in self.phones:
            phone.eye.advance(self.now)
            phone.modem.advance(self.now)
        self.network.turn()
        for phone in self.phones:
            modem = phone.modem
            for effect in modem.effects():
                what = effect[0]
                if what == "open":
                    self.network.open(phone.number, effect[1], effect[2], effect[3])
                elif what == "send":
                    self.network.send(phone.number, effect[1], effect[2])
                elif what == "close":
                    self.network.close(phone.number, effect[1])
                else:
                    modem.submitted(self.network.submit(phone.number, effect[1]))
            if modem.terminal.out:
                phone.line.say(modem.take())

    async def wait(self, ms):
        """Let time pass."""
        await clock.sleep(ms)

    # what happens

    def say(self, what, octets):
        """Something crossed a serial line: the digest knows."""
        self.digest = binascii.crc32(octets, binascii.crc32(what.encode(), self.digest ^ self.now & 0xFFFFFFFF))

    def frame(self, size, compression):
        """A picture: small, with its beginning and its end, different each time."""
        octets = b"\xff\xd8\xff\xfe" + self.dice.octets(self.dice.between(60, 500)) + b"\xff\xd9"
        self.frames.append(octets)
        return octets

    def struck(self, fault):
        """A fault met somebody."""
        self.faults[fault] = self.faults.get(fault, 0) + 1

    def fail(self, text):
        """A promise is broken."""
        if text not in self.broken:
            self.broken.append(text)

    def stray(self, error):
        """A task ended with an error."""
        if ticks.untyped(error) and not (isinstance(error, MemoryError) and "no memory" in self.faults):
            self.fail("untyped: %r" % error)

    def ended(self, phone, error):
        """A program ended with an error, and said one line."""
        if ticks.untyped(error):
            self.fail("untyped: %s ended with %r" % (phone.name, error))
            return
        oracles.secrets(self, sentence(error))
        self.struck("(%s ended: %s)" % (phone.name, error))
        if isinstance(error, errors.SimError) and error.code == 16:
            phone.modem.sim.card.pin = None  # somebody takes the card out, and its PIN away
            phone.modem.start_card()

    def bitten(self, phone):
        """A watchdog restarts a board: it may when the program has ended, or hangs."""
        self.struck("(watchdog)")
        if phone.handset is not None and not phone.line.stuck:
            self.fail("watchdog: nobody fed that of %s" % phone.name)

    def happened(self, phone, life, event):
        """A handset says something."""
        if self.disk.lives.get(phone.name) != life:
            return
        self.say(event["event"], b"")
        oracles.secrets(self, str([event[key] for key in event if key != "ms"]))
        if event["event"] == "ready" and phone.name == ALICE and self.pressed is None:
            self.pressed = self.now
            faults.arrange(self)
            asyncio.create_task(self._press())

    def heard(self, phone, line):
        """A modem has read a command line."""
        oracles.grammar(self, phone, line)
        if line.startswith(b"AT+CNMI="):  # the last step before it can be used again
            since = self.resets.pop(phone, None)
            if since is not None:
                self.recovered.append(self.now - since)

    def reset(self, phone):
        """A modem has lost everything it knew."""
        if phone.task is not None:
            self.resets[phone] = self.now

    def powered(self, phone):
        """A handset pressed the power key of a modem that is silent."""
        self.struck("(power key)")
        phone.modem.power_on()

    def _cut(self, name):
        self.struck("power cut in the flash")
        phone = self.phones[0] if name == ALICE else self.phones[1]
        self.agenda.after(0, lambda: phone.kill(self.dice.between(1000, 10000)))

    def _journalled(self, entry):
        oracles.journalled(self, entry)

    # people

    async def _press(self):
        """Alice wants a picture sent, until her telephone has accepted it."""
        alice = self.phones[0]
        while not self.accepted:
            handset = alice.handset
            if handset is not None and handset.bearer.profile is not None:
                message = Message(NUMBERS[BOB], "A picture")
                message.text("Hello from session %d" % self.seed)
                message.picture()
                life = self.disk.lives.get(ALICE)
                try:
                    id = await handset.send(message)
                except (errors.CameraError, errors.StoreError, errors.UsageError, errors.ModemError, MemoryError):
                    id = None
                if id is not None and self.disk.lives.get(ALICE) == life:
                    self.accepted.append(id)
                    oracles.accepted(self, id)
                    return
                # one that was accepted in the moment that power went is accepted
                self.accepted.extend(oracles.kept(self))
            await self.wait(5000)

    def _look(self):
        """Once in a while: is it over? Does somebody have to help?"""
        if self.now > BUDGET_MS:
            self.fail("late: not done after %d s: %s" % (self.now // 1000, oracles.state(self)))
        if self.disk.operations > _OPERATIONS + self.now * _OPERATIONS_A_SECOND // 1000:
            self.fail("busy: %d operations on the flash in %d s" % (self.disk.operations, self.now // 1000))
        if self.broken or oracles.finished(self):
            self._done.set()
            return
        if self.now - self._helped > _PATIENCE_MS:
            self._helped = self.now
            oracles.help(self)
        self.agenda.after(_LOOK_MS, self._look)

    async def story(self):
        """From power-on until everybody has everything."""
        self._done = asyncio.Event()
        for phone in self.phones:
            phone.start()
        self._look()
        await self._done.wait()
        if not self.broken:
            oracles.final(self)
        late = [self.now - since for since in self.resets.values()]
        self.recovered += [ms for ms in late if ms > RECOVERY_MS]  # of the others nobody knows yet
        for phone in self.phones:
            self.disk.end(phone.name)
            phone.line.end()
            phone.eye_line.end()
            if phone.task is not None:
                phone.task.cancel()
            if phone._driver is not None:
                phone._driver.close()


def play(seed, only=None):
    """Run one session; see above."""
    session = Session(seed, only)
    usual = rooms.os, rooms._replace, radio.BATCH_MS
    radio.BATCH_MS = _BATCH_MS
    rooms.os, rooms._replace = session.disk, session.disk.rename
    rooms.open = session.disk.open  # type: ignore[attr-defined]
    try:
        ticks.run(session, session.story())
    except ticks.Deadlock as error:
        session.fail("deadlock: %s" % error)
    except Exception as error:
        session.fail("untyped: %r" % error)
    finally:
        rooms.os, rooms._replace, radio.BATCH_MS = usual
        rooms.open = open  # type: ignore[attr-defined]
    return {
        "seed": seed,
        "broken": session.broken,
        "faults": session.faults,
        "ms": session.now,
        "recovered_ms": session.recovered,
        "digest": "%08x" % (session.digest & 0xFFFFFFFF),
    }
