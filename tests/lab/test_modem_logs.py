"""What logs of real SIM800s show, and the switches for what differs between them."""

import asyncio
import sys

import pytest

from tests.kit.lab.bench import UP, Bench, push
from tools.board import package
from tools.lab.modem.sim800.options import SWITCHES


def bench(**switches):
    """A modem that has been up for nine seconds, with `switches` turned before its power came."""
    made = Bench(boot=False)
    for name in switches:
        made.modem.turn(name.replace("_", "-"), switches[name])
    made.wait(9000)
    made.ask("ATE0;+CMEE=1")
    return made


def test_a_switch_or_a_value_that_does_not_exist_is_refused():
    modem = Bench().modem
    with pytest.raises(ValueError, match="type-ahead"):
        modem.turn("typeahead", "runs")
    with pytest.raises(ValueError, match="lost, runs"):
        modem.turn("type-ahead", "on")


def test_unknown_commands_are_error_100_and_a_line_that_is_too_long_is_error():
    modem = bench()
    assert modem.ask("AT+NOSUCH?") == ["+CME ERROR: 100"]
    assert modem.ask("AT" + "+CMEE=1;" * 70) == ["ERROR"]
    modem.ask("AT+CMEE=0")
    assert modem.ask("AT+NOSUCH?") == ["ERROR"]


def test_cgact_attaches_by_itself_and_takes_seconds():
    modem = bench()
    assert modem.ask("AT+CGACT=1,1") == ["+CME ERROR: 21"]
    modem.ask('AT+CGDCONT=1,"IP","mms"')
    assert modem.ask("AT+CGACT=1,1", 1000) == []
    assert modem.hear(2000) == ["OK"]
    assert modem.ask("AT+CGATT?") == ["+CGATT: 1", "OK"]
    assert modem.ask("AT+CGACT?;+CGPADDR") == ["+CGACT: 1,1", '+CGPADDR: 1,"10.64.0.1"', "OK"]
    assert modem.ask("AT+CGACT=1,1") == ["OK"]
    modem.ask('AT+SAPBR=3,1,"APN","mms"')
    assert modem.ask("AT+SAPBR=1,1", 2000) == ["OK"]
    assert modem.ask("AT+CGACT=0,1;+CGACT?", 1000) == ["+CGACT: 1,0", "OK"]
    assert modem.ask("AT+CGACT=1,1", 2000) == ["OK"]
    modem.modem.drop_context()
    assert modem.ask("AT+CGACT?")[-2] == "+CGACT: 1,0"


def test_cgreg_follows_the_attach():
    modem = bench()
    modem.ask("AT+CGREG=1")
    assert modem.ask("AT+CREG?;+CGREG?") == ["+CREG: 0,1", "+CGREG: 1,0", "OK"]
    assert modem.ask("AT+CGATT=1", 2000) == ["+CGREG: 1", "OK"]
    assert modem.ask("AT+CGATT=0", 2000) == ["+CGREG: 0", "OK"]
    modem.modem.lose_coverage()
    assert modem.ask("AT+CGREG?") == ["+CGREG: 2", "+CGREG: 1,2", "OK"]


def test_a_connection_is_shown_with_the_address_of_its_name():
    modem = bench()
    modem.modem.environment.names["mmsc.example"] = "10.1.1.9"
    modem.ask("AT+CIPMUX=1")
    for line in UP:
        modem.ask(line, 2000)
    assert modem.ask('AT+CIPSTART=2,"TCP","mmsc.example",80', 3000) == ["OK", "2, CONNECT OK"]
    assert modem.ask("AT+CIPSTATUS=2")[0] == '+CIPSTATUS: 2,0,"TCP","10.1.1.9","80","CONNECTED"'


def test_commands_that_programs_say_are_answered():
    modem = bench()
    assert modem.ask('AT+CIPSSL=0;+CSPN?;+VTS="1,#";+DDET=1,0,0') == ['+CSPN: "Lab",0', "OK"]
    assert modem.ask("AT+DDET?") == ["+DDET: 1,0,0,0", "OK"]


def test_a_push_in_parts_is_named_by_its_first_part():
    modem = bench()
    named = []
    for sequence in (3, 1, 2):
        modem.modem.deliver(push(3, sequence))
        named += modem.hear(10)
    assert named[:3] == ['+CMTI: "SM",%d,"MMS PUSH",3,%d' % pair for pair in ((1, 3), (2, 1), (3, 2))]
    assert named[3:] == ['+CMTI: "SM",2,"MMS PUSH"']


def test_network_time_is_told_when_asked_for_and_after_a_reset_when_saved():
    modem = bench()
    modem.ask("AT+CLTS=1")
    modem.modem.power_on()
    assert not [line for line in modem.hear(9000) if "CTZV" in line]
    modem.ask("ATE0;+CLTS=1;&W")
    modem.modem.power_on()
    assert modem.hear(9000)[-5:] == [
        '*PSNWID: "234", "10", "O2 - UK", 0, "O2", 0',
        '*PSUTTZ: 2026, 11, 27, 10, 0, 0, "+0", 0',
        "+CTZV: +0,0",
        "DST: 0",
        '+CIEV: 10,"23410","O2 - UK","O2", 0, 0',
    ]
    assert modem.ask("AT+CCLK?")[0] == '+CCLK: "26/11/27,10:00:00+00"'


