"""One session: alice takes a picture and sends it to bob, while faults strike; in the end nothing may be lost.

`play(seed)` gives a dict: `seed`, `broken` (promises that did not hold, in words), `faults` (how often each struck),
`ms` (virtual), `recovered_ms` (of each modem reset), `digest` (equal for equal runs).
"""

import asyncio
import binascii

from mms import errors
from mms.advice import sentence
from mms.handset.sending.message import Message
from tools.lab.camera.frame import frame
from tools.sim import ticks
from tools.sim.disk import Disk
from tools.soak import abroad, abroad_oracles, faults, names, oracles
from tools.soak.core_network import CoreNetwork
from tools.soak.dice import Dice
from tools.soak.stations import ALICE, BOB, FAMILIES, NUMBERS, Station
from tools.soak.world import World, run

BUDGET_MS = 3 * 3600000
RECOVERY_MS = 60000  # of a modem reset, and what attaching takes
_LOOK_MS, _LATER_MS, _LATER = 500, 5000, 600000  # how often to look whether a session is over: later on less often
_OPERATIONS, _OPERATIONS_A_SECOND = 10000, 10  # on the flash, at most: polling it day and night empties the battery
_WRAP_MS = 60000  # before it the ticks of a 32-bit board begin again at 0
_PATIENCE_MS = 60000  # until a person asks again for a message that failed
_ERASE_MS = 45  # the erase of a sector, during which an RP2040 reads nothing from its lines
_ONE_IN = 6  # each trait is in one of so many sessions
_PICTURE = 500  # octets of the largest picture
_LARGER = {"abroad": 3000, "wap": 9000}  # with these traits: more than a day's limit, and more than a group of segments


def _traits(seed, only):
    """The traits of the session: a set of names in names.TRAITS."""
    dice = Dice(seed + 2000003)
    chosen = {name for name in sorted(names.TRAITS) if dice.below(_ONE_IN) == 0}
    if only is not None:
        chosen = {only, faults.OF_TRAIT.get(only)} & set(names.TRAITS)
    for name, other in (("direct", "wap"), ("sleep", "dtr")):  # one way to the MMSC, and one to sleep
        if other in chosen:
            chosen.discard(name)
    return chosen


