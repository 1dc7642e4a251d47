"""EF_MMSICP of a SIM (3GPP TS 31.102, 4.2.69 and annex J.2): what it says, and what it is refused for."""

from mms.codec import connectivity
from mms.errors import PduError
from tests.kit.checks import raises

URL = b"http://mmsc.example/"
APN = b"\x08mms.example\0"


def tlv(tag, value):
    """A TLV object, whose length has as many octets as it needs."""
    count = len(value)
    if count < 128:
        return bytes((tag, count)) + value
    if count < 256:
        return bytes((tag, 0x81, count)) + value
    return bytes((tag, 0x82, count >> 8, count & 255)) + value


def card(*objects):
    """The operators in a file with one set, whose end is filled."""
    return connectivity.parse(tlv(0xAB, tlv(0x80, b"\1") + b"".join(objects)) + b"\xff\xff")


def test_a_set_has_a_server_and_bearers_and_a_gateway():
    login = b"\x0c\x9b\x0du\0\x0ep\0\x10\xab\x09\x89"
    (operator,) = card(tlv(0x81, URL), tlv(0x82, APN + login), tlv(0x83, b"\x20010.1.2.3\x00\x238080\0"))
    assert operator["apn"] == "mms.example" and operator["mmsc"] == URL.decode()
    assert (operator["user"], operator["password"], operator["auth"]) == ("u", "p", "chap")
    assert operator["proxy"] == "010.1.2.3:8080"
    assert len(card(tlv(0x81, URL), tlv(0x82, APN), tlv(0x82, APN + b"\x0c\x9a"))) == 2


def test_a_gateway_may_speak_wsp_or_be_none():
    def proxy(parameters):
        return card(tlv(0x81, URL), tlv(0x82, APN), tlv(0x83, parameters))[0].get("proxy")

    assert proxy(b"\x20wap.example\0\x24\xcb") == "wsp://wap.example:9201"
    assert proxy(b"\x20wap.example\x00\x239201\0") == "wsp://wap.example:9201"
    assert proxy(b"\x20wap.example\x00\x24\xcb\x239210\0") == "wsp://wap.example:9210"
    assert proxy(b"\x20wap.example\x00\x24\xcd\x239203\0") == "wsp://wap.example:9201"
    assert proxy(b"\x20wap.example\0") == "wap.example:80"
    assert proxy(b"\x238080\0") is None


def test_what_is_not_for_mms_over_packet_data_is_left_out():
    server = tlv(0x81, URL)
    assert connectivity.parse(tlv(0xAB, tlv(0x80, b"\2") + server + tlv(0x82, APN))) == []
    assert connectivity.parse(tlv(0xAA, server)) == []
    assert card(tlv(0x82, APN)) == []
    assert card(server, tlv(0x82, b"\x10\xab")) == []
    assert card(server, tlv(0x82, APN + b"\x10\xaa")) == []
    assert card(server, tlv(0x82, APN + b"\x09\x88")) == []
    assert card(server, tlv(0x99, b"")) == []


def test_the_first_of_a_parameter_counts_and_long_objects_have_long_lengths():
    long = b"http://mmsc.example/" + b"a" * 200
    (operator,) = card(tlv(0x81, long), tlv(0x82, APN + b"\x08other\0"))
    assert operator["mmsc"] == long.decode() and operator["apn"] == "mms.example"
    assert len(card(tlv(0x81, URL), tlv(0x82, APN + b"\x0e" + b"p" * 300 + b"\0"))) == 1


def test_octets_that_are_no_such_file_are_an_error():
    for octets in (
        b"\xab",
        b"\xab\x05\x80",
        b"\xab\x83\0\0\1\0",
        b"\xab\x80",
        tlv(0xAB, tlv(0x82, b"\x08mms")),
        tlv(0xAB, tlv(0x82, b"\x10")),
        tlv(0xAB, tlv(0x81, b"http://\xe4")),
    ):
        raises(PduError, connectivity.parse, octets)
