"""Every attempt in time: the share that failed by network and time, and attempts as strips of their phases.

A campaign of at most SINGLE attempts shows a strip for each. A larger one shows three for each network, of the case
that takes longest: real attempts and no averages, the middle one, the one at the 95th percentile, and the longest.
"""

import math

from tools.campaign.report import words

SINGLE = 400
BINS = 60
_SHARES = (0.05, 0.1, 0.2, 0.5, 1)  # that the height of a row may stand for
_SCALE = 1000  # of a strip's width
_END = 6  # of it, which says that an attempt failed there
# label: the variable of the style with its colour
PHASES = {
    "registration": "--step-0",
    "attach": "--step-1",
    "context": "--step-2",
    "SMS": "--step-3",
    "MMS send: until connected": "--step-4",
    "MMS send: upload": "--step-5",
    "MMS send: until confirmed": "--step-6",
    "notification": "--step-7",
    "MMS retrieval: until connected": "--step-8",
    "MMS retrieval: download": "--step-9",
    "MMS retrieval: until acknowledged": "--step-10",
    "delivery report": "--step-11",
    "failed here": "--bad",
    "other": "--line",
}
_WHOLE = {
    "network-registration": "registration",
    "attach": "attach",
    "context-activation": "context",
    "sms": "SMS",
    "mms-notification": "notification",
    "delivery-report": "delivery report",
}
# procedure: (phase, role, the stamp that ends it)
_PARTS = {
    "mms-send": (
        ("MMS send: until connected", "mo", "connected"),
        ("MMS send: upload", "mo", "sent"),
        ("MMS send: until confirmed", None, None),
    ),
    "mms-retrieval": (
        ("MMS retrieval: until connected", "mt", "connected"),
        ("MMS retrieval: download", "mt", "retrieved"),
        ("MMS retrieval: until acknowledged", None, None),
    ),
}


def phases(attempt):
    """(phase, start, stop) of an attempt in seconds, one after the other; the one that never ended is "failed here"."""
    found, reached = [], attempt.at
    for step in sorted(attempt.steps, key=lambda step: (step.procedure == "delivery-report", step.start)):
        for name, stop in _parts(attempt, step):
            start = max(step.start, reached)
            if start > reached:
                found.append(("other", reached, start))
            if stop > start:
                found.append((name, start, stop))
                reached = stop
            reached = max(reached, start)
    if attempt.ended > reached:
        lost = attempt.verdict == "failed" and not any(name == "failed here" for name, _, _ in found)
        found.append(("failed here" if lost else "other", reached, attempt.ended))
    return found


def _parts(attempt, step):
    """(phase, its end) of a procedure; one that overlaps others as a whole has none."""
    if step.procedure in _WHOLE:
        failed = step.stop is None
        return [("failed here" if failed else _WHOLE[step.procedure], attempt.ended if failed else step.stop)]
    last = attempt.ended if step.stop is None else step.stop
    found, reached = [], step.start
    for name, role, stamp in _PARTS.get(step.procedure, ()):
        ends = [s.at for s in attempt.stamps if (s.role, s.name) == (role, stamp) and reached <= s.at <= last]
        if stamp is None:
            found.append((name if step.stop is not None else "failed here", last))
        elif ends:
            reached = max(ends)
            found.append((name, reached))
    return found


def limit(attempts):
    """The seconds that a strip's whole width stands for: a round number that nearly all attempts fit into."""
    lengths = sorted(one.seconds for one in attempts)
    if not lengths:
        return 1
    usual = max(lengths[math.ceil(0.95 * len(lengths)) - 1] * 1.1, 1e-3)
    size = 10 ** math.floor(math.log10(usual))
    return next(size * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if size * step >= usual)


