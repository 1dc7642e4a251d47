"""The attempts that need a look first, why attempts failed, and the trace of an attempt line by line."""

import collections
import json
import re

from tools.campaign.report import words

MOST = 12  # attempts that are shown with their trace
EACH = 3  # of one network and cause
CAUSES = 15
LINES = 80  # of one trace, at most, beside its end
_FIRST = 8
_CARRIED = 40  # lines of the network that are shown wherever they are, at most
_CHARACTERS = 240  # of one line
_NUMBER = re.compile(r"\d+(\.\d+)?")
_PROGRESS = ("sent", "received", "picture", "shrinking")
_PLAIN = ("what", "at", "attempt", "probe", "event", "do", "ok", "ms", "sent", "text", "line", "verdict")


def choose(attempts, most=MOST):
    """The worst Attempts: failed ones, each network and cause once before any comes twice, EACH times at most.

    The slowest of those that passed, beside the median of their case, follow where fewer than `most` failed.
    """
    groups = collections.defaultdict(list)
    for attempt in attempts:
        if attempt.verdict == "failed":
            groups[attempt.network, attempt.step, attempt.code].append(attempt)
    queues = [sorted(group, key=lambda one: -one.seconds) for group in groups.values()]
    queues.sort(key=lambda queue: (-len(queue), -queue[0].seconds))
    found = []
    for turn in range(EACH):
        found += [queue[turn] for queue in queues if turn < len(queue)]
        if len(found) >= most:
            return found[:most]
    return found + _slow(attempts, min(3, most - len(found)))


def _slow(attempts, most):
    by_case = collections.defaultdict(list)
    for attempt in attempts:
        if attempt.verdict == "passed":
            by_case[attempt.case].append(attempt)
    ranked = []
    for group in by_case.values():
        middle = sorted(one.seconds for one in group)[len(group) // 2] or 1
        ranked += [(one.seconds / middle, one) for one in group if one.seconds > middle]
    return [one for _, one in sorted(ranked, key=lambda row: -row[0])[:most]]


def causes(attempts, names):
    """Rows of step, code and text, with how many attempts failed so, and on which networks; the most frequent first.

    Texts that differ in their numbers are one cause, which the first of them stands for.
    """
    found, texts = collections.defaultdict(collections.Counter), {}
    for attempt in attempts:
        if attempt.verdict == "failed":
            key = attempt.step, attempt.code, _NUMBER.sub("", attempt.text)
            found[key][attempt.network] += 1
            texts.setdefault(key, attempt.text)
    rows = [
        {
            "count": sum(networks.values()),
            "step": words.plain(key[0] or words.NONE),
            "code": words.NONE if key[1] is None else words.plain(key[1]),
            "text": words.plain(texts[key]),
            "networks": words.listed("%s (%d)" % (names.title(code), n) for code, n in networks.most_common()),
        }
        for key, networks in found.items()
    ]
    return sorted(rows, key=lambda row: -row["count"])


def last_told(lines):
    """The text of the last failure that a handset told by itself, or "": a case that waits does not know it."""
    told = [line for line in lines if line.get("event") == "failed"]
    return str(told[-1].get("text") or "") if told else ""


def trace(attempt, lines):
    """The rows of an attempt's trace: `time` since its start, `by`, `kind`, `text`; `gap` where lines are left out.

    Commands, replies, events, notes and what went through the network are shown, and of AT lines the first ones and
    those before the end. Of progress that repeats the last line is shown. Where the attempt failed, its last row and
    those that say so are `wrong`.
    """
    end = attempt.ended
    body = [line for line in lines if line["what"] != "outcome" and (end is None or line["at"] <= end)]
    rows = [row for row in (_row(attempt, line) for line in _thin(body)) if row]
    rows = _gaps(rows, [at for at, row in enumerate(rows) if row["kind"] == "at"][_FIRST:], LINES // 2)
    carried = [at for at, row in enumerate(rows) if row["kind"] == "net"][:_CARRIED]
    rows = _gaps(rows, [at for at in range(_FIRST, len(rows) - (LINES - _FIRST)) if at not in carried], 0)
    outcome = [_end(attempt, line) for line in lines if line["what"] == "outcome"]
    after = len(lines) - len(body) - len(outcome)
    return [*rows, *outcome, *([_gap(after, "after the end")] if after else [])]


def _gaps(rows, left, last):
    """The rows without those at the places `left`, but for the `last` ones; a gap stands for each stretch."""
    left = {at for at in left if at < len(rows) - last}
    found, missing = [], 0
    for at, row in enumerate(rows):
        if at in left:
            missing += row.get("lines", 1)
            continue
        if missing:
            found.append(_gap(missing, "left out"))
        found.append(row)
        missing = 0
    return [*found, _gap(missing, "left out")] if missing else found


def _gap(lines, where):
    return {"gap": "%s %s: the journal has them" % (words.count(lines, "line"), where), "lines": lines, "kind": "gap"}


def _end(attempt, line):
    told = [line.get(name) for name in ("verdict", "step", "code", "text", "advice")]
    text = ", ".join(str(part) for part in told if part not in (None, ""))
    return {
        "time": _time(attempt, attempt.ended),
        "by": "",
        "kind": "end",
        "text": text,
        "wrong": attempt.verdict == "failed",
    }


def _time(attempt, at):
    return "%+.3f" % (at - attempt.at)


def _thin(lines):
    """Lines without progress that the probe's next event overtakes, when that is of the same kind."""
    kept, last = [], {}  # the place of each probe's last event
    for line in lines:
        if line["what"] == "event" and line.get("event") != "at":
            before = last.get(line.get("probe"))
            if before is not None and line["event"] in _PROGRESS and kept[before]["event"] == line["event"]:
                kept[before] = None
            last[line.get("probe")] = len(kept)
        kept.append(line)
    return [line for line in kept if line]


def _row(attempt, line):
    what = line["what"]
    probe = line.get("probe") or ""
    by = "MO" if probe == attempt.mo else "MT" if probe and probe == attempt.mt else probe
    row = {"time": _time(attempt, line["at"]), "by": by, "wrong": False}
    if what == "trace":
        arrow = "→" if line.get("sent") else "←"
        kind = "at" if line.get("line", "modem") == "modem" else "net"
        return {**row, "kind": kind, "text": "%s %s" % (arrow, line.get("text", ""))}
    if what == "event" and line.get("event") == "at":
        return {**row, "kind": "at", "text": "%s %s" % ("→" if line.get("sent") else "←", line.get("line", ""))}
    if what == "event":
        wrong = line.get("event") == "failed"
        return {**row, "kind": "event", "text": _fields(line.get("event"), line), "wrong": wrong}
    if what in ("ask", "reply"):
        wrong = what == "reply" and not line.get("ok")
        return {**row, "kind": what, "text": _fields(line.get("do"), line), "wrong": wrong}
    if what == "note":
        return {**row, "kind": "note", "text": _fields("", line)}
    return None


def _fields(name, line):
    """A name with the fields of a line behind it: `confirmed  id=1c0ffee5`."""
    skip = _PLAIN if line["what"] != "note" else ("what", "at", "attempt")
    parts = ["%s=%s" % (key, _value(value)) for key, value in line.items() if key not in skip and value is not None]
    shown = line.get("text") if line["what"] in ("event", "ask") else None
    parts += ["text=%s" % _value(shown)] if shown else []
    text = "  ".join(part for part in (name, " ".join(parts)) if part)
    return text if len(text) <= _CHARACTERS else text[:_CHARACTERS] + "…"


def _value(value):
    return value if isinstance(value, str) and " " not in value else json.dumps(value, ensure_ascii=False)
