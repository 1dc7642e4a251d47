"""Start, identity, network, cells and context of the simulated M66."""

import pytest

from tests.kit.lab.bench66 import Bench
from tools.board import package
from tools.lab.modem.environment import Card, Cell, Environment, Profile
from tools.lab.modem.m66.options import MODELS, SWITCHES

STATES = ("IP INITIAL", "IP START", "IP IND", "IP GPRSACT", "IP STATUS")


def around(*profiles, cells=1):
    known = (Cell("23410", "O2 - UK", "O2"), Cell("23415", "vodafone UK", "voda UK", allowed=False, signal=10))
    return Environment(list(known[:cells]), list(profiles))


def state(bench):
    """What AT+QISTAT tells, with OK first."""
    said = bench.ask("AT+QISTAT")
    assert said[0] == "OK" and said[1].startswith("STATE: "), said
    return said[1][7:]


def test_a_start_has_its_lines_in_order():
    bench = Bench(boot=False)
    assert bench.type(b"AT\r", 2900) == b""
    assert bench.hear(200) == ["RDY", "+CFUN: 1"]
    assert bench.ask("ATE0;+CPIN?")[-1] == "+CME ERROR: 14"
    assert bench.hear(5000) == ["+CPIN: READY", "Call Ready", "SMS Ready"]
    assert bench.ask("AT+QINISTAT") == ["+QINISTAT: 3", "OK"]
    older = Bench(boot=False, model="M95")
    assert older.hear(9000) == ["RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready"]
    quiet = Bench()
    quiet.ask("AT+QIURC=0;&W")
    quiet.modem.brown_out()
    assert quiet.hear(9000) == ["RDY", "+CFUN: 1", "+CPIN: READY"]


def test_autobauding_discards_everything_before_at_or_at_in_small_letters():  # M95 HD V1.0, 3.8.1.1
    bench = Bench(boot=False, autobaud="on")
    assert bench.hear(9000) == []
    assert bench.type(b"\xf3\x80At\r") == b"" and bench.type(b"aT+CSQ\r") == b""
    assert bench.ask("\x00at") == ["at\r", "OK"]
    assert bench.ask("AT+IPR?;E0")[1] == "+IPR: 0"
    assert bench.ask("AT+IPR=57600") == ["OK"]
    assert bench.ask("AT&F;+IPR?")[-2:] == ["+IPR: 115200", "OK"]  # M10 AT commands, 2.2.43


@pytest.mark.parametrize("model", MODELS)
def test_each_model_says_what_it_is(model):
    bench = Bench(model=model)
    said = ["Quectel_Ltd", "Quectel_" + model]
    assert bench.ask("ATI")[:2] == said and bench.ask("AT+GSV") == bench.ask("ATI")
    assert bench.ask("AT+CGMM") == [said[1], "OK"] and bench.ask("AT+CGMI") == ["Quectel_Ltd", "OK"]
    assert bench.ask("AT+CGMR")[0].startswith("Revision: " + model)
    assert bench.ask("AT+CIPSTART=1") == ["ERROR"]


def test_the_end_is_an_answer_of_its_own():  # M66 HD, 3.4.2.2
    bench = Bench()
    assert bench.ask("AT+QPOWD=1", 10) == ["NORMAL POWER DOWN"]
    assert bench.ask("AT", 60000) == []
    bench.modem.power_on()
    bench.wait(9000)
    bench.ask("ATE0")
    assert bench.ask("AT+QPOWD=0", 10) == ["OK"] and bench.ask("AT", 60000) == []
    told = Bench(under_voltage="told")
    told.modem.brown_out()
    assert told.hear(10) == ["UNDER_VOLTAGE WARNING", "UNDER_VOLTAGE POWER DOWN"]


def test_dtr_low_wakes_it_600_ms_later():  # GSM UART port AN V1.0, 6.2
    bench = Bench()
    bench.ask("AT+QSCLK=1")
    bench.modem.dtr_off()
    assert bench.ask("AT", 1000) == []
    bench.modem.dtr_on()
    assert bench.ask("AT", 590) == []
    bench.wait(20)
    assert bench.ask("AT") == ["OK"]


def test_messages_are_refused_before_they_are_ready_and_deleted_by_a_name_of_quectels():
    bench = Bench(boot=False)
    bench.wait(5500)
    assert bench.ask("ATE0;+CMGF=0")[-1] == "+CMS ERROR: 302"
    bench.wait(4000)
    assert bench.ask("AT+CMGF=1") == ["OK"] and bench.ask('AT+QMGDA="DEL ALL"') == ["OK"]
    assert bench.ask('AT+CMGDA="DEL ALL"') == ["ERROR"] and bench.ask("AT+CNMA") == ["ERROR"]


def test_network_time_comes_when_asked_for_or_in_every_gap():
    bench = Bench()
    assert bench.ask("AT+CCLK?") == ['+CCLK: "04/01/01,00:00:00+00"', "OK"]
    bench.ask("AT+QNITZ=1")
    assert bench.ask("AT+CCLK?") == ['+CCLK: "26/11/27,10:00:00+00"', "OK"]
    bench.modem.lose_coverage()
    bench.modem.find_coverage()
    assert bench.hear(5000) == ['+QNITZ: "26/11/27,10:00:00+00,0"']
    gaps = Bench(network_time="gaps")
    assert gaps.ask("AT+CSQ") == ['+QNITZ: "26/11/27,10:00:00+00,0"', "+CSQ: 17,0"] + [
        '+QNITZ: "26/11/27,10:00:00+00,0"',
        "OK",
    ]


