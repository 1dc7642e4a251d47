"""Draws what a person wires to a board: an SVG for light and dark pages, from the constants of the board's file."""

import html
import textwrap

_WIDTH = 900
_MARGIN = 24
_BOARD = 24, 372  # x and width of the board, and of a part
_PART = 652, 224
_CHIP = 262  # width of what the board has itself
_ROW, _HEAD, _GAP = 27, 40, 18  # height of a pin, of a part's name, of the room between parts
_CHARACTERS = 128  # of a line of the warning
_COLOURS = {  # a part's pin: the class of its wire
    "GND": "ground",
    "VCC": "supply",
    "5V": "supply",
    "RXD": "out",
    "TXD": "in",
    "SDA": "data",
    "SCL": "clock",
    "RST": "reset",
    "A": "button",
    "B": "ground",
}
_STYLE = """<style>
text { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 14px; fill: #0f172a }
.page { fill: #ffffff } .board { fill: #e8f5ee; stroke: #15803d; stroke-width: 1.5 }
.part { fill: #f1f5f9; stroke: #64748b } .chip { fill: #ffffff; stroke: #86b79a }
.warning { fill: #fef9c3; stroke: #ca8a04 }
.name { font-weight: 700; font-size: 17px } .head { font-weight: 600 } .pin { font-weight: 600 }
.small { font-size: 12.5px; fill: #475569 }
.wire { fill: none; stroke-width: 3.5; stroke-linecap: round } .pad { stroke: #ffffff; stroke-width: 1.5 }
.ground { stroke: #334155 } .supply { stroke: #dc2626 } .out { stroke: #2563eb } .in { stroke: #ea580c }
.data { stroke: #9333ea } .clock { stroke: #0d9488 } .reset { stroke: #db2777 } .button { stroke: #65a30d }
circle.ground { fill: #334155 } circle.supply { fill: #dc2626 } circle.out { fill: #2563eb } circle.in { fill: #ea580c }
circle.data { fill: #9333ea } circle.clock { fill: #0d9488 } circle.reset { fill: #db2777 }
circle.button { fill: #65a30d }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .page { fill: #0d1117 } .board { fill: #10291b; stroke: #2ea043 }
.part { fill: #1b222c; stroke: #768390 } .chip { fill: #0d1117; stroke: #2b5d3c }
.warning { fill: #2e2611; stroke: #bb8009 } .small { fill: #9aa7b5 } .pad { stroke: #0d1117 }
.ground { stroke: #9aa7b5 } circle.ground { fill: #9aa7b5 } .supply { stroke: #f85149 } circle.supply { fill: #f85149 }
.out { stroke: #58a6ff } circle.out { fill: #58a6ff } .in { stroke: #f0883e } circle.in { fill: #f0883e }
.data { stroke: #bc8cff } circle.data { fill: #bc8cff } .clock { stroke: #39c5bb } circle.clock { fill: #39c5bb }
.reset { stroke: #f778ba } circle.reset { fill: #f778ba } .button { stroke: #9ece3a } circle.button { fill: #9ece3a }
}
</style>"""


def _text(x, y, words, kind="", anchor="start"):
    return '<text x="%d" y="%d" class="%s" text-anchor="%s">%s</text>' % (x, y, kind, anchor, html.escape(words))


def _box(x, y, width, height, kind, corner=8):
    return '<rect x="%d" y="%d" width="%d" height="%d" rx="%d" class="%s"/>' % (x, y, width, height, corner, kind)


def _groups(wiring):
    """[(part, [(its pin, the board's pin)])] in the order of the rows."""
    found = {}
    for part, pin, end in wiring:
        found.setdefault(part, []).append((pin, end))
    return list(found.items())