class Session(World):
    """Everything in one run from one seed.

    `only`: the one kind of fault to strike with, or the one trait, instead of chance; `modems`: the families of alice's
    and bob's.
    """

    STATION = Station

    def __init__(self, seed, only=None, modems=("sim800", "sim800")):
        super().__init__()
        self.seed, self.only = seed, only
        self.dice = Dice(seed)
        self.wraps_at = self.dice.below(_WRAP_MS)
        self.world = self
        self.numbers = NUMBERS.values()
        self.disk = Disk(Dice(seed + 1000003))
        self.disk.cut = self._cut
        self.disk.struck = self.count_fault
        self.digest = 0
        self.faults = {}
        self._met = []  # (station, fault) for each lasting fault that has struck there
        self.frames = {}  # octets of a picture that a camera took: when it took it
        self.truncated = None  # octets after which the next picture ends, or None
        self.broken = []
        self.accepted = []  # ids
        letters = "".join(chr(97 + int(digit)) for digit in str(seed))  # digits might be a PIN
        self.text = "Is it raining, %s?" % letters  # a plain short message that bob shall have, too
        self.pressed = None  # when the picture was first wanted
        self.resets, self.recovered = {}, []
        self._helped = self._allowed = self.held_ms = 0
        self.asked = {}  # id: how often `help` had a message in doubt sent once more
        self.traits = _traits(seed, only)
        self.ways = Dice(seed + 4000037)  # of journeys
        self.wiring = Dice(seed + 5000011)
        self.is_long = self.ways.below(abroad.LONG) == 0
        more = {"validity_ms": self.ways.between(*abroad.HOURS_MS)} if "abroad" in self.traits and self.is_long else {}
        self.fetched = set()  # transactions of the messages that bob asked for
        self.network = CoreNetwork(self, self._journalled, self.count_fault, seed, **more)
        self.disk.erased = self._erased
        self.held = False  # whether a program is blocked by its flash
        alice, bob = modems
        self.stations = [self.STATION(self, ALICE, alice, self.dice.below(6) == 0)]
        self.stations.append(self.STATION(self, BOB, bob, self.dice.below(6) == 0))
        for name in sorted(self.traits):
            self.count_fault(names.TRAITS[name])
        self.machines = [station.modem for station in self.stations]
        self.by_number = {station.number: station for station in self.stations}
        self.network.modems = {station.number: station.modem for station in self.stations}
        self._done = None

    # events

    def say(self, what, octets):
        """Add octets of a serial line, or the name of an event, to the digest.

        It is a sum, since the order of two tasks in one millisecond is that of the interpreter.
        """
        self.digest += binascii.crc32(octets, binascii.crc32(what.encode(), self.now & 0xFFFFFFFF))

    def frame(self, size, compression):
        """A picture of the camera, with the marks of its beginning and its end, different each time."""
        most = max([_PICTURE] + [_LARGER[trait] for trait in self.traits if trait in _LARGER])
        octets = frame(size, self.dice.octets(self.dice.between(60, most)))
        self.frames[octets] = self.now
        if self.truncated is not None:
            octets, self.truncated = octets[: self.truncated], None
            self.count_fault("picture truncated")
        return octets

    def count_fault(self, fault):
        """Count a fault that strikes."""
        self.faults[fault] = self.faults.get(fault, 0) + 1

    def count_once(self, station, fault):
        """Count a lasting fault when it strikes at a station for the first time, which is told."""
        first = (station, fault) not in self._met
        if first:
            self._met.append((station, fault))
            self.count_fault(fault)
        return first

    def fail(self, text):
        """Note a broken promise."""
        if text not in self.broken:
            self.broken.append(text)

    def stray(self, error):
        """Check the error with which a task ended: it must have a type of ours."""
        if ticks.untyped(error) and not (isinstance(error, MemoryError) and "no memory" in self.faults):
            self.fail("untyped: %r" % error)

    def check_end(self, station, error):
        """Check the error with which a program ended, and its one line."""
        if ticks.untyped(error):
            self.fail("untyped: %s ended with %r" % (station.name, error))
            return
        oracles.check_secrets(self, "%s %r" % (sentence(error), error))
        self.count_fault("(%s ended: %s)" % (station.name, error))
        if isinstance(error, errors.SimError) and error.code == 16:
            station.modem.sim.card.pin = None  # a person takes the card out, and its PIN away
            station.modem.start_card()

    def check_watchdog(self, station):
        """Check a watchdog that restarts a board: the program must have ended, or hang."""
        self.count_fault("(watchdog)")
        if station.handset is not None and not station.line.stuck:
            self.fail("watchdog: that of %s was not fed" % station.name)

    def handle_event(self, station, life, event):
        """Check an event of a handset; alice's first `ready` begins the story."""
        if self.disk.lives.get(station.name) != life:
            return
        self.say(event["event"], b"")
        oracles.check_secrets(self, str([event[key] for key in event if key not in ("ms", "octets", "of")]))
        if event.get("why", "").startswith("internal:"):
            self.fail("untyped: %s says %s" % (station.name, event["why"]))
        if event["event"] == "failed" and event["final"] and event["id"] is not None:
            oracles.check_given_up(self, station, event)
        if station.journey is not None:
            abroad_oracles.check_event(self, station, event)
        if event["event"] == "ready" and station.name == ALICE and self.pressed is None:
            self.pressed = self.now
            faults.arrange(self)
            if self.text:
                when = self.seed * 7919 % faults.WITHIN_MS  # not from the dice: the rest is the same without it
                self.agenda.after(when, lambda: self.network.text(NUMBERS[BOB], self.text))
            asyncio.create_task(self._press())

    def check_command(self, station, line):
        """Check a command line that a modem has read, and time its recovery from a reset."""
        oracles.check_command(self, station, line)
        if line.startswith(b"AT+CNMI="):  # the last step before it can be used again
            since = self.resets.pop(station, None)
            if since is not None and not self.kept:
                self.recovered.append(self.now - since)

    @property
    def damaged(self):
        """Whether a serial line lost or changed octets: the modem may then read other commands than were sent."""
        return "lost octets" in self.faults or "garbled octets" in self.faults

    @property
    def kept(self):
        """Whether another fault keeps a modem from coming back: a driver that waits until the watchdog ends it, or no
        SIM. The time of its recovery then does not count."""
        return "line stuck" in self.faults or "SIM removed" in self.faults

    def reset(self, station):
        """Note that a modem is reset, and has lost its settings and connections."""
        if station.task is not None:
            self.resets.setdefault(station, self.now)  # the first counts, if there is another before the modem is back

    def press_power_key(self, station):
        """Press the power key of a silent modem, for its handset."""
        self.count_fault("(power key)")
        station.modem.power_on()

    def _erased(self, name):
        """Block the board whose flash erases a sector, and its lines, if the session has the trait "deaf"."""
        if "deaf" in self.traits and not self.held:
            station = self.stations[0] if name == ALICE else self.stations[1]
            station.line.deafen(_ERASE_MS)
            station.eye_line.deafen(_ERASE_MS)
            self.held = True
            ticks.hold(self, _ERASE_MS)
            self.held = False

    def _cut(self, name):
        self.count_fault("power cut in the flash")
        station = self.stations[0] if name == ALICE else self.stations[1]
        self.agenda.after(0, lambda: station.kill(self.dice.between(1000, 10000)))

    def _journalled(self, entry):
        if entry["event"] == "refused":
            self.count_fault("refused for now")
        oracles.check_entry(self, entry)
        if "abroad" in self.traits:
            abroad_oracles.check_entry(self, entry)

    # people

    async def _press(self):
        """Send a picture as alice, again and again until her handset has accepted it."""
        alice = self.stations[0]
        while not self.accepted:
            handset = alice.handset
            if handset is not None and handset.bearer.profile is not None:
                message = Message(NUMBERS[BOB], "A picture")
                message.text("Hello from session %d" % self.seed)
                message.picture()
                life, pressed = self.disk.lives.get(ALICE), self.now
                try:
                    id = await handset.send(message)
                except (errors.CameraError, errors.StoreError, errors.UsageError, errors.ModemError, MemoryError):
                    id = None
                alive = life is not None and self.disk.lives.get(ALICE) == life
                if id is not None and alive:
                    self.accepted.append(id)
                    oracles.check_accepted(self, id, pressed)
                    return
                # The flash may have an accepted message although the power went before `send` returned.
                self.accepted.extend(oracles.accepted_ids(self))
                if self.accepted and alive:
                    self.fail("accepted: %s, and alice was told that it was not" % self.accepted)
            await self.wait(5000)

    def _look(self):
        """Check regularly whether the session is over or late, and whether people have to ask again."""
        if self.now > BUDGET_MS:
            said = oracles.state(self) + abroad_oracles.state(self)
            self.fail("late: not done after %d s: %s" % (self.now // 1000, said))
        if self.disk.operations > _OPERATIONS + self.now * _OPERATIONS_A_SECOND // 1000:
            self.fail("busy: %d operations on the flash in %d s" % (self.disk.operations, self.now // 1000))
        if self.broken or oracles.finished(self) and abroad_oracles.settled(self):
            self._done.set()
            return
        if self.now - self._allowed >= abroad_oracles.PROMPT_MS:
            self._allowed = self.now
            abroad_oracles.check_waiting(self)
            abroad_oracles.help(self)
        for station in self.stations:
            station.wires.look()
        if self.now - self._helped > _PATIENCE_MS:
            self._helped = self.now
            oracles.help(self)
        self.agenda.after(_LOOK_MS if self.now < _LATER else _LATER_MS, self._look)

    async def story(self):
        """Run from power-on until the oracles say that everything has arrived."""
        self._done = asyncio.Event()
        for station in self.stations:
            station.start()
        self._look()
        await self._done.wait()
        if not self.broken:
            oracles.check_messages(self)
            abroad_oracles.check_told(self)
            for station in self.stations:
                station.wires.check()
        late = [] if self.kept else [self.now - since for since in self.resets.values()]
        self.recovered += [ms for ms in late if ms > RECOVERY_MS]  # shorter ones may still recover in time
        for station in self.stations:
            self.disk.end(station.name)
            station.line.end()
            station.eye_line.end()
            if station.task is not None:
                station.task.cancel()
            if station._driver is not None:
                station._driver.close()


def families(seed, chosen=FAMILIES):
    """The families of alice's and bob's modem in the session of a seed: all pairs of `chosen` in turn."""
    turn = seed // 3  # every third session is MicroPython's, with each family, too
    return chosen[turn % len(chosen)], chosen[turn // len(chosen) % len(chosen)]


def play(seed, only=None, modems=("sim800", "sim800")):
    """Run one session: the dict that the module's docstring describes."""
    session = Session(seed, only, modems)
    run(session, session.story())
    return {
        "seed": seed,
        "broken": session.broken,
        "faults": session.faults,
        "ms": session.now,
        "recovered_ms": session.recovered,
        "digest": "%08x" % (session.digest & 0xFFFFFFFF),
    }
