"""The AT commands that the driver of a modem may send, from its own tables, and how each was answered in the walk.

A command that the walk itself needs is judged by the trace of the dialogue. Any other is tried in a form that neither
costs nor changes anything: a question as it is, else the test command (3GPP TS 27.007, clause 4.2: AT+X=?).
"""

import dataclasses
import importlib
import re

from drivers.modem import lines
from drivers.modem.finding import MODELS

SHARED = ("family", "startup", "subscriber", "network", "selection", "power", "flow", "finding", "probing")
SOUND = ("crec", "crecord")  # of families that record
# The driver goes on where one of these is refused, besides those that a family calls OPTIONAL.
BORNE = ("memory", "iccid", "number", "why", "acknowledge", "administrative", "registration", "packet", "eps", "size",
         "binary", "user first", "password first", "manual", "manual access", "attach", "rate", "proof",
         "close", "cells", "levels", "neighbours", "watch cells", "ignore cells")  # fmt: skip
_READS = ("AT+CRSM=", "AT+UPSND=", "AT+CGPADDR=", "AT+QENG=", "AT+CGED=")  # with values, and they change nothing
_ENDS = ("off", "restart")  # never tried by hand: the modem would be gone
_REFUSALS = ("ERROR", "+CME ERROR:", "+CMS ERROR:")


@dataclasses.dataclass
class Command:
    """A row of a table (drivers/modem/dialogue.py), and its answers: `well` and `ill` are (seconds, final line)."""

    name: str
    room: str
    line: str
    reply: str
    finals: tuple
    optional: bool
    well: list = dataclasses.field(default_factory=list)
    ill: list = dataclasses.field(default_factory=list)

    @property
    def pattern(self):
        """A regular expression for the line with any values."""
        return re.compile(".+?".join(re.escape(piece) for piece in re.split(r"{\w+}", self.line)) + "$")

    @property
    def form(self):
        """The line to try by hand, or None where every form of it would do something."""
        if self.name.split(" ")[-1] in _ENDS:
            return None
        reads = self.reply != "-" and ("=" not in self.line or self.line.startswith(_READS))
        if "{" not in self.line and (reads or self.line.endswith("?") or self.line in ("AT", "ATE0")):
            return self.line
        head = re.match(r"AT\+[A-Z]+", self.line)
        return head[0] + "=?" if head else None


def family_of(said):
    """(family, model) of the lines that a modem says of itself; ("", "") for a model that no family knows."""
    for line in said:
        for word in re.split(r"[\s:_]+", line):
            for end in (3, 5, 7):
                family = lines.find((MODELS,), word[:end])
                if family:
                    return family, word
    return "", ""


def of_family(family):
    """The Commands of a family: its own, and those of the rooms that it shares; by name the first one counts."""
    kind = importlib.import_module("drivers.modem." + family).open
    rooms = [family, *SHARED, *([kind.CELLS] if kind.CELLS else []), *(SOUND if hasattr(kind, "record") else ())]
    families = {word for _, word in (row.split("|") for row in MODELS.strip().split("\n"))}
    found = {}
    for room in rooms:
        table = getattr(importlib.import_module("drivers.modem." + room), "COMMANDS", "")
        for row in table.strip().split("\n"):
            name, _, line, _, _, reply, final = row.split("|")
            first, _, rest = name.partition(" ")
            if first in families and (first != family or rest.startswith("sleep")):
                continue  # of another family; sleep is only switched on by settings
            optional = name in BORNE or name in kind.OPTIONAL
            found.setdefault(name, Command(name, room, line, reply, tuple(final.split("&")), optional))
    return list({command.line: command for command in found.values()}.values())


def judge(commands, trace):
    """Give each command the answers that it had in a `trace`: (moment, whether it was sent, line) of each AT line."""
    asked, since, hold = [], 0.0, None
    for at, sent, text in trace:
        if sent:
            asked, since, hold = [one for one in commands if one.pattern.match(text)], at, text
        elif hold:
            ends = [_judge(one, text, round(at - since, 3)) for one in asked]
            if any(ends) or text == "OK" or text.startswith(_REFUSALS):
                hold = None


def _judge(command, text, seconds):
    """Whether a line ends the answer to a command, which then has it."""
    if text.startswith(_REFUSALS):
        command.ill.append((seconds, text))
        return True
    line = lines.without_connection(text)
    if "*" in command.finals or any(lines.is_final(final, line) for final in command.finals):
        command.well.append((seconds, text))
        return True
    return False


def code_of(result):
    """The number of a +CME or +CMS ERROR, or None."""
    found = re.match(r"\+CM[ES] ERROR: (\d+)", result)
    return int(found[1]) if found else None


def millivolts(told):
    """The mV in the lines of an answer to AT+CBC, "+CBC: 0,85,4012" or "+CBC: 3.987V"; None without."""
    found = re.search(r"(\d)\.(\d{3})V\s*$|[,\s](\d{4})\s*$", " ".join(told))
    return int((found[1] or "") + (found[2] or "") + (found[3] or "")) if found else None
