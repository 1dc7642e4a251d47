"""What real networks send against the standard is taken, and what we send never has it: all 28 that we know of.

Numbered as in the list that the project keeps; evidence for each is public. What is not the codec's to do is tested
here as far as octets go, and named where the rest is.
"""

from mms.codec import charset, mm1, multipart, nested, push, segments, slides, statuses, tpdu, transfer
from mms.errors import LinkError
from mms.handset import numbers
from mms.handset.operators import make_profile
from mms.link import http
from mms.link.url import parse_url
from tests.kit.checks import raises
from tests.kit.codec import every, golden

START = b"\x8c\x82\x98T1\0\x8d\x92"
REST = b"\x8a\x80\x8e\x02\x78\x00\x88\x05\x81\x03\x02\xa3\x00\x83http://m/1\0"


def notified(field, rest=REST):
    """A notification with one more field: nothing else of it may be lost."""
    pdu = mm1.parse(START + field + rest)
    assert pdu.get(mm1.TRANSACTION_ID) == "T1" and pdu.get(mm1.CONTENT_LOCATION) == "http://m/1"
    return pdu


def built(number, value):
    """The octets of a field as we write it."""
    return mm1.build(mm1.MBOX_DESCR, [(number, value)])[2:]


def parts(body):
    parser = multipart.Parser()
    found = [value for what, value in parser.feed(body) if what == multipart.PART]
    parser.close()
    return found


def entry(headers, data=b"x"):
    return b"\x01" + bytes([len(headers), len(data)]) + headers + data


def test_01_text_beyond_ascii_without_a_quote_and_with_a_byte_order_mark():
    assert notified(b"\x96\xec\x95\x88\0").get(mm1.SUBJECT) == "안"
    assert notified(b"\x96\xef\xbb\xbfHi\0").get(mm1.SUBJECT) == "Hi"
    assert notified(b"\x96\x08\xea\x7f\xef\xbb\xbfHi\0").get(mm1.SUBJECT) == "Hi"
    assert built(mm1.SUBJECT, "안") == b"\x96\x06\xea\x7f\xec\x95\x88\0"
    assert built(mm1.TRANSACTION_ID, "ü") == b"\x98\x7f\xc3\xbc\0"


def test_02_an_address_with_a_charset_and_without_a_type():
    pdu = notified(b"\x89\x0b\x80\x09\xea+44770\0\0\0")
    assert pdu.get(mm1.FROM) == "+44770"
    assert notified(b"\x97\x08\xea+44770\0").get(mm1.TO) == "+44770"
    assert built(mm1.TO, mm1.address("+44770")) == b"\x97+44770/TYPE=PLMN\0"


def test_03_a_from_whose_length_is_wrong_or_nothing():
    assert notified(b"\x89\x05\x80+44770\0").get(mm1.FROM) == "+44770"
    assert notified(b"\x89\x14\x80+44770\0").get(mm1.FROM) == "+44770"
    assert not notified(b"\x89\x00").has(mm1.FROM)
    assert built(mm1.FROM, "+4") == b"\x89\x04\x80+4\0"


def test_04_an_empty_broken_or_otherwise_encoded_subject():
    for octets, text in (
        (b"\x02\xea\0", ""),
        (b"\0", ""),
        (b"=?utf-8?B?SGk=?=\0", "=?utf-8?B?SGk=?="),
        (b"\x06\xeaab\xe2\x98\0", "ab\ufffd\ufffd"),
        (b"\x05\x84Gr\xfc\0", "Grü"),
    ):
        assert notified(b"\x96" + octets).get(mm1.SUBJECT) == text
    assert built(mm1.SUBJECT, "") == b"\x96\0"


def test_05_an_expiry_in_every_form():
    for octets, expiry in (
        (b"\x06\x80\x04\x65\x53\xf1\x00", ("absolute", 1700000000)),
        (b"\x05\x81\x03\x02\xa3\x00", ("relative", 172800)),
        (b"\x02\x81\x85", ("relative", 5)),
    ):
        assert notified(b"\x88" + octets).get(mm1.EXPIRY) == expiry
    assert built(mm1.EXPIRY, ("relative", 5)) == b"\x88\x03\x81\x01\x05"


def test_06_octets_after_the_last_field():
    for tail in (b"\x81\0\0", b"\0\0\0\0", b"\x96\x1f\xff\xff", b"\x85\x04\x01", b"X-"):
        assert notified(b"", REST + tail).warnings
    assert notified(b"").warnings == []


def test_07_unknown_fields_and_wrong_inner_forms():
    for field in (b"\xd5\x80", b"\xd5text\0", b"\xd5\x03abc", b"\xd5\x1f\x81\x00" + bytes(128)):
        assert notified(field).has(0x55)
    for field in (b"\xa0\x05\x80+44\0", b"\xa1\x06\x80\x04\x65\x53\xf1\x00", b"\xa0\x80", b"\xa1text\0"):
        notified(field)


