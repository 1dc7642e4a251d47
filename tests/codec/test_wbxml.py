"""Tokens of WBXML that links and settings seldom have (WAP-192-WBXML 1.3, clauses 5 and 7)."""

from mms.codec import wbxml
from mms.codec.document import END, START, TEXT
from mms.errors import PduError
from tests.kit.checks import raises

SI = b"\x03\x05\x6a\x00"  # version, SI 1.0, UTF-8, no table


def pieces(body, head=SI):
    return list(wbxml.read(head + body))


def test_a_text_has_entities_and_extensions_are_passed_over():
    whole = pieces(b"\x45\x03a\0\x02\x81\x48\x40ext\0\x80\x05\xc0\x02\x83\x70\x80\x01\x01", SI)[1:-1]
    assert [text for kind, text, _ in whole if kind == TEXT][:2] == ["a", "\xc8"]


def test_a_code_that_is_no_character_is_replaced():
    texts = [text for kind, text, _ in pieces(b"\x45\x02\x83\xb0\x00\x01") if kind == TEXT]
    assert texts == ["\ufffd"]


def test_a_name_may_be_a_literal_of_the_table_and_a_page_be_switched():
    head = b"\x03\x05\x6a\x04abc\0"
    assert pieces(b"\x44\x00\x01", head) == [(START, "abc", []), (END, "abc", None)]
    kind, name, found = pieces(b"\x84\x00\x04\x00\x03v\0\x01", head)[0]
    assert (kind, name, found) == (START, "abc", [("abc", "v")])
    assert pieces(b"\x00\x07\x45\x01")[0][1] != pieces(b"\x45\x01")[0][1]
    assert pieces(b"\x85\x00\x07\x05\x03v\0\x01")[0][2] == [("05", "v")]


def test_documents_that_are_malformed_are_errors():
    for body in (b"\x45", b"\x01", b"\x45\xc3\x05ab", b"\x45\x83\x09\x01", b"\x45\x43", b"\x85\x05"):
        raises(PduError, pieces, body)
    raises(PduError, pieces, b"", b"\x03\x33\x6a\x00")
