"""The SIM card and the network of the simulated SIM800: PINs, identities, registration, GPRS."""

from tests.kit.lab.bench import Bench
from tools.lab.modem.sim800 import Card, Cell, Environment, Profile

HOME, ABROAD = Cell("23410", "O2 - UK", "O2"), Cell("20801", "Orange F", "Orange", signal=9)


def locked(retries=3):
    card = Card()
    card.pin, card.retries[0] = "1234", retries
    bench = Bench(card)
    bench.ask("AT+CMEE=1")
    return bench


def test_the_sim_is_busy_for_seconds_after_power_on():
    bench = Bench(boot=False)
    bench.wait(3100)
    bench.ask("ATE0+CMEE=1")
    assert bench.ask("AT+CPIN?") == ["+CME ERROR: 14"]
    assert bench.ask("AT+CIMI") == ["+CME ERROR: 14"]
    bench.wait(2100)
    assert bench.ask("AT+CPIN?") == ["+CPIN: READY", "OK"]


def test_a_pin_is_asked_for_and_opens_the_sim_after_a_while():
    bench = locked()
    assert bench.ask("AT+CPIN?") == ["+CPIN: SIM PIN", "OK"]
    assert bench.ask("AT+CIMI") == ["+CME ERROR: 11"]
    assert bench.ask("AT+CMGL=4") == ["+CMS ERROR: 311"]
    assert bench.ask('AT+CPIN="1234"', 1000) == ["OK"]
    assert bench.ask("AT+CIMI") == ["+CME ERROR: 14"]
    assert bench.hear(5000) == ["+CPIN: READY", "Call Ready", "SMS Ready"]
    assert bench.ask("AT+CREG?") == ["+CREG: 0,1", "OK"]


def test_three_wrong_pins_want_the_puk():
    bench = locked()
    assert bench.ask("AT+CPIN=0000", 1000) == ["+CME ERROR: 16"]
    assert bench.ask("AT+SPIC") == ["+SPIC: 2,3,10,10", "OK"]
    bench.ask("AT+CPIN=0000", 1000)
    assert bench.ask("AT+CPIN=0000", 1000) == ["+CME ERROR: 12"]
    assert bench.ask("AT+CPIN?") == ["+CPIN: SIM PUK", "OK"]
    assert bench.ask("AT+CPIN=1234", 1000) == ["+CME ERROR: 12"]
    assert bench.ask("AT+CPIN=11111111,4321", 1000) == ["+CME ERROR: 16"]
    assert bench.ask("AT+CPIN=12345678,4321", 1000) == ["OK"]
    assert bench.modem.sim.card.pin == "4321"


def test_ten_wrong_puks_end_the_card():
    bench = locked(0)
    for _ in range(10):
        assert bench.ask("AT+CPIN=11111111,4321", 1000) == ["+CME ERROR: 16"]
    assert bench.ask("AT+CPIN=12345678,4321", 1000) == ["+CME ERROR: 13"]


def test_without_a_card_the_sim_is_not_inserted():
    card = Card()
    card.present = False
    bench = Bench(card, boot=False)
    assert "+CPIN: NOT INSERTED" in bench.hear(9000)
    bench.ask("ATE0+CMEE=1")
    assert bench.ask("AT+CPIN?") == ["+CME ERROR: 10"]
    assert bench.ask("AT+CMGL=4") == ["+CMS ERROR: 310"]


def test_a_card_that_is_pulled_out_takes_the_network_with_it():
    bench = Bench()
    bench.connect()
    bench.modem.remove_sim()
    assert bench.hear(100) == ["+PDP: DEACT", "+CPIN: NOT INSERTED"]
    assert bench.ask("AT+CREG?") == ["+CREG: 0,0", "OK"]


def test_the_sim_tells_who_it_is():
    bench = Bench()
    assert bench.ask("AT+CIMI") == ["234100000000001", "OK"]
    assert bench.ask("AT+CCID") == ["8944110000000000016", "OK"]
    assert bench.ask("AT+CNUM") == ['+CNUM: "","+447700900001",145,7,4', "OK"]
    assert bench.ask("AT+CRSM=176,28589,0,0,4") == ['+CRSM: 144,0,"00000002"', "OK"]
    assert bench.ask("AT+CRSM=176,28423,0,0,9") == ['+CRSM: 144,0,"082943010000000010"', "OK"]
    assert bench.ask("AT+CRSM=176,28624,0,0,10") == ["+CRSM: 148,4", "OK"]
    bench.modem.sim.card.files[28624] = b"\xab\x00"
    assert bench.ask("AT+CRSM=176,28624,0,0,2") == ['+CRSM: 144,0,"AB00"', "OK"]
    assert bench.ask("AT+CRSM=176,28624,0,0,3") == ["+CRSM: 103,0", "OK"]
    assert bench.ask("AT+CRSM=176,28624,0,1,1") == ['+CRSM: 144,0,"00"', "OK"]
    assert bench.ask("AT+CRSM=192,28624,0,0,15")[0].startswith('+CRSM: 144,0,"000000026F')


