"""PDUs of MM1: exact in what is built, patient with what is parsed."""

from mms import limits
from mms.codec import mm1
from mms.errors import PduError
from tests.kit.checks import raises
from tests.kit.codec import golden

START = b"\x8c\x82\x98T1\0\x8d\x92"
NEEDED = b"\x83http://m/1\0"
ALL = b"\x8a\x80\x8e\x02\x78\x00\x88\x05\x81\x03\x02\xa3\x00" + NEEDED


def parsed(field):
    """A notification with one more field."""
    return mm1.parse(START + field + ALL)


def value(number, field):
    """The value of the field in a notification that has it; nothing else may be lost."""
    pdu = parsed(field)
    assert pdu.get(mm1.CONTENT_LOCATION) == "http://m/1"
    assert pdu.get(mm1.TRANSACTION_ID) == "T1"
    return pdu.get(number)


def test_a_parsed_pdu_builds_to_the_same_octets():
    for name, octets in golden.PDUS:
        pdu = mm1.parse(octets)
        again = mm1.build(pdu.type, [field[:2] for field in pdu.fields[1:]])
        if name != "M-Retrieve.conf":  # its subject is in UCS-2, which is not what we write
            assert again == octets[: pdu.body], name
        assert mm1.TYPES[pdu.type] == name
        assert pdu.warnings == [], name


def test_a_notification_has_sender_url_and_expiry():
    pdu = mm1.parse(golden.NOTIFICATION)
    assert pdu.type == mm1.NOTIFICATION_IND
    assert pdu.body is None
    assert pdu.fields == [
        (mm1.MESSAGE_TYPE, 0x82, 0),
        (mm1.TRANSACTION_ID, "T1", 2),
        (mm1.VERSION, 0x12, 6),
        (mm1.FROM, "+15550100/TYPE=PLMN", 8),
        (mm1.MESSAGE_CLASS, mm1.PERSONAL, 31),
        (mm1.MESSAGE_SIZE, 30720, 33),
        (mm1.EXPIRY, ("relative", 172800), 37),
        (mm1.CONTENT_LOCATION, "http://mmsc.example/m?id=T1", 44),
    ]


def test_the_header_ends_where_the_body_begins():
    pdu = mm1.parse(golden.SEND_HEADER + golden.BODY)
    assert pdu.body == len(golden.SEND_HEADER)
    assert pdu.get(mm1.CONTENT_TYPE) == mm1.ContentType(
        "application/vnd.wap.multipart.related", [("type", "application/smil"), ("start", "<s>")]
    )
    assert pdu.get(mm1.FROM, "absent") is None
    assert pdu.get(mm1.SUBJECT) == "Grüße"
    assert mm1.parse(golden.SEND_HEADER).body == pdu.body
    assert mm1.parse(memoryview(golden.SEND_HEADER)).body == pdu.body
    assert mm1.parse(bytearray(golden.SEND_HEADER + bytes(9000))).body == pdu.body


def test_a_field_that_repeats_is_found_every_time():
    to = [(mm1.TO, mm1.address("+44770090000%d" % digit)) for digit in range(3)]
    pdu = mm1.parse(mm1.build(mm1.DELIVERY_IND, [(mm1.MESSAGE_ID, "M"), (mm1.STATUS, 0x81)] + to))
    assert pdu.all(mm1.TO) == [number for field, number in to]
    assert pdu.get(mm1.TO) == to[0][1]
    assert pdu.get(mm1.CC) is None
    assert pdu.all(mm1.CC) == []


def test_every_field_of_the_standard_has_its_value():
    for number, octets, value in (
        (mm1.DELIVERY_TIME, b"\x87\x06\x80\x04\x65\x53\xf1\x00", ("absolute", 1700000000)),
        (mm1.MESSAGE_CLASS, b"\x8aauto-reply\0", "auto-reply"),
        (mm1.REPLY_CHARGING_DEADLINE, b"\x9d\x03\x81\x01\x05", ("relative", 5)),
        (mm1.PREVIOUSLY_SENT_BY, b"\xa0\x05\x81bob\0", (1, "bob")),
        (mm1.PREVIOUSLY_SENT_DATE, b"\xa1\x06\x81\x04\x65\x53\xf1\x00", (1, 1700000000)),
        (mm1.STORE, b"\xa2\x80", True),
        (mm1.MM_FLAGS, b"\xa4\x05\x80new\0", (0x80, "new")),
        (mm1.MBOX_TOTALS, b"\xaa\x02\x80\x85", (0x80, 5)),
        (mm1.MESSAGE_COUNT, b"\xad\x85", 5),
        (mm1.CONTENT_CLASS, b"\xba\x82", 0x82),
        (mm1.CANCEL_ID, b"\xbeM1\0", "M1"),
        (mm1.CANCEL_STATUS, b"\xbf\x80", 0x80),
        (0x55, b"\xd5\x03abc", b"abc"),
    ):
        assert mm1.build(mm1.MBOX_DESCR, [(number, value)]) == b"\x8c\x93" + octets
        assert mm1.parse(b"\x8c\x93" + octets).fields[1:] == [(number, value, 2)]
    assert len(mm1.NAMES) == 63
    assert mm1.NAMES[mm1.TRANSACTION_ID] == "X-Mms-Transaction-Id"
    assert mm1.NAMES[mm1.CANCEL_STATUS] == "X-Mms-Cancel-Status"
    assert mm1.TYPES[mm1.CANCEL_CONF] == "M-Cancel.conf"


