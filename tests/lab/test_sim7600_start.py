"""Start, identity, rate, sleep and end of the simulated SIM7600 family (A76XX manual V2.03, chapters 1, 3, 10, 39)."""

import pytest

from tests.kit.lab.bench7600 import Bench, lte
from tools.board import package
from tools.lab.modem.sim7600 import SWITCHES, Card, Sim7600


@pytest.mark.parametrize("model, first", [("A7670E", "*ATREADY: 1"), ("SIM7600E", "RDY"), ("A7608E", "*ATREADY: 1")])
def test_it_is_deaf_until_its_first_line_and_reads_its_card_after_that(model, first):
    bench = Bench(boot=False, model=model)
    assert bench.ask("AT", 2900) == []
    assert bench.hear(200) == [first]
    assert bench.ask("ATE0;+CPIN?")[1:] == ["+CME ERROR: SIM busy"]
    assert bench.hear(10000) == ["+CPIN: READY", "SMS DONE", "PB DONE"]


def test_in_eutran_a_context_comes_with_the_attach_and_says_so():
    bench = Bench(environment=lte(), boot=False)
    assert "+CGEV: EPS PDN ACT 1" in bench.hear(12000)
    bench.ask('ATE0;+CGDCONT=1,"IP","mms"')
    assert bench.ask("AT+CGATT?;+CGACT?;+CGPADDR=1") == ["+CGATT: 1", "+CGACT: 1,1", "+CGPADDR: 1,10.64.0.1", "OK"]
    bench.ask("AT+CGEREP=0")
    bench.modem.drop_context()
    assert bench.hear(10) == []


@pytest.mark.parametrize(
    "model, name", [("A7670E", "A7670E-LASE"), ("SIM7600E", "SIMCOM_SIM7600E-H"), ("A7608E", "A7608E-H")]
)
def test_each_model_says_who_it_is(model, name):
    bench = Bench(model=model)
    said = bench.ask("ATI")
    assert said[:2] == ["Manufacturer: SIMCOM INCORPORATED", "Model: " + name]
    assert said[2].startswith("Revision: ") and said[3] == "IMEI: 866040040000006"
    assert bench.ask("AT+CGMM") == [name, "OK"]
    assert bench.ask("AT+CGMI;+CGSN") == ["SIMCOM INCORPORATED", "866040040000006", "OK"]
    assert bench.ask("AT+CGMR")[0] == "+CGMR: " + said[2][len("Revision: ") :]


def test_errors_are_words_from_the_start_and_an_unknown_command_is_error_at_every_level():
    card = Card()
    card.present = False
    bench = Bench(card)
    assert bench.ask("AT+CMEE?;+CPIN?") == ["+CMEE: 2", "+CME ERROR: SIM not inserted"]
    for level in (0, 1, 2):
        assert bench.ask("AT+CMEE=%d" % level) == ["OK"]
        assert bench.ask("AT+CCID") == ["ERROR"]
    bench.ask("AT+CMEE=1")
    assert bench.ask("AT+CIMI") == ["+CME ERROR: 10"]


def test_without_a_card_it_says_so_once():
    card = Card()
    card.present = False
    assert Bench(card, boot=False).hear(12000) == ["*ATREADY: 1", "+CPIN: SIM REMOVED"]


def test_a_line_has_at_most_3071_characters():
    bench = Bench()
    line = "AT" + "+CMEE=1;" * 383  # 3066
    assert bench.ask(line, 10) == ["OK"]
    assert bench.ask(line + "+CMEE=2", 10) == ["ERROR"]
    assert bench.ask("AT+CMEE?") == ["+CMEE: 1", "OK"]  # nothing of it was done


def test_the_card_is_named_by_ciccid():
    assert Bench().ask("AT+CICCID") == ["+ICCID: 8944110000000000016", "OK"]
    assert Bench(iccid="refused").ask("AT+CICCID") == ["ERROR"]


