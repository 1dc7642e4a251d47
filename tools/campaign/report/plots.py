"""Distributions of times as step curves: matplotlib draws them, the page's style colours them.

Each curve is the share of all attempts that were done by then, so that it ends at the share of those that ended well:
failures are seen, and never counted as times.
"""

import dataclasses
import io
import re

import matplotlib
from matplotlib import ticker
from matplotlib.figure import Figure

matplotlib.use("svg")

# Inches and points of a small plot: three of them stand beside each other on a wide screen, one on a narrow one.
SIZE = (3.9, 2.75)
COLOURS = 7
_WIDTH = 1.7  # points, of a curve with a colour
DASHES = (
    (0, ()),
    (0, (6, 1.5)),
    (0, (2, 1.2)),
    (0, (7, 1.5, 1.5, 1.5)),
    (0, (4, 1, 1, 1, 1, 1)),
    (0, (1, 1)),
    (0, (9, 3)),
)
# Colours that matplotlib writes, and the variable of the style that each one stands for.
_INK, _QUIET, _GRID = "#000001", "#000002", "#000003"
_GOOD, _FAIR = "#000004", "#000005"
_CURVE = "#0000%02x"
_VARIABLES = {_INK: "--ink", _QUIET: "--quiet", _GRID: "--line", _GOOD: "--good", _FAIR: "--fair"} | {
    _CURVE % (16 + index): "--curve-%d" % index for index in range(COLOURS)
}
_LONG = re.compile(r"\b\d+\.\d{2,}")  # numbers of a path, of which a tenth of a point is enough


@dataclasses.dataclass(frozen=True)
class Curve:
    """Points (seconds, share of the times) of one network, and the share of its attempts that have a time.

    `colour` is one of COLOURS, or None for a quiet line.
    """

    points: list
    ended: float
    colour: int | None = None


def ecdf(name, curves, threshold=None):
    """An SVG element of the curves of one KPI; `threshold` {green, yellow} in seconds is marked on the time's axis."""
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    for curve in sorted(curves, key=lambda curve: (curve.colour is not None, -(curve.colour or 0))):
        _draw(axes, curve)
    _scale(axes, min(curve.points[0][0] for curve in curves), max(curve.points[-1][0] for curve in curves))
    for colour, key in ((_GOOD, "green"), (_FAIR, "yellow")) if threshold else ():
        axes.axvline(threshold[key], color=colour, linewidth=1.2, linestyle=(0, (1, 1.5)), zorder=1)
    axes.set_ylim(0, 1.02)
    axes.yaxis.set_major_locator(ticker.FixedLocator([0, 0.25, 0.5, 0.75, 0.95]))
    axes.yaxis.set_major_formatter(lambda share, _: "%.0f %%" % (100 * share))
    axes.set_xlabel("seconds", color=_QUIET, fontsize=9)
    axes.grid(True, color=_GRID, linewidth=0.8)
    axes.tick_params(colors=_QUIET, labelsize=9, length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_QUIET)
    return _element(figure, name)


def dashes(colour):
    """The dashes of a colour's curve, as a stroke-dasharray."""
    return " ".join("%g" % (_WIDTH * length) for length in DASHES[colour][1]) or "none"


def _draw(axes, curve):
    if curve.colour is None:
        style = {"color": _QUIET, "linewidth": 0.7, "alpha": 0.45, "zorder": 2}
    else:
        style = {"color": _CURVE % (16 + curve.colour), "linestyle": DASHES[curve.colour], "zorder": 3}
        style["linewidth"] = _WIDTH
    times, shares = zip((curve.points[0][0], 0), *curve.points, strict=True)
    axes.plot(times, [curve.ended * share for share in shares], drawstyle="steps-post", **style)


def _scale(axes, low, high):
    """Logarithmic from a ratio of 8 on: times are skewed to the right."""
    if high > 8 * max(low, 1e-3):
        axes.set_xscale("log")
        axes.set_xlim(max(low, 1e-3) * 0.9, high * 1.1)
        axes.xaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5) if high < 200 * max(low, 1e-3) else (1, 3)))
        axes.xaxis.set_minor_locator(ticker.NullLocator())
        axes.xaxis.set_major_formatter(lambda time, _: "%g" % time)
    else:
        room = (high - low or high or 1) * 0.06
        axes.set_xlim(max(0, low - room), high + room)
        axes.xaxis.set_major_locator(ticker.MaxNLocator(5))


def _element(figure, name):
    """The <svg> of a figure: text as text, colours as variables of the style, sizes by the page, no ids."""
    written = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "path.simplify": False}):
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = written.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<style.*?</style>|<defs>\s*</defs>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r' id="(?:figure|axes|patch|line2d|text|matplotlib\.axis|xtick|ytick)_\d+"', "", text)
    text = re.sub(r"<[^>]*>", lambda tag: _LONG.sub(lambda found: "%g" % round(float(found[0]), 1), tag[0]), text)
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, "var(%s)" % variable)
    text = re.sub(r" font-family: [^;\"]*;", "", text)
    width, height = (72 * side for side in SIZE)
    head = '<svg class="plot" role="img" aria-label="%s" viewBox="0 0 %g %g"' % (_plain(name), width, height)
    text = re.sub(r"<svg\b[^>]*", head, text, count=1)
    return re.sub(r"\s*\n\s*", " ", text)


def _plain(text):
    return re.sub(r"[^\w ,.%-]", "", text)
