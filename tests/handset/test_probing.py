"""The command `probe` through the driver of a scripted SIM800, on both interpreters."""

import asyncio

from drivers.modem.sim800 import Sim800
from mms import clock
from mms.errors import BearerError, Coverage, ModemError, UsageError
from mms.events import Events
from mms.handset import rooms
from mms.handset import settings as handset_settings
from mms.handset.handset import Handset
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from tests.kit.drivers.scripted import Pipe, run
from tests.kit.drivers.sim800 import OK, Peer

OPERATOR = {"apn": "mms.example", "mmsc": "http://mmsc.example/", "user": "web", "password": "secret"}
HOME = {"AT+CIMI": b"\r\n234100000000001\r\n" + OK, "AT+CRSM=176,28589,0,0,4": b"\r\nERROR\r\n"}
ATTACHED, DETACHED = b"\r\n+CGATT: 1\r\n" + OK, b"\r\n+CGATT: 0\r\n" + OK
REFUSED = b"\r\n+CME ERROR: %d\r\n"
PACKET = b"\r\n+CGREG: 0,%d\r\n" + OK


class Found:
    """A modem behind another object, as drivers/modem/auto.py has the one that it finds."""

    def __init__(self, modem):
        self._modem = modem

    def __getattr__(self, name):
        return getattr(self._modem, name)


class Bench:
    """A handset with a scripted modem: `said` are its events, `peer.lines` the lines that were sent to the modem."""

    def __init__(self, answers=()):
        known = dict(HOME)
        known.update(answers)
        self.peer, self.events, self.said = Peer(known), Events(), []
        self.pipe = Pipe(self.peer)
        self.events.listen(self.said.append)
        settings = handset_settings.check({"operators": {"23410": OPERATOR}, "register_seconds": 5, "pin": "4711"})
        store = Store("build/tests/probing-%s" % new_id())
        self.modem = Sim800(self.pipe, self.events)
        self.handset = Handset(settings, store, Found(self.modem), None, self.events)

    async def probe(self, **command):
        """The reply to a command, or its error."""
        try:
            return await rooms.probing.do_probe(self.handset, command)
        except (ModemError, UsageError) as error:
            return error

    def told(self, *names):
        """(name, action) of the events with these names."""
        return [(event["event"], event.get("action")) for event in self.said if event["event"] in names]

    def lines(self):
        """The lines of the trace: "> " before one that was sent."""
        return [("> " if one["sent"] else "") + one["line"] for one in self.said if one["event"] == "at"]


def bench(story, answers=()):
    """Run `story(bench)` on a handset that has started: the bench."""

    async def whole():
        made = Bench(answers)
        try:
            await made.handset.bearer.start()
            del made.peer.lines[:], made.said[:]
            await story(made)
        finally:
            made.modem.close()
        return made

    return run(whole())


def test_an_attach_lasts_from_its_command_until_packets_are_registered():
    async def story(made):
        assert await made.probe(action="attach") == {}
        made.peer.answers["AT+CGATT?"] = ATTACHED
        assert await made.probe(action="attach") == {"already": True}

    made = bench(story, {"AT+CGREG?": [PACKET % 2, PACKET % 2, PACKET % 5]})
    assert made.told("probing", "probed") == [("probing", "attach"), ("probed", "attach")]
    (took,) = [event["took_ms"] for event in made.said if event["event"] == "probed"]
    assert 400 <= took < 1000  # two polls of 200 ms
    assert made.peer.lines.count("AT+CGATT=1") == 1 and made.peer.lines.count("AT+CGREG?") == 3


def test_a_refused_attach_has_its_step_and_cause_and_no_end():
    async def story(made):
        error = await made.probe(action="attach")
        assert isinstance(error, BearerError) and (error.step, error.code) == ("attach", 107)
        made.peer.answers.update(
            {"AT+CGATT=1": OK, "AT+CGREG?": PACKET % 3, "AT+CEER": b'\r\n+CEER: "cause 7"\r\n' + OK}
        )
        error = await made.probe(action="attach")
        assert (error.step, error.text) == ("attach", "cause 7"), error

    made = bench(story, {"AT+CGATT=1": REFUSED % 107})
    assert made.told("probing", "probed") == [("probing", "attach")] * 2


