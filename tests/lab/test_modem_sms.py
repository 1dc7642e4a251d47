"""Short messages of the simulated SIM800: the store, the indications, a full SIM, sending."""

from tests.kit.lab.bench import Bench, lines, push
from tools.lab.modem.sim800 import Card

TEXT = bytes.fromhex("04038177f70000112233445566770141")
CLASS_2 = bytes.fromhex("04038177f70012112233445566770141")
REPORT = bytes.fromhex("02010381776f112233445566771122334455667700")
CENTRE = "0791448720003023"
SUBMIT = bytes.fromhex("01000c9144770009002000000441e19008")


def small(slots):
    card = Card()
    card.slots["SM"] = [None] * slots
    bench = Bench(card)
    bench.ask("AT+CMEE=1")
    return bench


def shown(tpdu):
    return CENTRE + tpdu.hex().upper()


def test_a_message_is_stored_and_told_and_read_until_it_is_deleted():
    bench = Bench()
    assert bench.modem.deliver(TEXT)
    assert bench.hear(10) == ['+CMTI: "SM",1']
    assert bench.ask("AT+CMGR=1") == ['+CMGR: 0,"",16', shown(TEXT), "OK"]
    assert bench.ask("AT+CMGL=4") == ['+CMGL: 1,1,"",16', shown(TEXT), "OK"]
    assert bench.ask("AT+CMGL=0") == ["OK"]
    assert bench.ask("AT+CPMS?")[0] == '+CPMS: "SM",1,20,"SM",1,20,"SM",1,20'
    assert bench.ask("AT+CMGD=1") == ["OK"]
    assert bench.ask("AT+CMGR=1") == ["OK"]
    assert bench.ask("AT+CMGL=4") == ["OK"]


def test_what_is_on_the_sim_survives_a_reset():
    bench = Bench()
    bench.modem.deliver(TEXT)
    bench.modem.brown_out()
    bench.wait(9000)
    bench.ask("ATE0")
    assert bench.ask("AT+CMGL=4") == ['+CMGL: 1,0,"",16', shown(TEXT), "OK"]


def test_a_notification_is_labelled_as_simcoms_firmware_does():
    bench = Bench()
    bench.modem.deliver(push())
    assert bench.hear(10) == ['+CMTI: "SM",1,"MMS PUSH"']
    bench.modem.deliver(push(2, 1))
    bench.modem.deliver(push(2, 2))
    assert bench.hear(10) == [
        '+CMTI: "SM",2,"MMS PUSH",2,1',
        '+CMTI: "SM",3,"MMS PUSH",2,2',
        '+CMTI: "SM",2,"MMS PUSH"',
    ]
    bench.modem.turn("push-labels", "off")
    bench.modem.deliver(push())
    assert bench.hear(10) == ['+CMTI: "SM",4']


def test_direct_routing_has_an_empty_name_or_none_and_leaves_class_2_on_the_sim():
    bench = Bench()
    bench.ask("AT+CNMI=2,2,0,1,0")
    bench.modem.deliver(TEXT)
    assert bench.hear(10) == ['+CMT: "",16', shown(TEXT)]
    bench.modem.turn("alpha", "absent")
    bench.modem.deliver(push())
    assert bench.hear(10) == ["+CMT: ,%d" % len(push()), shown(push())]
    bench.modem.deliver(CLASS_2)
    assert bench.hear(10) == ['+CMTI: "SM",1']
    assert bench.ask("AT+CPMS?")[0][:13] == '+CPMS: "SM",1'


def test_some_builds_store_pushes_though_they_were_to_be_routed():
    bench = Bench()
    bench.modem.turn("pushes", "stored")
    bench.ask("AT+CNMI=2,2,0,1,0")
    bench.modem.deliver(push())
    assert bench.hear(10) == ['+CMTI: "SM",1,"MMS PUSH"']


def test_with_csms_1_and_no_cnma_direct_routing_ends_and_the_network_repeats():
    bench = Bench()
    bench.ask("AT+CSMS=1;+CNMI=2,2,0,1,0")
    bench.modem.deliver(TEXT)
    assert bench.hear(10) == ['+CMT: "",16', shown(TEXT)]
    assert bench.ask("AT+CNMA") == ["ERROR"]
    bench.wait(60000)
    assert bench.ask("AT+CNMI?") == ["+CNMI: 2,0,0,1,0", "OK"]
    assert bench.ask("AT+CMGL=4")[0] == '+CMGL: 1,0,"",16'


