"""The report of a walk, as text and as JSON: nothing in it tells the subscriber, the SIM, the operator or a place."""

import json
import re

import mms
from tools.hil.walk import FAILED, NOT_POSSIBLE, PASSED

MARKS = {PASSED: "passed", FAILED: "FAILED", NOT_POSSIBLE: "not possible"}
_SECRET = ("number", "home", "operator", "apn", "mmsc", "proxy", "name", "user", "headers", "profile_url", "hosts",
           "wifi", "to", "allowed", "forbidden")  # fmt: skip
_SHORTEST = 3  # characters of a text that is masked: shorter ones are parts of words


class Mask:
    """Takes out of texts what the handset has told of its subscriber and operator, and every long number."""

    def __init__(self, boards):
        found = set()
        for board in boards:
            _collect(board.told, "", found)
            found.add(str(board.facts["number"] or ""))
        words = sorted((word for word in found if len(word) >= _SHORTEST), key=len, reverse=True)
        self._words = re.compile(r"(?<!\w)(%s)(?!\w)" % ("|".join(map(re.escape, words)) or "(?!)"), re.IGNORECASE)

    def __call__(self, text):
        text = self._words.sub("(masked)", text)
        text = re.sub(r"\b[\w-]+(\.[\w-]+)+\.[a-z]{2,}\b", "(host)", text)
        text = re.sub(r"\b\d{1,3}(\.\d{1,3}){3}\b", "(address)", text)
        text = re.sub(r"\b[0-9A-F]{16,}\b", "(octets)", text)
        return re.sub(r"\+?\d{7,}", "(number)", text)


def _collect(value, key, found):
    """Add the texts of a reply that tell subscriber or operator, and the parts of their URLs."""
    if isinstance(value, dict):
        for name, one in value.items():
            if key == "operators" or name == "mccmnc":
                found.add(str(name if key == "operators" else one))
            _collect(one, name, found)
    elif isinstance(value, list):
        for one in value:
            _collect(one, key, found)
    elif isinstance(value, str) and key in _SECRET:
        found.add(value)
        found.update(re.findall(r"//([^/:]+)", value))


def facts(board, mask):
    """The facts on a board that a report has: version, interpreter, machine and modem."""
    return {
        "name": board.name,
        "version": board.told.get("version") or "not told",
        "interpreter": board.told.get("interpreter") or "not told",
        "machine": board.told.get("machine") or "not told",
        "board": board.told.get("board") or "not told",
        "modem": board.model or "not told",
        "firmware": mask(board.firmware) or "not told",
    }


def build(walk, boards, costs, date, ended):
    """The report as a dict; `ended` says in words what ended the walk before its end, or is ""."""
    mask = Mask(boards)
    rows = []
    for row in walk.rows:
        told = {key: value for key, value in vars(row).items() if value not in (None, "")}
        rows.append({**told, "text": mask(row.text), **({"advice": mask(row.advice)} if row.advice else {})})
    counts = {verdict: sum(row.verdict == verdict for row in walk.rows) for verdict in MARKS}
    return {
        "hil": 1,
        "date": date,
        "program": mms.__version__,
        "boards": [facts(board, mask) for board in boards],
        "counts": counts,
        "ended": ended,
        "costs": [{"thing": thing, "cost": cost, "yes": yes} for thing, cost, yes in costs.told],
        "rows": rows,
    }


def text(report):
    """The report for people, in lines of at most some 100 characters."""
    lines = ["Hardware in the loop, %s, program %s" % (report["date"], report["program"])]
    for board in report["boards"]:
        lines.append("%(name)s: %(board)s, %(machine)s, %(interpreter)s, program %(version)s" % board)
        lines.append("   modem %(modem)s, firmware %(firmware)s" % board)
    lines.append(", ".join("%d %s" % (count, verdict) for verdict, count in report["counts"].items()))
    if report["ended"]:
        lines.append("It was ended before its end: %s" % report["ended"])
    part = None
    for row in report["rows"]:
        if row["part"] != part:
            part = row["part"]
            lines += ["", part]
        lines.append("  " + line(row))
    return "\n".join(lines) + "\n"


def line(row):
    """A row of the report in one line."""
    said = "%-12s  %s" % (MARKS[row["verdict"]], row["name"])
    said += ": %s" % row["text"] if row["text"] else ""
    said += " (%s)" % row["code"] if row.get("code") is not None else ""
    said += " [%d ms]" % row["took_ms"] if row.get("took_ms") is not None else ""
    return said + ("; %s" % row["advice"] if row.get("advice") else "")


def write(report, folder, stamp):
    """Write both files, which only their owner can read: their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / ("report-%s.%s" % (stamp, ending)) for ending in ("txt", "json")]
    paths[0].write_text(text(report), "utf-8")
    paths[1].write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    return paths
