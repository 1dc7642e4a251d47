"""Modems that sleep while nothing is said to them: woken before a command, by DTR or by AT, and by news."""

from drivers.modem.bg95 import Bg95
from drivers.modem.family import Family
from drivers.modem.sim800 import Sim800
from mms import clock
from mms.events import Events
from tests.kit.drivers.scripted import NEWS, Pipe, World, run
from tests.kit.drivers.sim800 import OK, Peer

DEAF_MS = 5000  # by itself a SIM800 sleeps after so long (AT manual V1.09, 6.2.20)


class Sleeping(Peer):
    """A SIM800 that sleeps by DTR (AT+CSCLK=1) or by itself (2); swallowed: command lines that it never heard.

    slow: how many ms it needs after DTR.
    """

    mode, dtr, swallowed = 0, True, 0

    def __init__(self, answers=(), slow=50):
        super().__init__(answers)
        self.world = World()
        self.slow, self._stirred, self._deaf_until = slow, 0, 0

    def set_dtr(self, on):
        if on and not self.dtr:
            self._deaf_until = self.world.now + self.slow
        self.dtr = on
        return True

    def __call__(self, octets):
        now = self.world.now
        if self.mode == 2 and now - self._stirred >= DEAF_MS:
            self._deaf_until = now + 100
        self._stirred = now
        if self.mode == 1 and not self.dtr or now < self._deaf_until:
            self.swallowed += octets.count(b"\r")
            return b""
        return super().__call__(octets)

    def _answer(self, line):
        if line[:9] == "AT+CSCLK=" and line not in self.answers:
            self.mode = int(line[9:])
        return super()._answer(line)


def drive(peer, story, make=Sim800, dtr=False):
    """(What a story gives on a started modem, its events); dtr: whether the line has that wire."""

    async def whole():
        pipe = Pipe(peer)
        pipe.settings = {"sleep": True}
        if dtr:
            pipe.set_dtr = peer.set_dtr
        said, events = [], Events()
        events.listen(said.append)
        modem = make(pipe, events)
        try:
            assert await modem.start() == "ready"
            return await story(modem, pipe), said
        finally:
            modem.close()

    return run(whole(), peer.world)


async def ask_after(modem, *seconds):
    """Ask for the signal after so many seconds each, and tell how long each answer took."""
    took = []
    for wait in seconds:
        await clock.sleep(wait * 1000)
        since = clock.ticks()
        assert (await modem.network()).signal == -79
        took.append(clock.since(since))
    return took


def test_a_modem_that_sleeps_by_itself_swallows_the_first_line_and_nothing_is_lost():
    async def story(modem, pipe):
        return await ask_after(modem, 30, 1, 30)

    peer = Sleeping()
    took, said = drive(peer, story)
    assert peer.mode == 2 and peer.swallowed == 2 and said == []
    assert took[1] < 100 and max(took) < 1000


def test_dtr_is_off_while_the_line_is_idle_and_on_in_time_for_a_command():
    async def story(modem, pipe):
        levels = []
        for seconds in (3, 30, 0, 3, 4):
            await clock.sleep(seconds * 1000)
            levels.append(peer.dtr)
            if seconds in (30, 0):
                await ask_after(modem, 0)
        return levels

    for slow, swallowed in ((50, 0), (600, 3)):
        peer = Sleeping(slow=slow)
        levels, said = drive(peer, story, dtr=True)
        assert levels == [True, False, True, True, False] and said == []
        assert peer.mode == 1 and peer.swallowed == swallowed
        assert peer.dtr  # a program that ends leaves the modem awake


def test_a_message_comes_from_a_modem_that_sleeps():
    async def story(modem, pipe):
        await clock.sleep(20000)
        assert not peer.dtr or not dtr
        peer.answers["AT+CMGR=3"] = b"\r\n+CMGR: 0,,4\r\n00040B91AA\r\n\r\nOK\r\n"
        pipe.say(NEWS)
        async for sms in modem.sms:
            if sms is not None:
                await modem.done(sms)
                return sms.index

    for dtr in (False, True):
        peer = Sleeping()
        assert drive(peer, story, dtr=dtr)[0] == 3 and "AT+CMGD=3" in peer.lines


def test_it_stays_awake_while_a_command_takes_long():
    async def story(modem, pipe):
        await clock.sleep(100)
        return (await modem.operators())[0], peer.dtr

    def scan():
        peer.world.after(30000, lambda: pipes[0].say(b'\r\n+COPS: (2,"O2","O2","23410"),,(0),(2)\r\n' + OK))
        peer.world.after(29000, lambda: seen.append(peer.dtr))
        return b""

    pipes, seen = [], []
    peer = Sleeping({"AT+COPS=?": scan})

    def make(pipe, events):
        pipes.append(pipe)
        return Sim800(pipe, events)

    (found, dtr), _ = drive(peer, story, make, dtr=True)
    assert found[0][0] == "23410" and seen == [True] and dtr


def test_without_dtr_a_family_that_needs_it_stays_awake_and_says_so_once():
    async def story(modem, pipe):
        await modem.start()
        await ask_after(modem, 30)

    for make, answers, text in (
        (Bg95, {}, "its DTR is not wired"),
        (Sim800, {"AT+CSCLK=2": b"\r\nERROR\r\n"}, "the modem refused AT+CSCLK"),
        (Family, {}, "does not sleep by itself"),
    ):
        peer = Sleeping(answers)
        _, said = drive(peer, story, make)
        assert peer.mode == peer.swallowed == 0
        (event,) = [event for event in said if event["event"] == "failed"]
        assert event["step"] == "sleep" and not event["final"] and text in str(event), event


def test_a_modem_that_refuses_dtr_sleeps_by_itself():
    async def story(modem, pipe):
        return await ask_after(modem, 30)

    peer = Sleeping({"AT+CSCLK=1": b"\r\nERROR\r\n"})
    _, said = drive(peer, story, dtr=True)
    assert peer.mode == 2 and said == []


def test_a_modem_that_was_reset_in_its_sleep_is_told_again():
    async def story(modem, pipe):
        await clock.sleep(20000)
        peer.mode = 0
        pipe.say(b"\r\nRDY\r\n")
        await clock.sleep(100)
        assert not modem.ready and await modem.start() == "ready"
        return await ask_after(modem, 20)

    for dtr in (False, True):
        peer = Sleeping()
        _, said = drive(peer, story, dtr=dtr)
        assert peer.mode == (1 if dtr else 2) and [event["event"] for event in said] == ["modem_reset"]


def test_nobody_sleeps_unless_the_settings_say_so():
    async def story():
        pipe = Pipe(peer)
        pipe.settings = {}
        modem = Sim800(pipe, Events())
        await modem.start()
        await clock.sleep(20000)
        modem.close()

    peer = Sleeping()
    run(story(), peer.world)
    assert not [line for line in peer.lines if "CSCLK" in line]
