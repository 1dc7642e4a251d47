"""The scene before the lab's camera: a hill, the sun and a clock. No two pictures are the same."""

import datetime
import functools
import io
import random

from PIL import Image, ImageChops, ImageDraw, ImageFont

SIZES = {"VGA": (640, 480), "QVGA": (320, 240), "QQVGA": (160, 120)}
_GRAIN = {"VGA": 2.7, "QVGA": 5, "QQVGA": 6}  # fewer pixels, more in each of them
_SKY, _HORIZON, _GRASS, _SUN = (70, 130, 210), (220, 225, 215), (60, 120, 50), (250, 220, 90)


Image.preinit()  # Pillow finds its codecs at the first picture, and all lines would wait for that

_font = functools.cache(ImageFont.load_default)


@functools.cache
def ground(size):
    """The landscape and the grain of a size: drawn once, so that few pictures wait for them."""
    width, height = SIZES[size]
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for row in range(height):
        share = min(1, row * 1.6 / height)
        draw.line(
            (0, row, width, row),
            tuple(round(a + (b - a) * share) for a, b in zip(_SKY, _HORIZON, strict=True)),
        )
    draw.ellipse((-width // 3, height * 5 // 8, width * 4 // 3, height * 2), _GRASS)
    noise = Image.effect_noise((width, height), _GRAIN[size])
    return image, Image.merge("RGB", (noise, noise, noise))


class Scene:
    """Draws pictures: counter, clock, sun and grain make each one different; `now()` gives what the clock shows."""

    def __init__(self, name="", now=datetime.datetime.now):
        self._name, self._now = name, now
        self.count = 0

    def picture(self, size, compression):
        """One JPEG: `size` a name in SIZES, `compression` 0..255 (bigger is smaller), as bytes."""
        self.count += 1
        landscape, grain = ground(size)
        width, height = SIZES[size]
        grain = ImageChops.offset(grain, random.randrange(width), random.randrange(height))
        image = ImageChops.add(landscape, grain, 1, -128)
        self._sun(image, width, height)
        self._caption(image, width, height)
        octets = io.BytesIO()
        image.save(octets, "JPEG", quality=quality(compression), subsampling=1)
        return octets.getvalue()

    def _sun(self, image, width, height):
        left = (self.count * 37) % (width * 3 // 4)
        radius = height // 10
        draw = ImageDraw.Draw(image)
        draw.ellipse((left, radius, left + 2 * radius, 3 * radius), _SUN)

    def _caption(self, image, width, height):
        now = self._now().strftime("%Y-%m-%d %H:%M:%S.%f")[:-4]
        text = "%s  no. %d\n%s" % (self._name, self.count, now)
        font = _font(max(10, height // 16))
        ImageDraw.Draw(image).text((width // 20, height * 4 // 5), text, (255, 255, 240), font)


def quality(compression):
    """Pillow's JPEG quality for a VC0706 compression ratio."""
    return max(4, 92 - compression * 88 // 255)
