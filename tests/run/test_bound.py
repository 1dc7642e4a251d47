"""The bound is that of the link's physics, and knows nothing of our code."""

import ast
import inspect

import pytest

from tools import bound


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
    _, up = bound.rates(radio)  # the model has 700 octets of headers, whatever the message's size
    assert bound.EXPOSURE + bound.upload(octets, up) == pytest.approx(seconds, rel=0.03)


def test_a_message_has_the_shortest_header_and_each_segment_forty_octets():
    header = (
        b"POST http://mmsc.example/ HTTP/1.1\r\nHost: mmsc.example\r\n"
        b"Content-Type: application/vnd.wap.mms-message\r\nContent-Length: 30000\r\nA: b\r\n\r\n"
    )
    assert bound.request(30000, "http://mmsc.example/", "A: b\r\n") == len(header)
    assert bound.transfer(1460, 1000, 1e9) == pytest.approx(1.5, abs=0.001)
    assert bound.transfer(1461, 1000, 1e9) == pytest.approx(1.541, abs=0.001)


def test_the_slower_of_radio_and_serial_line_counts():
    _, up = bound.rates("lte-1")
    slow, fast = (bound.upload(300000, up, bound.round_trip("lte-1"), uart) for uart in (11520, 46080))
    assert slow - fast == pytest.approx(300000 / 11520 - 300000 / 46080, rel=0.01)


def test_the_camera_counts_by_its_serial_line():
    down, up = bound.rates("gprs-10-cs2")
    fast = bound.shutter_to_received(25000, 30000, down, up, 11520, sms=4)
    slow = bound.shutter_to_received(25000, 30000, down, up, 3840, sms=4)
    assert slow - fast == pytest.approx(25000 / 3840 - 25000 / 11520)


def test_the_bound_imports_nothing_of_ours():
    imports = [
        node for node in ast.walk(ast.parse(inspect.getsource(bound))) if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert [name.name for node in imports for name in node.names] == ["argparse"]
