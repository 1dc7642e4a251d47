"""Service indications and loadings, and provisioning, as networks push them."""

import hashlib
import sys

from mms import limits
from mms.codec import links, markup, provisioning, push, segments, tpdu, wbxml
from mms.errors import PduError, UsageError
from tests.kit.checks import raises
from tests.kit.codec.golden import PROVISIONING, SI, SL
from tests.kit.codec.settings import FULL

if not hasattr(hashlib, "sha1"):  # MicroPython under node has micropython-lib's hmac
    from tests.kit.codec import sha1

    provisioning.hashlib = sha1


def test_a_service_indication_is_a_link_to_show():
    expected = ("si", "http://www.example.com/mms", "You have an O2 media message", "signal-high")
    link = links.parse(SI, "application/vnd.wap.sic")
    assert link[:4] == expected
    assert (link.created, link.expires, link.id) == (1043661600, None, "abc@example.com")
    text = (
        b'<?xml version="1.0"?><si><indication href="http://www.example.com/mms" action="signal-high" '
        b'si-id="abc@example.com" created="2003-01-27T10:00:00Z" si-expires="2003-02-01T00:00:00Z">'
        b"You have an O2 media message</indication></si>"
    )
    link = links.parse(text, "text/vnd.wap.si")
    assert link[:4] == expected
    assert (link.created, link.expires, link.id) == (1043661600, 1044057600, "abc@example.com")


def test_a_service_loading_is_a_link_to_show():
    assert links.parse(SL, "application/vnd.wap.slc")[:4] == ("sl", "https://www.example.com/x", "", "execute-low")
    link = links.parse(b'<sl href="http://x/y" action="execute-high"/>', "text/vnd.wap.sl")
    assert link[:4] == ("sl", "http://x/y", "", "execute-high")


def test_a_document_without_a_link_or_of_another_type_is_refused():
    for octets, media in (
        (b"<si></si>", "text/vnd.wap.si"),
        (b"<si><indication></indication></si>", "text/vnd.wap.si"),
        (b"", "application/vnd.wap.sic"),
        (SI, "image/gif"),
        (PROVISIONING, "application/vnd.wap.sic"),
        (b"x" * 5000, "text/vnd.wap.si"),
    ):
        raises(PduError, links.parse, octets, media)


def test_dates_are_digits_in_either_form():
    for date, seconds in (
        ("2003-01-27T10:00:00Z", 1043661600),
        (b"\x20\x03\x01\x27\x10", 1043661600),
        (b"\x20\x03\x02\x01", 1044057600),
        (b"", None),
        ("soon", None),
        (b"\x20\x03\x13\x01", None),
        (b"\xff" * 7, None),
        (None, None),
    ):
        assert links.seconds(date) == seconds, date


def test_provisioning_becomes_a_proposal():
    found = provisioning.parse(PROVISIONING)
    assert [characteristic[0] for characteristic in found[0][2] or found] == ["NAPDEF", "APPLICATION"]
    assert provisioning.proposal(found) == {
        "mmsc": "http://mmsc.mms.o2.co.uk:8002",
        "apn": "wap.o2.co.uk",
        "name": "O2 MMS",
    }
    assert provisioning.proposal(provisioning.parse(FULL, provisioning.TEXTUAL)) == {
        "mmsc": "http://mmsc.example/",
        "proxy": "10.0.0.1:8080",
        "apn": "wap.example",
        "user": "u",
        "password": "p",
        "auth": "pap",
        "name": "Example",
    }
    assert provisioning.proposal([("BOOTSTRAP", [("NAME", "x")], [])]) == {}


def test_a_gateway_of_wsp_is_told_from_a_proxy_of_http():
    port = b'<characteristic type="PORT"><parm name="PORTNBR" value="%s"/>%s</characteristic>'
    service = b'<parm name="SERVICE" value="%s"/>'
    wsp, named, secure = (b"9201", b""), (b"9201", service % b"CO-WSP"), (b"9203", service % b"CO-SEC-WSP")
    for ports, proxy in (
        ((wsp,), "wsp://10.0.0.1:9201"),
        ((named,), "wsp://10.0.0.1:9201"),
        (((b"9210", service % b"CO-WSP"),), "wsp://10.0.0.1:9210"),
        (((b"9200", service % b"CL-WSP"), named), "wsp://10.0.0.1:9201"),
        ((secure,), "wsp://10.0.0.1:9201"),
        ((named, secure), "wsp://10.0.0.1:9201"),
        ((named, (b"8080", b"")), "10.0.0.1:8080"),
        (((b"8080", service % b"OTA-HTTP-TO"), wsp), "10.0.0.1:8080"),
        ((), "10.0.0.1:80"),
    ):
        document = FULL.replace(port % (b"8080", b""), b"".join(port % each for each in ports))
        found = provisioning.proposal(provisioning.parse(document, provisioning.TEXTUAL))
        assert found["proxy"] == proxy, ports


def test_provisioning_is_authentic_only_with_a_mac_of_the_pin():
    for security, imsi, pin in (
        ("NETWPIN", "234101234567890", None),
        ("USERPIN", None, "1234"),
        ("USERNETWPIN", "234101234567890", "1234"),
        ("USERPIN", None, "9" * 80),
    ):
        params = provisioning.mac(security, PROVISIONING, imsi, pin)
        octets = push.build(1, provisioning.BINARY, PROVISIONING, None, params)
        told = push.parse(octets)
        body = octets[told.body :]
        assert provisioning.check(told.params, body, imsi, pin) == (security, True)
        assert provisioning.check(told.params, body + b"\0", imsi, pin) == (security, False)
        assert provisioning.check(told.params, body, imsi and "234101234567891", pin and "4321") == (security, False)
        assert provisioning.check(told.params, body) == (security, False)
    assert provisioning.check([], PROVISIONING, "234101234567890", "1234") == (None, False)
    assert provisioning.check([("sec", 3), ("mac", "")], PROVISIONING, "2341", "1234") == ("USERPINMAC", False)