def test_a_rate_of_ipr_is_forgotten_and_one_of_iprex_kept():
    bench = Bench()
    assert bench.ask("AT+IPR=921600;+IPR?;+IPREX?") == ["+IPR: 921600", "+IPREX: 115200", "OK"]
    bench.ask("AT+CRESET", 13000)
    assert bench.ask("ATE0;+IPR?")[1:] == ["+IPR: 115200", "OK"]
    assert bench.ask("AT+IPREX=3600000;+IPR?") == ["+IPR: 3600000", "OK"]
    bench.ask("AT+CRESET", 13000)
    assert bench.ask("ATE0;+IPR?")[1:] == ["+IPR: 3600000", "OK"]
    assert bench.ask("AT+IPR=31250") == ["ERROR"]
    assert ",460800,921600,1800000,3600000)" in bench.ask("AT+IPR=?")[0]


def test_what_is_not_saved_is_as_before_after_a_reset():
    bench = Bench()
    bench.ask('AT+CEREG=2;+CREG=1;+COPS=1,2,"23410"', 5000)
    bench.ask("AT+CRESET", 13000)
    said = bench.ask("ATE0;+CEREG?;+CREG?;+COPS?")
    assert said[1:] == ["+CEREG: 0,4", "+CREG: 0,1", '+COPS: 0,0,"O2 - UK",0', "OK"]


def test_the_end_is_told_and_quick_when_asked():
    bench = Bench()
    assert bench.ask("AT+CPOF=?") == ["+CPOF: (0,1)", "OK"]
    assert bench.ask("AT+CPOF", 1000) == ["OK"]
    assert bench.hear(8000) == ["+CGEV: NW PDN DEACT 1", "+CGEV: ME DETACH", "POWERD DOWN"]
    assert bench.ask("AT", 60000) == []
    bench.modem.power_on()
    bench.wait(12000)
    bench.ask("ATE0")
    assert bench.ask("AT+CPOF=1", 300) == ["OK", "POWERD DOWN"]
    assert bench.ask("AT", 60000) == []


def test_a_switch_of_another_family_is_refused():
    with pytest.raises(ValueError, match="there are access-asked"):
        Sim7600().turn("network-time", "saved")


def test_the_supply_in_volts_and_the_clock_of_the_network():
    bench = Bench()
    assert bench.ask("AT+CBC") == ["+CBC: 4.000V", "OK"]
    assert bench.ask("AT+CCLK?") == ['+CCLK: "26/11/27,10:00:00+00"', "OK"]
    bench.modem.lose_coverage()
    assert bench.ask("AT+CCLK?")[-2] == '+CCLK: "70/01/01,00:00:00+00"'


def test_settings_of_the_port_are_forgotten_by_a_restart_and_by_their_execution():  # 10.2.6, 10.2.7
    bench = Bench()
    assert bench.ask("AT+IFC=2,2;&W;+CREG=1;+IFC?") == ["+IFC: 2,2", "OK"]
    assert bench.ask("AT+CREG;+CSCLK;+CREG?") == ["+CREG: 0,1", "OK"]
    bench.modem.brown_out()
    bench.wait(9000)
    assert bench.ask("ATE0;+IFC?")[-2:] == ["+IFC: 0,0", "OK"]
    assert bench.ask("AT+IFC=2;+IFC;+IFC?") == ["+IFC: 0,0", "OK"]


def test_octets_that_wake_it_are_lost_or_heard():  # 10.2.7 says neither
    for waking, said in (("lost", []), ("heard", ["OK"])):
        bench = Bench(waking=waking)
        bench.ask("AT+CSCLK=2")
        bench.wait(6000)
        assert bench.ask("AT", 200) == said and bench.ask("AT") == ["OK"]


def test_contexts_may_be_forgotten():
    for contexts, left in (("kept", 1), ("forgotten", 0)):
        bench = Bench(contexts=contexts)
        bench.ask('AT+CGDCONT=1,"IP","mms"')
        bench.modem.brown_out()
        bench.wait(9000)
        assert len(bench.ask("ATE0;+CGDCONT?")[1:-1]) == left


def test_the_page_has_every_switch_of_the_family():
    page = (package.ROOT / "docs" / "modem.md").read_text()
    for name in SWITCHES:
        assert "| `%s` | %s |" % (name, ", ".join(SWITCHES[name][0])) in page
