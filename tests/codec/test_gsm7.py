"""The GSM alphabet, by the examples that everybody knows."""

from mms.codec import gsm7


def test_hellohello_is_packed_as_everywhere():
    assert gsm7.pack(b"hellohello") == bytes.fromhex("e8329bfd4697d9ec37")
    assert gsm7.unpack(bytes.fromhex("e8329bfd4697d9ec37"), 10) == b"hellohello"


def test_packing_fills_up_to_a_septet():
    for fill in range(7):
        for length in range(20):
            septets = bytes(range(108, 108 + length))
            packed = gsm7.pack(septets, fill)
            assert len(packed) == (7 * length + fill + 7) // 8
            assert gsm7.unpack(packed, length, fill) == septets


def test_the_whole_alphabet_goes_both_ways():
    septets = bytes([code for code in range(128) if code != gsm7.ESCAPE])
    text = gsm7.decode(septets)
    assert len(text) == 127
    assert gsm7.encode(text) == septets
    assert text[0] + text[2] + text[9] == "@$Ç"
    for code in range(0x20, 0x7F):
        if chr(code).isalpha() or chr(code).isdigit():
            assert gsm7.encode(chr(code)) == bytes([code])


def test_the_extension_goes_both_ways():
    text = "\f^{}\\[~]|€"
    assert gsm7.decode(gsm7.encode(text)) == text
    assert gsm7.encode("€") == b"\x1b\x65"
    assert gsm7.decode(b"\x1b\x41a\x1b") == "Aa"
    assert gsm7.decode(b"a\x1b\x1bb") == "a b"


def test_a_character_that_the_alphabet_lacks_is_not_encoded():
    assert gsm7.encode("Ĝ") is None
    assert gsm7.encode("\x1b") is None