def test_a_context_is_brought_up_told_with_its_address_taken_down_and_the_modem_detached():
    async def story(made):
        for action in ("context", "release", "detach"):
            assert await made.probe(action=action) == ({"address": "10.0.0.7"} if action == "context" else {})
            assert (made.handset.bearer.used is not None) == (action == "context")
        made.peer.answers["AT+CGATT?"] = DETACHED
        assert await made.probe(action="detach") == {"already": True}

    made = bench(story, {"AT+CGATT?": ATTACHED})
    steps = [(name, action) for action in ("context", "release", "detach") for name in ("probing", "probed")]
    assert made.told("probing", "probed") == steps
    assert [line for line in made.peer.lines if line in ("AT+CIICR", "AT+CGATT=0")] == ["AT+CIICR", "AT+CGATT=0"]


def test_a_context_that_the_network_refuses_leaves_none_behind_and_the_next_one_works():
    async def story(made):
        error = await made.probe(action="context")
        assert (error.step, error.code) == ("context", 133)
        made.peer.answers["AT+CIICR"] = OK
        assert await made.probe(action="context") == {"address": "10.0.0.7"}
        await made.handset.bearer.modem.open("proxy.example", 8080)  # the handset's own connections go on it

    bench(story, {"AT+CGATT?": ATTACHED, "AT+CIICR": REFUSED % 133})


def test_a_context_abroad_keeps_to_the_networks_that_the_settings_allow():
    async def story(made):
        made.handset.settings["roaming"] = {"forbidden": ["23410"]}
        error = await made.probe(action="context")
        assert isinstance(error, Coverage) and error.step == "roaming"
        assert "AT+CIICR" not in made.peer.lines

    bench(story, {"AT+CGATT?": ATTACHED})


def answer_late(made):
    """No answer at once, and one that comes later than a driver waits for it at the start."""

    async def say():
        await clock.sleep(400)
        made.pipe.say(OK)

    made.late = asyncio.create_task(say())
    return b""


def test_a_line_by_hand_has_its_answer_its_result_and_no_number():
    async def story(made):
        ask = made.probe
        assert await ask(action="at", line="AT+CSQ") == {"lines": ["+CSQ: 17,0"], "result": "OK"}
        assert await ask(action="at", line="AT+CIMI") == {"lines": ["*************01"], "result": "OK"}
        assert (await ask(action="at", line="AT+CCID"))["lines"] == ["(hidden)"]
        assert await ask(action="at", line="AT+CIFSR") == {"lines": [], "result": "10.0.0.7"}
        assert await ask(action="at", line="AT+CIPSHUT") == {"lines": [], "result": "SHUT OK"}
        assert await ask(action="at", line="AT+CXYZ") == {"lines": [], "result": "+CME ERROR: 100"}
        assert await ask(action="at", line="AT+CPIN?") == {"lines": ["+CPIN: READY"], "result": "OK"}
        made.peer.answers["AT"] = lambda: answer_late(made)
        assert await ask(action="at", line="AT") == {"lines": [], "result": "OK"} and made.peer.lines.count("AT") == 1
        told = await ask(action="at", line="AT+CIPSTATUS")
        assert told == {"lines": [], "result": "OK"}  # the state comes behind it
        many = await ask(action="at", line="AT+CMANY")
        assert len(many["lines"]) == 8 and len(many["lines"][0]) == 160 and many["result"] == "OK"
        assert made.modem.ready  # +CPIN: READY by itself means a restart

    rows = b"\r\n+CMANY: " + b"y" * 200
    bench(
        story,
        {
            "AT+CXYZ": REFUSED % 100,
            "AT+CIPSTATUS": OK + b"\r\nSTATE: IP INITIAL\r\n",
            "AT+CMANY": rows * 12 + b"\r\n" + OK,
        },
    )


def test_a_prompt_is_told_and_left_and_a_silent_modem_is_an_error():
    async def story(made):
        told = await made.probe(action="at", line="AT+CMGS=20")
        assert told == {"lines": [">"], "result": "OK"} and made.peer.blocks == [b"\x1b"]
        error = await made.probe(action="at", line="AT+CMUTE")
        assert isinstance(error, ModemError) and error.step == "modem"
        assert (await made.probe(action="at", line="AT+CSQ"))["result"] == "OK"

    peer = {}

    def prompt():
        return peer["peer"].block(1, lambda block: OK, 0x1B)

    async def prepared(made):
        peer["peer"] = made.peer
        await story(made)

    bench(prepared, {"AT+CMGS=20": prompt, "AT+CMUTE": b""})


