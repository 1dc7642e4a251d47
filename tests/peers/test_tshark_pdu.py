"""tshark decodes every PDU of the journey, with the fields that were put in and without a complaint."""

import pytest

from mms.codec import charset, mm1, multipart, push, segments, smil
from tests.kit.tshark import decoded
from tools.journey import trace

ALICE, BOB = "+447700900001", "+447700900002"
URL = "http://mmsc.example/m?id=T1"
TEXT = "Grüße {an} alle " * 15
PICTURE = bytes(range(256)) * 20


def message():
    """A body of a layout, a picture and a text, as the handset sends it."""
    text = "Grüße ☺".encode()
    layout = smil.build([("image/jpeg", "p.jpg"), ("text/plain", "t.txt")], 320, 240)
    utf_8 = [("charset", charset.UTF_8)]
    return (
        multipart.count(3)
        + multipart.entry("application/smil", len(layout), utf_8, "layout", "layout.smil")
        + layout
        + multipart.entry("image/jpeg", len(PICTURE), [("name", "p.jpg")], "p", "p.jpg")
        + PICTURE
        + multipart.entry("text/plain", len(text), utf_8 + [("name", "t.txt")], "t", "t.txt")
        + text
    )


RELATED = mm1.ContentType(
    "application/vnd.wap.multipart.related", [("type", "application/smil"), ("start", "<layout>")]
)
MIXED = mm1.ContentType("application/vnd.wap.multipart.mixed", [])

# What is put into a field, and what tshark calls and shows of it
TID = (mm1.TRANSACTION_ID, "T1", "transaction_id", "T1")
VERSION = (mm1.VERSION, 0x12, "mms_version", "1.2")
DATE = (mm1.DATE, 1700000000, "date", "Nov 14, 2023 22:13:20.000000000 UTC")
FROM = (mm1.FROM, mm1.address(ALICE), "from", ALICE + "/TYPE=PLMN")
INSERT = (mm1.FROM, None, "from", "<insert address>")
TO = (mm1.TO, mm1.address(BOB), "to", BOB + "/TYPE=PLMN")
ID = (mm1.MESSAGE_ID, "M1", "message_id", "M1")
READ = (mm1.READ_STATUS, 0x80, "read_status", "0x80")
UTF_8 = "Gr" + 4 * "\N{REPLACEMENT CHARACTER}" + "e"  # tshark 4.0 shows no text outside ASCII

PDUS = (
    (
        mm1.SEND_REQ,
        (TID, VERSION, DATE, INSERT, TO, (mm1.CC, "carol@example.com", "cc", "carol@example.com"))
        + ((mm1.SUBJECT, "Grüße", "subject", UTF_8), (mm1.PRIORITY, 0x81, "priority", "0x81"))
        + ((mm1.MESSAGE_CLASS, 0x80, "message_class.id", "0x80"),)
        + ((mm1.EXPIRY, ("relative", 86400), "expiry.rel", "86400.000000000"),)
        + ((mm1.DELIVERY_TIME, ("absolute", 1700000000), "delivery_time.abs", DATE[3]),)
        + ((mm1.DELIVERY_REPORT, True, "delivery_report", "0x80"),)
        + ((mm1.READ_REPORT, False, "read_report", "0x81"), (mm1.CONTENT_TYPE, RELATED, "", "")),
    ),
    (mm1.SEND_CONF, (TID, VERSION, (mm1.RESPONSE_STATUS, 0x80, "response_status", "0x80"), ID)),
    (
        mm1.SEND_CONF,
        (TID, VERSION, (mm1.RESPONSE_STATUS, 0xE5, "response_status", "0xe5"))
        + ((mm1.RESPONSE_TEXT, "too big: 30 %", "response_text", "too big: 30 %"),),
    ),
    (
        mm1.NOTIFICATION_IND,
        (TID, VERSION, FROM, (mm1.SUBJECT, "Hello", "subject", "Hello"))
        + ((mm1.MESSAGE_CLASS, "auto-reply", "message_class.str", "auto-reply"),)
        + ((mm1.MESSAGE_SIZE, 30720, "message_size", "30720"),)
        + ((mm1.EXPIRY, ("relative", 172800), "expiry.rel", "172800.000000000"),)
        + ((mm1.CONTENT_LOCATION, URL, "content_location", URL),),
    ),
    (
        mm1.NOTIFYRESP_IND,
        (TID, VERSION, (mm1.STATUS, 0x81, "status", "0x81")) + ((mm1.REPORT_ALLOWED, True, "report_allowed", "0x80"),),
    ),
    (
        mm1.RETRIEVE_CONF,
        (TID, VERSION, ID, DATE, FROM, TO)
        + ((mm1.RETRIEVE_STATUS, 0x80, "retrieve_status", "0x80"),)
        + ((mm1.CONTENT_TYPE, MIXED, "", ""),),
    ),
    (mm1.ACKNOWLEDGE_IND, (TID, VERSION, (mm1.REPORT_ALLOWED, False, "report_allowed", "0x81"))),
    (mm1.DELIVERY_IND, (VERSION, ID, TO, DATE, (mm1.STATUS, 0x81, "status", "0x81"))),
    (mm1.READ_REC_IND, (VERSION, ID, TO, INSERT, DATE, READ)),
    (mm1.READ_ORIG_IND, (VERSION, ID, TO, FROM, DATE, READ)),
)


