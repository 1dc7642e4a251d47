"""Tables of a campaign in CSV (RFC 4180), UTF-8: figures, attempts and steps.

Times are seconds, shares are between 0 and 1; an empty field says that there is none. A text that a spreadsheet would
take for a formula has an apostrophe before it, and control characters are question marks, since texts come from
handsets and networks.
"""

import csv
import re

from tools.campaign.figures import kpis, lights, measure
from tools.campaign.figures.statistics import Ratio, Times

_FORMULA = ("=", "+", "-", "@", "\t")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_OF_CELLS = ("n", "k", "low", "high", *(name for name in Times._fields if name != "n"))
_OF_KPIS = ("unit", "source", "start", "stop", "failure")
_WAITS = ("timeout_s", "pause_s", "guard_s")
OF_FIGURES = ("network", "kpi", "case", "kind", "value", *_OF_CELLS, "clustering_p", *_WAITS, *_OF_KPIS, "light")
_OF_ATTEMPTS = tuple(name for name in measure.Attempt._fields if name not in ("spent", "steps", "stamps", "marks"))


def write_figures(figures, path):
    """Write the `rows` of figures."""
    _write(path, OF_FIGURES, rows(figures))


def rows(figures):
    """A row, as OF_FIGURES has it, for each network, KPI and case; `all` stands for all of them together."""
    for case, found in {measure.ALL: figures, **measure.by_case(figures)}.items():
        yield from _figures(found, case)


def _figures(figures, case):
    thresholds = lights.thresholds_of(figures)
    for network in (*figures.networks, measure.ALL):
        for name in figures.kpis:
            key, kpi = (network, name), kpis.BY_NAME[name]
            cell = figures.cells.get(key)
            if cell is None:
                continue
            value = cell.value if isinstance(cell, Ratio) else cell.median
            told = [getattr(cell, field, None) for field in _OF_CELLS]
            waits = [" ".join("%g" % value for value in values) for values in figures.conditions[name][:3]]
            points = [getattr(kpi, field) for field in _OF_KPIS]
            light = lights.light(kpi, cell, thresholds.get(name)).word
            yield [network, name, case, kpi.kind, value, *told, figures.clusters.get(key), *waits, *points, light]


def write_attempts(figures, path):
    """Write a row for each attempt, broken ones included."""
    _write(path, (*_OF_ATTEMPTS, "spent_minor", "currency"), (_attempt(one) for one in figures.attempts))


def _attempt(attempt):
    spent = attempt.spent or {}
    return [*(getattr(attempt, name) for name in _OF_ATTEMPTS), spent.get("minor"), spent.get("currency")]


def write_steps(figures, path):
    """Write a row for each procedure of each attempt: its start, and its stop and seconds unless it failed."""
    head = ("attempt", "case", "network", "mt_network", "verdict", "procedure", "role", "start", "stop", "seconds")
    _write(path, head, (row for attempt in figures.attempts for row in _steps(attempt)))


def _steps(attempt):
    of_attempt = (attempt.number, attempt.case, attempt.network, attempt.mt_network, attempt.verdict)
    return ([*of_attempt, *step, step.seconds] for step in attempt.steps)


def _write(path, head, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(head)
        table.writerows([_safe(value) for value in row] for row in rows)


def _safe(value):
    """A field, as the module's docstring has texts."""
    if not isinstance(value, str):
        return value
    value = _CONTROLS.sub("?", value)
    return "'" + value if value.startswith(_FORMULA) else value
