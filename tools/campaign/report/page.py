"""The report of a campaign as one HTML file: the verdict, the worst attempts, figures, distributions and times."""

from tools.campaign.figures import lights, measure
from tools.campaign.report import cells, curves, frame, strips, told, verdict, words, worst

_SECTIONS = (
    ("worst", "The worst attempts"),
    ("networks", "Networks by figure"),
    ("times", "Distributions of times"),
    ("timeline", "Every attempt in time"),
    ("kpis", "What each figure means"),
    ("measured", "How it was measured"),
    ("untried", "What was not tried"),
)


def write(figures, lines, out):
    """Write the report of Figures to the path `out`; `lines` are those of their journal, read once more for traces."""
    out.write_text(text(figures, lines), "utf-8")


def text(figures, lines):
    """The report as a text of HTML."""
    names = words.Networks(figures.campaign)
    chosen = worst.choose(figures.attempts)
    seen = told.Seen()
    excerpts = measure.excerpts(seen.watch(lines), [attempt.number for attempt in chosen])
    judged = verdict.judge(figures)
    found = worst.causes(figures.attempts, names)
    return frame.render(
        "report.html",
        figures.campaign.get("name", ""),
        judged.light,
        verdict=judged,
        lights=lights.ALL,
        sections=_SECTIONS,
        facts=list(told.facts(figures)),
        warnings=list(told.warnings(figures)),
        causes=found[: worst.CAUSES],
        causes_left=len(found) - worst.CAUSES,
        worst=_worst(figures, chosen, excerpts, names),
        overview=cells.overview(figures, names),
        tables=cells.tables(figures, names),
        distributions=curves.distributions(figures, names),
        timeline=_timeline(figures, names),
        kpis=list(told.definitions(figures)),
        measured=list(told.measured(figures, seen)),
        untried=list(told.untried(figures, names)),
    )


def _worst(figures, chosen, excerpts, names):
    """The worst attempts with their traces, as the template shows them."""
    failed = sum(attempt.verdict == "failed" for attempt in figures.attempts)
    if not failed:
        hint = "No attempt failed. These took longest, beside the median of their case."
    else:
        hint = (
            "%s failed. Each network and each cause comes once before any comes twice, the most frequent first, and of "
            "each the three longest at most." % words.count(failed, "attempt")
        )
    return {"hint": hint, "attempts": [_attempt(one, excerpts[one.number], names) for one in chosen]}


def _attempt(attempt, lines, names):
    where = names.whole(attempt.network)
    if attempt.mt_network:
        where += " to %s" % names.whole(attempt.mt_network)
    outcome = [attempt.step, None if attempt.code is None else "code %s" % attempt.code, attempt.text]
    shown = [part for part in outcome if part]
    waiting = tuple(map(_wait, (attempt.timeout_s, attempt.pause_s, attempt.guard_s)))
    found = [(name, stop - start) for name, start, stop in strips.phases(attempt)]
    phases = ["%s %s" % (name, words.seconds(took)) for name, took in found if took >= 0.005]
    took = (attempt.number, words.moment(attempt.at), words.seconds(attempt.seconds))
    facts = [
        ("Probes", " to ".join(probe for probe in (attempt.mo, attempt.mt) if probe)),
        ("Advice", attempt.advice),
        ("Last told", worst.last_told(lines)),
        ("Waiting", "timeout %s, pause %s, guard time %s" % waiting),
        ("Steps", ", ".join(phases)),
    ]
    return {
        "number": attempt.number,
        "title": "%s on %s" % (attempt.case, where),
        "when": "attempt %d, at %s, took %s" % took,
        "outcome": "Failed: " + ": ".join(shown) if attempt.verdict == "failed" else attempt.verdict.capitalize(),
        "facts": [(label, value) for label, value in facts if value],
        "strip": {"bars": strips.strip(attempt, attempt.seconds or 1), "label": strips.label(attempt)},
        "trace": worst.trace(attempt, lines),
    }


def _wait(value):
    return words.NONE if value is None else "%g s" % value


def _timeline(figures, names):
    """The failures of all attempts by time, and the strips of each attempt, or of three for each network."""
    ended = [attempt for attempt in figures.attempts if attempt.verdict in ("passed", "failed")]
    networks = list(dict.fromkeys([*names.planned(), *(attempt.network for attempt in ended)]))
    heat = strips.heat(ended, networks, names)
    many = len(ended) > strips.SINGLE
    case = strips.longest_case(ended)
    shown = [attempt for attempt in ended if attempt.case == case] if many else ended
    whole = strips.limit(shown)
    cut = sum(attempt.seconds > whole for attempt in shown)
    rows = strips.rows(shown, networks, names, whole, many)
    used = {bar["fill"] for row in rows for strip in row.get("strips", ()) for bar in strip["bars"]}
    size = heat["seconds"]
    return {
        **heat,
        "bin": words.duration(size) if size >= 1 else words.seconds(size),
        "end": words.moment(heat["bins"] * size),
        "height": "%g %%" % (100 * heat["share"]),
        "many": many,
        "case": case,
        "cut": words.count(cut, "attempt is", "attempts are") if cut else "",
        "whole": words.seconds(whole),
        "half": words.seconds(whole / 2),
        "legend": [{"label": label, "fill": fill} for label, fill in strips.PHASES.items() if fill in used],
        "strips": rows,
    }
