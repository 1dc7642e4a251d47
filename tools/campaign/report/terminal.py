"""The summary of a campaign for a terminal, on one screen: the verdict, the figures, and why attempts failed."""

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tools.campaign.figures import kpis, lights
from tools.campaign.report import verdict, words, worst

ROWS = 8  # networks of the table: those that need a look first
CAUSES = 4
_COLUMNS = (  # figures of the table, where the plan has no thresholds
    "network-registration-failure-ratio",
    "mms-send-failure-ratio",
    "mms-send-time",
    "mms-end-to-end-failure-ratio",
    "mms-end-to-end-time",
)
_MOST = 5
_STYLES = {"good": "green", "fair": "yellow", "bad": "bold red", "few": "dim"}
_SHAPES = {"good": "●", "fair": "▲", "bad": "■", "few": "◌"}


def summary(figures):
    """The text for the end of a campaign, to be printed by a rich.console.Console."""
    names, judged = words.Networks(figures.campaign), verdict.judge(figures)
    parts: list = [_lit(judged.light, judged.sentence)]
    parts += [Text(line) for line in judged.beside]
    if figures.kpis:
        parts += _table(figures, names)
    found = worst.causes(figures.attempts, names)
    for cause in found[:CAUSES]:
        told = (cause["count"], cause["step"], cause["text"], cause["networks"])
        parts.append(Text("%d × %s: %s (%s)" % told, style="red"))
    if len(found) > CAUSES:
        parts.append(Text(words.count(len(found) - CAUSES, "cause") + " more: see the report"))
    return Group(*parts)


def _table(figures, names):
    lit = verdict.lit_cells(figures)
    columns = _columns(figures)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Network")
    for kpi in columns:
        table.add_column(escape(kpi.title), justify="right")
    ranks = {row: max(lights.RANKS.index(lit[row, kpi.name].name) for kpi in columns) for row in figures.networks}
    ranked = sorted((row for row in figures.networks if ranks[row]), key=lambda row: -ranks[row])
    for network in ranked[:ROWS]:
        cells = [_cell(kpi, figures.cells.get((network, kpi.name)), lit[network, kpi.name]) for kpi in columns]
        table.add_row(Text(names.whole(network)), *cells)
    yield table
    if len(ranked) > ROWS:
        yield Text("%d networks more: see the report" % (len(ranked) - ROWS), style="dim")


def _columns(figures):
    wanted = [name for name in figures.kpis if name in lights.thresholds_of(figures)]
    wanted = wanted or [name for name in figures.kpis if name in _COLUMNS] or list(figures.kpis)
    wanted.sort(key=lambda name: not name.startswith("mms"))
    return [kpis.BY_NAME[name] for name in wanted[:_MOST]]


def _cell(kpi, figure, light):
    if light is lights.UNTRIED:
        return Text(words.NONE, style="dim")
    write, (low, high) = words.write(kpi), lights.interval(figure)
    return Text.assemble(_lit(light, write(lights.value(figure))), ("\n" + words.span(low, high, write), "dim"))


def _lit(light, text):
    """A text behind the shape of a Light, in its colour."""
    shape = _SHAPES.get(light.name)
    return Text("%s %s" % (shape, text) if shape else text, style=_STYLES.get(light.name, ""))