def test_cells_are_told_in_engineering_mode():  # logs of M66 and M95
    bench = Bench(environment=around(cells=2))
    assert bench.ask("AT+QENG?") == ["+QENG: 0,0", "OK"]
    serving = "+QENG: 0,234,10,00c3,7ed1,81,31,-79,26,26,5,5,x,x,x,x,x,x,x"
    assert bench.ask("AT+QENG=1,0;+QENG?") == ["+QENG: 1,0", serving, "OK"]
    near = "+QENG: 1,1,92,-93,31,12,12,234,15,00c3,7ed2"
    assert bench.ask("AT+QENG=1,1;+QENG?") == ["+QENG: 1,1", serving, near, "OK"]
    bench.modem.lose_coverage()
    assert bench.ask("AT+QENG?") == ["+QENG: 1,1", "OK"] and bench.ask("AT+QENG=2") == ["+CME ERROR: 50"]


# the context


def test_a_context_goes_through_its_states():  # AN, AT+QISTAT
    bench = Bench()
    found = [state(bench)]
    assert bench.ask("AT+QIACT") == ["ERROR"] and bench.ask("AT+QILOCIP") == ["ERROR"]
    assert bench.ask('AT+QIREGAPP="mms","",""') == ["OK"] and bench.ask("AT+QIREGAPP") == ["ERROR"]
    found.append(state(bench))
    bench.ask("AT+QIACT", 500)
    found.append(bench.modem.task.state)
    assert bench.hear(3000) == ["OK"]
    found.append(state(bench))
    assert bench.ask("AT+QILOCIP") == ["10.64.0.1"]  # and no OK
    found.append(state(bench))
    assert tuple(found) == STATES
    assert bench.ask("AT+QIMUX=1") == ["ERROR"]  # log: in IP INITIAL only
    assert bench.ask("AT+QIDEACT", 1000) == ["DEACT OK"] and state(bench) == "IP INITIAL"
    assert bench.ask("AT+QIDEACT", 1000) == ["DEACT OK"] and bench.ask("AT+QIMUX=1;+QIMUX?") == ["+QIMUX: 1", "OK"]


def test_a_refused_context_has_to_be_deactivated_and_its_reason_is_told():
    bench = Bench(environment=around(Profile("mms", "me", "it")), last_error="told")
    reasons = []
    for given in ('"mms","me","no"', '"other","me","it"'):
        bench.ask("AT+QICSGP=1,%s;+QIREGAPP" % given)
        assert bench.ask("AT+QIACT", 5000) == ["ERROR"] and state(bench) == "PDP DEACT"
        reasons.append(bench.ask("AT+CEER;+QIGETERROR")[:2])
        assert bench.ask("AT+QIDEACT", 1000) == ["DEACT OK"]
    code = "+QIGETERROR: 561,PDP context opening failed"
    assert reasons == [["+CEER: User authentication failed", code], ["+CEER: Missing or unknown APN", code]]
    assert bench.ask('AT+QIREGAPP="mms","me","it"') == ["OK"] and bench.ask("AT+QIACT", 5000) == ["OK"]
    assert Bench().ask("AT+QIGETERROR") == ["ERROR"]
    abroad = Bench(Card(imsi="310410123456789"), Environment([Cell("23410", "O2 - UK", allowed=False)]))
    abroad.ask("AT+QIREGAPP")
    assert abroad.ask("AT+QIACT", 5000) == ["ERROR"]


def test_a_context_that_the_network_ended_has_to_be_deactivated():
    bench = Bench()
    bench.connect()
    bench.modem.drop_context()
    assert bench.hear(10) == ["+PDP DEACT"] and bench.closed == [1] and state(bench) == "PDP DEACT"
    assert bench.ask("AT+QISEND=0,4") == ["ERROR"] and bench.ask("AT+QIREGAPP") == ["ERROR"]
    bench.ask("AT+QIDEACT", 1000)
    assert bench.ask("AT+QIREGAPP") == ["OK"]
    free = Bench(after_deactivation="free")
    free.up()
    free.modem.drop_context()
    assert free.ask("AT+QIREGAPP") == ["+PDP DEACT", "OK"]


def test_a_context_that_ends_while_it_comes_up_is_refused():
    bench = Bench()
    bench.ask("AT+QIREGAPP")
    bench.ask("AT+QIACT", 500)
    bench.modem.drop_context()
    assert bench.hear(5000) == ["+PDP DEACT", "ERROR"]
    works = Bench(active_again="works")
    works.up()
    assert works.ask("AT+QIACT") == ["OK"] and Bench().ask("AT+QIMODE=1") == ["+CME ERROR: 50"]


def test_a_name_is_resolved_by_a_command_too():
    bench = Bench()
    assert bench.ask('AT+QIDNSGIP="mmsc.example"') == ["ERROR"]
    bench.up()
    bench.modem.environment.names["mmsc.example"] = "10.9.0.1"
    assert bench.ask('AT+QIDNSGIP="mmsc.example"', 800) == ["OK", "10.9.0.1"]
    assert bench.ask('AT+QIDNSGIP="nowhere.example"', 800) == ["OK", "ERROR"]


def test_the_page_has_every_switch_of_the_family():
    page = (package.ROOT / "docs" / "modem.md").read_text()
    for name in SWITCHES:
        assert "| `%s` | %s |" % (name, ", ".join(SWITCHES[name][0])) in page, name