def test_text_needs_no_quote_and_may_have_a_byte_order_mark():
    assert value(mm1.SUBJECT, b"\x96\xec\x95\x88\0") == "안"
    assert value(mm1.SUBJECT, b"\x96\xef\xbb\xbfHello\0") == "Hello"


def test_addresses_come_bare_and_with_a_charset():
    assert value(mm1.FROM, b"\x89\x0b\x80\x09\xea+44770\0\0\0") == "+44770"
    assert value(mm1.FROM, b"\x89\x08\x80+44770\0") == "+44770"
    assert value(mm1.TO, b"\x97\x08\xea+44770\0") == "+44770"


def test_a_from_whose_length_is_wrong_is_read_by_what_is_in_it():
    assert value(mm1.FROM, b"\x89\x05\x80+44770\0") == "+44770"
    assert value(mm1.FROM, b"\x89\x14\x80+44770\0") == "+44770"
    assert parsed(b"\x89\x14\x81").has(mm1.FROM)
    assert not parsed(b"\x89\x00").has(mm1.FROM)


def test_a_subject_never_makes_a_message_fail():
    for subject, text in (
        (b"\x02\xea\0", ""),
        (b"\0", ""),
        (b"\x06\xeaab\xe2\x98\0", "ab\ufffd\ufffd"),
        (b"=?utf-8?B?SGk=?=\0", "=?utf-8?B?SGk=?="),
        (b"\x07\x02\x03\xe8\0H\0i", "Hi"),
        (b"x" * 600 + b"\0", None),
    ):
        assert value(mm1.SUBJECT, b"\x96" + subject) == text


def test_times_come_in_every_form():
    for expiry, time in (
        (b"\x06\x80\x04\x65\x53\xf1\x00", ("absolute", 1700000000)),
        (b"\x05\x81\x03\x02\xa3\x00", ("relative", 172800)),
        (b"\x02\x81\x85", ("relative", 5)),
        (b"\x1f\x02\x81\x85", ("relative", 5)),
        (b"\x02\x85\x85", None),
    ):
        assert mm1.parse(START + b"\x88" + expiry + NEEDED).get(mm1.EXPIRY) == time


def test_octets_behind_the_last_field_are_skipped():
    for tail in (b"\0\0\0", b"\x81\0\0", b"\xff", b"\x96", b"\x96\x1f\xff\xff", b"\x85\x04\x01", b"X-"):
        pdu = mm1.parse(START + ALL + tail)
        assert pdu.get(mm1.CONTENT_LOCATION) == "http://m/1"
        assert pdu.warnings


def test_unknown_fields_and_wrong_forms_are_passed_over():
    for field in (b"\xd5\x80", b"\xd5text\0", b"\xd5\x03abc", b"\xd5\x1f\x20" + b"a" * 32):
        assert value(0x55, field) is not None
    for number, field in ((0x20, b"\xa0\x80"), (0x21, b"\xa1text\0"), (0x15, b"\x95\x02\x81\x82")):
        assert value(number, field) is None


def test_fields_with_a_name_in_letters_are_kept():
    assert parsed(b"Return-Path\0<a@b>\0").get("Return-Path") == "<a@b>"


def test_a_retrieved_message_may_lack_its_transaction_id_and_be_plain_text():
    pdu = mm1.parse(b"\x8c\x84\x8d\x90\x85\x04\x65\x53\xf1\x00\x84\x834504:Message not found")
    assert pdu.get(mm1.TRANSACTION_ID) is None
    assert pdu.get(mm1.CONTENT_TYPE) == mm1.ContentType("text/plain", [])
    assert pdu.body == 12
    pdu = mm1.parse(b"\x8c\x86\x98T1\0\x8d\x90\x8bM1\0\x95\x81")
    assert pdu.get(mm1.TRANSACTION_ID) == "T1"


def test_a_confirmation_may_lack_its_message_id():
    assert mm1.parse(b"\x8c\x81\x98T1\0\x8d\x90\x92\x80").get(mm1.MESSAGE_ID) is None
    assert mm1.parse(b"\x8c\x81\x98T1\0\x8d\x90\x92\x80\x8b\0").get(mm1.MESSAGE_ID) == ""


def test_a_pdu_without_a_needed_field_is_refused():
    for octets in (
        b"",
        b"\x8c",
        b"<html>",
        b"\x98T1\0\x8c\x82",
        b"\x8c\x02",
        START,
        b"\x8c\x82" + NEEDED,
        START + b"\x83http://m/1",
        START + b"\x83" + b"x" * 600 + b"\0",
        START + b"\x83http://m/\xc0\xaf\0",
        b"\x8c\x81\x98T1\0\x8d\x90",
        b"\x8c\x80\x98T1\0\x8d\x90\x89\x01\x81",
        b"\x8c\x84\x84\x20",
        b"\x8c\x84\x84\x1f\x88\x80\x80\x80\x00\x83",
    ):
        raises(PduError, mm1.parse, octets)


