"""A check of the way to the message centre, through the driver of a SIM800 that is scripted to refuse at each step."""

import asyncio

import pytest

from drivers.modem.sim800 import Sim800
from mms.advice import sentence
from mms.errors import LinkError, ModemError
from mms.events import Events
from mms.handset import rooms
from mms.handset import settings as handset_settings
from mms.handset.handset import Handset
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from tests.kit.drivers.scripted import Pipe, run
from tests.kit.drivers.sim800 import OK, OPEN, Peer

OPERATOR = {"name": "O2", "apn": "mms.example", "mmsc": "http://mmsc.example/", "proxy": "proxy.example:8080"}
ANSWER = b"HTTP/1.1 %d Well\r\nContent-Length: 0\r\n\r\n"
CONNECTED = b"\r\nOK\r\n\r\n0, CONNECT OK\r\n\r\n+CIPRXGET: 1,0\r\n"
HOME = {"AT+CIMI": b"\r\n234100000000001\r\n" + OK, "AT+CRSM=176,28589,0,0,4": b"\r\nERROR\r\n", OPEN: CONNECTED}
STEPS = "modem sim signal register attach context proxy mmsc".split()


def check(answers=(), status=404, **operator):
    """(steps that held, the error in one sentence or "", rows) of a check with a modem that answers so."""
    shown, said, told, _ = perform({"do": "check"}, answers, status, **operator)
    held = [event for event in said if event["event"] == "checked"]
    assert all(event["took_ms"] >= 0 for event in held)
    assert [row.split(":")[0] for row in shown[: len(held)]] == ["* checked, " + event["step"] for event in held]
    return [event["step"] for event in held], told, shown


def perform(command, answers=(), status=404, **operator):
    """(rows, events, the error in one sentence or "", lines that the modem heard) of one command."""
    known = dict(HOME)
    known.update(answers)
    peer = Peer(known, body=ANSWER % status)
    whole = dict(OPERATOR)
    whole.update(operator)
    settings = handset_settings.check({"operators": {"23410": whole}, "register_seconds": 5})
    shown, said, events = [], [], Events()
    events.listen(said.append)

    async def story():
        modem = Sim800(Pipe(peer), events)
        store = Store("build/tests/checkup-%s" % new_id())
        handset = Handset(settings, store, modem, None, events)
        try:
            await rooms.alone.perform(handset, lambda row, end="": shown.append(row), command)
        except (ModemError, LinkError) as error:
            return sentence(error)
        finally:
            modem.close()
        return ""

    return shown, said, run(story()), peer.lines


def test_each_step_that_holds_is_one_line_and_the_end_is_told():
    held, told, shown = check()
    assert held == STEPS and told == "" and shown[-1] == "the way to the message centre is open"
    assert len(shown) == len(STEPS) + 1 and "mmsc.example answers (404)" in shown[-2]
    assert check(status=200)[0] == STEPS


REFUSED = b"\r\n+CME ERROR: %d\r\n"


@pytest.mark.parametrize(
    "step, answers, words",
    [
        ("sim", {"AT+CPIN?": b"\r\n+CPIN: SIM PIN\r\n" + OK}, ("(11)", 'add "pin" to the settings')),
        ("sim", {"AT+CPIN?": b"\r\n+CPIN: SIM PUK\r\n" + OK}, ("(12)", "unblock it in a telephone")),
        ("sim", {"AT+CPIN?": REFUSED % 10}, ("(10)", "no SIM", "not in the modem")),
        ("register", {"AT+CREG?": b"\r\n+CREG: 0,3\r\n" + OK}, ("(3)", "refuses this SIM", "type scan")),
        ("register", {"AT+CREG?": b"\r\n+CREG: 0,2\r\n" + OK}, ("(2)", "no network", "coverage")),
        ("attach", {"AT+CGATT=1": REFUSED % 107}, ("(107)", "no data service", "ask its operator")),
        ("attach", {"AT+CGATT=1": REFUSED % 111}, ("(111)", "no agreement", "type scan")),
        ("attach", {"AT+CGATT=1": REFUSED % 114}, ("(114)", "this network has no data service", "type scan")),
        ("context", {"AT+CIICR": REFUSED % 133}, ("(133)", "not subscribed to this access point", "check apn")),
        ("context", {"AT+CIICR": REFUSED % 127}, ("(127)", "does not know the access point", "check apn")),
        ("context", {"AT+CIICR": REFUSED % 149}, ("(149)", "refuses the login", "check user and password")),
        ("context", {"AT+CIICR": b"\r\nERROR\r\n"}, ("AT+CIICR", "check apn, user and password")),
        ("proxy", {OPEN: OK + b"\r\n0, CONNECT FAIL\r\n"}, ("proxy.example:8080", "refused", "check proxy")),
        ("mmsc", {}, ("mmsc.example", "(502)", "check mmsc and proxy")),
        ("mmsc", {}, ("mmsc.example", "(407)", "the proxy refuses")),
    ],
)
def test_the_first_step_that_fails_is_named_with_its_code_and_the_next_thing_to_do(step, answers, words):
    held, told, _ = check(answers, status=407 if "(407)" in words else 502)
    assert held == STEPS[: STEPS.index(step)] and told.startswith(step + ": ")
    assert all(word in told for word in words), told


