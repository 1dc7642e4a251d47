"""Multiparts inside multiparts: read as one stream, level by level, without recursion.

Imported where it is used: most messages are flat.
"""

from mms import limits
from mms.codec import multipart
from mms.errors import PduError


def is_multipart(media):
    """Whether a part of that media type holds parts."""
    return media.startswith("multipart/") or media.startswith("application/vnd.wap.multipart.")


class Parser:
    """As multipart.Parser, but what is inside a part that is a multipart is told, too: between its PART and END.

    Every Part has its `level`, 0 for the outermost, its `offset` from the outermost body's start, and `opened`: whether
    what is in it is told, which is so to its end once the parser is closed. Parts lie at most limits.NESTING deep and
    are at most limits.PARTS; what lies deeper, or is malformed inside a part, is a warning, and then the rest of that
    part is passed over.
    """

    def __init__(self):
        self.warnings = []
        self.parts = 0  # seen so far, on all levels
        self._levels = [multipart.Parser()]  # None: passing over
        self._begins = [0]  # where the bodies begin
        self._open = []  # the parts whose bodies they are, from the second on

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
                self._begun(value, level, begin)
            elif what == multipart.END and level + 1 < len(self._levels):
                self._ended()
            yield what, value

    def _begun(self, part, level, begin):
        self.parts += 1
        if self.parts > limits.PARTS:
            raise PduError(part.offset, "over %d parts" % limits.PARTS)
        part.level = level
        part.offset += begin
        if level:  # what says that it is longer than the part in which it lies ends with that
            part.octets = min(part.octets, begin + self._open[level - 1].octets - part.offset)
        holds = is_multipart(part.media)
        part.opened = holds and level + 1 < limits.NESTING
        if part.opened:
            self._levels.append(multipart.Parser())
            self._begins.append(part.offset)
            self._open.append(part)
        elif holds:
            self.warnings.append((part.offset, "parts over %d deep" % limits.NESTING))

    def _ended(self):
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
        """The body has ended: raises PduError when it should not have."""
        parser = self._levels[0]
        self.warnings.extend(parser.warnings)
        parser.close()