def test_08_fields_with_names_in_letters():
    pdu = notified(b"Return-Path\0<a@b>\0X-Scanned-By\0scanner\0")
    assert pdu.get("Return-Path") == "<a@b>" and pdu.get("X-Scanned-By") == "scanner"


def test_09_a_transaction_id_where_there_is_none_and_none_where_there_is_one():
    assert mm1.parse(b"\x8c\x84\x8d\x90\x85\x01\x05\x84\x83").get(mm1.TRANSACTION_ID) is None
    assert mm1.parse(b"\x8c\x86\x98T1\0\x8d\x90\x8bM1\0\x95\x81").get(mm1.TRANSACTION_ID) == "T1"


def test_10_a_retrieved_message_that_is_a_bare_text():
    octets = b"\x8c\x84\x8d\x90\x85\x04\x65\x53\xf1\x00\x99\xe2\x84\x834504:Message not found"
    pdu = mm1.parse(octets)
    assert pdu.get(mm1.CONTENT_TYPE).media == "text/plain" and pdu.get(mm1.MESSAGE_ID) is None
    assert octets[pdu.body :] == b"4504:Message not found"
    assert statuses.status(mm1.RETRIEVE_STATUS, pdu.get(mm1.RETRIEVE_STATUS)) == ("message-not-found", "permanent")


def test_11_part_headers_that_are_broken_or_missing():
    for headers, names in (
        (b'\x83\xc0"<a>\0\x8eb\0', ("a", "b")),
        (b"\x83\xc0<a>\0\x8e<b>\0", ("a", "b")),
        (b'\x83\xc0"a\0', ("a", None)),
        (b"\x83\x8eb\0", (None, "b")),
        (b"\x83Content-ID\0<a>\0", ("a", None)),
        (b"\x83", (None, None)),
        (b"\x83\xc0\xff\xff\xff", (None, None)),
        (b"\x1f\xff\xff", (None, None)),
        (b"", (None, None)),
    ):
        (part,) = parts(entry(headers))
        assert (part.content_id, part.location) == names, headers
    written = multipart.entry("text/plain", 1, (), "a", "b")
    assert written.endswith(b'\x83\xc0"<a>\0\x8eb\0')


def test_12_charset_and_name_in_every_form():
    for headers in (
        b"\x03\x83\x81\xea",
        b"\x04\x83\x81\x01\x6a",
        b"\x08\x83\x81utf-8\0",
        b"\x0f\x83charset\0utf-8\0",
    ):
        (part,) = parts(entry(headers))
        assert (part.media, part.charset) == ("text/plain", 106), headers
    for headers in (b"\x04\x9e\x85a\0", b"\x04\x9e\x97a\0", b"\x08\x9ename\0a\0"):
        (part,) = parts(entry(headers))
        assert part.name == "a"
    related = mm1.parse(b"\x8c\x84\x8d\x90\x85\x01\x05\x84\x01\xb3").get(mm1.CONTENT_TYPE)
    assert related == mm1.ContentType("application/vnd.wap.multipart.related", [])


def test_13_the_root_is_anywhere_or_nowhere():
    mixed = mm1.parse(b"\x8c\x84\x8d\x90\x85\x01\x05\x84\xa3").get(mm1.CONTENT_TYPE)
    assert mixed.media == "application/vnd.wap.multipart.mixed"
    found = parts(
        b"\x03" + multipart.entry("image/gif", 1) + b"x" + multipart.entry("application/smil", 1, (), "s") + b"x"
        + multipart.entry("text/plain", 1, (), "t") + b"x"
    )  # fmt: skip
    assert slides.root(found, "<t>") is found[2]
    assert slides.root(found, "<unknown>") is found[1]
    assert slides.root(found) is found[1]
    assert slides.root(found[:1]) is found[0]


def test_14_parts_in_base64_and_quoted_printable():
    for headers in (b"\x83Content-Transfer-Encoding\0base64\0", b"\x83\xc8BASE64\0"):
        (part,) = parts(entry(headers, b"SGk="))
        assert transfer.Decoder(part.encoding).feed(b"SGk=") == b"Hi"
    (part,) = parts(entry(b"\x83\xc8quoted-printable\0"))
    assert transfer.Decoder(part.encoding).feed(b"=48i") == b"Hi"
    assert b"\xc8" not in multipart.entry("text/plain", 4)


def test_15_multiparts_in_multiparts_and_a_disposition():
    inner = entry(b"\x83\xae\x01\x82", b"hi")
    parser = nested.Parser()
    media = [value.media for what, value in parser.feed(entry(b"\xa6", inner)) if what == multipart.PART]
    assert media == ["application/vnd.wap.multipart.alternative", "text/plain"]
    assert parser.warnings == []


def test_16_a_content_length_that_is_wrong():
    for header in (b"\x8d\xdf", b"\x8d\x02\xff\xff", b"\x8d\x80"):
        octets = b"\x01\x06" + bytes([3 + len(header)]) + b"\xbe\xaf\x84" + header + golden.NOTIFICATION
        assert octets[push.parse(octets).body :] == golden.NOTIFICATION