def test_a_registration_for_short_messages_only_is_told_and_what_to_do():
    _, told, shown = check({"AT+CREG?": b"\r\n+CREG: 0,6\r\n" + OK})
    assert "23410, home, GSM, for short messages only" in shown[3]
    assert told.startswith("attach: only short messages go on this network; type scan"), told


def test_an_experimental_driver_is_named_as_such(monkeypatch):
    assert "experimental" not in check()[2][0]
    monkeypatch.setattr(Sim800, "EXPERIMENTAL", True, raising=False)
    assert "it answers; its driver is experimental (" in check()[2][0]


def test_without_a_proxy_the_mmsc_itself_is_asked():
    direct = 'AT+CIPSTART=0,"TCP","mmsc.example",80'
    held, told, _ = check({direct: CONNECTED}, proxy="")
    assert held == [step for step in STEPS if step != "proxy"] and told == ""
    held, told, _ = check({direct: OK + b"\r\n0, CONNECT FAIL\r\n"}, proxy="")
    assert held[-1] == "context" and told.startswith("mmsc: mmsc.example:80: the connection was refused; check mmsc")


def test_an_mmsc_that_says_nothing_is_not_waited_for_for_ever():
    async def story():
        bearer = _Deaf()
        with pytest.raises(LinkError, match="mmsc.example: no answer"):
            await rooms.checkup._ask(bearer, rooms.checkup._Steps(Events()))

    run(story())


class _Deaf:
    modem = None

    class profile:
        proxy, wsp = None, False

        class mmsc:
            host, port = "mmsc.example", 80

    async def request(self, method, url, consume):
        await asyncio.sleep(100000)


AIR = b'\r\n+COPS: (2,"O2 - UK","O2","23410"),(3,"EE","EE","23433"),,(0-4),(0-2)\r\n' + OK
MANUAL = 'AT+COPS=1,2,"%s"'


def test_the_networks_on_the_air_are_a_row_each():
    shown, _, told, _ = perform({"do": "scan"}, {"AT+COPS=?": AIR})
    assert told == "" and [" ".join(row.split()) for row in shown[-2:]] == [
        "23410 O2 - UK, current, GSM",
        "23433 EE, forbidden, GSM",
    ]


def test_a_network_that_was_tried_is_not_left_chosen_and_one_that_any_may_be_is_not_chosen_twice():
    for network, refusals in (("23410", ()), ("26201", {MANUAL % "26201": REFUSED % 32}), ("auto", ())):
        shown, _, told, lines = perform({"do": "register", "network": network}, refusals)
        chosen = [line for line in lines if line.startswith("AT+COPS=") and line[-3:] != "3,2"]
        assert chosen[-1] == "AT+COPS=0", chosen
        assert (MANUAL % network in chosen) == (network != "auto") and bool(told) == bool(refusals), told


def test_a_modem_that_falls_over_while_the_proxy_is_asked_is_told_by_its_power_and_by_no_setting():
    held, told, _ = check({OPEN: OK + b"\r\nRDY\r\n"})
    assert held[-1] == "context" and told.startswith("power: the modem was reset"), told
