"""Makes the pictures of the portal in docs/: `python -m tests.kit.portal_pictures`, with chromium, node and npm."""

import pathlib
import sys
import tempfile

from PIL import Image

from tests.kit.portal import ALICE, BOB, DATE, Running, codes
from tools.lab.network.portal import album, sent
from tools.phone import browser
from tools.programs import ROOT

DOCS = ROOT / "docs"
STORIES = ROOT / "tests/page/portal.mjs"
COLOURS = 200
GAP = 24
ALBUM = (  # (with the sample picture, caption, steps)
    (True, "The hill", []),
    (True, "The hill, drawn", [
        {"do": "cartoon"},
        {"do": "bubble", "text": "Grüße aus Köln!", "x": 400, "y": 480, "tip_x": 220, "tip_y": 290, "size": "small",
         "kind": "speech"},
    ]),
    (False, "For Jürgen", [
        {"do": "background", "name": "sunset"},
        {"do": "text", "text": "Happy birthday, Jürgen!", "x": 500, "y": 250, "size": "large", "colour": "white"},
        {"do": "stamp", "name": "heart", "x": 260, "y": 690, "width": 260},
        {"do": "stamp", "name": "smile", "x": 720, "y": 690, "width": 260},
        {"do": "stamp", "name": "moustache", "x": 720, "y": 735, "width": 150},
    ]),
    (False, "Good night", [
        {"do": "background", "name": "night"},
        {"do": "stamp", "name": "star", "x": 300, "y": 300, "width": 200},
        {"do": "stamp", "name": "crown", "x": 700, "y": 520, "width": 300},
    ]),
)  # fmt: skip


def fill(database):
    """Put the pictures into alice's album, and a message into her list."""
    octets = (ROOT / "assets/sample.jpg").read_bytes()
    for taken, caption, steps in ALBUM:
        album.add(database, ALICE, octets if taken else None, caption, DATE, DATE, steps)
    recipients = [BOB, "carol@mail.example", "+447700900102"]
    sent.begin(database, "form", ALICE, recipients, DATE, "The hill, drawn", "1 picture, 1 text", 28944, True)
    sent.accepted(database, "form", "message")
    sent.report(database, "form", "Retrieved", BOB)
    sent.report(database, "form", "Expired", "+447700900102")


def save(picture, name):
    """A file in docs/, of few colours."""
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(DOCS / name, optimize=True)
    print("%s: %d octets" % (name, (DOCS / name).stat().st_size))


def main():
    """Make them; the exit status."""
    with tempfile.TemporaryDirectory() as temporary, Running(pathlib.Path(temporary)) as running:
        folder = pathlib.Path(temporary)
        running.do(running.site.portal.site.database.do(fill))
        with codes(running) as texts:
            status, said = browser.run(STORIES, "pictures", running.site.portal.url, texts + "/code", str(folder))
        if status:
            sys.exit(said)
        for name in ("album", "picture"):
            save(Image.open(folder / (name + ".png")), "portal-%s.png" % name)
        narrow = [Image.open(folder / (name + "-narrow.png")) for name in ("new", "write", "sent")]
        width, height = narrow[0].size
        whole = Image.new("RGB", (3 * width + 2 * GAP, height), "white")
        for at, picture in enumerate(narrow):
            whole.paste(picture, (at * (width + GAP), 0))
        save(whole, "portal-narrow.png")


if __name__ == "__main__":
    main()
