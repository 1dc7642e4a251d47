"""A modem that still waits for the octets of a block whose program was killed, with type-ahead and without."""

from drivers import listing
from drivers import modem as modems
from drivers.modem.auto import Auto
from drivers.modem.sim800 import Sim800
from mms import clock
from mms.errors import ModemError
from mms.events import Events
from tests.kit.checks import raises
from tests.kit.drivers.scripted import Pipe, World, run
from tests.kit.drivers.sim800 import Peer

OCTETS_PER_MS = 11  # at 115200 baud
ACCEPT_MS, COMMAND_MS = 20, 5
FOREIGN = "AT+NETCLOSE", "AT+QIDEACT", "AT+UPSDA"  # commands of other families


class Timed(Peer):
    """A modem that needs time for what it does, and meanwhile keeps what comes (`ahead`) or misses it.

    left: octets for which an open block waits; first_ms, then_ms: what the first AT+CIPSHUT takes, and each other one;
    errors: how often AT is answered with ERROR first. `pipe` is set by the test.
    """

    def __init__(self, world, ahead, left, first_ms, then_ms, errors=0):
        super().__init__()
        self.world, self.ahead, self.left = world, ahead, left
        self.shut_ms, self.then_ms, self.errors = first_ms, then_ms, errors
        self.arrived = self.busy = 0  # until when
        self.line = b""
        self.shuts = self.filled = 0

    def __call__(self, octets):
        self.arrived = max(self.arrived, self.world.now)
        for at in range(len(octets)):
            self._hear(octets[at : at + 1], self.arrived + at // OCTETS_PER_MS)
        self.arrived += len(octets) // OCTETS_PER_MS
        return b""

    def _hear(self, octet, now):
        if not self.ahead and now < self.busy:
            return
        if self.left:
            self.left -= 1
            self.filled += 1
            if not self.left:
                self._say(now, ACCEPT_MS, b"\r\nDATA ACCEPT:0,1459\r\n")
        elif octet != b"\r":
            self.line += octet
        else:
            line, self.line = self.line.decode(), b""
            if line == "AT+CIPSHUT":
                self.shuts += 1
                self._say(now, self.shut_ms, b"\r\nSHUT OK\r\n")
                self.shut_ms = self.then_ms
            elif line == "AT" and self.errors:
                self.errors -= 1
                self._say(now, 1, b"\r\nERROR\r\n")
            elif line.split("=")[0] in FOREIGN:
                self._say(now, 1, b"\r\nERROR\r\n")
            elif line[:2] == "AT":
                self._say(now, COMMAND_MS, self._answer(line))

    def _say(self, now, ms, answer):
        self.busy = max(self.busy, now) + ms
        self.world.after(self.busy - self.world.now, lambda: self.pipe.say(answer))


def begun(make=Sim800, **peer):
    """(milliseconds until the driver `make` had started on a modem like that, the modem)."""
    world = World()
    modem = Timed(world, **peer)

    async def story():
        modem.pipe = Pipe(modem)
        modem.pipe.baud = 115200
        driver = make(modem.pipe, Events())
        since = clock.ticks()
        try:
            assert await driver.start() == "ready"
            return clock.since(since), modem
        finally:
            driver.close()

    return run(story(), world)


def test_a_block_that_was_left_open_is_filled_and_its_context_goes_whether_the_modem_types_ahead_or_not():
    for ahead in (False, True):
        for left in (1, 4, 130, 700, 1459, 1460):
            for first_ms, then_ms in ((16, 16), (100, 100), (5000, 35), (60000, 35)):
                for make in (Sim800, Auto):  # a family that is not known yet leaves as each of them does
                    ms, modem = begun(make, ahead=ahead, left=left, first_ms=first_ms, then_ms=then_ms)
                    assert modem.filled == left and modem.shuts, (make, ahead, left, first_ms)
                    assert ms < 6000 + first_ms, (make, ahead, left, first_ms, ms)


def test_a_family_that_is_not_known_yet_leaves_as_each_family_does():
    async def story():
        driver = Auto(Pipe(lambda octets: b""), Events())
        lines = driver.LEAVE + b"\r" + driver.UNWIRED[:-1]
        driver.close()
        return lines.split(b"\r")

    lines = run(story(), World())
    for family in listing.names("drivers.modem", "open"):
        if family != "auto":
            kind = modems.driver(family)
            assert {kind.LEAVE, kind.UNWIRED[:-1]} - {b""} <= set(lines), family


def test_a_modem_that_says_nothing_is_given_up_as_soon_as_without_a_way_out():
    world = World()

    async def story():
        since = clock.ticks()
        driver = Sim800(Pipe(lambda octets: b""), Events())
        try:
            await driver.start()
        except ModemError as error:
            return str(error), clock.since(since)
        finally:
            driver.close()

    said, ms = run(story(), world)
    assert "no answer" in said and ms < 8000


def test_a_modem_that_answers_error_at_first_is_asked_again_after_a_while():
    ms, modem = begun(ahead=False, left=0, first_ms=16, then_ms=16, errors=12)
    assert modem.errors == 0 and 12 * 180 <= ms < 8000
    assert raises(ModemError, begun, ahead=False, left=0, first_ms=16, then_ms=16, errors=199).step == "modem"
