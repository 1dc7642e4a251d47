"""Every PDU of MM1 and every header field of it, both ways."""

from mms.codec import mm1
from tests.kit.codec import every


def test_every_type_is_built_and_parsed():
    assert [mm1.TYPES[type] for type, fields in every.FIELDS] == [mm1.TYPES[type] for type in range(0x80, 0x98)]
    for at, (name, octets) in enumerate(every.pdus()):
        type, fields = every.FIELDS[at]
        pdu = mm1.parse(octets)
        assert pdu.type == type and pdu.warnings == [], name
        assert [field[:2] for field in pdu.fields[1:]] == fields, name
        assert (octets[pdu.body :] == every.BODY) if pdu.body else fields[-1][0] != mm1.CONTENT_TYPE, name
        assert mm1.build(type, fields, 0x13) == octets[: pdu.body], name


def test_every_header_field_is_among_them():
    seen = {number for type, fields in every.FIELDS for number, value in fields}
    assert sorted(seen | {mm1.MESSAGE_TYPE}) == list(range(0x01, 0x40))


def test_offsets_are_those_of_the_fields():
    for name, octets in every.pdus():
        for field in mm1.parse(octets).fields:
            assert octets[field[2]] == 0x80 | field[0], name
