"""Huffman tables of JPEG pictures (ITU-T T.81, annexes C and F), for decoding and for encoding."""

from array import array


def _codes(counts):
    """(length, code, index of its symbol) of each code, shortest first (C.2)."""
    code = index = 0
    for length in range(1, 17):
        for _ in range(counts[length - 1]):
            yield length, code, index
            code += 1
            index += 1
        code <<= 1


def table(counts, symbols, means):
    """The table for decoding, of `counts` (codes of 1 to 16 bits) and their `symbols`; None for a malformed one.

    A symbol has the size of a coefficient, at most 10 bits, and the run of zeros before it; for `means` the size alone,
    at most 11. In the first part of the table 7 bits of the scan find codes of at most 7 bits, as run * 512 + length *
    16 + size: an octet is enough where there are no runs. `find` finds the others in the second part: the least code of
    8 bits (two octets), how many codes there are of 8 to 16 bits, and their symbols.
    """
    if any([symbol > 11 if means else symbol & 15 > 10 for symbol in symbols]):
        return None
    short = bytearray(128) if means else array("H", bytes(256))
    first = known = 0
    for length, code, index in _codes(counts):
        if code >= 1 << length:
            return None
        if length < 8:
            for at in range(code << 7 - length, code + 1 << 7 - length):
                short[at] = _entry(length, symbols[index])
            first, known = code + 1 << 8 - length, index + 1
    return short, bytes([first >> 8, first & 0xFF]) + counts[7:] + symbols[known:]


def _entry(length, symbol):
    return (symbol & 0xF0) << 5 | length << 4 | symbol & 15


def find(table, bits):
    """run * 512 + length * 16 + size of the code of over 7 bits with which 16 bits begin, 0 when there is none."""
    long = table[1]
    first, at = long[0] << 8 | long[1], 11
    for length in range(8, 17):
        code, count = (bits >> 16 - length) - first, long[length - 6]
        if code < count:
            return _entry(length, long[at + code])
        first, at = first + count << 1, at + count
    return 0


def encoder(counts, symbols):
    """The table for encoding, by symbols: length * 65,536 + code."""
    codes = array("I", bytes(1024))
    for length, code, index in _codes(counts):
        codes[symbols[index]] = length << 16 | code
    return codes
