"""The national language tables: every septet of every table, and the elements that name them."""

from mms.codec import charset, gsm7, national, tpdu
from tests.kit.codec import alphabets

NOTHING = "\u00b7"
TURKISH, SPANISH, PORTUGUESE, HINDI, URDU = 1, 2, 3, 6, 13
DEFAULT = gsm7.decode(bytes(range(27)) + b" " + bytes(range(28, 128)))


def characters(table):
    return list(charset.characters(table)) if table else [DEFAULT[at] for at in range(128)]


def text(*elements):
    """The text of a message whose header has these elements; it says an escape and one septet, then the septet."""
    header = b"".join([bytes([element, 1, language]) for element, language in elements])
    header = bytes([len(header)]) + header
    before = (len(header) * 8 + 6) // 7
    data = header + gsm7.pack(b"\x1b\x49\x0b", before * 7 - len(header) * 8)
    octets = bytes.fromhex("4405812143f500003211412231020000"[:-2]) + bytes([before + 3]) + data
    return tpdu.parse(octets).text


def test_every_septet_of_every_locking_table():
    for language in range(1, 14):
        table = characters(alphabets.LOCKING[language - 1])
        for septet in range(128):
            if septet != gsm7.ESCAPE:
                wanted = " " if table[septet] == NOTHING else table[septet]
                assert national.decode(bytes([septet]), 0, language) == wanted, (language, septet)


def test_every_septet_of_every_single_table_and_what_it_leaves_out():
    for language in range(1, 14):
        table, beside = characters(alphabets.SINGLE[language - 1]), characters(alphabets.LOCKING[HINDI - 1])
        for septet in range(128):
            wanted = table[septet]
            if septet == gsm7.ESCAPE:
                wanted = " "
            elif wanted == NOTHING:
                wanted = beside[septet]
            found = national.decode(b"a" + bytes([gsm7.ESCAPE, septet]) + b"b", language, HINDI)
            assert found == "a" + wanted + "b", (language, septet)


def test_a_header_names_the_tables():
    assert text((0x24, TURKISH)) == "\u0130\u00d8"
    assert text((0x25, TURKISH)) == "I\u011e"
    assert text((0x24, SPANISH), (0x25, PORTUGUESE)) == "\u00cd\u00d4"
    assert text((0x24, 0), (0x25, 0)) == text((0x24, 14), (0x25, 255)) == "I\u00d8"
    assert text((0x24, URDU), (0x24, TURKISH)) == "\u0130\u00d8"  # the last counts
    assert text((0x25, SPANISH)) == "I\u00d8"  # there is no such table


def test_a_table_that_is_left_out_is_the_default_one():
    septets = bytes([at for at in range(128) if at != gsm7.ESCAPE])
    assert national.decode(septets, 0, 0) == gsm7.decode(septets)
    extension = b"\x1b\x0a\x1b\x14\x1b\x28\x1b\x65\x1b\x1b\x1b\x41\x1b"
    assert national.decode(extension, 0, 0) == gsm7.decode(extension) == "\f^{\u20ac A"
