"""Makes texts by strangers harmless to show: no controls, nothing invisible, no lines of their own.

Loaded when something is shown. Replaced are Unicode's categories Cc, Cf, Cs, Zl and Zp and every other character
without width, except the variation selectors that emoji use.
"""

from mms.limits import const

WIDTH = 78  # columns of a row: fewer than the 80 of a terminal, which never breaks such a row

# from, to, from, to ... of the characters that are never shown
_UNSEEN = (
    0x00, 0x1F, 0x7F, 0x9F, 0xAD, 0xAD, 0x34F, 0x34F, 0x600, 0x605, 0x61C, 0x61C, 0x6DD, 0x6DD, 0x70F, 0x70F,
    0x890, 0x891, 0x8E2, 0x8E2, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180F, 0x200B, 0x200F, 0x2028, 0x202E,
    0x2060, 0x206F, 0x3164, 0x3164, 0xD800, 0xDFFF, 0xFEFF, 0xFEFF, 0xFFA0, 0xFFA0, 0xFFF0, 0xFFFB,
    0x110BD, 0x110BD, 0x110CD, 0x110CD, 0x13430, 0x1343F, 0x1BCA0, 0x1BCA3, 0x1D173, 0x1D17A, 0xE0000, 0xE0FFF,
    0x110000, 0x7FFFFFFF,
)  # fmt: skip
_SMALLEST = const((0, 0, 0x80, 0x800, 0x10000))  # code point of so many octets: a smaller one is malformed UTF-8


def _unseen(code):
    low, high = 0, len(_UNSEEN) // 2
    while low < high:
        middle = (low + high) // 2
        if _UNSEEN[2 * middle + 1] < code:
            low = middle + 1
        else:
            high = middle
    return _UNSEEN[2 * low] <= code


def _characters(text):
    """Each character of `text` as (code point, octets), -1 for malformed UTF-8, which MicroPython decodes unchecked."""
    octets = text.encode("utf-8", "replace")
    at = 0
    while at < len(octets):
        code = octets[at]
        count = 1 if code < 0x80 else 2 if code < 0xE0 else 3 if code < 0xF0 else 4
        if count > 1:
            code = -1 if code < 0xC2 or code > 0xF4 else code & 0xFF >> count + 1
            for octet in octets[at + 1 : at + count]:
                code = code << 6 | octet & 0x3F if code >= 0 and octet & 0xC0 == 0x80 else -1
            if at + count > len(octets) or code < _SMALLEST[count]:
                code, count = -1, 1
        yield code, octets[at : at + count]
        at += count


def clean(text):
    """`text` on one line, with "?" for each character that a terminal obeys or does not show."""
    shown = bytearray()
    for code, octets in _characters(text):
        shown.extend(b"?" if code < 0 or _unseen(code) else octets)
    return shown.decode()


def escape(line):
    """The pieces of a line of JSON, with an escape for each character that is not shown."""
    safe = bytearray()
    for code, octets in _characters(line):
        if code < 0:
            safe.extend(b"?")
        elif not _unseen(code):
            safe.extend(octets)
        elif code < 0x10000:
            safe.extend(b"\\u%04x" % code)
        else:
            safe.extend(b"\\u%04x\\u%04x" % (0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF)))
        if len(safe) > WIDTH:
            yield safe.decode()
            safe = bytearray()
    yield safe.decode()


def rows(head, text, indent="    ", width=WIDTH):
    """`text` behind `head` in rows of at most `width` columns; all but the first begin with `indent`.

    This holds for any text. A line feed ends a row, a tab is a blank. A character of three octets or more counts for
    two columns.
    """
    row, column, blank, after, last = bytearray(head.encode()), len(head), 0, 0, 0
    indent = indent.encode()
    for code, octets in _characters(text):
        if code == 10 or code == 13:
            if code == 13 or last != 13:
                yield row.decode()
                row, column, blank = bytearray(indent), len(indent), 0
            last = code
            continue
        last = code
        if code == 9:
            code, octets = 32, b" "
        elif code < 0 or _unseen(code):
            octets = b"?"
        column += 1 + (len(octets) > 2)
        if column > width:
            cut = blank or len(row)
            yield row[:cut].decode()
            rest = row[blank + 1 :] if blank else b""
            column = len(indent) + (column - after if blank else 1 + (len(octets) > 2))
            row, blank = bytearray(indent) + rest, 0
        row.extend(octets)
        if code == 32 and len(row) > len(indent) + 1:
            blank, after = len(row) - 1, column
    yield row.decode()


def size(octets):
    """A number of octets as people read it."""
    if octets < 1000:
        return "%d octets" % octets
    if octets < 1000000:
        return "%d kB" % ((octets + 500) // 1000)
    return "%d.%d MB" % (octets // 1000000, octets // 100000 % 10)