def test_the_key_of_the_network_is_the_imsi_as_the_sim_has_it():
    assert provisioning.network_pin("234101234567890") == bytes.fromhex("2943012143658709")
    assert provisioning.network_pin("23410123456789") == bytes.fromhex("21430121436587f9")


def test_without_sha_1_no_mac_is_right_and_without_hmac_the_error_says_how_to_install_it():
    (security, mac) = provisioning.mac("USERPIN", b"body", pin="1234")
    usual, provisioning.hashlib = provisioning.hashlib, limits  # as of a firmware without TLS
    try:
        assert provisioning.check([security, mac], b"body", pin="1234") == ("USERPIN", False)
    finally:
        provisioning.hashlib = usual
    path = list(sys.path)
    sys.modules.pop("hmac", None)
    sys.path[:] = []
    try:
        error = raises(UsageError, provisioning.check, [security, mac], b"body", None, "1234")
    finally:
        sys.path[:] = path
    assert str(error) == "hmac is missing here: install it with mip"
    assert provisioning.check([security, mac], b"body", pin="1234") == ("USERPIN", True)


def test_hmac_is_that_of_rfc_2202():
    mac = dict(provisioning.mac("USERPIN", b"what do ya want for nothing?", None, "Jefe"))["mac"]
    assert mac == "EFFCDF6AE5EB2FA2D27416D5F184DF9C259A7C79"
    mac = dict(provisioning.mac("USERPIN", b"Test", None, "\x7f" * 80))["mac"]
    assert len(mac) == 40


def test_a_document_names_its_type_in_its_string_table_too():
    table = b"-//WAPFORUM//DTD SL 1.0//EN\0"
    octets = b"\x03\x00\x00\x6a" + bytes([len(table)]) + table + SL[4:]
    assert links.parse(octets, "application/vnd.wap.slc").href == "https://www.example.com/x"


def test_wbxml_has_bounds():
    deep = b"\x03\x0b\x6a\x00" + b"\x45" + b"\x46" * (limits.DEPTH - 1)
    assert len([1 for told in wbxml.read(deep + b"\x01" * limits.DEPTH) if told[0] == markup.START]) == limits.DEPTH
    tag = b"\x03\x0b\x6a\x00\x85"
    ((_, _, attributes), _) = wbxml.read(tag + b"\x07" * limits.ATTRIBUTES + b"\x01")
    assert len(attributes) == limits.ATTRIBUTES
    table = b"\x03\x0b\x6a\x84\x00" + b"x" * 511 + b"\0\x45"
    assert len(list_of(table + b"\x83\x00" * 15 + b"\x01")) == 17
    for octets in (
        table + b"\x83\x00" * 17 + b"\x01",
        deep + b"\x46" + b"\x01" * 9,
        b"\x03\x0b\x6a\x00" + b"\x45" + b"\x06" * (4 * limits.TAGS) + b"\x01",
        tag + b"\x07" * (limits.ATTRIBUTES + 1) + b"\x01",
        tag + b"\x07" * 2000,
        b"\x03\x0b\x6a\x8f\xff\xff\xff\x7f\x45",
        b"\x03\x0b\x6a\x00\x45\xc3\x88\x80\x80\x80\x00",
        b"\x03\x0b\x6a\x00\x45\x83\xff\xff\xff\xff\xff\x7f",
        b"\x03\x0b\x6a\x00\x45\x03" + b"x" * 600 + b"\0\x01",
        b"\x03\x7f\x6a\x00\x45",
        b"\x03\x00\x05\x6a\x00\x45",
        b"\x03\x0b\x6a\x00\x01",
    ):
        raises(PduError, list_of, octets)


def list_of(octets):
    return list(wbxml.read(octets))


def test_links_come_through_segments():
    octets = push.build(7, "application/vnd.wap.sic", SI * 1, None)
    parts = [tpdu.parse(part) for part in segments.deliver("+44770", octets + bytes(200), push.PORTS, 5)]
    assert len(parts) > 1 and parts[0].concat
    told = push.parse(b"".join([part.data for part in parts]))
    assert told.media == "application/vnd.wap.sic" and told.application is None


def test_a_textual_document_is_read_in_whatever_way_its_attributes_and_texts_are_written():
    for tag in (
        b'<sl href = "http://x/y"/>',
        b"<sl href='http://x/y'>",
        b"<sl href=http://x/y >",
        b'<sl href="http://x/y',
    ):
        assert links.parse(tag, "text/vnd.wap.sl")[1] == "http://x/y", tag
    for end in (b"]]></indication></si>", b""):
        told = links.parse(b'<si><indication href="http://x/y"><![CDATA[1 < 2 & 3' + end, "text/vnd.wap.si")
        assert told[2] == "1 < 2 & 3", told


def test_provisioning_of_another_type_or_too_deep_is_refused():
    raises(PduError, provisioning.parse, PROVISIONING, "text/plain")
    deep = limits.NESTING
    for levels in (deep, deep + 1):
        octets = b'<characteristic type="PXLOGICAL">' * levels + b"</characteristic>" * levels
        if levels == deep:
            assert provisioning.parse(octets, provisioning.TEXTUAL)[0][0] == "PXLOGICAL"
        else:
            raises(PduError, provisioning.parse, octets, provisioning.TEXTUAL)