def octets(type, fields):
    """A whole PDU."""
    header = mm1.build(type, [field[:2] for field in fields])
    return header + message() if fields[-1][0] == mm1.CONTENT_TYPE else header


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A trace of all PDUs, each posted over HTTP; then a notification in short messages, and text."""
    path = tmp_path_factory.mktemp("trace") / "pdus.pcapng"
    tap = trace.Trace(path)
    for key, (type, fields) in enumerate(PDUS):
        pdu = octets(type, fields)
        tap.opened("alice", key, "10.0.0.1", 80)
        head = "POST / HTTP/1.1\r\nHost: mmsc\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        tap.tcp("alice", key, True, (head % (mm1.MEDIA, len(pdu))).encode() + pdu)
        tap.closed("alice", key)
    pushed = push.build(1, mm1.MEDIA, octets(*PDUS[3]) + b"\0" * 150)
    for tpdus, to_handset in (
        (segments.deliver(ALICE, pushed, push.PORTS, 5, 1700000000), True),
        (segments.submit(BOB, TEXT, reference=9), False),
        (segments.submit(BOB, TEXT + "☺", reference=10), False),
    ):
        for segment in tpdus:
            tap.sms("alice", to_handset, segment)
    tap.close()
    return path


def test_every_pdu_is_decoded_with_the_fields_that_were_put_in(written):
    packets = decoded(written, "mmse and http")
    assert len(packets) == len(PDUS)
    for (type, fields), packet in zip(PDUS, packets, strict=True):
        seen = [(name[5:], value) for name, value in packet if name.startswith("mmse.")]
        wanted = [field[2:] for field in fields if field[2]]
        assert seen == [("message_type", "0x%02x" % type)] + wanted


def test_every_part_is_decoded_with_its_headers(written):
    packets = decoded(written, "wsp.multipart")
    assert len(packets) == 2
    for packet in packets:
        values = {}
        for name, value in packet:
            values.setdefault(name, []).append(value)
        media = values["wsp.header.content_type"]
        assert media[1:] == ["application/smil", "image/jpeg", "text/plain"]
        assert values["wsp.header.content_location"] == ["layout.smil", "p.jpg", "t.txt"]
        assert values["wsp.header.content_id"] == ['"<layout>"', '"<p>"', '"<t>"']
        assert values["wsp.parameter.charset"] == ["UTF-8", "UTF-8"]
        assert values["smil.img.src"] == ["p.jpg"]


def test_a_notification_is_put_together_from_short_messages(written):
    (packet,) = decoded(written, "mmse and gsm_sms")
    assert ("mmse.content_location", URL) in packet
    assert ("gsm_sms.tp-oa", ALICE[1:]) in packet
    assert ("wsp.header.x_wap_application_id", "x-wap-application:mms.ua") in packet


def test_text_in_short_messages_is_what_was_sent(written):
    wholes = []
    for packet in decoded(written, "gsm_sms.tp-da"):
        wholes.append([value for name, value in packet if name == "gsm_sms.sms_text"])
    texts = ["".join(whole) for whole in wholes]
    assert TEXT in texts
    assert TEXT + "☺" in texts


def test_tshark_complains_about_nothing(written):
    assert decoded(written, "_ws.malformed or _ws.expert.severity >= 0x500000") == []
