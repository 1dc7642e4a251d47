"""Start, identity, port and network of the simulated SARA; a clause of the manuals or "log" stands with each test."""

import pytest

from tests.kit.lab.bench_sara import Bench
from tools.lab.modem.environment import Card, Cell, Environment
from tools.lab.modem.registration import EUTRAN
from tools.lab.modem.sara import Sara
from tools.lab.modem.sara.options import ACCESS, G350, R410M, SWITCHES, U201
from tools.lab.network.roaming import Terms
from tools.programs import ROOT


def around(**cell):
    return Environment([Cell("23410", "O2 - UK", "O2", **cell)])


def test_a_start_is_silent_and_commands_are_answered_after_it():
    bench = Bench(boot=False)
    assert bench.type(b"AT\r", 2900) == b""
    assert bench.hear(7000) == []
    assert bench.ask("ATE0;+CPIN?")[1:] == ["+CPIN: READY", "OK"]
    bench.modem.remove_sim()
    assert bench.ask("AT+CMEE=2;+CPIN?") == ["+CME ERROR: SIM not inserted"]


def test_a_text_of_ones_own_is_said_at_the_start():  # 27.007, 8.32
    bench = Bench()
    assert bench.ask('AT+CSGT=1,"RDY"') == ["OK"] and bench.ask("AT+CSGT?") == ['+CSGT: "RDY",1', "OK"]
    bench.modem.brown_out()
    assert bench.hear(4000) == ["RDY"]
    assert bench.ask("ATE0;+CSGT=0")[-1] == "OK"
    bench.modem.brown_out()
    assert bench.hear(4000) == []


def test_messages_waiting_are_told_in_the_first_replies():  # log
    bench = Bench(boot=False, message_waiting="told")
    bench.wait(9000)
    assert bench.ask("ATE0;+UDCONF=1")[1:] == ["+UMWI: 0,1", "+UDCONF: 1,0", "+UMWI: 0,2", "OK"]
    assert bench.ask("AT") == ["+UMWI: 0,3", "OK"]


@pytest.mark.parametrize("model", ACCESS)
def test_each_model_says_what_it_is(model):  # log
    bench = Bench(model=model)
    assert bench.ask("AT+CGMI;+CGMM")[0] == "u-blox" and model in bench.ask("AT+CGMM")[0]
    assert any(line.endswith(bench.ask("AT+CGMM")[0]) or line.startswith(model) for line in bench.ask("ATI"))
    assert "," in bench.ask("ATI9")[0] and bench.ask("AT+CCID")[0] == "+CCID: 8944110000000000016"
    lte = model.startswith("SARA-R4")
    assert bench.ask("AT+CFUN?")[0] == ("+CFUN: 1" if lte else "+CFUN: 1,0")
    assert bench.ask("AT+UPSD=0,1")[-1] == ("ERROR" if lte else "OK")
    assert bench.ask("AT+CEREG?")[-1] == ("OK" if lte else "ERROR")


def test_errors_have_the_words_of_each_series():  # log
    older, newer = Bench(), Bench(model=R410M)
    assert older.ask("AT+CMEE=2;+USOCL=1") == ["+CME ERROR: operation not allowed"]
    assert newer.ask("AT+CMEE=2;+USOCL=1") == ["+CME ERROR: Operation not allowed"]
    assert older.ask("AT+QIACT=1") == ["+CME ERROR: operation not supported"] and newer.ask("AT+QIACT=1") == ["ERROR"]


def test_restarts_are_silent_and_the_end_ignores_a_command():  # 5.2
    bench = Bench()
    assert bench.ask("AT+CFUN=16", 100) == ["OK"]
    assert bench.type(b"AT\r", 2900) == b""
    bench.wait(200)
    assert bench.ask("ATE0")[-1] == "OK"
    bench.wait(9000)
    assert bench.ask("AT+CPWROFF", 100) == ["OK"] and bench.type(b"AT\r", 9000) == b""
    bench.modem.power_on()
    bench.wait(9000)
    assert bench.ask("ATE0;+CFUN=4", 500)[-1] == "OK" and bench.ask("AT+CREG?") == ["+CREG: 0,0", "OK"]
    assert Bench(model=R410M).ask("AT+CFUN=16") == ["ERROR"]


def test_the_port_has_one_flow_control_with_two_names_and_a_rate():
    bench = Bench()
    assert bench.ask("AT+IFC?;&K0;+IFC?") == ["+IFC: 2,2", "+IFC: 0,0", "OK"]
    assert bench.ask("AT+IFC=2,2;+IFC=2,0") == ["ERROR"] and bench.modem.options["&K"] == 3
    assert bench.ask("AT+IPR=921600") == ["OK"] and Bench(model=G350).ask("AT+IPR=921600") == ["ERROR"]


