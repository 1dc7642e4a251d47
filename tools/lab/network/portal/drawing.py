"""Drawn onto a picture: sheets, texts, speech bubbles and stamps. Shapes are drawn twice as large, for smooth edges."""

import functools
import importlib.resources

from PIL import Image, ImageDraw, ImageFont

from tools.lab.network.portal import stamps

SIZES = {"small": 0.045, "medium": 0.065, "large": 0.1}  # of a text, as a part of the picture's width
COLOURS = {
    "white": "#ffffff",
    "black": "#16181d",
    "red": "#d7263d",
    "orange": "#f46036",
    "yellow": "#ffd23f",
    "green": "#1b998b",
    "blue": "#2e5eaa",
    "violet": "#6a4c93",
}
BACKGROUNDS = {  # from the upper colour to the lower one
    "white": ("#ffffff", "#ffffff"),
    "paper": ("#fff8e7", "#f6e7c8"),
    "sky": ("#7cc6fe", "#e8f6ff"),
    "sunset": ("#ff9a5a", "#ffd98e"),
    "meadow": ("#bfe8ff", "#7bc46b"),
    "night": ("#0b1437", "#3b3a78"),
    "rose": ("#ffd6e0", "#ff9fb5"),
}
_FONT = "font_manrope", "files/Manrope-Bold.ttf"  # of PyPI's font-manrope: Pillow's own has no umlaut
_SMOOTH = 2
_TEXT, _BUBBLE = (0.94, 0.8), (0.44, 0.55)  # of texts and of those in bubbles, as parts of the picture's size
_LINE = 0.006  # around a bubble, likewise
_LEAST = 10  # pixels of letters


@functools.lru_cache(maxsize=32)
def _font(pixels):
    package, file = _FONT
    return ImageFont.truetype(str(importlib.resources.files(package) / file), pixels)


@functools.cache
def _missing():
    """The glyph that stands for a character that the font does not have."""
    return bytes(_font(24).getmask("\uffff"))


def unknown(text):
    """The characters of a text that the font cannot draw."""
    drawn = (character for character in text if not character.isspace())
    return "".join(sorted({each for each in drawn if bytes(_font(24).getmask(each)) == _missing()}))


def sheet(size, name):
    """A blank sheet with a background of that name."""
    upper, lower = BACKGROUNDS[name]
    fading = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, lower), Image.new("RGB", size, upper), fading)


