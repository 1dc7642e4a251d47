"""Sleep by DTR and by itself, and RTS: what each family shares (tools/lab/modem/sleep.py)."""

import pytest

from tests.kit.lab.bench import Bench, push
from tests.kit.lab.bench95 import Bench as Bench95
from tests.kit.lab.bench7600 import Bench as Bench7600

ITSELF = pytest.mark.parametrize("kind, command", ((Bench, "CSCLK"), (Bench7600, "CSCLK")))
DTR = pytest.mark.parametrize("kind, command", ((Bench, "CSCLK"), (Bench7600, "CSCLK"), (Bench95, "QSCLK")))


@ITSELF
def test_by_itself_it_sleeps_and_discards_what_wakes_it(kind, command):  # SIM800's manual, 6.2.20
    bench = kind()
    assert bench.ask("AT+%s=2" % command) == ["OK"]
    bench.wait(4900)
    assert bench.ask("AT") == ["OK"]
    bench.wait(4990)
    assert bench.ask("AT") == ["OK"] and not bench.modem.sleep.asleep()
    bench.wait(5010)
    assert bench.modem.sleep.asleep()
    assert bench.ask("AT", 90) == [] and bench.ask("AT", 5) == []  # the second one is too early
    bench.wait(10)
    assert bench.ask("AT") == ["OK"]


@DTR
def test_by_dtr_it_is_deaf_while_dtr_is_off_and_shortly_after(kind, command):
    bench = kind()
    bench.modem.dtr_off()
    assert bench.ask("AT") == ["OK"]  # DTR means nothing before it is asked for
    assert bench.ask("AT+%s=1" % command) == ["OK"]
    bench.wait(1)
    assert bench.modem.sleep.asleep()
    assert bench.ask("AT", 60000) == []
    bench.modem.dtr_on()
    assert bench.ask("AT", 45) == []
    bench.wait(10)
    assert bench.ask("AT", 60000) == ["OK"] and bench.ask("AT") == ["OK"]


def test_a_message_is_told_in_sleep_and_keeps_a_modem_awake_that_sleeps_by_itself():
    bench = Bench()
    bench.ask("AT+CSCLK=2")
    bench.wait(6000)
    bench.modem.deliver(push())
    assert bench.hear(1) == ['+CMTI: "SM",1,"MMS PUSH"']
    assert bench.ask("AT") == ["OK"]
    bench.ask("AT+CSCLK=1")
    bench.modem.dtr_off()
    bench.modem.deliver(push())
    assert bench.hear(1) == ['+CMTI: "SM",2,"MMS PUSH"']
    assert bench.ask("AT", 1000) == []


def test_it_does_not_sleep_over_a_command_or_octets_on_the_radio():
    bench = Bench()
    bench.connect()
    bench.ask("AT+CSCLK=1")
    bench.type(b"AT+CIPSEND=1460\r", 10)
    bench.modem.dtr_off()
    assert not bench.modem.sleep.asleep()
    bench.type(bytes(1460), 10)
    assert not bench.modem.sleep.asleep()
    bench.wait(10000)
    assert bench.modem.sleep.asleep() and bench.far[1] == bytes(1460)


def test_a_start_and_a_reset_of_the_settings_leave_the_mode_of_sleep():  # manual, 2.2.27, 2.2.30 and 6.2.20
    bench = Bench()
    bench.ask("AT+CSCLK=2;+IFC=2,2;&W")
    assert bench.ask("AT&F;+CSCLK?;+IFC?;E0")[-3:] == ["+CSCLK: 2", "+IFC: 2,2", "OK"]
    bench.ask("AT+IFC=0,0;Z")
    assert bench.ask("AT+IFC?")[-2:] == ["+IFC: 0,0", "OK"]
    bench.modem.brown_out()
    bench.wait(9000)
    bench.ask("AT")
    bench.wait(100)
    assert bench.ask("AT+CSCLK?;+IFC?")[-3:] == ["+CSCLK: 2", "+IFC: 2,2", "OK"]


def test_octets_wait_for_the_handsets_rts_with_hardware_flow_control_only():  # manual, 2.2.40
    bench = Bench()
    bench.modem.rts_off()
    assert bench.ask("AT") == ["OK"]
    bench.modem.rts_on()
    bench.ask("AT+IFC=2,2")
    bench.modem.rts_off()
    bench.modem.deliver(push())
    assert bench.ask("AT", 60000) == []
    bench.modem.rts_on()
    assert bench.hear(1) == ['+CMTI: "SM",1,"MMS PUSH"', "OK"]
