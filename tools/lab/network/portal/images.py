"""Pictures of the album: an original and a list of steps in, a picture out. No I/O; call it in a thread.

An original is the octets of a JPEG, PNG or GIF file, or None for a blank sheet. A step is a dict that JSON can write,
as `editing.py` makes it; places are thousandths of the picture's width and height.
"""

import io

from PIL import Image, ImageChops, ImageFilter, ImageOps

from tools.lab.network.portal import drawing

FORMATS = ("JPEG", "PNG", "GIF")
PIXELS = 12_000_000  # of an original: a larger one would take 100 MB to decode
_HARMLESS = {  # keys that Pillow has for how pixels are stored and shown
    "adobe", "adobe_transform", "aspect", "background", "dpi", "duration", "extension", "gamma", "interlace", "jfif",
    "jfif_density", "jfif_unit", "jfif_version", "loop", "progression", "progressive", "srgb", "transparency",
    "version",
}  # fmt: skip
_TOO_LARGE = "This picture has more than %d million pixels." % (PIXELS // 1_000_000)
SIDE = 960  # pixels of the longer side, while a picture is worked on
DRAWN_SIDE = 640  # at least, of a picture that is drawn on: letters of fewer pixels are not readable
SHEET = (640, 480)  # of a blank one
SMALL = 320  # the longer side of a picture in a list
_CARTOON_COLOURS = 10
_CARTOON_SIDE = 640  # the filters take 0.4 s for so much, and three times as long for SIDE
_EDGE = 40  # of 255: fainter lines are not drawn
_FLAT_COLOURS = 128  # of a picture that was drawn
_QUALITIES = (88, 80, 70, 60, 48, 36)
_SIDES = (SIDE, 640, 480, 320, 160)
_DRAWN = ("text", "bubble", "stamp")
_FRAME, _GUTTER = (400, 300), 14  # a frame of a strip, and the white around it


class Unreadable(Exception):
    """Octets that are no picture that is taken here: the text says why."""


def check(octets):
    """The format of a picture file, "JPEG", "PNG" or "GIF"; raises Unreadable unless it can be decoded as a whole."""
    with _opened(octets) as image:
        _pixels(image)
        return image.format


def has_metadata(octets):
    """Whether a picture file says more than its pixels: where and with what it was taken, and which way up it is."""
    with _opened(octets) as image:
        _pixels(image)  # the texts of a PNG may stand behind them
        return bool(set(image.info) - _HARMLESS) or bool(image.getexif())


def render(original, steps):
    """The picture after the steps, RGB; raises Unreadable."""
    if original is None:
        picture = drawing.sheet(SHEET, _background(steps))
    else:
        with _opened(original) as image:
            picture = _pixels(image)
        if any(step["do"] in _DRAWN for step in steps):
            picture = _grown(picture)
    for step in steps:
        picture = _STEPS[step["do"]](picture, step)
    return picture


def is_flat(original, steps):
    """Whether a picture is drawn rather than taken: such ones are smaller and cleaner as PNG."""
    return original is None or any(step["do"] == "cartoon" for step in steps)


def small(picture):
    """A copy for lists, as a JPEG file."""
    copy = picture.copy()
    copy.thumbnail((SMALL, SMALL))
    return _jpeg(copy, 80)


def shown(picture):
    """The picture for the page that edits it, as a JPEG file."""
    return _jpeg(picture, 88)


def encode(picture, octets, flat=False):
    """(media type, file) of the picture in at most so many octets, or of the smallest one that can be made.

    It becomes worse before it becomes smaller; `flat` ones are PNG where that takes less than a good JPEG.
    """
    best = "image/jpeg", _jpeg(picture, _QUALITIES[0])
    if flat:
        png = _file(picture.quantize(_FLAT_COLOURS, dither=Image.Dither.NONE), "PNG", optimize=True)
        best = min(best, ("image/png", png), key=lambda found: len(found[1]))
    if len(best[1]) <= octets:
        return best
    for side in _SIDES:
        copy = picture.copy()
        copy.thumbnail((side, side))
        for quality in _QUALITIES:
            best = "image/jpeg", _jpeg(copy, quality)
            if len(best[1]) <= octets:
                return best
    return best


def strip(pictures, layout):
    """A strip of one to four pictures, RGB: `layout` is "row", "column" or "grid"."""
    columns = {"row": len(pictures), "column": 1, "grid": 2 if len(pictures) > 1 else 1}[layout]
    rows = -(-len(pictures) // columns)
    step = _FRAME[0] + _GUTTER, _FRAME[1] + _GUTTER
    whole = Image.new("RGB", (columns * step[0] + _GUTTER, rows * step[1] + _GUTTER), "white")
    for at, picture in enumerate(pictures):
        frame = ImageOps.expand(ImageOps.fit(picture, (_FRAME[0] - 6, _FRAME[1] - 6)), 3, "black")
        whole.paste(frame, (_GUTTER + at % columns * step[0], _GUTTER + at // columns * step[1]))
    return whole


def lossless(picture):
    """The picture as a PNG file, with what is clear in it."""
    return _file(picture, "PNG", optimize=True)


def _opened(octets):
    """The image of a file, whose pixels are not decoded yet; raises Unreadable."""
    try:
        image = Image.open(io.BytesIO(octets), formats=FORMATS)
    except Image.DecompressionBombError:
        raise Unreadable(_TOO_LARGE) from None
    except Exception:  # decoders raise anything for damaged files
        raise Unreadable("This is no JPEG, PNG or GIF picture.") from None
    if image.width * image.height > PIXELS:
        raise Unreadable(_TOO_LARGE)
    return image


def _pixels(image):
    """The first image of a file as RGB, the right way up, of at most SIDE, without what else the file says."""
    try:
        image.draft("RGB", (SIDE, SIDE))
        image.load()
        turned = ImageOps.exif_transpose(image)
        turned.thumbnail((SIDE, SIDE))
        if turned.has_transparency_data:
            turned = turned.convert("RGBA")
            turned = Image.alpha_composite(Image.new("RGBA", turned.size, "white"), turned)
        found = turned.convert("RGB")
    except Exception:  # as above
        raise Unreadable("This picture is damaged.") from None
    return Image.frombytes("RGB", found.size, found.tobytes())


def _background(steps):
    """The name of the last background that a blank sheet was given."""
    return next((step["name"] for step in reversed(steps) if step["do"] == "background"), "white")


def _grown(picture):
    """The picture with at least DRAWN_SIDE pixels on its longer side."""
    longest = max(picture.size)
    if longest >= DRAWN_SIDE:
        return picture
    size = [max(1, side * DRAWN_SIDE // longest) for side in picture.size]
    return picture.resize(size, Image.Resampling.LANCZOS)


def _crop(picture, step):
    width, height = picture.size
    left, top = step["left"] * width // 1000, step["top"] * height // 1000
    right, bottom = step["right"] * width // 1000, step["bottom"] * height // 1000
    return picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def _rotate(picture, step):
    turns = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    return picture.transpose(turns[step["turn"]])  # Pillow turns against the clock


def _cartoon(picture, step):
    """Few colours in calm areas, and the lines between them in black."""
    image = picture.copy()
    image.thumbnail((_CARTOON_SIDE, _CARTOON_SIDE))
    calm = image.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.ModeFilter(5))
    flat = calm.quantize(_CARTOON_COLOURS, dither=Image.Dither.NONE).convert("RGB")
    edges = (
        calm.convert("L").filter(ImageFilter.FIND_EDGES).point([0 if level > _EDGE else 255 for level in range(256)])
    )
    edges = ImageOps.expand(ImageOps.crop(edges, 1), 1, 255)  # the filter takes the border of a picture for a line
    drawn = ImageChops.multiply(flat, edges.convert("RGB"))
    return drawn if drawn.size == picture.size else drawn.resize(picture.size, Image.Resampling.LANCZOS)


def _same(picture, step):
    """A background is under all other steps: `render` begins with it."""
    return picture


_STEPS = {
    "background": _same,
    "crop": _crop,
    "rotate": _rotate,
    "cartoon": _cartoon,
    "text": drawing.text,
    "bubble": drawing.bubble,
    "stamp": drawing.stamp,
}


def _jpeg(picture, quality):
    return _file(picture, "JPEG", quality=quality, optimize=True)


def _file(picture, format, **options):
    stream = io.BytesIO()
    picture.save(stream, format, **options)
    return stream.getvalue()
