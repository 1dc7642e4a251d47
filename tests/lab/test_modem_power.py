"""Power, sleep and the supply of the simulated SIM800."""

from tests.kit.lab.bench import Bench

POWERED = "\0IIII\xff\xff\xff\xff"  # with the power, before anything (manual, 1.4)


def test_it_is_deaf_for_seconds_after_power_and_then_says_so():
    bench = Bench(boot=False)
    assert bench.ask("AT", 2900) == [POWERED]
    assert bench.hear(200) == ["RDY", "+CFUN: 1"]
    assert bench.ask("ATE0")[-1] == "OK"
    assert bench.hear(2000) == ["+CPIN: READY", "Call Ready"]
    assert bench.hear(1000) == ["SMS Ready"]


def test_without_a_fixed_rate_it_says_nothing_and_swallows_the_first_line():
    bench = Bench()
    bench.ask("AT+IPR=0")
    bench.modem.power_on()
    assert bench.hear(10000) == [POWERED]
    assert bench.ask("ATE0") == []
    assert bench.ask("ATE0")[-1] == "OK"


def test_a_brown_out_is_silence_and_then_a_modem_that_forgot_everything():
    bench = Bench()
    bench.connect()
    assert bench.type(b"AT+CIPSEND=1000\r", 10) == b"\r\n> "
    bench.type(b"half")
    bench.modem.brown_out()
    assert bench.type(bytes(996), 1000) == bytes(ord(letter) for letter in POWERED)
    assert bench.closed == [1]
    assert bench.hear(2100) == ["RDY", "+CFUN: 1"]
    bench.wait(5000)
    assert bench.ask("AT+CIPSTATUS")[-1] == "STATE: IP INITIAL"
    assert bench.ask("AT+CGATT?")[-2] == "+CGATT: 0"
    assert bench.far[1] == b""


def test_the_supply_is_watched_only_when_asked():
    bench = Bench()
    bench.ask("AT+CBATCHK=1")
    bench.modem.brown_out()
    assert bench.hear(100) == ["UNDER-VOLTAGE WARNNING", "UNDER-VOLTAGE POWER DOWN", POWERED]


def test_cfun_1_1_and_cpowd_end_what_runs():
    bench = Bench()
    assert bench.ask("AT+CFUN=1,1") == ["OK"]
    assert bench.hear(3200) == [POWERED, "RDY", "+CFUN: 1"]
    bench.wait(6000)
    bench.ask("ATE0")
    assert bench.ask("AT+CPOWD=1") == ["NORMAL POWER DOWN"]
    bench.wait(1000)
    assert bench.ask("AT", 60000) == []
    bench.modem.power_on()
    assert "SMS Ready" in bench.hear(9000)


def test_without_radio_there_is_no_network_and_with_it_there_is_again():
    bench = Bench()
    bench.ask("AT+CMEE=1")
    assert bench.ask("AT+CFUN=4", 500) == ["+CPIN: NOT READY", "OK"]
    assert bench.ask("AT+CREG?") == ["+CREG: 0,0", "OK"]
    assert bench.ask("AT+CFUN=0", 500) == ["+CME ERROR: 3"]
    assert bench.ask("AT+CFUN=1", 500) == ["OK"]
    bench.wait(6000)
    assert bench.ask("AT+CREG?") == ["+CREG: 0,1", "OK"]
