"""News between the header of a counted block and its octets; loaded with the first block.

The modem counts only the octets, so such news take the place of the first octets, and as many octets are left behind
the block.
"""

from drivers.modem.lines import BLANK, HEXADECIMAL, consists, decode, find, is_final, without_connection
from mms.limits import const

DATA = "data"  # the block has no news in it
_NEWS = const(480)  # octets of news of two lines, whose second one is a TPDU and its SMSC in hexadecimal digits


def may_have_news(block, news):
    """Whether the block begins with a line, or the beginning of a line, that may be news."""
    line = without_connection(decode(bytes(block[:32]).lstrip(b"\r\n").split(b"\r")[0]))
    for table in news:
        if "\n" + line in table:
            return True
    return find(news, line) is not None


def find_news(block, after, full, news, finals, final):
    """News at the beginning of a block: (their octets, line, meaning, second line), DATA, or None for not known yet.

    after: octets behind the block; full: no more fit there. news, finals: tables; final: the line that ends the answer.
    """
    data = _is_data(after, full, news, finals, final)
    if data is None:
        return None
    return DATA if data else _parse(block, after, news)


def _is_data(after, full, news, finals, final):
    """Whether the whole block was data: only lines that we know follow it, up to a final result.

    None: that does not show yet.
    """
    end, second = 0, False
    while True:
        at = end
        while after[at : at + 1] in (b"\r", b"\n"):
            at += 1
        end = after.find(b"\n", at)
        if end < 0:
            return True if full else None
        text = decode(after[at:end].strip(BLANK))
        line = without_connection(text)
        if is_final(final, line) or find(finals, line):
            return True
        meaning = find(news, line)
        if meaning is None and not (second and consists(text, HEXADECIMAL)):
            return False
        second = meaning is not None and meaning[-1:] == "+"


def _parse(block, after, news):
    octets = bytes(block[:_NEWS])
    if len(block) <= _NEWS:
        octets += after
    begin = len(octets) - len(octets.lstrip(b"\r\n"))
    end = octets.find(b"\n", begin) + 1
    line = decode(octets[begin:end].strip(BLANK))
    meaning, second = find(news, without_connection(line)), ""
    if meaning is not None and meaning[-1:] == "+":
        begin, end = end, octets.find(b"\n", end) + 1
        if not end and len(octets) < _NEWS:
            return None  # until the second line is whole
        second = decode(octets[begin:end].strip(BLANK))
        if not (second and consists(second, HEXADECIMAL)):
            meaning = None
    return DATA if meaning is None else (end, line, meaning, second)