def test_registration_takes_time_and_is_told_as_asked():
    bench = Bench(boot=False)
    bench.wait(5100)
    bench.ask("ATE0")
    bench.ask("AT+CREG=2;+CGREG=1")
    assert bench.ask("AT+CREG?") == ["+CREG: 2,2", "OK"]
    said = bench.hear(4000)
    assert '+CREG: 1,"00C3","7ED1"' in said and "+CGREG: 0" in said
    assert bench.ask("AT+CREG?") == ['+CREG: 2,1,"00C3","7ED1"', "OK"]


def test_another_network_is_roaming_and_one_that_refuses_is_denied():
    bench = Bench(environment=Environment([ABROAD]))
    assert bench.ask("AT+CREG?;+CROAMING") == ["+CREG: 0,5", "+CROAMING: 1", "OK"]
    assert bench.ask("AT+CSQ") == ["+CSQ: 9,0", "OK"]
    bench.ask("AT+CREG=1;+CMEE=1")
    bench.modem.deny()
    assert bench.hear(5000) == ["+CREG: 2", "+CREG: 3"]
    assert bench.ask("AT+CGATT=1", 2000) == ["+CME ERROR: 111"]
    assert bench.ask("AT+CSQ") == ["+CSQ: 99,0", "OK"]
    bench.modem.deny(False)
    assert bench.hear(5000) == ["+CREG: 2", "+CREG: 5"]


def test_lost_coverage_takes_the_context_and_comes_back_without_it():
    bench = Bench()
    bench.connect()
    bench.ask("AT+CREG=1")
    bench.modem.lose_coverage()
    assert bench.hear(60000) == ["+PDP: DEACT", "+CREG: 2"]
    bench.modem.find_coverage()
    assert bench.hear(5000) == ["+CREG: 1"]
    assert bench.ask("AT+CGATT?") == ["+CGATT: 0", "OK"]


def test_the_list_of_operators_takes_its_time_and_has_home_first():
    forbidden = Cell("23430", "T-Mobile UK", "T-Mobile", allowed=False)
    bench = Bench(environment=Environment([ABROAD, forbidden, HOME]))
    assert bench.ask("AT+COPS=?", 10000) == []
    assert bench.hear(6000) == [
        '+COPS: (2,"O2 - UK","O2","23410"),(1,"Orange F","Orange","20801"),'
        '(3,"T-Mobile UK","T-Mobile","23430"),,(0-4),(0-2)',
        "OK",
    ]


def test_an_operator_chosen_by_hand_stays_chosen_over_a_reset():
    bench = Bench(environment=Environment([HOME, ABROAD]))
    bench.ask("AT+CMEE=1")
    assert bench.ask('AT+COPS=1,2,"20801"', 5000) == ["OK"]
    assert bench.ask("AT+COPS?") == ['+COPS: 1,2,"20801"', "OK"]
    assert bench.ask('AT+COPS=1,2,"26201"', 5000) == ["+CME ERROR: 30"]
    assert bench.ask("AT+COPS?") == ["+COPS: 1", "OK"]
    bench.modem.power_on()
    bench.wait(9000)
    assert bench.ask("AT+CREG?")[-2] == "+CREG: 0,2"
    assert bench.ask("AT+COPS=0", 5000)[-1] == "OK"
    assert bench.ask("AT+COPS=3,1;+COPS?")[-2:] == ['+COPS: 0,1,"O2"', "OK"]
    assert bench.ask("AT+COPS=4,2,26201", 5000)[-1] == "OK"


def test_attaching_takes_time_and_a_context_needs_it():
    bench = Bench()
    bench.ask("AT+CMEE=1")
    bench.ask('AT+CSTT="mms","",""')
    assert bench.ask("AT+CIICR", 2000) == ["+PDP: DEACT", "+CME ERROR: 148"]
    bench.ask("AT+CIPSHUT", 1000)
    assert bench.ask("AT+CGATT=1", 1000) == []
    assert bench.hear(600) == ["OK"]


def test_a_wrong_apn_or_password_gets_no_context():
    bench = Bench(environment=Environment(profiles=[Profile("mms", "o2mms", "password")]))
    bench.ask("AT+CMEE=1")
    bench.ask("AT+CGATT=1", 2000)
    for settings, error in (("'x','',''", "148"), ("'mms','o2mms','no'", "149")):
        bench.ask("AT+CSTT=" + settings.replace("'", '"'))
        assert bench.ask("AT+CIICR", 2000)[-1] == "+CME ERROR: " + error
        assert bench.ask("AT+CIFSR") == ["ERROR"]
        bench.ask("AT+CIPSHUT", 1000)
    bench.ask('AT+CSTT="mms","o2mms","password"')
    assert bench.ask("AT+CIICR", 2000) == ["OK"]
