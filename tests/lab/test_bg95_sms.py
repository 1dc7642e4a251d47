"""Short messages of the simulated BG95: AT+CNMA (27.005, 3.4.4 and 4.7), places, and what comes before SMS DONE."""

from tests.kit.lab.bench import push
from tests.kit.lab.bench95 import Bench

REPORT = bytes.fromhex("0601098177f7112233112233445566778800")
DIRECT = "AT+CSMS=1;+CNMI=2,2,0,1,0"


def test_a_direct_message_is_acknowledged_once_and_only_then_the_next_one_comes():
    bench = Bench()
    assert bench.ask(DIRECT) == ["+CSMS: 1,1,1", "OK"]
    assert bench.ask("AT+CNMA") == ["+CMS ERROR: 340"]
    assert not bench.modem.deliver(push())
    assert not bench.modem.deliver(REPORT)
    assert bench.hear(10)[0].startswith("+CMT: ")
    assert bench.hear(10000) == []
    assert bench.ask("AT+CNMA=1", 10)[0] == "OK"
    said = bench.hear(10)
    assert not said and bench.ask("AT+CNMA") == ["OK"]  # of the report, which came behind the first OK
    assert bench.ask("AT+CNMA") == ["+CMS ERROR: 340"]
    assert not bench.modem.sms.waiting and bench.ask("AT+CNMI?")[0] == "+CNMI: 2,2,0,1,0"


def test_without_an_acknowledgement_routing_ends_and_the_network_repeats():
    bench = Bench()
    bench.ask(DIRECT)
    bench.modem.deliver(push())
    assert bench.hear(14900)[0].startswith("+CMT: ")
    bench.wait(200)
    assert bench.ask("AT+CNMI?")[0] == "+CNMI: 2,0,0,1,0" and len(bench.modem.sms.waiting) == 1
    refused = Bench()
    refused.ask(DIRECT)
    refused.modem.deliver(push())
    refused.wait(10)
    assert refused.ask("AT+CNMA=2") == ["OK"]
    assert refused.hear(29000) == [] and refused.hear(2000)[0].startswith("+CMT: ")


def test_places_count_from_0_or_1_and_a_push_has_no_label():
    for first in ("0", "1"):
        bench = Bench(first_index=first)
        bench.modem.deliver(push())
        assert bench.hear(10) == ['+CMTI: "SM",' + first]
        assert bench.ask("AT+CMGL=4")[0].startswith("+CMGL: %s,0," % first)
        assert bench.ask("AT+CMGR=" + first)[0].startswith("+CMGR: 1,")
        assert bench.ask("AT+CMGR=%d" % (int(first) + 20)) == ["+CMS ERROR: 321"]
        assert bench.ask("AT+CMGD=" + first) == ["OK"] and bench.ask("AT+CMGL=4") == ["OK"]


def test_messages_are_refused_before_sms_done():
    bench = Bench(boot=False)
    bench.wait(5500)
    assert bench.ask("ATE0;+CMGF=0")[1:] == ["+CMS ERROR: 302"]
    assert "+QIND: SMS DONE" in bench.hear(1000)
    assert bench.ask("AT+CMGF=0") == ["OK"]
