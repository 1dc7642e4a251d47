"""The rows of tools/pdu/standard.py: what is packed from them is up to date, and the codec does what they say."""

import pytest

from mms.codec import mm1, statuses, versions
from mms.errors import PduError
from tools.pdu import pack, values
from tools.pdu.standard import (
    BODY,
    COUNTED,
    COUNTED_FIELDS,
    FIELDS,
    MANDATORY,
    NEEDED,
    OPTIONAL,
    PDUS,
    VALUE_TYPES,
    VALUES,
)

VERSIONS = {"1.0": 0x10, "1.1": 0x11, "1.2": 0x12, "1.3": 0x13}
# By value type: a value, and its octets as the standard has them
EXAMPLES = {
    "Any-value": (5, "85"),
    "Boolean": (False, "81"),
    "Content-type-value": (("image/jpeg", []), "9e"),
    "Counted-date": ((1, 1700000000), "06 81 04 65 53 f1 00"),
    "Counted-string": ((1, "a@b"), "05 81 61 40 62 00"),
    "Counted-uri": ((2, "u"), "03 82 75 00"),
    "Element-descriptor-value": (("c", [("type", "image/gif")]), "04 63 00 89 9d"),
    "Encoded-string-value": ("\xfc", "05 ea 7f c3 bc 00"),  # a text that begins with 80 or more is quoted
    "From-value": (None, "01 81"),
    "Integer-value": (300, "02 01 2c"),
    "Long-integer": (5, "01 05"),
    "Message-class-value": ("auto", "61 75 74 6f 00"),
    "Text-string": ("t", "74 00"),
    "Time-value": (("relative", 60), "03 81 01 3c"),
    "Token": (0x82, "82"),
    "Token-integer": ((0x80, 7), "02 80 87"),
    "Token-string": ((0x81, "new"), "05 81 6e 65 77 00"),
    "Version-value": (0x12, "92"),
}
TYPES = {field.name: field.value for field in FIELDS}


def given(name, type=None):
    """(number, value) of a field as mm1.build takes it, with the value of EXAMPLES."""
    value_type = COUNTED_FIELDS.get(name, TYPES[name]) if type in COUNTED else TYPES[name]
    return pack.NUMBERS[name], EXAMPLES[value_type][0]


@pytest.mark.parametrize("path", pack.modules(), ids=lambda path: path.name)
def test_tables_packed_from_the_standard_are_up_to_date(path):
    assert path.read_text() == pack.modules()[path], "run: python -m tools.pdu.pack"


def test_every_number_of_a_field_and_of_a_type_stands_in_one_row():
    assert [field.number for field in FIELDS] == list(range(0x01, 0x40))
    assert [pdu.type for pdu in PDUS] == list(range(0x80, 0x98))
    for rows in (FIELDS, PDUS, VALUE_TYPES):
        assert len({row.name for row in rows}) == len(rows)
    assert {name for pdu in PDUS for name, _ in pdu.fields} | {row.field for row in VALUES} <= set(TYPES)
    assert set(TYPES.values()) | set(COUNTED_FIELDS.values()) == {row.name for row in VALUE_TYPES} == set(EXAMPLES)
    for pdu in PDUS:
        assert len(dict(pdu.fields)) == len(pdu.fields)
        assert {need for _, need in pdu.fields} <= {NEEDED, MANDATORY, BODY, OPTIONAL}


def test_the_constants_of_the_codec_are_those_of_the_standard():
    for row, number in [(field, field.number) for field in FIELDS] + [(pdu, pdu.type) for pdu in PDUS]:
        assert getattr(mm1, pack.constant(row.name)) == number, row.name


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_value_has_the_octets_of_its_type(field):
    value, octets = EXAMPLES[field.value]
    built = mm1.build(mm1.MBOX_DESCR, [(field.number, value)])
    assert built == bytes((0x8C, mm1.MBOX_DESCR, 0x80 | field.number)) + bytes.fromhex(octets)


@pytest.mark.parametrize("pdu", [pdu for pdu in PDUS if pdu.name in COUNTED], ids=lambda pdu: pdu.name)
def test_a_field_of_a_pdu_about_several_messages_begins_with_a_count(pdu):
    for name, value_type in COUNTED_FIELDS.items():
        value, octets = EXAMPLES[value_type]
        assert mm1.build(pdu.type, [(pack.NUMBERS[name], value)])[3:] == bytes.fromhex(octets)


@pytest.mark.parametrize("pdu", PDUS, ids=lambda pdu: pdu.name)
def test_a_pdu_is_parsed_with_its_mandatory_fields_and_not_without_one_that_it_needs(pdu):
    names = [name for name, need in pdu.fields if need != OPTIONAL]
    names.sort(key=lambda name: name == "Content-Type")  # the last one, since the body follows
    assert mm1.parse(mm1.build(pdu.type, [given(name, pdu.name) for name in names])).warnings == []
    for name, need in pdu.fields:
        octets = mm1.build(pdu.type, [given(other, pdu.name) for other in names if other != name])
        missing = "no field %02X" % (0x80 | pack.NUMBERS[name])
        if need in (NEEDED, BODY):
            with pytest.raises(PduError, match=missing if need == NEEDED else "no Content-Type"):
                mm1.parse(octets)
        else:
            warnings = mm1.parse(octets).warnings
            assert [what for _, what in warnings] == ([missing] if need == MANDATORY else [])


def test_the_version_that_brought_a_pdu_a_field_and_a_value_is_known():
    for pdu in PDUS:
        assert versions.since(pdu.type) == VERSIONS[pdu.version], pdu.name
    for field in FIELDS:
        assert versions.since(None, field.number) == VERSIONS[field.version], field.name
    for row in VALUES:
        assert versions.since(None, pack.NUMBERS[row.field], row.value) == VERSIONS[row.version], row


def test_every_value_has_its_name_and_every_status_its_meaning():
    for row in VALUES:
        number = pack.NUMBERS[row.field]
        assert values.token_name(number, row.value).endswith(row.name)
        if row.outcome:
            assert statuses.status(number, row.value) == (row.name, row.outcome)
    named = {(number, token) for number in pack.NUMBERS.values() for token, _ in values.tokens(number)}
    assert named == {(pack.NUMBERS[row.field], row.value) for row in VALUES}