def test_17_a_push_behind_its_user_data_header():
    for header in (b"\x06\x05\x04\x0b\x84\x23\xf0", b"\x0b\x05\x04\x0b\x84\x23\xf0\x00\x03\x01\x01\x01"):
        octets = header + golden.PUSH
        assert octets[push.parse(octets).body :] == golden.NOTIFICATION
    assert golden.PUSH[push.parse(golden.PUSH).body :] == golden.NOTIFICATION


def test_18_addresses_in_every_form():
    for address, person in (
        ("+44770/TYPE=PLMN", (None, "+44770")),
        ("+44770", (None, "+44770")),
        ("Bob <bob@example.com>", ("Bob", "bob@example.com")),
        ("a/b@example.com", (None, "a/b@example.com")),
        ("Orange", (None, "Orange")),
    ):
        assert numbers.person(address) == person


def test_19_a_confirmation_without_a_message_id():
    for tail in (b"", b"\x8b\0"):
        pdu = mm1.parse(b"\x8c\x81\x98T1\0\x8d\x90\x92\x80" + tail)
        assert pdu.get(mm1.RESPONSE_STATUS) == mm1.OK and not pdu.get(mm1.MESSAGE_ID)


def test_20_no_disposition_is_sent():
    headers = multipart.entry("image/jpeg", 1, [("name", "a.jpg")], "a", "a.jpg")
    assert b"\xae" not in headers and b"\xc5" not in headers
    (part,) = parts(b"\x01" + headers + b"x")
    assert part.name == part.location == "a.jpg"


def test_21_a_text_without_a_charset():
    (part,) = parts(entry(b"\x83"))
    assert part.charset is None
    assert charset.decode("Grüße".encode(), part.charset) == "Grüße"
    assert charset.decode(b"Gr\xfc\xdfe", part.charset) == "Grüße"
    assert b"\x83\x81\xea" in multipart.entry("text/plain", 1, [("charset", 106)])


def test_22_every_number_is_sent_with_its_type():
    for number, address in (
        ("+44770", "+44770/TYPE=PLMN"),
        ("12345", "12345/TYPE=PLMN"),
        ("10.0.0.1", "10.0.0.1/TYPE=IPv4"),
        ("fe80::1", "fe80::1/TYPE=IPv6"),
        ("a@b.example", "a@b.example"),
    ):
        assert mm1.address(number) == address and mm1.number(address) == number


def test_23_a_connection_is_closed_by_request():
    class Peer:
        written = b""

        async def write(self, octets):
            self.written += bytes(octets)

        async def drain(self):
            pass

        async def readinto(self, buffer):
            return 0

    peer = Peer()
    raises(LinkError, http.exchange(peer, bytearray(64), "GET", parse_url("http://m/1")).send, None)
    assert b"\r\nConnection: close\r\n\r\n" in peer.written


def test_24_a_proxy_with_leading_zeros():
    profile = make_profile({"apn": "a", "mmsc": "http://m/", "proxy": "192.168.094.023:8080"}, "23410")
    assert profile.proxy == ("192.168.94.23", 8080)


def test_25_a_location_that_wants_the_transaction_id_behind_it():
    pdu = mm1.parse(START + REST[:-2] + b"=\0")  # the handset's part is in its operator settings
    assert pdu.get(mm1.CONTENT_LOCATION)[-1] == "=" and pdu.get(mm1.TRANSACTION_ID) == "T1"


def test_26_a_notification_that_comes_again_is_the_same():
    # tests/handset/test_inbox.py: it is answered again, and no second message
    for pdu in (mm1.parse(START + REST), mm1.parse(b"\x8c\x82\x8d\x90" + REST + b"\x98T1\0")):
        assert (pdu.get(mm1.TRANSACTION_ID), pdu.get(mm1.CONTENT_LOCATION)) == ("T1", "http://m/1")


def test_27_the_sender_is_inserted_by_the_mmsc_or_named():
    assert built(mm1.FROM, None) == b"\x89\x01\x81"
    assert built(mm1.FROM, "+4/TYPE=PLMN") == b"\x89\x0e\x80+4/TYPE=PLMN\0"


def test_28_text_in_16_bits_holds_nuls():
    assert notified(b"\x96\x09\x02\x03\xe8\0H\0i\0\0").get(mm1.SUBJECT) == "Hi"
    assert notified(b"\x96\x0b\x02\x03\xf7\xff\xfeH\0i\0\0\0").get(mm1.SUBJECT) == "Hi"


def test_nothing_that_is_sent_deviates():
    for name, octets in every.pdus():
        pdu = mm1.parse(octets)
        assert pdu.warnings == [], name
        numbers = [field[0] for field in pdu.fields]
        order = [number for number in numbers if number in (mm1.MESSAGE_TYPE, mm1.TRANSACTION_ID, mm1.VERSION)]
        assert numbers[: len(order)] == order, name
        assert mm1.CONTENT_TYPE not in numbers[:-1], name
        assert not [number for number in numbers if isinstance(number, str)], name
    for segment in segments.deliver("+44770", golden.PUSH * 3, push.PORTS):
        assert tpdu.parse(segment).ports == push.PORTS