def text(picture, step):
    """A text around a place, with a thin line around its letters that keeps it readable on anything."""
    font, words = _fitted(step, picture.size, *_TEXT)
    colour = COLOURS[step["colour"]]
    around = COLOURS["black"] if step["colour"] in ("white", "yellow") else COLOURS["white"]
    draw = ImageDraw.Draw(picture)
    stroke = max(1, font.size // 14)
    box = draw.multiline_textbbox((0, 0), words, font, anchor="ma", align="center", stroke_width=stroke)
    x, y = _inside(picture, step, box[2] - box[0], box[3] - box[1])
    place = x - (box[0] + box[2]) / 2, y - (box[1] + box[3]) / 2
    draw.multiline_text(place, words, colour, font, "ma", align="center", stroke_width=stroke, stroke_fill=around)
    return picture


def bubble(picture, step):
    """A text in a bubble around a place, whose tail, or the thought's small circles, lead to its tip."""
    layer = Image.new("RGBA", (picture.width * _SMOOTH, picture.height * _SMOOTH))
    font, words = _fitted(step, layer.size, *_BUBBLE)
    draw = ImageDraw.Draw(layer)
    box = draw.multiline_textbbox((0, 0), words, font, anchor="ma", align="center")
    half = (box[2] - box[0]) * 0.64 + font.size * 0.5, (box[3] - box[1]) * 0.64 + font.size * 0.55
    x, y = _inside(layer, step, half[0] * 2, half[1] * 2)
    tip = step["tip_x"] * layer.width // 1000, step["tip_y"] * layer.height // 1000
    line = max(3, int(layer.width * _LINE))
    shape = _thought if step["kind"] == "thought" else _speech
    shape(draw, (x, y), half, tip, line, COLOURS["black"])
    shape(draw, (x, y), half, tip, 0, "white")
    place = x - (box[0] + box[2]) / 2, y - (box[1] + box[3]) / 2
    draw.multiline_text(place, words, COLOURS["black"], font, "ma", align="center")
    return _laid(picture, layer)


def stamp(picture, step):
    """A stamp around a place, of so many thousandths of the picture's width."""
    pixels = max(8, picture.width * step["width"] // 1000)
    drawn = stamps.draw(step["name"], pixels)
    x, y = _inside(picture, step, pixels, pixels)
    picture.paste(drawn, (int(x - pixels / 2), int(y - pixels / 2)), drawn)
    return picture


def _speech(draw, centre, half, tip, line, colour):
    (x, y), (wide, high) = centre, half
    away = tip[0] - x, tip[1] - y
    length = max(1.0, (away[0] ** 2 + away[1] ** 2) ** 0.5)
    root = min(wide, high) * 0.3
    across = -away[1] / length * root, away[0] / length * root
    tail = [(x + across[0], y + across[1]), tip, (x - across[0], y - across[1])]
    draw.polygon(tail, colour)
    if line:
        draw.line([*tail, tail[0], tail[1]], colour, line * 2, joint="curve")
    box = x - wide - line, y - high - line, x + wide + line, y + high + line
    draw.rounded_rectangle(box, min(wide, high) * 0.85 + line, colour)


def _thought(draw, centre, half, tip, line, colour):
    (x, y), (wide, high) = centre, half
    puffs = [(-0.72, -0.45), (-0.25, -0.68), (0.28, -0.66), (0.72, -0.42), (0.84, 0.12), (0.55, 0.55), (0.05, 0.68)]
    puffs += [(-0.5, 0.58), (-0.86, 0.1), (0, 0), (-0.4, 0), (0.4, 0)]
    size = high * 0.62
    for left, top in puffs:
        _circle(draw, (x + left * wide, y + top * high), size + line, colour)
    draw.rounded_rectangle((x - wide * 0.9, y - high * 0.8, x + wide * 0.9, y + high * 0.8), high * 0.5, colour)
    for part, radius in ((0.62, 0.2), (0.82, 0.14), (0.97, 0.09)):
        place = x + (tip[0] - x) * part, y + (tip[1] - y) * part
        _circle(draw, place, high * radius + line, colour)


def _circle(draw, centre, radius, colour):
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), colour)


def _inside(picture, step, width, height):
    """The step's place in pixels, moved so that something of that size stays in the picture where it can."""
    found = []
    for place, size, whole in ((step["x"], width, picture.width), (step["y"], height, picture.height)):
        at = place * whole / 1000
        found.append(min(max(at, size / 2), whole - size / 2) if size <= whole else whole / 2)
    return found


def _fitted(step, size, wide, high):
    """(font, lines) of a step's text within these parts of a size: a long text has smaller letters than it asks for."""
    pixels = max(_LEAST, int(size[0] * SIZES[step["size"]]))
    while True:
        font = _font(pixels)
        lines = _wrapped(step["text"], font, size[0] * wide)
        if len(lines) * sum(font.getmetrics()) <= size[1] * high or pixels == _LEAST:
            return font, "\n".join(lines)
        pixels = max(_LEAST, pixels * 9 // 10)


def _wrapped(words, font, width):
    """The text in lines of at most that many pixels, where words allow it; a word that is longer is cut."""
    lines = []
    for paragraph in words.split("\n"):
        line = ""
        for word in paragraph.split():
            while font.getlength(word) > width:
                fits = next(n for n in range(len(word), 0, -1) if n == 1 or font.getlength(word[:n]) <= width)
                lines += [line] if line else []
                line, word = word[:fits], word[fits:]
                if not word:
                    break
            longer = (line + " " + word).strip()
            if line and font.getlength(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def _laid(picture, layer):
    """The picture with a layer on it that is _SMOOTH times as large."""
    layer = layer.resize(picture.size, Image.Resampling.LANCZOS)
    picture.paste(layer, (0, 0), layer)
    return picture
