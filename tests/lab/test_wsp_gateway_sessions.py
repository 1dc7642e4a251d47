"""WSP sessions and methods of the lab's gateway, clause by clause of WAP-230-WSP, in octets written by hand."""

import pytest

from tools.lab.network.gateway.wap import deviations, wsp

ALICE, BOB = ("127.0.3.1", 40000), ("127.0.3.2", 40000)
ACCEPT = "8080"  # Accept: */*
BOTH_64K = "0480848000" + "0481848000"  # Client- and Server-SDU-Size of 65,536
GET = b"\x40\x0ehttp://h.test/" + bytes([0x80, 0x80])
DATA = b"\x3e data"


class Fixed:
    """Dice that show 99: no chance strikes."""

    def __init__(self, *numbers):
        self.numbers = list(numbers)

    def below(self, count):
        return self.numbers.pop(0) if self.numbers else count - 1


class Network:
    """A gateway and its clients: one client's Invoke at a time, with the next TID."""

    def __init__(self, *dice):
        self.heard = []
        self.gateway = wsp.Gateway(deviations.Deviations(Fixed(*dice), self.heard.append))
        self.now, self.tid = 0, 0

    def invoke(self, octets, kind=2, peer=ALICE):
        """The PDU behind WTP's header, whether of a result or of an abort; None without any."""
        self.tid += 1
        self.gateway.receive(peer, bytes([0x0A, 0, self.tid, kind]) + octets, self.now)
        return self.said(peer)

    def said(self, peer=ALICE):
        said = [octets for address, octets in self.gateway.datagrams() if address == peer]
        return said[-1][3:] if said and said[-1][0] >> 3 & 15 == 2 else said[-1] if said else None

    def connect(self, capabilities="", headers=ACCEPT, peer=ALICE):
        capabilities, headers = bytes.fromhex(capabilities), bytes.fromhex(headers)
        reply = self.invoke(bytes([1, 0x10, len(capabilities), len(headers)]) + capabilities + headers, 2, peer)
        self.gateway.receive(peer, bytes([0x18, 0, self.tid]), self.now)
        return reply

    def answer(self, status=200, fields=(("Content-Type", "text/plain"),), body=b"ok", peer=ALICE):
        """The Reply to the request under way."""
        self.gateway.answer(self.gateway.requests.pop(0), status, list(fields), body, self.now)
        return self.said(peer)


def abort(network, reason, kind=1):
    return bytes([0x20 | kind, 0x80, network.tid, reason])


def post(body, headers=b""):
    head = b"\xbe" + headers
    return bytes([0x60, 14, len(head)]) + b"http://h.test/" + head + body


def test_a_session_begins_and_agrees_on_what_was_asked_for():
    network = Network()
    asked = BOTH_64K + "0282f0" + "028309" + "03848001"  # protocol options, Method-MOR, Push-MOR
    assert network.connect(asked) == bytes([2, 1, 16, 0]) + bytes.fromhex(BOTH_64K + "028220" + "028304")
    assert network.connect(peer=BOB) is not None  # a further one has another number
    assert network.gateway.sessions.keys() == {1, 2}


def test_no_limit_is_answered_by_the_limit_of_the_gateway():
    assert Network().connect("02800002813f") == bytes([2, 1, 8, 0]) + bytes.fromhex("0480" + "95e508") + b"\x02\x81\x3f"


def test_a_post_becomes_a_request_with_the_headers_of_its_session():
    network = Network()
    network.connect(BOTH_64K, ACCEPT + "a970686f6e6500")  # User-Agent
    assert network.invoke(post(DATA, bytes.fromhex("8d0105" + "582d5900" + "7a7a00"))) is None
    request = network.gateway.requests[0]
    assert (request.method, request.url, request.body) == ("POST", "http://h.test/", DATA)
    assert request.headers == [
        ("X-Y", "zz"), ("Content-Type", "application/vnd.wap.mms-message"), ("Content-Length", "6"),
        ("Accept", "*/*"), ("User-Agent", "phone"),
    ]  # fmt: skip
    fields = [("content-type", "application/vnd.wap.mms-message"), ("Server", "s"), ("X-A", "b"), ("Date", "d")]
    assert network.answer(200, fields, b"\x8c\x81") == b"\x04\x20\x0a\xbe\xa6s\0X-A\0b\0" + b"\x8c\x81"


def test_a_get_has_headers_of_its_own_in_front_of_its_sessions():
    network = Network()
    network.connect()
    network.invoke(b"\x40\x0ehttp://h.test/\x80\xbe\x05\x91\xa2")  # and a shift to a code page unknown here
    assert network.gateway.requests[0].headers == [("Accept", "application/vnd.wap.mms-message")]
    assert network.gateway.requests[0].method == "GET"
    assert network.answer(body=b"hi") == b"\x04\x46\x01\x80"  # text/plain is not acceptable


@pytest.mark.parametrize(("status", "octet"), [(200, 0x20), (206, 0x26), (301, 0x31), (404, 0x44), (406, 0x46),
                                               (413, 0x4D), (417, 0x51), (500, 0x60), (502, 0x62), (505, 0x65),
                                               (418, 0x60), (599, 0x60), (999, 0x60)])  # fmt: skip
def test_a_status_has_its_octet(status, octet):
    network = Network()
    network.connect()
    network.invoke(GET)
    assert network.answer(status, (), b"")[:2] == bytes([4, octet])


def test_without_an_accept_nothing_is_acceptable_but_an_answer_without_content():
    network = Network()
    network.connect(BOTH_64K, "")
    network.invoke(post(DATA))
    assert network.answer() == b"\x04\x46\x01\x80"
    network.invoke(post(DATA))
    assert network.answer(body=b"")[:2] == b"\x04\x20"


