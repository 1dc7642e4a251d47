"""Small drawings of our own to put onto pictures: shapes on a square of 100 by 100."""

import math

from PIL import Image, ImageDraw

_SQUARE = 100
_SMOOTH = 3
_INK = "#16181d"


def _star(points, outer, inner, turn=0.0):
    """The corners of a star around the middle."""
    found = []
    for at in range(points * 2):
        radius = inner if at % 2 else outer
        angle = math.pi * at / points - math.pi / 2 + turn
        found.append((50 + radius * math.cos(angle), 50 + radius * math.sin(angle)))
    return found


def _heart():
    turns = [math.tau * at / 90 for at in range(90)]
    return [(50 + 2.75 * 16 * math.sin(t) ** 3, 46 - 2.75 * (13 * math.cos(t) - 5 * math.cos(2 * t)
             - 2 * math.cos(3 * t) - math.cos(4 * t))) for t in turns]  # fmt: skip


def _petals():
    return [("ellipse", (x - 19, y - 19, x + 19, y + 19), "#ef5da8")
            for x, y in ((50 + 27 * math.cos(math.tau * at / 6), 50 + 27 * math.sin(math.tau * at / 6))
                         for at in range(6))]  # fmt: skip


def _moustache():
    """Its upper edge from the middle to the right tip, its lower edge back, and the same on the left."""
    half = []
    for at in [*range(21), *range(20, -1, -1)]:
        part, below = at / 20, len(half) > 20
        middle = 44 + 14 * math.sin(math.pi * part * 0.8) - 30 * part**4
        thick = 7 * (1 - part) ** 0.5 + 7 * math.sin(math.pi * part) * (1 - part)
        half.append((50 + 47 * part, middle + (thick if below else -thick)))
    return half + [(100 - x, y) for x, y in reversed(half)]


# name: (words for it, shapes): a shape is its kind, its places and its colour
STAMPS = {
    "heart": ("a heart", [("polygon", _heart(), "#d7263d")]),
    "star": ("a star", [("polygon", _star(5, 48, 20), "#ffd23f")]),
    "sun": ("a sun", [("polygon", _star(12, 49, 33), "#f9a03f"), ("ellipse", (23, 23, 77, 77), "#ffd23f")]),
    "flower": ("a flower", [*_petals(), ("ellipse", (34, 34, 66, 66), "#ffd23f")]),
    "smile": ("a smile", [
        ("ellipse", (3, 3, 97, 97), "#ffd23f"), ("ellipse", (28, 28, 40, 46), _INK),
        ("ellipse", (60, 28, 72, 46), _INK),
        ("chord", (24, 36, 76, 82), 0, 180, _INK),
    ]),
    "bang": ("a bang", [
        ("polygon", _star(11, 49, 30, 0.1), "#d7263d"), ("polygon", _star(11, 36, 22, 0.1), "#ffd23f"),
    ]),
    "crown": ("a crown", [
        ("polygon", [(6, 26), (30, 50), (50, 14), (70, 50), (94, 26), (84, 84), (16, 84)], "#ffd23f"),
        ("ellipse", (44, 60, 56, 72), "#d7263d"), ("ellipse", (24, 62, 34, 72), "#2e5eaa"),
        ("ellipse", (66, 62, 76, 72), "#2e5eaa"),
    ]),
    "moustache": ("a moustache", [("polygon", _moustache(), _INK)]),
    "glasses": ("sunglasses", [
        ("rounded", (4, 34, 46, 66), "#16181d"), ("rounded", (54, 34, 96, 66), "#16181d"),
        ("polygon", [(40, 38), (60, 38), (60, 46), (40, 46)], "#16181d"),
        ("polygon", [(12, 40), (22, 40), (12, 56)], "#5b6472"), ("polygon", [(62, 40), (72, 40), (62, 56)], "#5b6472"),
    ]),
    "arrow": ("an arrow", [
        ("polygon", [(4, 38), (56, 38), (56, 16), (96, 50), (56, 84), (56, 62), (4, 62)], "#2e5eaa"),
    ]),
}  # fmt: skip


def draw(name, pixels):
    """The stamp of that name as a square RGBA image, with a white line around it."""
    size = pixels * _SMOOTH
    scale = size / (_SQUARE + 12)
    image = Image.new("RGBA", (size, size))
    pen = ImageDraw.Draw(image)
    for line in (5 * scale, 0):
        for kind, *rest in STAMPS[name][1]:
            *more, colour = rest
            _shape(pen, kind, more, colour if line == 0 else "white", scale, line)
    return image.resize((pixels, pixels), Image.Resampling.LANCZOS)


def _shape(pen, kind, more, colour, scale, line):
    places, *angles = more
    if kind == "polygon":
        corners = [((x + 6) * scale, (y + 6) * scale) for x, y in places]
        pen.polygon(corners, colour)
        if line:
            pen.line([*corners, *corners[:2]], colour, int(line * 2), joint="curve")
        return
    box = [(place + 6) * scale + move for place, move in zip(places, (-line, -line, line, line), strict=True)]
    if kind == "rounded":
        pen.rounded_rectangle(box, 10 * scale + line, colour)
    else:
        getattr(pen, kind)(box, *angles, fill=colour)
