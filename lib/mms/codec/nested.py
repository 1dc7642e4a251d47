"""Multiparts inside multiparts, parsed as one stream and without recursion; loaded for a message that has some."""

from mms import limits
from mms.codec import multipart
from mms.errors import PduError


def is_multipart(media):
    """Whether a part of that media type holds parts."""
    return media.startswith("multipart/") or media.startswith("application/vnd.wap.multipart.")


class Parser:
    """As multipart.Parser, but the parts inside a part that is a multipart are yielded, too: between its PART and END.

    Each Part also has its `level`, 0 for the outermost, and `opened`: whether the parts inside it are yielded, which is
    certain once the parser is closed. Its `offset` counts from the start of the outermost body. Parts lie at most
    limits.NESTING deep and are at most limits.PARTS. A part that lies deeper or has a malformed body gives a warning,
    and the rest of its data is ignored.
    """

    def __init__(self):
        self.warnings = []
        self.parts = 0  # seen so far, on all levels
        self._levels = [multipart.Parser()]  # one for each open body; None where the rest of it is ignored
        self._begins = [0]  # their offsets
        self._open = []  # the parts that the bodies from the second on belong to

    def feed(self, view):
        """Yield what multipart.Parser yields, parts of parts included; raises PduError."""
        reading = [self._levels[0].feed(view)]
        while reading:
            level = len(reading) - 1
            begin = self._begins[level]
            try:
                what, value = next(reading[level])
            except StopIteration:
                reading.pop()
                continue
            except PduError as error:
                if not level:
                    raise
                self.warnings.append((begin + error.offset, error.what))
                self._levels[level] = None
                self._open[level - 1].opened = False
                reading.pop()
                continue
            if what == multipart.DATA and level + 1 < len(self._levels):
                inner = self._levels[level + 1]
                if inner:
                    reading.append(inner.feed(value))
                continue
            if what == multipart.PART:
                self._open_part(value, level, begin)
            elif what == multipart.END and level + 1 < len(self._levels):
                self._close_part()
            yield what, value

    def _open_part(self, part, level, begin):
        self.parts += 1
        if self.parts > limits.PARTS:
            raise PduError(part.offset, "over %d parts" % limits.PARTS)
        part.level = level
        part.offset += begin
        if level:  # a part ends at the latest with the part in which it lies
            part.octets = min(part.octets, begin + self._open[level - 1].octets - part.offset)
        holds = is_multipart(part.media)
        part.opened = holds and level + 1 < limits.NESTING
        if part.opened:
            self._levels.append(multipart.Parser())
            self._begins.append(part.offset)
            self._open.append(part)
        elif holds:
            self.warnings.append((part.offset, "parts over %d deep" % limits.NESTING))

    def _close_part(self):
        inner, begin, part = self._levels.pop(), self._begins.pop(), self._open.pop()
        if not inner:
            return
        self.warnings.extend([(begin + offset, what) for offset, what in inner.warnings])
        try:
            inner.close()
        except PduError as error:
            part.opened = False
            self.warnings.append((begin + error.offset, error.what))

    def close(self):
        """Note that the body has ended; raises PduError when parts of it are missing."""
        parser = self._levels[0]
        self.warnings.extend(parser.warnings)
        parser.close()
