"""The distributions of the report: which network has which curve, and the words beside each plot."""

from tools.campaign.figures import kpis, lights, statistics
from tools.campaign.report import plots, words

SLOWEST = 4  # networks with a colour of their own, where there are more networks than colours


def distributions(figures, names):
    """{hint, plots} as the page's template shows them: one plot for each KPI that is a time."""
    few = len(figures.networks) <= plots.COLOURS
    colours = {network: at for at, network in enumerate(figures.networks)} if few else None
    thresholds = lights.thresholds_of(figures)
    found = [
        _plot(figures, names, kpis.BY_NAME[name], colours, thresholds.get(name))
        for name in figures.kpis
        if kpis.BY_NAME[name].kind == "time" and any(figures.samples.get((row, name)) for row in figures.networks)
    ]
    hint = (
        "The share of attempts that had ended well by then. A curve that stays below 100 % stops at its failures: they "
        "have no time, and are not left out. Dotted upright lines are the thresholds, which are about the median, 50 %."
    )
    if not few:
        told = " All %d networks are there; coloured are the slowest by their median, and the fastest."
        hint += told % len(figures.networks)
    return {"hint": hint, "plots": found}


def _plot(figures, names, kpi, colours, threshold):
    rows = [row for row in figures.networks if figures.samples.get((row, kpi.name))]
    cells = {row: figures.cells[row, kpi.name] for row in rows}
    ranked = sorted(rows, key=lambda row: -cells[row].median)
    if colours is None:
        named = [*ranked[:SLOWEST], ranked[-1]] if len(ranked) > SLOWEST else ranked
        colours = {row: at for at, row in enumerate(named)}
    else:
        named = [row for row in figures.networks if row in cells]
    drawn = [
        plots.Curve(
            statistics.ecdf(figures.samples[row, kpi.name]),
            cells[row].n / (cells[row].n + cells[row].failed),
            colours.get(row),
        )
        for row in rows
    ]
    tried = {row: figures.cells[row, kpi.name] for row in figures.networks if (row, kpi.name) in figures.cells}
    n, failed = sum(cell.n for cell in tried.values()), sum(cell.failed for cell in tried.values())
    caption = "%s and %s" % (words.count(n, "time"), words.count(failed, "failure"))
    none = [names.whole(row) for row in tried if row not in cells]
    if none:
        caption += "; all failed on %s" % words.listed(none)
    return {
        "title": kpi.title,
        "caption": caption,
        "svg": plots.ecdf(kpi.title, drawn, threshold),
        "legend": [
            {
                "colour": colours[row],
                "dashes": plots.dashes(colours[row]),
                "label": names.title(row),
                "median": words.seconds(cells[row].median),
            }
            for row in named
        ],
    }
