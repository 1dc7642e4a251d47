"""Pushes: routed by what they say they are."""

from mms.codec import mm1, push
from mms.errors import PduError
from tests.kit.checks import raises
from tests.kit.codec import golden


def test_a_push_carries_a_notification():
    found = push.parse(golden.PUSH)
    assert (found.tid, found.type, found.media, found.application) == (1, push.PUSH, mm1.MEDIA, push.MMS_UA)
    assert found.headers == [(0x2F, 4)]
    assert mm1.parse(golden.PUSH[found.body :]).get(mm1.TRANSACTION_ID) == "T1"
    assert push.build(1, mm1.MEDIA, golden.NOTIFICATION) == golden.PUSH


def test_the_media_type_and_the_application_come_in_every_form():
    for head, application in (
        (b"\x01\xbe", None),
        (b"\x23application/vnd.wap.mms-message\0\xb4\x81", None),
        (b"\x25\x1f\x20application/vnd.wap.mms-message\0\xaf\x84", 4),
        (b"\x04\xbe\xaf\x01\x04", 4),
        (b"\x1e\xbex-wap-application-id\0mms.ua\0", None),
        (b"\x1f\xbe\xafx-wap-application:mms.ua\0\x8d\x01\x5f", "x-wap-application:mms.ua"),
        (b"\x07\xbe\xaf\x84\xc3\x95\xb4\x81", 4),
    ):
        head = bytes([len(head) - 1]) + head[1:]
        found = push.parse(b"\x01\x06" + head + b"body")
        assert (found.media, found.application) == (mm1.MEDIA, application)
        assert found.body == 2 + len(head)


def test_a_wrong_content_length_is_of_no_interest():
    assert push.parse(b"\x01\x06\x04\xbe\x8d\x01\x5fbody").body == 7


def test_a_confirmed_push_is_a_push_and_nothing_else_is():
    assert push.parse(b"\x01\x07\x01\xbe").type == push.CONFIRMED_PUSH
    for octets in (b"", b"\x01", b"\x01\x06", b"\x01\x06\x05\xbe", b"\x01\x05\x01\xbe"):
        raises(PduError, push.parse, octets)


def test_the_sms_that_killed_phones_in_2026_is_an_error():
    raises(PduError, push.parse, b"\x01\x06\x88\x80\x80\x80\x00\xbe")


def test_what_does_not_fit_is_not_built():
    raises(PduError, push.build, 256, mm1.MEDIA, b"")
    assert push.parse(push.build(255, "text/plain", b"", None)).application is None
