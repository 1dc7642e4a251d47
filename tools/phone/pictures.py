"""Makes the pictures of the page in docs/: two phones in the lab, in Chromium, while a message crosses.

`python -m tools.phone.pictures` needs chromium, node and npm, as the tests of the page do.
"""

import asyncio
import pathlib
import sys
import tempfile

from PIL import Image, ImageDraw

from tools import npm
from tools.journey.phone import Failed
from tools.phone import browser
from tools.phone.__main__ import NAMES, Phones
from tools.programs import ROOT

DOCS = ROOT / "docs"
SCRIPT = pathlib.Path(__file__).with_suffix(".mjs")
SPEED = 4.0
EDGE, GAP, ROUND, FRAME = 26, 34, 30, 10  # points: around the phones, between them, of their corners, of their frames
TABLE, BODY = (231, 228, 220), (38, 43, 42)
COLOURS = 200  # of a picture: a file of some 60 kB


async def _take(folder):
    """Take all pictures into `folder`; raises Failed."""
    phones = Phones(folder, speed=SPEED, first=8301)
    try:
        await phones.start()
        bob = phones.network.world.subscriber("bob").number
        words = [SCRIPT, *(phones.urls[name] for name in NAMES), bob, folder]
        status, said = await asyncio.to_thread(browser.run, *map(str, words))
        if status:
            raise Failed("browser", "pictures", said)
    finally:
        await phones.stop()


def _phones(paths):
    """A picture of phones beside each other, with these screens."""
    screens = [Image.open(path).convert("RGB") for path in paths]
    width, height = screens[0].size
    step = width + 2 * FRAME + GAP
    whole = Image.new("RGB", (2 * EDGE + step * len(screens) - GAP, height + 2 * (EDGE + FRAME)), TABLE)
    draw = ImageDraw.Draw(whole)
    for at, screen in enumerate(screens):
        left = EDGE + at * step
        draw.rounded_rectangle((left, EDGE, left + width + 2 * FRAME, EDGE + height + 2 * FRAME), ROUND + FRAME, BODY)
        mask = Image.new("L", screen.size)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, width - 1, height - 1), ROUND, 255)
        whole.paste(screen, (left + FRAME, EDGE + FRAME), mask)
    return whole


def _save(picture, name):
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(DOCS / name, optimize=True)
    print("%s: %d octets" % (name, (DOCS / name).stat().st_size))


def main():
    """Make them; the exit status."""
    try:
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            asyncio.run(_take(folder))
            _save(_phones([folder / (name + ".png") for name in ("camera", "sending", "message")]), "phones.png")
            for name in ("wide", "check"):
                _save(Image.open(folder / (name + ".png")).convert("RGB"), "page-%s.png" % name)
    except npm.Missing as error:
        sys.exit("tools.phone.pictures needs %s" % error)
    except Failed as failed:
        sys.exit(str(failed))


if __name__ == "__main__":
    main()
