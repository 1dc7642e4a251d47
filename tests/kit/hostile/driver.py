"""The whole driver of a modem, one of whose answers is damaged."""

import asyncio
import binascii

from drivers.modem import sim800
from mms import clock
from mms.codec import segments
from mms.errors import ModemError
from mms.events import Events
from tests.kit.codec.mutants import Chance, mutant
from tests.kit.drivers.scripted import Pipe
from tests.kit.drivers.sim800 import Peer, Profile
from tests.kit.hostile.talk import OK, SAID, beside
from tools.sim import ticks

_BODY = b"hello" * 40


class _Damaged(Peer):
    """A modem that answers well but for one line: what it says to that one is damaged."""

    def __init__(self, which, chance):
        octets = segments.deliver("12345", "hello", None, 3)[0]
        read = b"\r\n+CMGR: 0,,%d\r\n00%s\r\n" % (len(octets), binascii.hexlify(octets)) + OK
        super().__init__({"AT+CMGR=3": read}, body=_BODY)
        self.left, self._chance = which, chance

    def _answer(self, line):
        if line.startswith("AT+CMGS="):
            self.lines.append(line)
            return self.block(0, lambda block: b"\r\n+CMGS: 7\r\n" + OK, 0x1A)
        if line.startswith("AT+CIPRXGET=2,0,") and int(line[16:]) > len(self.body):
            return b"\r\nERROR\r\n"
        return super()._answer(line)

    def __call__(self, octets):
        answer = self._answered(octets)
        if answer:
            self.left -= 1
            if not self.left:
                return mutant(answer, self._chance, SAID)
        return answer

    def _answered(self, octets):
        """As Peer does it, but not octet by octet."""
        answer = b""
        while octets:
            if self._then is None:
                line, end, octets = octets.partition(b"\r")
                self._line += line
                if end:
                    line, self._line = self._line.replace(b"\x1b", b""), b""
                    answer += self._answer(line.decode()) if line else b""
            elif self._due:
                piece, octets = octets[: self._due], octets[self._due :]
                self._line, self._due = self._line + piece, self._due - len(piece)
                if not self._due:
                    answer += self._end()
            else:
                cut = min([octets.find(end) % (len(octets) + 1) for end in (b"\x1a", b"\x1b")])
                self._line, end, octets = self._line + octets[:cut], octets[cut : cut + 1], octets[cut + 1 :]
                if end == b"\x1b":
                    self._then, self._line = None, b""
                elif end:
                    answer += self._end()
        return answer

    def _end(self):
        block, self._line = self._line, b""
        then, self._then = self._then, None
        return then(block)


class _World:
    now = 0
    wraps_at = 150  # milliseconds: in the middle of it all

    def next(self):
        return None

    def date(self):
        return 1790000000

    def stray(self, error):
        self.error = self.error or error


def damages(chance):
    """Which answer of a modem is damaged, how, and how many octets come at a time."""
    return bytes([1 + chance.below(50)]) + beside(chance, 5)


_STEPS = ("start", "sim", "network", "operators", "register", "attach", "open", "send_sms", "sms", "release")


async def _journey(driver, pipe):
    """All that a handset asks of a modem: (steps that went well, what was said at each)."""
    well, told = 0, []
    for step in _STEPS:
        try:
            value = await clock.within(_step(driver, step, pipe), 600000)
            well += 1
        except ModemError as error:
            value = (
                type(error).__name__,
                error.code,
                error.text,
            )  # who sends or who receives may be the first to see it
        except asyncio.TimeoutError:
            value = "waits"  # for octets or a message that got lost: who asks has a budget
            assert step in ("open", "sms")
        told.append((step, value))
    return well, told


async def _step(driver, step, pipe):
    if step == "sim":
        sim = await driver.sim()
        return sim.imsi, sim.home, sim.number, sim.iccid
    if step == "network":
        network = await driver.network()
        return network.mccmnc, network.status, network.signal
    if step == "attach":
        return await driver.attach(Profile)
    if step == "send_sms":
        return await driver.send_sms(b"\x01\x00\x04\x81\x21\x43\x00\x00\x01A")
    if step == "sms":
        pipe.say(b'\r\n+CMTI: "SM",3\r\n')
        sms = None
        while sms is None:  # that only says that the SIM has been looked through
            sms = await driver.sms.__anext__()
        await driver.done(sms)
        return sms.tpdu
    if step == "open":
        return await _transfer(driver)
    value = await getattr(driver, step)()
    if step == "start":
        await clock.sleep(120000)  # till the SIM is looked through: whose command comes first is the interpreter's
    return value


async def _transfer(driver):
    stream = await driver.open("proxy.example", 8080)
    try:
        await stream.write(b"x" * 2000)
        await stream.drain()
        buffer, came = bytearray(100), 0
        while came < len(_BODY):
            count = await stream.readinto(buffer)
            if not count:
                break
            came += count
        assert stream.accepted >= 0 and stream.acked >= 0
        return came
    finally:
        stream.close()


def modem(octets):
    """One answer of a modem is damaged: which one, and how, is in `octets`."""
    which, seed = octets[0], int.from_bytes(octets[1:5], "big") | 1
    peer = _Damaged(which, Chance(seed))
    world = _World()
    world.error = None

    async def story():
        pipe, events = Pipe(peer, 1 + octets[5] % 64), Events()
        driver = sim800.Sim800(pipe, events)
        try:
            well, told = await _journey(driver, pipe)
            peer.body, peer.left = _BODY, 0  # from here on it is well
            state = await clock.within(driver.start(), 600000)
            assert state == "ready", "it does not come back"
            network = await clock.within(driver.network(), 600000)
            assert (network.mccmnc, network.status) == ("23410", "roaming"), "it does not come back"
            return well, told
        finally:
            driver.close()

    well, told = ticks.run(world, story())
    if world.error is not None and ticks.untyped(world.error):
        raise world.error
    return None if well == len(_STEPS) else min(3, well * 4 // len(_STEPS)), told