def strip(attempt, whole):
    """The bars of one attempt, where `whole` seconds are the width; a longer one is cut there."""
    bars = []
    for name, start, stop in phases(attempt):
        x, end = (min(_SCALE, _SCALE * (at - attempt.at) / whole) for at in (start, stop))
        if end - x >= 0.5:
            bars.append(_bar(x, end - x, name, "%s %s" % (name, words.seconds(stop - start))))
    if attempt.verdict == "failed":
        end = min(_SCALE - _END, _SCALE * attempt.seconds / whole)
        bars.append(_bar(end, _END, "failed here", "failed: %s" % attempt.step))
    return bars


def _bar(x, width, name, title):
    return {"x": "%.4g" % x, "width": "%.4g" % width, "fill": PHASES[name], "title": title}


def label(attempt):
    """The words for an attempt's strip."""
    return "%s, %s, %s" % (attempt.case, attempt.verdict, words.seconds(attempt.seconds))


def longest_case(attempts):
    """The case whose attempts take longest, by their median."""
    by_case = {}
    for one in attempts:
        by_case.setdefault(one.case, []).append(one.seconds)
    return max(by_case, key=lambda case: sorted(by_case[case])[len(by_case[case]) // 2], default=None)


def rows(attempts, networks, names, whole, many):
    """Blocks of strips by network: one strip for each attempt, or three of `many`."""
    groups = {}
    for attempt in attempts:
        groups.setdefault(attempt.network, []).append(attempt)
    found, drawn = [], _three if many else _each
    for network in [code for code in networks if code in groups]:
        group = groups[network]
        told = "%s, %s failed" % (words.count(len(group), "attempt"), format(_failed(group), ","))
        found.append({"head": names.whole(network), "told": told})
        found += drawn(group, whole)
    return found


def _each(group, whole):
    """A block for each case: its attempts below each other, in the order in which they began."""
    cases = {}
    for attempt in group:
        cases.setdefault(attempt.case, []).append(attempt)
    for case, found in cases.items():
        title = "%s × %d" % (case, len(found))
        failed = _failed(found)
        yield {"title": title, "strips": _lines(found, whole), "seconds": "%d failed" % failed if failed else ""}


def _three(group, whole):
    ranked = sorted(group, key=lambda one: one.seconds)
    places = (("middle", (len(ranked) - 1) // 2), ("95th of 100", math.ceil(0.95 * len(ranked)) - 1), ("longest", -1))
    for name, at in places:
        one = ranked[at]
        seconds = words.seconds(one.seconds) + (" »" if one.seconds > whole else "")
        yield {"title": "%s: no. %d" % (name, one.number), "strips": _lines([one], whole), "seconds": seconds}


def _lines(attempts, whole):
    return [{"bars": strip(one, whole), "label": "attempt %d: %s" % (one.number, label(one))} for one in attempts]


def _failed(group):
    return sum(one.verdict == "failed" for one in group)


def heat(attempts, networks, names):
    """{rows, bins, seconds, share}: for each network how many attempts of each stretch of time failed.

    A stretch is `seconds` long, and the height of a row stands for `share` of its attempts.
    """
    last = max((one.ended for one in attempts), default=0) or 1
    bins = max(1, min(BINS, len(attempts) // max(1, len(networks))))
    counted = {network: {} for network in networks}
    for one in attempts:
        cell = counted[one.network].setdefault(min(bins - 1, int(one.at * bins / last)), [0, 0])
        cell[one.verdict == "failed"] += 1
    shares = [bad / (good + bad) for cells in counted.values() for good, bad in cells.values()]
    share = min(step for step in _SHARES if step >= max(shares, default=0))
    found = []
    for network, cells in counted.items():
        good, bad = (sum(cell[at] for cell in cells.values()) for at in (0, 1))
        count = "%s of %s failed" % (format(bad, ","), format(good + bad, ","))
        shown = [{"x": x, "failed": "%.3g" % (10 * b / (g + b) / share)} for x, (g, b) in sorted(cells.items())]
        label = "%s: %s" % (names.whole(network), count)
        found.append({"title": names.whole(network), "bins": shown, "count": count, "label": label})
    return {"rows": found, "bins": bins, "seconds": last / bins, "share": share}