def _parts(groups, names, notes, top):
    """(drawing of the parts, the middle of each of their pins, the bottom)."""
    drawn, middles, y = [], [], top
    x, width = _PART
    for part, pins in groups:
        note = notes.get(part, ())
        height = _HEAD + _ROW * len(pins) + 19 * len(note) + (10 if note else 6)
        drawn += [
            _box(x, y, width, height, "part"),
            _text(x + width // 2, y + 25, names.get(part, part), "head", "middle"),
        ]
        for at, (pin, _) in enumerate(pins):
            middles.append(y + _HEAD + _ROW * at + _ROW // 2)
            drawn.append(_text(x + 16, middles[-1] + 5, pin, "pin"))
        under = y + _HEAD + _ROW * len(pins) + 14
        drawn += [_text(x + 16, under + 19 * at, line, "small") for at, line in enumerate(note)]
        y += height + _GAP
    return drawn, middles, y - _GAP


def _chips(chips, top):
    """(drawing of what the board has itself, the bottom): (name, lines) for each, one line beside its name."""
    drawn, y = [], top
    x, width = _BOARD[0] + 16, _CHIP
    for name, lines in chips:
        height = 32 if len(lines) == 1 else 32 + 19 * len(lines) + 4
        drawn += [_box(x, y, width, height, "chip", 6), _text(x + 12, y + 21, name, "head")]
        if len(lines) == 1:
            drawn.append(_text(x + width - 12, y + 21, lines[0], "small", "end"))
        else:
            drawn += [_text(x + 12, y + 43 + 19 * at, line, "small") for at, line in enumerate(lines)]
        y += height + 10
    return drawn, y


def _wire(start, end, kind):
    """A wire between two points, with a pad at each end."""
    bend = (end[0] - start[0]) // 2
    path = "M%d %dC%d %d %d %d %d %d" % (*start, start[0] + bend, start[1], end[0] - bend, end[1], *end)
    pads = ['<circle cx="%d" cy="%d" r="6" class="pad %s"/>' % (*point, kind) for point in (start, end)]
    return ['<path d="%s" class="wire %s"/>' % (path, kind), *pads]


def draw(title, subtitle, chips, wiring, names, notes, warning):
    """The SVG of a board.

    chips: [(name, lines)] of what the board has itself; wiring: rows (part, its pin, the board's pin); names: of the
    parts, for people; notes: lines below the pins of some; warning: a text on power.
    """
    groups, top = _groups(wiring), _MARGIN
    parts, middles, bottom = _parts(groups, names, notes, top)
    inside, low = _chips(chips, top + 78)
    pins = [(pin, end) for _, rows in groups for pin, end in rows]
    bottom = max(bottom, low + 8, top + 78 + _ROW * len(pins))
    x, width = _BOARD
    drawn = [_box(x, top, width, bottom - top, "board", 12), *parts, *inside]
    drawn += [_text(x + 18, top + 32, title, "name"), _text(x + 18, top + 54, subtitle, "small")]
    first = top + (bottom - top - _ROW * len(pins)) // 2 + _ROW // 2 + 24
    first = min(first, bottom - _ROW * len(pins) + _ROW // 2 - 6)
    for at, (pin, end) in enumerate(pins):
        y = first + _ROW * at
        drawn += _wire((x + width, y), (_PART[0], middles[at]), _COLOURS[pin])
        drawn.append(_text(x + width - 16, y + 5, end, "pin", "end"))
    lines = textwrap.wrap(warning.replace("`", ""), _CHARACTERS)
    height = 20 + 20 * len(lines) + 4
    drawn.append(_box(_MARGIN, bottom + _GAP, _WIDTH - 2 * _MARGIN, height, "warning"))
    drawn += [_text(_MARGIN + 14, bottom + _GAP + 26 + 20 * at, line, "small") for at, line in enumerate(lines)]
    size = _WIDTH, bottom + _GAP + height + _MARGIN
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">' % (size * 2)
    about = "<title>%s</title>" % html.escape("Wires of %s" % title)
    return "\n".join([head, about, _STYLE, _box(0, 0, *size, "page", 0), *drawn, "</svg>\n"])
