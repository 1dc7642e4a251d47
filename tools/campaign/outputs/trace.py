"""trace.pcapng of a campaign: AT lines, lines of consoles, HTTP, MMS and pushes, as Wireshark decodes them.

The comment of each packet has probe, case, network and number of the attempt, and what a line of a console is; lines
are masked, as the journal is. Of HTTP and MMS there is what the journal keeps: heads and headers, without bodies, and
Content-Length says so.
"""

import base64
import binascii
import datetime
import json

from tools.journey.trace import Trace

_CONSOLE = ("ask", "reply", "event")
_OURS = ("what", "at", "attempt", "probe")  # keys of a journal's line that the console has not


def write(lines, path, numbers=None):
    """Write the lines of a journal into the file `path`: of all attempts, or of those with `numbers`."""
    trace = Trace(path)
    began, comments = 0, {}
    try:
        for line in lines:
            what, number = line.get("what"), line.get("attempt")
            if what == "campaign":
                began = _nanoseconds(line.get("date"))
            elif what == "attempt":
                comments[number] = "%s on %s, attempt %d" % (line.get("case"), line.get("network"), number)
            elif line.get("probe") and (numbers is None or number in numbers):
                _add(trace, line, "%s, %s" % (line["probe"], comments.get(number, "between attempts")), began)
            if what == "outcome":
                comments.pop(number, None)
    finally:
        trace.close()


def _add(trace, line, comment, began):
    when = began + round(line["at"] * 1e9)
    if line["what"] == "trace" and line.get("line", "modem") == "network":
        _carry(trace, line, comment, when)
    elif line["what"] == "trace":
        trace.at(comment, line.get("sent"), line.get("text", "").encode("utf-8", "replace"), when)
    elif line["what"] in _CONSOLE:
        said = {key: value for key, value in line.items() if key not in _OURS}
        if line["what"] == "reply":
            said = {"reply": said.pop("do"), **said}
        summary = "%s %s, " % (line["what"], line.get("event") or line.get("do"))
        trace.console(
            summary + comment,
            line["what"] == "ask",
            json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"),
            when,
        )


def _carry(trace, line, comment, when):
    """Write what a line has kept of a message; octets that are not Base64 are left out."""
    try:
        for tpdu in line.get("tpdus", ()):
            trace.sms(comment, not line.get("sent"), base64.b64decode(tpdu), when)
        if "kept" in line:
            place = line.get("host", ""), line.get("port", 80)
            trace.message(comment, line.get("exchange"), place, line.get("sent"), base64.b64decode(line["kept"]), when)
    except (binascii.Error, TypeError):
        return


def _nanoseconds(date):
    """Nanoseconds since 1970 of a date in ISO 8601, or 0 where there is none."""
    try:
        return round(datetime.datetime.fromisoformat(date).timestamp()) * 10**9
    except (TypeError, ValueError):
        return 0