def test_network_time_in_every_gap_but_in_no_block():
    modem = bench(network_time="gaps")
    beginnings = ("*PSNWID", "*PSUTTZ", "+CTZV", "DST", "+CIEV")
    said = modem.ask("AT+CIMI")
    assert said[1::2] == ["234100000000001", "OK"] and [line for line in said[::2] if line.startswith(beginnings)]
    for line in UP:
        modem.ask(line, 2000)
    modem.ask('AT+CIPSTART="TCP","10.1.1.1",80', 3000)
    said = modem.type(b"AT+CIPSEND=1\r", 10)
    assert said.count(b"\r\n") == 3 and said.endswith(b"\r\n> ")
    modem.type(b"x", 10)
    modem.modem.arrived(1, b"octets")
    modem.wait(2000)
    assert b"2,6,0\r\noctets\r\n" in modem.type(b"AT+CIPRXGET=2,100\r", 10)
    modem.ask("AT+CLTS=0")
    assert modem.ask("AT+CIMI") == ["234100000000001", "OK"]


@pytest.mark.parametrize(
    "value, said", [("error", "ERROR"), ("302", "+CMS ERROR: 302"), ("100", "+CME ERROR: 100"), ("works", "OK")]
)
def test_sms_commands_before_sms_ready(value, said):
    modem = Bench(boot=False)
    modem.modem.turn("before-sms-ready", value)
    modem.wait(5100)
    modem.ask("ATE0;+CMEE=1")
    for line in ("AT+CMGF=0", "AT+CNMI=2,1"):
        assert modem.ask(line) == [said], line
    assert "SMS Ready" in modem.hear(1000)
    assert modem.ask("AT+CMGF=0") == ["OK"]


def test_what_is_typed_ahead_is_lost_or_runs_one_after_the_other():
    modem = bench()
    assert modem.type(b"AT+CIPSHUT\rAT+CIMI\rAT+CIPSHUT\r", 1000) == b"\r\nSHUT OK\r\n"
    modem.modem.turn("type-ahead", "runs")
    assert modem.type(b"AT+CIPSHUT\rAT+CIMI\rAT+CIPSHUT\r", 20) == b""
    assert modem.type(b"", 16) == b"\r\nSHUT OK\r\n\r\n234100000000001\r\n\r\nOK\r\n"
    assert modem.type(b"", 40) == b"\r\nSHUT OK\r\n"


def test_what_is_typed_ahead_of_a_prompt_is_data():
    modem = bench(type_ahead="runs")
    modem.connect()
    said = modem.type(b"AT+CIPSEND=7\rAT\rAT\r\rAT\r", 20)
    assert said == b"\r\n> \r\nDATA ACCEPT:7\r\n\r\nOK\r\n"
    assert modem.type(b"AT+CIPSHUT\r" + b"\r" * 5000 + b"AT+CIMI\r", 5000).count(b"OK") == 1  # the buffer has an end


def test_switches_that_refuse():
    modem = bench(memories="three", iccid="refused", attach="third")
    assert modem.ask('AT+CPMS="SM"') == ["ERROR"]
    assert modem.ask('AT+CPMS="SM","SM","SM"')[-1] == "OK"
    assert modem.ask("AT+CCID") == ["+CME ERROR: 100"]
    assert [modem.ask("AT+CGATT=1", 2000)[-1] for _ in range(3)] == ["+CME ERROR: 100"] * 2 + ["OK"]


def test_in_the_first_seconds_everything_may_be_error():
    modem = Bench(boot=False)
    modem.modem.turn("first-seconds", "error")
    modem.wait(3100)
    assert modem.ask("AT")[-1] == "ERROR"
    modem.wait(2900)
    assert modem.ask("AT")[-1] == "OK"


def test_a_refused_connection_may_take_75_seconds():
    modem = bench(refusal="late")
    modem._open = lambda key, host: modem.modem.refused(key)
    for line in UP:
        modem.ask(line, 2000)
    assert modem.ask('AT+CIPSTART="TCP","10.1.1.1",80', 75400) == ["OK"]
    assert modem.hear(200)[-1] == "CONNECT FAIL"


def test_the_command_line_lists_every_switch_and_refuses_others():
    async def run(*arguments):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tools.lab.modem", *arguments, stdout=-1, stderr=-2
        )
        return (await asyncio.wait_for(process.communicate(), 30))[0].decode()

    said = "".join(asyncio.run(run("--help")).split())  # a name may stand on two lines
    table = (package.ROOT / "docs" / "modem.md").read_text()
    for name in SWITCHES:
        assert name in said
        assert "| `%s` | %s |" % (name, ", ".join(SWITCHES[name][0])) in table
    assert "there are access-asked, activation" in asyncio.run(run("--pty", "build/none", "--switch", "no=thing"))
