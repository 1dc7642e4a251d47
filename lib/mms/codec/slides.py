"""The slides of a message: from its SMIL, parsed tolerantly, or in the order of its parts when that fails."""

from collections import namedtuple

from mms import limits
from mms.codec import markup
from mms.codec.charset import lower
from mms.errors import PduError
from mms.limits import const

SMIL = "application/smil"

# Sizes are numbers of pixels, or texts ("80%"); `regions` are (id, left, top, width, height)
Layout = namedtuple("Layout", ("width", "height", "regions", "slides"))
# `ms` is how long a slide is shown, or None for as long as the user likes
Slide = namedtuple("Slide", ("ms", "items"))
# `part` is a Part of the message, or, in a Layout, the source that names it
Item = namedtuple("Item", ("element", "part", "region", "begin_ms", "end_ms"))

_MEDIA = const(("img", "image", "video", "audio", "text", "ref", "animation"))
_LONGEST = const(86400000)
_STEM = const(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_UNITS = const((("ms", 1), ("min", 60000), ("h", 3600000), ("s", 1000), ("", 1000)))


def milliseconds(clock):
    """A clock value of SMIL ("5s", "2000ms", "00:05", "7"), or None for another text."""
    clock = lower(clock.strip(markup.SPACE))
    if ":" in clock:
        total = 0
        for field in clock.split(":"):
            field = _thousandths(field)
            if field is None:
                return None
            total = min(total * 60 + field, _LONGEST)
        return total
    for unit, factor in _UNITS:
        if clock.endswith(unit):
            number = _thousandths(clock[: len(clock) - len(unit)])
            return None if number is None else min(number * factor // 1000, _LONGEST)


def _thousandths(text):
    """A decimal number times a thousand, or None for another text."""
    whole, _, fraction = text.strip(markup.SPACE).partition(".")
    digits = whole + (fraction + "000")[:3]
    return int(digits) if whole + fraction and _digits(digits) and len(digits) < 13 else None


def _digits(text):
    return bool(text) and not text.strip("0123456789")


def _size(text):
    digits = text[:-2] if text[-2:] == "px" else text
    return int(digits) if _digits(digits) and len(digits) < 6 else text


class Reading:
    """Makes a Layout of the pieces that markup.read yields: `add` each, then call `layout`.

    Media are kept whose source `keep(source)` accepts; without `keep`, all are.
    """

    def __init__(self, keep=None):
        self._keep = keep
        self._width = self._height = None
        self._regions = []
        self._slides = []
        self._depth = 0  # of par elements; the outermost are the slides

    def add(self, what, name, attributes):
        """Add the next piece of the document."""
        if name == "par" and what != markup.TEXT:
            self._depth = max(0, self._depth + (1 if what == markup.START else -1))
        if what != markup.START:
            return
        get = dict(attributes).get
        if name == "root-layout":
            self._width, self._height = _size(get("width", "")), _size(get("height", ""))
        elif name == "region":
            place = tuple([_size(get(key, "")) for key in ("left", "top", "width", "height")])
            self._regions.append((get("id") or get("regionname") or get("xml:id") or "",) + place)
        elif name == "par" and self._depth == 1:
            self._slides.append([milliseconds(get("dur", "")), []])
        elif name in _MEDIA and get("src") and (self._keep is None or self._keep(get("src"))):
            if not self._depth:
                self._slides.append([milliseconds(get("dur", "")), []])
            begin = milliseconds(get("begin", "")) or 0
            end = milliseconds(get("end", ""))
            lasting = milliseconds(get("dur", ""))
            if end is None and lasting is not None:
                end = begin + lasting
            self._slides[-1][1].append(Item(name, get("src"), get("region", ""), begin, end))

    def layout(self):
        """The Layout of the document, all of whose pieces were added; raises PduError when it has no slides."""
        shown = [Slide(_lasting(ms, items), items) for ms, items in self._slides if items]
        if not shown:
            raise PduError(0, "no slides")
        return Layout(self._width, self._height, self._regions, shown)


def parse(octets):
    """The Layout in the octets of a SMIL part; raises PduError when it has no slides."""
    reading = Reading()
    for piece in markup.read(octets, limits.SMIL):
        reading.add(*piece)
    return reading.layout()


def _lasting(ms, items):
    """How long a slide is shown: its own duration, or else up to the end of its last item."""
    ends = [item.end_ms for item in items if item.end_ms is not None]
    return max(ends) if ms is None and ends else ms


def root(parts, start=None):
    """The part with which a message begins: that of the Content-ID `start`, or the first SMIL, or the first part."""
    if start:
        for part in parts:
            if part.content_id and part.content_id == start.strip('"').strip("<>"):
                return part
    for part in parts:
        if is_smil(part):
            return part
    return parts[0] if parts else None


def find(parts, source):
    """The part whose Content-ID, Content-Location or name is the `source` in a layout, or None."""
    if lower(source[:4]) == "cid:":
        source = source[4:].strip("<>")
        names = "content_id", "location", "name"
    else:
        names = "location", "name", "content_id"
    for name in names:
        for part in parts:
            if getattr(part, name) == source:
                return part
    return None


def is_smil(part):
    """Whether a part is a layout."""
    return part.media in (SMIL, SMIL + "+xml")


def order(parts, layout=None):
    """The Slides of a message: those of its Layout, then one for each other part that is no layout.

    Without a Layout each part has a slide, in the order of the parts.
    """
    parts = [part for part in parts if not is_smil(part)]
    slides = []
    shown = []
    for slide in layout.slides if layout else ():
        items = []
        for item in slide.items:
            part = find(parts, item.part)
            if part is not None:
                shown.append(part)
                items.append(Item(item.element, part, item.region, item.begin_ms, item.end_ms))
        if items:
            slides.append(Slide(slide.ms, items))
    for part in parts:
        if part not in shown:
            slides.append(Slide(None, [Item(_element(part.media), part, "", 0, None)]))
    return slides


def _element(media):
    kind = media.split("/")[0]
    return {"image": "img", "video": "video", "audio": "audio", "text": "text"}.get(kind, "ref")


def stem(name, number):
    """A short name in ASCII without ending, for the Content-ID, Content-Location and name of a part alike."""
    name = name.split("/")[-1]
    name = name[: name.rfind(".")] if "." in name[1:] else name
    kept = [each for each in name.encode() if each in _STEM]
    return bytes(kept[:24]).decode() or "part%d" % number
