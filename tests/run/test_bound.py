"""The bound is that of the link's physics, and knows nothing of our code."""

import ast
import inspect

import pytest

from tests.kit.lab import bench, bench66, bench95, bench7600, bench_sara
from tools import bound
from tools.lab import families


class Single(bench66.Bench):
    """An M66 with its one connection, which is not numbered."""

    def connect(self):
        self.up("AT+QINDI=1", 'AT+QIREGAPP="mms","",""', "AT+QIACT", "AT+QILOCIP")
        assert self.ask('AT+QIOPEN="TCP","10.1.1.1",8080', 3000) == ["OK", "CONNECT OK"]
        return self.modem.sockets.connections[0].key


BENCHES = {
    "bg95": bench95.Bench,
    "m66": Single,
    "sara": bench_sara.Bench,
    "sim7600": bench7600.Bench,
    "sim800": bench.Bench,
}


@pytest.mark.parametrize(
    "radio, octets, seconds",
    [
        ("gprs-8-cs2", 30000, 26.3),
        ("gprs-10-cs2", 30000, 14.3),
        ("gprs-10-cs2", 300000, 120.2),
        ("gprs-10-cs4", 100000, 25.9),
        ("gprs-12-cs2", 300000, 61.2),
        ("edge-10-mcs6", 30000, 7.1),
    ],
)
def test_the_bound_is_the_published_models(radio, octets, seconds):
    # the model has 700 octets of headers, whatever the message's size
    assert bound.EXPOSURE + bound.upload(octets, radio) == pytest.approx(seconds, rel=0.03)


def test_a_message_has_the_shortest_header_and_each_segment_forty_octets():
    header = (
        b"POST http://mmsc.example/ HTTP/1.1\r\nHost: mmsc.example\r\n"
        b"Content-Type: application/vnd.wap.mms-message\r\nContent-Length: 30000\r\nA: b\r\n\r\n"
    )
    assert bound.request(30000, "http://mmsc.example/", "A: b\r\n") == len(header)
    one, two = (bound.inward(octets, 1000, 1e9, bound.FAMILIES["sim800"]) for octets in (1460, 2920))
    assert (one, two) == (pytest.approx(1.5, abs=0.001), pytest.approx(3.0, abs=0.001))


@pytest.mark.parametrize("family", sorted(BENCHES))
def test_the_dialogue_is_what_the_simulated_modem_of_the_family_wants_octet_for_octet(family):
    dialogue, bench = bound.FAMILIES[family], BENCHES[family]()
    key = bench.connect()
    command, prompt, sent = (text.replace("%d", "%d" % dialogue.most).encode() for text in dialogue.texts["send"])
    assert bench.type(command, bound.PROMPT * 1000 + 1) == prompt
    assert bench.wait(dialogue.pause * 1000) == b""
    assert bench.type(bytes(dialogue.most), dialogue.taken * 1000) == sent
    bench.wait(5000)
    assert bench.far[key] == bytes(dialogue.most)
    bench.modem.arrived(key, bytes(dialogue.block))
    notice = bench.wait(5000)
    assert len(notice) == len(dialogue.texts["notice"][0])
    command, header, end = (text.replace("%d", "%d" % dialogue.block).encode() for text in dialogue.texts["read"])
    assert bench.type(command) == header + bytes(dialogue.block) + end


@pytest.mark.parametrize("family", sorted(BENCHES))
def test_no_larger_block_is_taken_and_no_sooner_prompt_comes(family):
    dialogue, bench = bound.FAMILIES[family], BENCHES[family]()
    bench.connect()
    command = dialogue.texts["send"][0]
    assert b"ERROR" in bench.type(command.replace("%d", "%d" % (dialogue.most + 1)).encode(), 100)
    assert bench.type(command.replace("%d", "%d" % dialogue.most).encode(), bound.PROMPT * 1000 - 1) == b""


def test_every_family_has_a_bound():
    assert set(families.names("modem")) == set(bound.FAMILIES) == set(BENCHES)


def test_the_slower_of_radio_and_serial_line_counts():
    slow, fast = (bound.upload(300000, "lte-1", uart) for uart in (11520, 46080))
    pieces = sum(bound.FAMILIES["sim800"].send(1460, 11520)) - sum(bound.FAMILIES["sim800"].send(1460, 46080))
    assert slow - fast == pytest.approx(300000 / 1460 * pieces, rel=0.01)
    assert bound.upload(300000, "gprs-8-cs2") == pytest.approx(bound.upload(300000, "gprs-8-cs2", 46080), rel=0.001)


def test_the_camera_counts_by_its_serial_line_and_connecting_does_not_while_it_is_read():
    fast, slow = (bound.shutter_to_received(25000, 30000, "gprs-10-cs2", uart, sms=4) for uart in (11520, 3840))
    assert slow - fast == pytest.approx(25000 / 3840 - 25000 / 11520)
    whole = bound.camera(25000, 11520) + bound.upload(30000, "gprs-10-cs2")
    needed = bound.shutter_to_confirmation(25000, 30000, "gprs-10-cs2", 11520)
    assert whole - needed == pytest.approx(bound.ROUND_TRIP, rel=0.01)


def test_opening_a_session_with_a_wap_gateway_does_not_count_either_while_the_camera_is_read():
    whole = bound.camera(25000, 11520) + bound.wap_upload(30000, "gprs-10-cs2")
    needed = bound.shutter_to_confirmation(25000, 30000, "gprs-10-cs2", 11520, proxy="wsp")
    assert bound.ROUND_TRIP < whole - needed < bound.ROUND_TRIP + 0.1
    received = bound.shutter_to_received(25000, 30000, "gprs-10-cs2", 11520, sms=4, proxy="wsp")
    assert received - needed == pytest.approx(4 + bound.wap_download(30000, "gprs-10-cs2"))


def test_each_group_of_segments_but_the_last_waits_for_its_acknowledgement():
    segments = bound.ROOM // (bound.WTP_SEGMENT + bound.WTP_HEADER)
    group = bound.WTP_SEGMENT * segments
    one, two, three = (bound.wap_upload(group * count - 50, "gprs-10-cs2") for count in (1, 2, 3))
    on_air = segments * (bound.WTP_SEGMENT + bound.WTP_HEADER + bound.UDP_IP) / bound.rates("gprs-10-cs2")[1]
    assert two - one == pytest.approx(three - two, rel=0.001)
    assert on_air + bound.ROUND_TRIP < two - one < on_air + bound.ROUND_TRIP + 0.2


def test_the_bound_imports_nothing_of_ours():
    imports = [
        node for node in ast.walk(ast.parse(inspect.getsource(bound))) if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert [name.name for node in imports for name in node.names] == ["argparse"]
