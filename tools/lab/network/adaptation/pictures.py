"""One picture made to fit a screen and a number of octets, by Pillow.

Octets from outside are decoded here: call it in a thread. A file that Pillow does not know, that is damaged, or that
has more than PIXELS is refused with PictureError.
"""

import dataclasses
import io
import struct
import warnings

from PIL import ExifTags, Image, ImageOps, ImageSequence, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP")
PIXELS = 12_000_000  # more is a bomb, or a photograph that no handset of 2003 made
FRAMES = 100  # of an animation that stays one
_QUALITIES = (20, 90)
_MEDIA = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"}
_COLOURS = 128  # of a palette that is made anew
_SMALLEST = 16  # pixels: a picture below that is none to look at
_DAMAGED = (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error)

Image.MAX_IMAGE_PIXELS = PIXELS // 2  # Pillow refuses twice as many, also in frames, and warns of fewer
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class PictureError(Exception):
    """The picture is not one that can be made to fit: the text tells why."""


class Bomb(PictureError):
    """The picture has more than PIXELS."""


class NoRoom(PictureError):
    """The picture is sound, but has no JPEG of so few octets."""


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture as a part carries it: its media type, octets, and (width, height)."""

    media: str
    octets: bytes
    size: tuple


def size(octets):
    """(width, height) of a picture as stored, by its header alone; raises PictureError."""
    with _opened(octets) as image:
        return image.size


def fit(octets, box, most, types):
    """The Picture that lies in `box` (width, height) and has at most `most` octets, of a media type in `types`.

    Turned as EXIF tells, never enlarged, without metadata. A GIF or PNG stays one where it is small enough then. When a
    JPEG of the lowest quality is too large, the box is halved. Raises PictureError.
    """
    with _opened(octets) as image:
        try:
            box = _along(image, box)
            kept = _kept(image, box, types)
            if kept and len(kept.octets) <= most:
                return kept
            if "image/jpeg" not in types:
                raise NoRoom("no JPEG is taken, and no other picture is small enough")
            return _jpeg(image, box, most)
        except Image.DecompressionBombError as error:  # a frame that is larger than the picture
            raise Bomb(str(error)) from None
        except (*_DAMAGED, EOFError, IndexError) as error:
            raise PictureError("a damaged picture: %s" % error) from None


def _along(image, box):
    """The box upright for an upright picture, lying for a lying one: people turn their handsets."""
    width, height = image.size
    if image.getexif().get(ExifTags.Base.Orientation, 1) > 4:
        width, height = height, width
    return (min(box), max(box)) if width < height else (max(box), min(box))


def _opened(octets):
    try:
        image = Image.open(io.BytesIO(octets), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise Bomb(str(error)) from None
    except _DAMAGED as error:
        raise PictureError(str(error)) from None
    if image.width * image.height > PIXELS:
        image.close()
        raise Bomb("%d x %d pixels, over %d" % (*image.size, PIXELS))
    return image


def _kept(image, box, types):
    """The picture in the box and in its own format, or None where that is no GIF or PNG, or is not taken."""
    if image.format not in ("GIF", "PNG") or _MEDIA[image.format] not in types:
        return None
    frames = getattr(image, "n_frames", 1) if image.format == "GIF" else 1
    if frames > 1 and (frames > FRAMES or frames * image.width * image.height > PIXELS):
        return None
    if frames > 1:
        return _animation(image, box)
    # A palette cannot be scaled: its colours are mixed as RGBA and reduced again.
    smaller = _turned(image).convert("RGBA")
    smaller.thumbnail(box)
    if image.mode in ("1", "L", "P"):
        smaller = smaller.quantize(_COLOURS, Image.Quantize.FASTOCTREE)
    return _written(smaller, image.format, optimize=True)


def _animation(image, box):
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        durations.append(frame.info.get("duration", 100))
        smaller = frame.convert("RGBA")
        smaller.thumbnail(box)
        frames.append(smaller)
    return _written(
        frames[0], "GIF", save_all=True, append_images=frames[1:], duration=durations,
        loop=image.info.get("loop", 0), disposal=2,
    )  # fmt: skip


def _jpeg(image, box, most):
    """The best JPEG of at most `most` octets in the box, or in half of it, a quarter ..."""
    image.draft("RGB", (max(box) * 2, max(box) * 2))  # libjpeg scales down while it decodes
    whole = _flat(_turned(image))
    while True:
        whole.thumbnail(box, Image.Resampling.LANCZOS)
        best = _best(whole, most)
        if best:
            return best
        box = (box[0] // 2, box[1] // 2)
        if min(box) < _SMALLEST:
            raise NoRoom("no JPEG of %d octets" % most)


def _best(image, most):
    """The JPEG of the highest quality that has at most `most` octets, found by bisection, or None."""
    low, high = _QUALITIES
    found = None
    while low <= high:
        quality = (low + high) // 2
        made = _written(image, "JPEG", quality=quality, optimize=True)
        if len(made.octets) <= most:
            found, low = made, quality + 1
        else:
            high = quality - 1
    return found


def _turned(image):
    """The picture as EXIF wants it seen; 16 bits a sample become 8."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    return ImageOps.exif_transpose(image)


def _flat(image):
    """RGB or grey, with white behind what is transparent."""
    if image.mode in ("L", "RGB"):
        return image
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image)
        image = ground
    return image.convert("RGB")


def _written(image, format, **options):
    """The Picture in a file without metadata: what Pillow would carry over stands in `info`."""
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    file = io.BytesIO()
    image.save(file, format, **options)
    return Picture(_MEDIA[format], file.getvalue(), image.size)
