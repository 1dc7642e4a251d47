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
    at most 11. In the first array of the table octets of the scan find codes of at most 8 bits, as length * 256 +
    symbol; `find` finds others.
    """
    if any([symbol > 11 if means else symbol & 15 > 10 for symbol in symbols]):
        return None
    fast = array("H", bytes(512))
    ends, offsets = array("I", bytes(32)), array("i", bytes(32))
    for length, code, index in _codes(counts):
        if code >= 1 << length:
            return None
        if length < 9:
            for at in range(code << 8 - length, code + 1 << 8 - length):
                fast[at] = length << 8 | symbols[index]
        else:
            ends[length - 9] = code + 1 << 16 - length
            offsets[length - 9] = index - code
    return fast, ends, offsets, bytes(symbols)


def find(table, bits):
    """length * 256 + symbol of the code of over 8 bits with which 16 bits begin, 0 when there is none."""
    _, ends, offsets, symbols = table
    for length in range(9, 17):
        if bits < ends[length - 9]:
            return length << 8 | symbols[(bits >> 16 - length) + offsets[length - 9]]
    return 0


def encoder(counts, symbols):
    """The table for encoding, by symbols: length * 65,536 + code."""
    codes = array("I", bytes(1024))
    for length, code, index in _codes(counts):
        codes[symbols[index]] = length << 16 | code
    return codes
