"""Short messages of the simulated SIM7600 family, whose AT+CSMS=1 wants acknowledgements (27.005, 3.4.4 and 4.7)."""

from tests.kit.lab.bench import push
from tests.kit.lab.bench7600 import Bench

REPORT = bytes.fromhex("0601" + "0b914477009000f1" + "11223344556677" * 2 + "00")


def direct(**switches):
    bench = Bench(**switches)
    assert bench.ask("AT+CMGF=0;+CNMI=2,2,0,1,0;+CMEE=1") == ["OK"]
    return bench


def test_stored_messages_have_no_label_unless_the_firmware_gives_one():
    for value, label in (("off", ""), ("on", ',"MMS PUSH"')):
        bench = Bench(push_labels=value)
        bench.modem.deliver(push())
        assert bench.hear(10) == ['+CMTI: "SM",1' + label]


def test_without_csms_1_nothing_is_acknowledged():
    bench = direct()
    assert bench.ask("AT+CNMA") == ["+CMS ERROR: 340"]
    for _ in range(2):
        bench.modem.deliver(push())
        assert bench.hear(10)[0].startswith("+CMT: ")


def test_the_next_message_comes_after_the_acknowledgement():
    bench = direct()
    bench.ask("AT+CSMS=1")
    assert bench.modem.deliver(push(1)) is False
    bench.modem.deliver(REPORT)
    assert [line.partition(":")[0] for line in bench.hear(5000)[::2]] == ["+CMT"]
    assert bench.ask("AT+CNMA", 10)[:2] == ["OK", "+CDS: %d" % len(REPORT)]
    assert bench.ask("AT+CNMA=1", 10) == ["OK"]
    assert bench.ask("AT+CNMA") == ["+CMS ERROR: 340"] and not bench.modem.sms.waiting


def test_without_an_acknowledgement_routing_ends_and_the_message_is_stored_at_the_next_try():
    bench = direct()
    bench.ask("AT+CSMS=1")
    bench.modem.deliver(push())
    assert len(bench.hear(14000)) == 2
    bench.wait(1500)
    assert bench.ask("AT+CNMI?") == ["+CNMI: 2,0,0,1,0", "OK"]
    bench.wait(30000)
    assert bench.ask("AT+CMGL=4")[0].startswith("+CMGL: 1,0,")


def test_a_message_that_is_acknowledged_as_not_received_comes_again():
    bench = direct()
    bench.ask("AT+CSMS=1")
    bench.modem.deliver(push())
    assert bench.hear(10) and bench.ask("AT+CNMA=2", 29000) == ["OK"]
    assert bench.hear(2000)[0].startswith("+CMT: ")


def test_a_message_goes_out_in_pdu_mode():
    bench = direct()
    tpdu = "01000c9144770009002000000441e19008"
    bench.type(b"AT+CMGS=%d\r" % (len(tpdu) // 2), 10)
    assert bench.type(b"00" + tpdu.encode() + b"\x1a", 5000).endswith(b"\r\n+CMGS: 7\r\n\r\nOK\r\n")
    assert bench.submitted == [bytes.fromhex(tpdu)]