def test_sleep_by_itself_by_rts_and_by_dtr():  # integration, 1.9.1.4
    bench = Bench()
    assert bench.ask("AT+UPSV=2") == ["ERROR"]  # with flow control
    assert bench.ask("AT+UPSV=1,200;+UPSV?") == ["+UPSV: 1,200", "OK"]
    bench.wait(1000)
    assert bench.type(b"A", 20) == b"" and bench.ask("AT") == ["OK"]  # the first octet wakes it, and is lost
    assert bench.ask("AT+UPSV=0;&K0;+UPSV=2") == ["OK"]
    bench.modem.rts_off()
    assert bench.type(b"AT\r", 100) == b""
    bench.modem.rts_on()
    bench.wait(20)
    assert bench.ask("AT+UPSV=3") == ["OK"]
    bench.modem.dtr_off()
    assert bench.type(b"AT\r", 100) == b""
    assert Bench(model=G350).ask("AT+UPSV=3") == ["ERROR"]


def test_the_page_names_every_switch():
    page = (ROOT / "docs" / "modem.md").read_text().partition("## The simulated SARA family")[2]
    for name in SWITCHES:
        assert "`%s`" % name in page, name


# network


def test_registration_has_the_technology_except_on_a_g350():  # log
    line = "AT+CREG=2;+CGREG=2;+CREG?;+CGREG?;+COPS?"
    place = '2,1,"00C3","7ED1"'
    assert Bench(model=G350).ask(line)[:3] == ["+CREG: " + place, "+CGREG: " + place, '+COPS: 0,0,"O2 - UK"']
    umts = Bench(environment=around(access=2)).ask(line)
    assert umts[:3] == ["+CREG: %s,2" % place, '+CGREG: %s,2,"01"' % place, '+COPS: 0,0,"O2 - UK",2']
    lte = Bench(environment=around(access=EUTRAN), model=R410M)
    assert lte.ask("AT+CEREG=2;+CEREG?;+COPS?")[:2] == ['+CEREG: 2,1,"00C3","00007ED1",8', '+COPS: 0,0,"O2 - UK",8']
    lte.modem.lose_coverage()
    lte.modem.find_coverage()
    assert lte.hear(9000)[-1] == '+CEREG: 1,"00C3","00007ED1",8'


def test_behind_an_lte_radio_stands_an_r4_which_is_of_category_m1_in_every_network():
    assert Sara(radio="umts-64").switches["model"] == U201
    modem = Sara(environment=around(radios={"gsm": "gprs-8-cs2", "lte": "lte-1"}), radio="lte-m1")
    assert modem.switches["model"] == R410M
    modem.power_on()
    modem.advance(20000)
    assert modem.registration.registered and modem.radio.name == "lte-m1"


def test_cells_are_told_by_the_commands_of_the_model():  # log
    far = Cell("26201", "Telekom", "Telekom", signal=9)
    near = Cell("23410", "O2 - UK", "O2", access=0)
    said = Bench(environment=Environment([near, far]), model=G350).ask("AT+CGED=5")
    assert said[0] == "MCC:234, MNC: 10, LAC:00c3, CI:7ed1, BSIC:24, Arfcn:00594, RXLEV:034" and len(said) == 3
    bench = Bench(environment=around(access=2))
    assert bench.ask("AT+CGED=3")[:2] == [
        '+CGED: RAT:"UMTS",',
        "MCC:234, MNC: 10, LAC:00c3, CI:7ed1, DLF:4384, ULF:4159",
    ]
    assert bench.ask("AT+CMEE=2;+CGED=5") == ["+CME ERROR: operation not supported"]
    r4 = Bench(environment=around(access=EUTRAN), model=R410M)
    assert r4.ask("AT+CGED=3") == ["ERROR"]
    assert r4.ask("AT+UCGED=5;+UCGED?")[0].startswith('+RSRP: 162,5110,"-106.00"')


def test_the_last_refusal_has_a_cause_and_words():
    bench = Bench(Card(imsi="310410123456789"), around(terms=Terms(refused=13)))
    bench.wait(9000)
    assert bench.ask("AT+CREG?;+CEER") == [
        "+CREG: 0,3",
        '+CEER: "SM attach error",113,"Roaming not allowed in this location area"',
        "OK",
    ]
    assert Bench(model=U201).ask("AT+CEER") == ['+CEER: "No report available"', "OK"]
    assert Bench(reason="stale").ask("AT+CEER")[0] == '+CEER: "SM activation error",148,"Unspecified GPRS error"'
