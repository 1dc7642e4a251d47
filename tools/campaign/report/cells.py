"""The tables of networks by figure: each cell with its light, its interval and the thresholds as a small bar.

Messages and the network below them have tables of their own, each one for ratios and one for times, so that a table is
no wider than a sheet of paper.
"""

from tools.campaign.figures import kpis, lights, measure
from tools.campaign.report import verdict, words

_BELOW = ("network-", "attach", "context-", "sms")
# Whether a table is about multimedia messages, the kind of its figures, and its title.
_TABLES = (
    (True, "ratio", "Multimedia messages: ratios"),
    (True, "time", "Multimedia messages: times of those that ended well"),
    (False, "ratio", "Network and short messages: ratios"),
    (False, "time", "Network and short messages: times of those that ended well"),
)


def tables(figures, names):
    """The tables as the page's template shows them."""
    lit = verdict.lit_cells(figures)
    found = []
    for is_message, kind, title in _TABLES:
        known = [kpis.BY_NAME[name] for name in figures.kpis]
        columns = [kpi for kpi in known if kpi.kind == kind and _message(kpi) == is_message]
        if columns:
            found.append(_table(figures, names, title, columns, lit))
    return found


def overview(figures, names):
    """The lights of all figures that have a threshold, on one screen."""
    lit, thresholds = verdict.lit_cells(figures), lights.thresholds_of(figures)
    columns = [kpis.BY_NAME[name] for name in figures.kpis if name in thresholds]

    def cells(row):
        for kpi in columns:
            figure, light = figures.cells.get((row, kpi.name)), lit[row, kpi.name]
            value = figure and lights.value(figure)
            yield {
                "value": words.NONE if value is None else words.write(kpi)(value),
                "light": light,
                "rank": lights.RANKS.index(light.name),
            }

    rows = [{"code": code, "title": names.whole(code), "cells": list(cells(code))} for code in figures.networks]
    return {"columns": [{"title": kpi.title} for kpi in columns], "rows": _tried(rows)}


def _tried(rows):
    """The rows in which at least one figure was tried: recipients' networks have none of the senders'."""
    return [row for row in rows if any(cell["light"] is not lights.UNTRIED for cell in row["cells"])]


def _message(kpi):
    return not kpi.procedure.startswith(_BELOW)


def _table(figures, names, title, columns, lit):
    thresholds = lights.thresholds_of(figures)
    scales = {kpi.name: _scale(figures, kpi, thresholds.get(kpi.name)) for kpi in columns}

    def cells(row):
        for kpi in columns:
            figure, threshold = figures.cells.get((row, kpi.name)), thresholds.get(kpi.name)
            light = lit[row, kpi.name] if row in figures.networks else lights.light(kpi, figure, threshold)
            yield cell(kpi, figure, light, threshold, scales[kpi.name])

    rows = [
        {"code": code, "title": names.title(code), "hint": names.hint(code), "cells": list(cells(code))}
        for code in figures.networks
    ]
    return {
        "title": title,
        "columns": [{"title": kpi.title, "hints": _hints(kpi, thresholds.get(kpi.name))} for kpi in columns],
        "rows": _tried(rows),
        "whole": list(cells(measure.ALL)),
    }


def _hints(kpi, threshold):
    """The thresholds of a column, and a word where its rows are not the senders' networks."""
    return [*words.thresholds(kpi, threshold), *(["row: recipient's network"] if kpi.role == "mt" else [])]


def cell(kpi, figure, light, threshold, scale):
    """One cell: its `value`, `lines` of parts below it, the `bar` of its interval, and `sort`, for the column."""
    if light is lights.UNTRIED and (figure is None or kpi.kind == "ratio"):
        return {"value": None, "light": light}
    value, (low, high) = lights.value(figure), lights.interval(figure)
    return {
        "value": words.NONE if value is None else words.write(kpi)(value),
        "light": light,
        "lines": _lines_of_ratio(figure) if kpi.kind == "ratio" else _lines_of_times(figure),
        "bar": None if value is None else _bar(value, low, high, threshold, scale),
        "sort": -1 if value is None else "%.6g" % value,
    }


def _lines_of_ratio(figure):
    span = words.span(figure.low, figure.high, words.percent)
    return [(span,), ("%s of %s" % (_whole(figure.k), _whole(figure.n)),)]


def _lines_of_times(figure):
    failed = ("%s of %s failed" % (_whole(figure.failed), _whole(figure.n + figure.failed)),)
    if not figure.n:
        return [failed]
    most = "p95 %s" % words.seconds(figure.p95), words.span(figure.p95_low, figure.p95_high, words.seconds)
    return [(words.span(figure.median_low, figure.median_high, words.seconds),), most, failed]


def _whole(number):
    return format(number, ",")


def _scale(figures, kpi, threshold):
    """(first, last) of the values that the bars of a column show: all of its intervals, and its thresholds."""
    found = [figures.cells.get((row, kpi.name)) for row in (*figures.networks, measure.ALL)]
    ends = [end for figure in found if figure for end in (*lights.interval(figure), lights.value(figure))]
    ends = [end for end in ends if end is not None]
    ends += threshold.values() if threshold else []
    if not ends:
        return 0, 1
    if kpi.better == "higher":
        return min(*ends, 0.99), 1
    return 0, max(ends) or 1


def _bar(value, low, high, threshold, scale):
    first, last = scale

    def place(at):
        return "%.3g" % max(0, min(100, 100 * (at - first) / ((last - first) or 1)))

    marks = [(name, place(threshold[name])) for name in ("green", "yellow")] if threshold else []
    return {
        "at": place(value),
        "low": place(value if low is high is None else first if low is None else low),
        "high": place(value if low is high is None else last if high is None else high),
        "marks": marks,
    }