def test_another_missing_field_is_a_warning():
    warnings = mm1.parse(START + NEEDED).warnings
    assert [what for offset, what in warnings] == ["no field 8A", "no field 8E", "no field 88"]


def test_an_unknown_type_or_version_is_left_to_the_reader():
    pdu = mm1.parse(b"\x8c\xff\x98T1\0\x8d\xa0")
    assert (pdu.type, pdu.get(mm1.VERSION), pdu.get(mm1.TRANSACTION_ID)) == (0xFF, 0x20, "T1")


def test_header_fields_have_a_bound():
    for count in (limits.HEADERS - 1, limits.HEADERS, limits.HEADERS + 1):
        octets = b"\x8c\x93" + b"\xa2\x80" * (count - 1)
        fields = [(mm1.STORE, True)] * (count - 1)
        if count > limits.HEADERS:
            assert raises(PduError, mm1.parse, octets).offset == 2 * limits.HEADERS
            raises(PduError, mm1.build, mm1.MBOX_DESCR, fields)
        else:
            assert len(mm1.parse(octets).fields) == count
            assert mm1.build(mm1.MBOX_DESCR, fields) == octets


def test_recipients_have_a_bound():
    for count in (limits.ADDRESSES - 1, limits.ADDRESSES, limits.ADDRESSES + 1):
        pdu = parsed(b"\x97+44770\0" * count)
        assert len(pdu.all(mm1.TO)) == min(count, limits.ADDRESSES)
        assert bool(pdu.warnings) == (count > limits.ADDRESSES)
        fields = [(mm1.TO, "+44770")] * count
        if count > limits.ADDRESSES:
            raises(PduError, mm1.build, mm1.SEND_REQ, fields)
        else:
            mm1.build(mm1.SEND_REQ, fields)


def test_headers_have_a_bound_in_octets():
    subject = b"\x96" + b"x" * 509 + b"\0"
    filler = START + ALL + subject * 7
    for size in (limits.PDU_HEADER - 1, limits.PDU_HEADER, limits.PDU_HEADER + 1):
        octets = filler + b"\x96" + b"x" * (size - len(filler) - 2) + b"\0"
        assert len(octets) == size
        if size > limits.PDU_HEADER:
            raises(PduError, mm1.parse, octets)
        else:
            assert mm1.parse(octets).warnings == []
    fields = [(mm1.SUBJECT, "x" * 510)] * 7
    room = limits.PDU_HEADER - 2 - 7 * 512
    for size in (room - 1, room, room + 1):
        ending = fields + [(mm1.SUBJECT, "x" * (size - 2))]
        if size > room:
            raises(PduError, mm1.build, mm1.SEND_REQ, ending)
        else:
            assert len(mm1.build(mm1.SEND_REQ, ending)) == limits.PDU_HEADER - room + size


def test_a_value_that_does_not_fit_its_field_is_not_built():
    for number, value in (
        (mm1.SUBJECT, "x" * (limits.TEXT + 1)),
        (mm1.STATUS, 0x15),
        (mm1.STATUS, 300),
        (mm1.DATE, -1),
        (mm1.EXPIRY, ("sometimes", 5)),
    ):
        raises(PduError, mm1.build, mm1.SEND_REQ, [(number, value)])
    raises(PduError, mm1.build, mm1.SEND_CONF, [(mm1.TRANSACTION_ID, "a\0b")])  # a text ends there


def test_addresses_get_and_lose_their_type():
    for number, address in (
        ("+447700900002", "+447700900002/TYPE=PLMN"),
        ("12345", "12345/TYPE=PLMN"),
        ("carol@example.com", "carol@example.com"),
        ("10.0.0.1", "10.0.0.1/TYPE=IPv4"),
        ("fe80::1", "fe80::1/TYPE=IPv6"),
        ("Orange", "Orange"),
    ):
        assert mm1.address(number) == address
        assert mm1.address(address) == address
        assert mm1.number(address) == number
    assert mm1.number("+44770/type=plmn") == "+44770"
    assert mm1.number("ß/TYPE=x") == "ß"
    assert mm1.number("a/b@example.com") == "a/b@example.com"


def test_no_damage_gives_anything_but_a_value_or_a_pdu_error():
    for name, octets in golden.PDUS:
        octets = octets[:110]
        for at in range(len(octets)):
            damaged = [octets[:at]]
            for special in b"\x00\x1e\x1f\x7f\x80\xfe\xff":
                damaged.append(octets[:at] + bytes([special]) + octets[at + 1 :])
            for length in (b"\x1f\x88\x80\x80\x80\x00", b"\x1f\x8f\xff\xff\xff\x7f", b"\x1f" + b"\xff" * 6):
                damaged.append(octets[:at] + length + octets[at:])
            for mutant in damaged:
                try:
                    pdu = mm1.parse(mutant)
                    assert pdu.body is None or pdu.body <= len(mutant)
                except PduError as error:
                    assert 0 <= error.offset <= len(mutant), name
