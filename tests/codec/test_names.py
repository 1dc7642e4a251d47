"""What things are called, which version brought them, and what a status means."""

from mms.codec import mm1, statuses, versions
from mms.errors import PduError
from mms.handset import numbers
from tests.kit.checks import raises


def test_every_status_has_a_name_and_says_whether_to_try_again():
    for field, value, expected in (
        (mm1.STATUS, 0x81, ("retrieved", "ok")),
        (mm1.STATUS, 0x83, ("deferred", "transient")),
        (mm1.STATUS, 0x87, ("unreachable", "transient")),
        (mm1.STATUS, 0x99, ("indeterminate", "permanent")),
        (mm1.RESPONSE_STATUS, 0x80, ("ok", "ok")),
        (mm1.RESPONSE_STATUS, 0x82, ("service-denied", "permanent")),
        (mm1.RESPONSE_STATUS, 0x86, ("network-problem", "transient")),
        (mm1.RESPONSE_STATUS, 0xC3, ("network-problem", "transient")),
        (mm1.RESPONSE_STATUS, 0xE6, ("reply-charging-limitations-not-met", "permanent")),
        (mm1.RESPONSE_STATUS, 0xE7, ("reply-charging-request-not-accepted", "permanent")),
        (mm1.RESPONSE_STATUS, 0xEB, ("lack-of-prepaid", "permanent")),
        (mm1.RETRIEVE_STATUS, 0xC1, ("message-not-found", "transient")),
        (mm1.RETRIEVE_STATUS, 0xE3, ("content-unsupported", "permanent")),
        (mm1.STORE_STATUS, 0xE4, ("mailbox-full", "permanent")),
        (mm1.READ_STATUS, 0x81, ("deleted-without-being-read", "ok")),
        (mm1.CANCEL_STATUS, 0x81, ("corrupted", "permanent")),
    ):
        assert statuses.status(field, value) == expected, (field, value)


def test_an_unknown_status_counts_as_the_failure_of_its_range():
    for field in (mm1.RESPONSE_STATUS, mm1.RETRIEVE_STATUS, mm1.STORE_STATUS):
        for value in range(256):
            name, kind = statuses.status(field, value)
            assert name and kind in ("ok", "transient", "permanent")
            if 0xC5 <= value < 0xE0:
                assert (name, kind) == ("failure", "transient"), value
            if value > 0xEC or value < 0x80 or 0x89 <= value < 0xC0:
                assert (name, kind) == ("failure", "permanent"), value


def test_every_type_and_field_has_a_name_a_kind_and_a_version():
    assert sorted(mm1.TYPES) == list(range(0x80, 0x98))
    assert sorted(mm1.NAMES) == list(range(0x01, 0x40))
    assert [versions.since(type) for type in (0x86, 0x87, 0x8A, 0x8B, 0x93, 0x94)] == [16, 17, 17, 18, 18, 19]
    assert [versions.since(None, field) for field in (0x18, 0x19, 0x21, 0x22, 0x33, 0x34)] == [16, 17, 17, 18, 18, 19]


def test_a_message_holds_nothing_newer_than_the_version_it_speaks():
    fields = [(mm1.TRANSACTION_ID, "T"), (mm1.VERSION, 0x10)]
    build = mm1.build
    assert build(mm1.NOTIFYRESP_IND, fields + [(mm1.STATUS, 0x84)], 0x10)
    raises(PduError, build, mm1.NOTIFYRESP_IND, fields + [(mm1.STATUS, 0x85)], 0x10)
    raises(PduError, build, mm1.SEND_CONF, fields + [(mm1.RESPONSE_STATUS, 0xE2)], 0x10)
    assert build(mm1.SEND_CONF, fields + [(mm1.RESPONSE_STATUS, 0xE2)], 0x11)
    raises(PduError, build, mm1.SEND_REQ, fields + [(mm1.STORE, True)], 0x11)
    raises(PduError, build, mm1.READ_REC_IND, fields, 0x10)
    raises(PduError, build, mm1.CANCEL_CONF, fields, 0x12)
    assert build(mm1.CANCEL_CONF, fields + [(mm1.CANCEL_STATUS, 0x80)], 0x13)
    raises(PduError, build, mm1.SEND_REQ, [(mm1.TRANSACTION_ID, "T"), (mm1.VERSION, 0x12)], 0x10)


def test_addresses_may_come_with_a_name():
    for address, expected in (
        ("Bob <bob@example.com>", ("Bob", "bob@example.com")),
        ('"Bob B." <+44770/TYPE=PLMN>', ("Bob B.", "+44770")),
        ("+44770/TYPE=PLMN", (None, "+44770")),
        ("<a/b@example.com>", (None, "a/b@example.com")),
        ("10.0.0.1/TYPE=IPv4", (None, "10.0.0.1")),
        ("fe80::1/TYPE=IPv6", (None, "fe80::1")),
        ("Orange", (None, "Orange")),
        ("", (None, "")),
    ):
        assert numbers.person(address) == expected
    assert mm1.address("Bob <+44770>") == "+44770/TYPE=PLMN"
    assert mm1.address("Bob <bob@example.com>") == "Bob <bob@example.com>"
    assert mm1.address("") == ""


def test_where_messages_are_deleted_two_fields_begin_with_a_count():
    fields = [
        (mm1.TRANSACTION_ID, "T"),
        (mm1.VERSION, 0x13),
        (mm1.RESPONSE_STATUS, 0x80),
        (mm1.CONTENT_LOCATION, (0, "http://m/1")),
        (mm1.RESPONSE_TEXT, (0, "gone")),
    ]
    for type in (mm1.DELETE_CONF, mm1.MBOX_DELETE_CONF):
        octets = mm1.build(type, fields)
        assert octets.endswith(b"\x83\x0c\x80http://m/1\0\x93\x06\x80gone\0")
        assert [field[:2] for field in mm1.parse(octets).fields[1:]] == fields
    plain = [(mm1.TRANSACTION_ID, "T"), (mm1.VERSION, 0x13), (mm1.RESPONSE_STATUS, 0xE0), (mm1.RESPONSE_TEXT, "no")]
    assert mm1.parse(mm1.build(mm1.SEND_CONF, plain)).get(mm1.RESPONSE_TEXT) == "no"


def test_an_element_descriptor_names_a_part_and_its_type():
    value = ("cid", [("type", "image/jpeg"), ("size", 5)])
    octets = mm1.build(mm1.MBOX_DESCR, [(mm1.ELEMENT_DESCRIPTOR, value)])
    assert mm1.parse(octets).get(mm1.ELEMENT_DESCRIPTOR) == value
