"""Pictures that Pillow makes for tests: like a camera's of so many octets, with EXIF, palettes, frames, and bombs."""

import functools
import io
import struct
import zlib

from PIL import ExifTags, Image

from tools.programs import ROOT

GPS = b"\x34\x12\x0c"


def opened(octets):
    """The picture in octets, decoded."""
    image = Image.open(io.BytesIO(octets))
    image.load()
    return image


def saved(image, format, **options):
    """The octets of a file."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


@functools.cache
def photo(width=1600, height=1200, octets=300000, mode="RGB", **exif):
    """A JPEG of nearly so many octets: the sample picture with the noise of a sensor, and EXIF by the names of tags."""
    with Image.open(ROOT / "assets/sample.jpg") as sample:
        whole = sample.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    noise = Image.effect_noise((width, height), 40).convert("RGB")
    whole = Image.blend(whole, noise, 0.1).convert(mode)
    tags = Image.Exif()
    for name, value in exif.items():
        tags[ExifTags.Base[name]] = value
    tags.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 30.0, 26.0)
    found = [saved(whole, "JPEG", quality=quality, exif=tags) for quality in (30, 50, 65, 75, 82, 88, 92, 95)]
    return min(found, key=lambda file: abs(len(file) - octets))


def corners(size=(400, 200), format="JPEG", orientation=None, **options):
    """A picture with a red corner at its upper left, as stored, and an EXIF orientation."""
    image = Image.new("RGB", size, "white")
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    if orientation:
        tags = Image.Exif()
        tags[ExifTags.Base.Orientation] = orientation
        options["exif"] = tags
    return saved(image, format, **options)


def animation(frames=6, size=(300, 200)):
    """An animated GIF."""
    pictures = [Image.effect_noise(size, 20 + 30 * at).convert("P") for at in range(frames)]
    return saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=120, loop=0)


def bomb(width=30000, height=30000):
    """A PNG of few octets with very many pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * 64))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def frame_bomb():
    """A GIF whose second frame is much larger than the picture."""
    octets = bytearray(animation(2, (8, 8)))
    at = octets.rindex(b",")  # of an image descriptor (GIF89a, 20)
    octets[at + 5 : at + 9] = struct.pack("<HH", 60000, 60000)
    return bytes(octets)
