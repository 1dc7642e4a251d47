"""What a message shows, slide by slide: its SMIL read tolerantly, or the order of its parts when that fails.

Imported where it is used: sending needs only smil.py.
"""

from collections import namedtuple

from mms import limits
from mms.codec import markup
from mms.codec.content import small
from mms.errors import PduError
from mms.limits import const

SMIL = "application/smil"

# Sizes are numbers of pixels, or texts ("80%"); `regions` are (id, left, top, width, height)
Layout = namedtuple("Layout", ("width", "height", "regions", "slides"))
# `ms` is how long it is shown, or None for as long as the user likes
Slide = namedtuple("Slide", ("ms", "items"))
# `part` is what the message holds, or, in a Layout, the source by which it is named
Item = namedtuple("Item", ("element", "part", "region", "begin_ms", "end_ms"))

_MEDIA = ("img", "image", "video", "audio", "text", "ref", "animation")
_LONGEST = const(86400000)
_STEM = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UNITS = (("ms", 1), ("min", 60000), ("h", 3600000), ("s", 1000), ("", 1000))


def milliseconds(clock):
    """A clock value of SMIL ("5s", "2000ms", "00:05", "7"), or None for what is none."""
    clock = small(clock.strip(markup.SPACE))
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
    """A decimal number times a thousand, or None for what is none."""
    whole, _, fraction = text.strip(markup.SPACE).partition(".")
    digits = whole + (fraction + "000")[:3]
    return int(digits) if whole + fraction and _digits(digits) and len(digits) < 13 else None


def _digits(text):
    return bool(text) and not text.strip("0123456789")


def _size(text):
    digits = text[:-2] if text[-2:] == "px" else text
    return int(digits) if _digits(digits) and len(digits) < 6 else text


class Reading:
    """A layout as it is read: `take` what markup.read tells, piece by piece, then ask for the `layout`.

    Of the media, those are kept for whose source `keep(source)` is true, or all.
    """

    def __init__(self, keep=None):
        self._keep = keep
        self._width = self._height = None
        self._regions = []
        self._slides = []
        self._depth = 0  # of par elements; the outermost are the slides

    def take(self, what, name, attributes):
        """The next piece of the document."""
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
        """The Layout of the document, which is at its end; raises PduError when there are no slides in it."""
        shown = [Slide(_lasting(ms, items), items) for ms, items in self._slides if items]
        if not shown:
            raise PduError(0, "no slides")
        return Layout(self._width, self._height, self._regions, shown)


def parse(octets):
    """The Layout in the octets of a SMIL part; raises PduError when there are no slides in it."""
    reading = Reading()
    for piece in markup.read(octets, limits.SMIL):
        reading.take(*piece)
    return reading.layout()


def _lasting(ms, items):
    """How long a slide is shown: as it says, or to the end of what lasts longest in it."""
    ends = [item.end_ms for item in items if item.end_ms is not None]
    return max(ends) if ms is None and ends else ms


def root(parts, start=None):
    """The part that a message begins with: the one named by `start`, or the first SMIL, or the first."""
    if start:
        for part in parts:
            if part.content_id and part.content_id == start.strip('"').strip("<>"):
                return part
    for part in parts:
        if is_smil(part):
            return part
    return parts[0] if parts else None


def find(parts, source):
    """The part that a layout calls `source`, or None: by Content-ID, Content-Location or name."""
    if small(source[:4]) == "cid:":
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
    """The Slides of a message: as its Layout has them, then each part that this leaves out, but for layouts.

    So every part in its order when there is no layout.
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
    """One short name in ASCII for a part's Content-ID, Content-Location and name alike, without its ending."""
    name = name.split("/")[-1]
    name = name[: name.rfind(".")] if "." in name[1:] else name
    kept = [each for each in name.encode() if each in _STEM]
    return bytes(kept[:24]).decode() or "part%d" % number
