"""Lines at the console: while they are typed, and as JSON while they are written."""

import json

from mms.handset import rooms


class Line:
    """A line as its octets come, at most `most` of them; `raw`: a person wants to see and correct what is typed."""

    def __init__(self, most, raw):
        self.most, self._raw = most, raw
        self._octets = bytearray()
        self.echo = b""  # octets that show what was typed

    def end(self):
        """The octets of the line that has ended; the next one begins."""
        octets, self._octets = bytes(self._octets), bytearray()
        if self._raw and octets[:1] != b"{":
            self.echo += b"\r\n"
        return octets

    def add(self, octet):
        """Add one octet; those beyond one too many are dropped."""
        if self._raw and (octet in (8, 0x7F)):
            self._erase()
        elif len(self._octets) <= self.most:
            self._octets.append(octet)
            if self._raw and self._octets[0] != 0x7B and octet >= 0x20:
                self.echo += bytes((octet,))

    def _erase(self):
        """Remove the last character, on the screen, too."""
        while self._octets:
            octet = self._octets[-1]
            self._octets = self._octets[:-1]
            if octet & 0xC0 != 0x80:
                self.echo += b"\b \b"
                return


def json_line(value):
    """A line of JSON, or its pieces where characters in it end a line or move a cursor: json.dumps does not escape."""
    text = json.dumps(value)
    return text if _is_plain(text) else json_pieces(text, "\n")


def _is_plain(text):
    return len(text.encode()) == len(text) and "\x7f" not in text


def json_pieces(text, end):
    """The pieces of a text in JSON in which every character that is not shown is an escape, and `end` after them."""
    if _is_plain(text):
        yield text + end
    else:
        yield from rooms.plain.escape(text)
        yield end