@pytest.mark.parametrize(("octets", "status"), [(1396, 0x20), (1397, 0x62)])
def test_a_result_fits_into_the_clients_1400_octets_or_is_a_502(octets, status):
    network = Network()
    network.connect()
    network.invoke(GET)
    said = network.answer(body=bytes(octets))
    assert said[1] == status and len(said) == (1400 if status == 0x20 else 4)


def test_a_client_that_takes_next_to_nothing_gets_the_shortest_reply():
    network = Network()
    network.connect("028001")
    network.invoke(GET)
    assert network.answer() == b"\x04\x62\x01\x80"


@pytest.mark.parametrize(("octets", "taken"), [(1382, True), (1383, False)])
def test_a_method_fits_into_the_servers_1400_octets_or_is_aborted(octets, taken):
    network = Network()
    network.connect()
    said = network.invoke(post(bytes(octets)))
    assert said is None and network.gateway.requests if taken else said == abort(network, 0xE6)


def test_there_is_one_method_at_a_time_unless_more_were_agreed():
    network = Network()
    network.connect()
    network.invoke(GET)
    assert network.invoke(GET) == abort(network, 0xE7)
    network.connect("028302")
    assert network.invoke(GET) is None and network.invoke(GET) is None
    assert network.invoke(GET) == abort(network, 0xE7)


def test_methods_want_a_session_and_unknown_ones_are_answered():
    network = Network()
    assert network.invoke(GET) == abort(network, 0xE1)
    network.connect()
    assert network.invoke(b"\x61" + post(DATA)[1:]) == b"\x04\x61\x01\x80"  # Put


def test_a_disconnect_aborts_what_is_under_way():
    network = Network()
    network.connect()
    network.invoke(GET)
    first, request = abort(network, 0xE1), network.gateway.requests[0]
    assert network.invoke(b"\x05\x02", 0) is None  # another session's
    assert network.invoke(b"\x05\x01", 0) == first
    network.gateway.answer(request, 200, [], b"late", 0)
    assert network.said() is None and network.gateway.sessions == {}
    assert network.invoke(GET) == abort(network, 0xE1)


def test_a_session_is_suspended_and_resumed_from_another_address():
    network = Network()
    network.connect()
    network.invoke(b"\x08\x01", 0)
    assert network.invoke(GET) == abort(network, 0xE2)
    assert network.invoke(b"\x09\x02\0\0", 2, BOB) == abort(network, 0xE1)  # no such session
    assert network.invoke(b"\x09\x01\0\0", 2, BOB) == b"\x04\x20\x01\x80"
    assert network.invoke(GET, 2, BOB) is None and len(network.gateway.requests) == 1
    assert network.invoke(GET) == abort(network, 0xE1)


@pytest.mark.parametrize("octets", ["", "01", "0120", "01200000", "01100501", "0110ffffffffff",
                                    "011003000480ffff", "02", "04200180", "7f"])  # fmt: skip
def test_octets_that_are_no_session_are_a_protocol_error(octets):
    network = Network()
    assert network.invoke(bytes.fromhex(octets)) in (abort(network, 0xE0), abort(network, 0xE1))


@pytest.mark.parametrize("octets", [b"\x40", b"\x40\x80", b"\x40\x20http://", b"\x60\x04\x20http", b"\x40\x01h\x80",
                                    b"\x40\x01h\x80\x05a", b"\x40\x01h\xa9abc", b"\x60\x01\x01h\x03",
                                    b"\x60\x01\x05h\x1f\xff\xff\xff\xff"])  # fmt: skip
def test_a_method_that_is_cut_is_a_protocol_error(octets):
    network = Network()
    network.connect()
    assert network.invoke(octets) == abort(network, 0xE0) and network.gateway.requests == []


def test_the_worst_of_real_gateways_are_switches_that_count_down():
    network = Network()
    for name in ("abort", "wsp-502", "small-sdu"):
        network.gateway.deviations.switch(name, 1)
    assert network.connect(BOTH_64K) == bytes([2, 1, 8, 0]) + bytes.fromhex("03809738" + "03819738")  # 3,000
    assert network.invoke(GET) == abort(network, 0, 0)
    network.invoke(GET)
    assert network.answer() == b"\x04\x62\x01\x80"
    network.invoke(GET)
    assert network.answer()[:2] == b"\x04\x20" and network.heard == ["small-sdu", "abort", "wsp-502"]
    with pytest.raises(KeyError):
        network.gateway.deviations.switch("nothing")


def test_datagrams_are_lost_doubled_and_late_by_the_dice():
    network = Network()
    for name in deviations.CHANCES:
        network.gateway.deviations.switch(name, 50)
    dice = network.gateway.deviations._dice.numbers
    dice += [0]
    assert network.invoke(b"\x05\x01", 0) is None and network.heard == ["lost"]
    dice += [99, 0, 700, 99] + [99, 99, 0]  # the Invoke is late by 500 + 700 ms, and its answer doubled
    assert network.invoke(GET) is None and network.gateway.due == 1200
    network.gateway.advance(1200)
    assert [octets for _, octets in network.gateway.datagrams()] == [abort(network, 0xE1)] * 2
    assert network.heard == ["lost", "late", "doubled"]


def test_peers_are_forgotten_before_there_are_too_many():
    network = Network()
    for port in range(100):
        network.connect(peer=("127.0.3.1", port))
    assert len(network.gateway.sessions) == wsp._PEERS