def test_cnmi_is_lost_over_a_reset_unless_it_was_saved():
    bench = Bench()
    bench.ask("AT+CNMI=2,2,0,1,0")
    bench.modem.power_on()
    bench.wait(9000)
    assert bench.ask("ATE0+CNMI?")[-2] == "+CNMI: 2,1,0,0,0"
    bench.ask("AT+CNMI=2,2,0,1,0;&W")
    bench.modem.power_on()
    bench.wait(9000)
    assert bench.ask("ATE0+CNMI?")[-2] == "+CNMI: 2,2,0,1,0"


def test_a_full_sim_makes_the_network_wait_until_there_is_room():
    bench = small(1)
    assert bench.modem.deliver(TEXT)
    assert not bench.modem.deliver(push())
    assert bench.hear(60000) == ['+CMTI: "SM",1']
    bench.ask("AT+CMGD=1")
    assert bench.hear(3000) == ['+CMTI: "SM",1,"MMS PUSH"']


def test_what_came_while_the_modem_was_off_comes_later():
    bench = Bench()
    bench.modem.power_off()
    assert not bench.modem.deliver(TEXT)
    bench.modem.power_on()
    assert '+CMTI: "SM",1' in bench.hear(9000)


def test_delete_flags_delete_what_they_say():
    bench = small(4)
    bench.modem.deliver(TEXT)
    bench.modem.deliver(TEXT)
    bench.ask("AT+CMGR=1")
    assert bench.ask("AT+CMGD=1,1") == ["OK"]
    assert bench.ask("AT+CPMS?")[0][:13] == '+CPMS: "SM",1'
    assert bench.ask("AT+CMGD=1,4") == ["OK"]
    assert bench.ask("AT+CPMS?")[0][:13] == '+CPMS: "SM",0'
    assert bench.ask("AT+CMGD=5") == ["+CMS ERROR: 321"]


def test_a_status_report_is_routed_when_asked_for():
    bench = Bench()
    bench.ask("AT+CNMI=2,1,0,1,0")
    bench.modem.deliver(REPORT)
    assert bench.hear(10) == ["+CDS: %d" % len(REPORT), shown(REPORT)]


def test_sending_takes_the_networks_time_and_gives_a_reference():
    bench = Bench()
    assert bench.type(b"AT+CMGS=%d\r" % len(SUBMIT), 10) == b"\r\n> "
    assert bench.type(b"00" + SUBMIT.hex().encode() + b"\x1a", 1000) == b""
    assert bench.hear(1100) == ["+CMGS: 7", "OK"]
    assert bench.submitted == [SUBMIT]


def test_a_wrong_length_is_refused_and_escape_cancels():
    bench = small(4)
    bench.type(b"AT+CMGS=9\r", 10)
    assert lines(bench.type(b"00" + SUBMIT.hex().encode() + b"\x1a")) == ["+CMS ERROR: 304"]
    bench.type(b"AT+CMGS=9\r", 10)
    assert bench.type(b"0001\x1b", 3000) == b"\r\nOK\r\n"
    bench.type(b"AT+CMGS=9\r", 10)
    assert lines(bench.type(b"zz\x1a")) == ["+CMS ERROR: 304"]
    assert bench.submitted == []


def test_a_centre_that_refuses_and_a_network_that_is_gone_are_errors():
    bench = Bench()
    bench.reference = None
    bench.type(b"AT+CMGS=%d\r" % len(SUBMIT), 10)
    said = bench.type(b"00" + SUBMIT.hex().encode() + b"\x1a", 3000)
    assert lines(said) == ["+CMS ERROR: 500"]
    bench.modem.lose_coverage()
    bench.type(b"AT+CMGS=%d\r" % len(SUBMIT), 10)
    said = bench.type(b"00" + SUBMIT.hex().encode() + b"\x1a", 3000)
    assert lines(said) == ["+CMS ERROR: 331"]


def test_an_answer_of_the_centre_that_comes_after_a_reset_resumes_nothing():
    bench = Bench()
    effects = bench.modem.effects
    bench.modem.effects = list
    bench.type(b"AT+CMGS=%d\r" % len(SUBMIT), 10)
    bench.type(b"00" + SUBMIT.hex().encode() + b"\x1a", 3000)
    assert ("submit", SUBMIT) in effects()
    bench.modem.power_on()
    bench.wait(9000)
    assert bench.ask("ATE0+COPS=?")[-1][:3] == "ATE"
    bench.modem.submitted(9)
    assert bench.hear(1000) == []
    assert bench.hear(20000)[-1] == "OK"