def test_the_trace_has_each_line_masked_and_ends():
    async def story(made):
        assert await made.probe(action="trace", on=True) == {"on": True}
        await made.probe(action="context")
        await made.probe(action="at", line="AT+CPIN=1234")
        await made.probe(action="at", line='AT+CSTT="a","u","p"')
        await made.probe(action="at", line="AT+CNUM")
        assert await made.probe(action="trace", line="off") == {"on": False}
        await made.probe(action="at", line="AT+CBC")

    made = bench(story, {"AT+CGATT?": ATTACHED})
    lines = made.lines()

    assert '> AT+CSTT="mms.example","**","**"' in lines and lines[lines.index("> AT+CIICR") + 1] == "OK"
    assert "> AT+CPIN=**" in lines and '> AT+CSTT="**","**","**"' in lines
    assert '+CNUM: "","**********01",145,7,4' in lines and "> AT+CBC" not in lines
    assert [line for line in lines if "secret" in line or "web" in line or "1234" in line] == []


def test_the_trace_of_a_start_hides_pin_and_subscriber_also_in_a_late_echo():
    async def story(made):
        await made.probe(action="trace", on=True)
        made.peer.answers["AT+CPIN?"] = [b"\r\n+CPIN: SIM PIN\r\n" + OK] * 2 + [b"\r\n+CPIN: READY\r\n" + OK] * 9
        await made.handset.bearer.start()
        made.pipe.say(b"AT+CPIN=4711\r\r\n+CMT: ,20\r\n07911326040000F0040B911346610089F6\r\n")
        await clock.sleep(100)

    lines = bench(story).lines()
    assert '> AT+CPIN="**"' in lines and "+CMT: ,20" in lines and "(hidden)" in lines
    assert [line for line in lines if "4711" in line or "23410" in line or "0791" in line] == []


def test_what_is_not_a_step_is_refused_by_what_there_is():
    async def story(made):
        for command, words in (
            ({"action": "jump"}, "an action, please: trace, at, digest, attach, context, detach, release"),
            ({"action": "at"}, "at has a line"),
            ({"action": "digest"}, "an id, please"),
            ({"action": "digest", "id": "0badcafe"}, "message 0badcafe is not retrieved"),
            ({"action": "attach", "line": "AT"}, "no other action has either"),
            ({"action": "at", "line": "ATD1|2"}, "does not belong"),
            ({"action": "at", "line": "AT\r\nAT"}, "does not belong"),
            ({"action": "at", "line": "CSQ"}, "AT and at most"),
            ({"action": "at", "line": "AT" + "x" * 159}, "AT and at most"),
            ({"action": "trace", "on": 7}, "true or false"),
        ):
            error = await made.probe(**command)
            assert isinstance(error, UsageError) and words in str(error), error
        async with made.handset.bearer.line:
            assert "a message, or another step, is under way" in str(await made.probe(action="at", line="AT"))
        made.handset.bearer.sim = None
        assert "still starting" in str(await made.probe(action="attach"))
        assert made.peer.lines == []

    bench(story)


def test_a_line_by_hand_has_no_answers_of_the_command_before_it():
    async def story(made):
        asked = asyncio.create_task(made.modem.ask("list"))
        await asyncio.sleep(0)
        assert await made.probe(action="at", line="AT+CSQ") == {"lines": ["+CSQ: 17,0"], "result": "OK"}
        assert len(await asked) == 2

    bench(story, {"AT+CMGL=4": b"\r\n+CMGL: 1,1,,4\r\n00\r\n+CMGL: 2,1,,4\r\n00\r\n" + OK})


def test_a_step_is_refused_while_another_is_under_way():
    async def story(made):
        first = asyncio.create_task(made.probe(action="at", line="AT+CSQ"))
        await asyncio.sleep(0)
        assert "another step, is under way" in str(await made.probe(action="at", line="AT+CSQ"))
        assert (await first)["result"] == "OK"

    bench(story)
