"""The comparison of two campaigns for readers: one HTML file, and the same for a terminal."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from tools.campaign.figures import compare, kpis, lights, measure, statistics
from tools.campaign.report import frame, plots, words

_KINDS = {compare.WORSE: "worse", compare.BETTER: "better", compare.FEW: "few", compare.SAME: "same"}
_SHAPES = {"worse": "■", "better": "●", "few": "◌", "same": "="}
_STYLES = {"worse": "bold red", "better": "green", "few": "dim", "same": ""}
_LIGHTS = {"worse": lights.BAD, "better": lights.GOOD, "few": lights.FEW, "same": lights.NONE}
_PLOTS = 9
_ROWS = 20  # of a terminal


def write(before, after, found, out):
    """Write the Comparison of two Figures as a page to the path `out`."""
    out.write_text(text(before, after, found), "utf-8")


def text(before, after, found):
    """The comparison as a text of HTML."""
    names = words.Networks(after.campaign)
    kind, sentence, beside = judge(found, names)
    ranked = _ranked(found)
    changed = [one for one in ranked if one.verdict in (compare.WORSE, compare.BETTER)]
    titles = [figures.campaign.get("name", "") for figures in (before, after)]
    return frame.render(
        "comparison.html",
        " and ".join(titles),
        _LIGHTS[kind],
        before=_title(before),
        after=_title(after),
        verdict=_LIGHTS[kind],
        sentence=sentence,
        beside=beside,
        warnings=list(_warnings(found, names)),
        changed=[_row(one, names) for one in changed],
        same=[_row(one, names) for one in ranked if one not in changed],
        plots=[_plot(before, after, one, names) for one in changed if _is_time(one)][:_PLOTS],
    )


def judge(found, names):
    """(kind, sentence, lines beside it) of a Comparison; figures of all networks together are not counted twice."""
    rows = [one for one in found.verdicts if one.network != measure.ALL]
    count = {kind: sum(_KINDS[one.verdict] == kind for one in rows) for kind in _SHAPES}
    whole = words.count(len(rows), "figure")
    if not rows:
        return "few", "The two campaigns have no figure in common.", ()
    beside = "%d worse, %d better, %d without a difference, %d with too few samples." % (
        count["worse"],
        count["better"],
        count["same"],
        count["few"],
    )
    for kind, begins in (("worse", "Worse"), ("better", "Better")):
        if count[kind]:
            surest = min((one for one in rows if _KINDS[one.verdict] == kind), key=lambda one: one.p)
            told = (begins, count[kind], whole, "is" if count[kind] == 1 else "are", kind, _told(surest, names))
            return kind, "%s: %d of %s %s %s. The surest is %s." % told, (beside,)
    if count["few"]:
        sentence = "No change is shown, and for %d of %s the samples are too few to show one that matters."
        return "few", sentence % (count["few"], whole), (beside,)
    return "same", "No change is shown: for each of %s there were samples enough to show one that matters." % whole, ()


def summary(after, found):
    """The comparison for the end of a command, to be printed by a rich.console.Console."""
    names = words.Networks(after.campaign)
    kind, sentence, beside = judge(found, names)
    ranked = [one for one in _ranked(found) if one.verdict in (compare.WORSE, compare.BETTER)]
    parts: list = [Text("%s %s" % (_SHAPES[kind], sentence), style=_STYLES[kind]), *map(Text, beside)]
    parts += [Text(line, style="yellow") for line in _warnings(found, names)]
    if ranked:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for title in ("Verdict", "Network", "Figure"):
            table.add_column(title)
        for title in ("Before", "After", "Chance"):
            table.add_column(title, justify="right")
        for one in ranked[:_ROWS]:
            row = _row(one, names)
            style = _STYLES[row["kind"]]
            cells = [row["network"], row["figure"], row["before"]["value"], row["after"]["value"], row["chance"]]
            table.add_row(Text("%s %s" % (row["shape"], row["verdict"]), style=style), *map(Text, cells))
        parts.append(table)
    if len(ranked) > _ROWS:
        parts.append(Text("%d figures more: see the report" % (len(ranked) - _ROWS), style="dim"))
    return Group(*parts)


def _title(figures):
    return "%s of %s" % (figures.campaign.get("name", ""), words.date(figures.campaign.get("date")))


def _ranked(found):
    """The Verdicts: worse ones first, then better ones, of each the surest first."""
    order = list(_KINDS)
    return sorted(found.verdicts, key=lambda one: (order.index(one.verdict), one.p))


def _is_time(verdict):
    return kpis.BY_NAME[verdict.kpi].kind == "time"


def _network(verdict, names):
    return "All networks" if verdict.network == measure.ALL else names.whole(verdict.network)


def _told(verdict, names):
    kpi = kpis.BY_NAME[verdict.kpi]
    values = (words.write(kpi)(lights.value(one)) for one in (verdict.before, verdict.after))
    return "%s on %s, from %s to %s" % (kpi.title, _network(verdict, names), *values)


def _warnings(found, names):
    """Sentences on conditions that differ between the campaigns."""
    for line in found.changed:
        yield "Not under the same conditions: %s." % line
    for campaign, rows in (("first", found.before_only), ("second", found.after_only)):
        if rows:
            yield "Only the %s campaign has %s." % (campaign, words.listed(map(names.whole, rows), 12))


def _row(verdict, names):
    """A row of the tables, as template and terminal show it."""
    kpi, kind = kpis.BY_NAME[verdict.kpi], _KINDS[verdict.verdict]
    return {
        "kind": kind,
        "shape": _SHAPES[kind],
        "verdict": verdict.verdict,
        "network": _network(verdict, names),
        "figure": kpi.title,
        "before": _side(kpi, verdict.before),
        "after": _side(kpi, verdict.after),
        "difference": _difference(kpi, verdict),
        "p": "%.4g" % verdict.p,
        "chance": "< 0.001" if verdict.p < 0.001 else "%.3f" % verdict.p,
        "needed": verdict.needed,
        "enough": format(verdict.needed, ","),
    }


def _side(kpi, figure):
    write = words.write(kpi)
    n = (
        "%s of %s" % (format(figure.k, ","), format(figure.n, ","))
        if kpi.kind == "ratio"
        else "n %s" % format(figure.n, ",")
    )
    value, (low, high) = lights.value(figure), lights.interval(figure)
    return {"value": write(value), "span": words.span(low, high, write), "n": n, "sort": "%.6g" % value}


def _difference(kpi, verdict):
    """Of shares in points of percent, with its interval; of medians in seconds."""
    scale, unit, digits = (100, "points", 1) if kpi.kind == "ratio" else (1, "s", 2)
    told = "%+.*f %s" % (digits, scale * verdict.difference, unit)
    found = {"value": told, "sort": "%.6g" % verdict.difference, "span": ""}
    if verdict.low is not None:
        found["span"] = "%+.1f to %+.1f" % (scale * verdict.low, scale * verdict.high)
    return found


def _plot(before, after, verdict, names):
    """The distributions of one figure in both campaigns."""
    kpi, key, drawn, legend = kpis.BY_NAME[verdict.kpi], (verdict.network, verdict.kpi), [], []
    for figures, colour, label in ((before, 0, "before"), (after, 1, "after")):
        cell = figures.cells[key]
        drawn.append(plots.Curve(statistics.ecdf(figures.samples[key]), cell.n / (cell.n + cell.failed), colour))
        median = words.seconds(cell.median)
        legend.append({"colour": colour, "dashes": plots.dashes(colour), "label": label, "median": median})
    title = "%s on %s" % (kpi.title, _network(verdict, names))
    caption = "%s failed before, %d after" % (words.count(verdict.before.failed, "attempt"), verdict.after.failed)
    return {"title": title, "caption": caption, "svg": plots.ecdf(title, drawn), "legend": legend}
