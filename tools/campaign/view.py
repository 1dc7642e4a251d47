"""The live view of a campaign: a line for each outcome, and on a terminal a table of the probes below them.

For programs each outcome is an object in JSON instead.
"""

import json
import time

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from tools.journey.screen import plain

_MARKS = {"passed": "[green]passed[/]", "failed": "[red]failed[/]", "not possible": "[yellow]not possible[/]"}
_QUIET = ("received", "picture", "shrinking", "sent", "undervoltage")  # progress, which would hide the step


def _seconds(attempt, outcome):
    """How long an attempt took, without the guard time and what puts probes back."""
    return round((outcome.get("over") or outcome["at"]) - attempt["at"], 4)


class Terminal(Console):
    """A console for words; raises BrokenPipeError, as print does, where its reader has gone."""

    def on_broken_pipe(self):
        """Raise the error that rich has caught."""
        raise BrokenPipeError


class View:
    """Shows the entries of a journal as they are written; `total` attempts in all, of which `done` have an outcome."""

    def __init__(self, total, done=0, console=None):
        self.console = console or Terminal(highlight=False)
        self.counts = dict.fromkeys(_MARKS, 0)
        self.shown = False  # whether there was an outcome
        self._total, self._done = total, done
        self._attempts = {}  # number: its entry, until its outcome
        self._probes = {}  # name: [state, attempt or None, step]
        self._told = set()
        self._live = None
        self._began = time.monotonic()
        if self.console.is_terminal:
            self._live = Live(console=self.console, get_renderable=self._draw, refresh_per_second=4, transient=True)
            self._live.start()

    def close(self):
        """Take the table away."""
        if self._live:
            self._live.stop()
            self._live = None

    def hear(self, entry):
        """Show an entry of the journal."""
        told = getattr(self, "_" + entry["what"], None)
        if told:
            told(entry)

    def say(self, at, text):
        """One line, of the moment `at`."""
        self.console.print("%9.1f s  %s" % (at, text), soft_wrap=True)

    def _probe(self, entry):
        row = self._probes.setdefault(entry["probe"], ["", None, ""])
        row[0] = entry["state"]
        if entry["state"] != "ended":
            text = ": " + plain(entry["text"]) if entry["text"] else ""
            self.say(entry["at"], "%s is %s%s" % (plain(entry["probe"]), entry["state"], text))

    def _attempt(self, entry):
        self._attempts[entry["attempt"]] = entry
        for name in (entry["mo"], entry["mt"]):
            if name:
                self._probes.setdefault(name, ["", None, ""])[1:] = [entry["attempt"], ""]

    def _outcome(self, entry):
        attempt = self._attempts.pop(entry["attempt"], None)
        if attempt is None:
            return
        self._done += 1
        self.shown = True
        self.counts[entry["verdict"]] = self.counts.get(entry["verdict"], 0) + 1
        for row in self._probes.values():
            if row[1] == entry["attempt"]:
                row[1:] = [None, ""]
        self._tell(attempt, entry)

    def _tell(self, attempt, entry):
        if entry["step"] == "budget":
            if "budget" in self._told:
                return  # one line tells all
            self._told.add("budget")
        self.say(entry["at"], self._told_outcome(attempt, entry))

    def _told_outcome(self, attempt, entry):
        text = "%d of %d  %s" % (self._done, self._total, self._told_attempt(attempt))
        text += ": %s" % _MARKS.get(entry["verdict"], entry["verdict"])
        if entry["verdict"] == "passed":
            return "%s in %.1f s" % (text, _seconds(attempt, entry))
        where = " at %s" % plain(entry["step"]) if entry["step"] and entry["verdict"] == "failed" else ""
        code = " (%s)" % plain(entry["code"]) if entry["code"] is not None else ""
        why = "; ".join(plain(words) for words in (entry["text"], entry["advice"]) if words)
        return "%s%s%s%s" % (text, where, code, ": " + why if why else "")

    def _told_attempt(self, attempt):
        ends = " to ".join(plain(name) for name in (attempt["mo"], attempt["mt"]) if name)
        return "%s on %s%s" % (attempt["case"], attempt["network"], ", " + ends if ends else "")

    def _note(self, entry):
        if entry["attempt"] is None and entry.get("text"):  # those of attempts are for the report
            self.say(entry["at"], "[yellow]%s[/]" % plain(entry["text"]))

    def _ask(self, entry):
        self._step(entry, entry["do"])

    def _event(self, entry):
        if entry["event"] not in _QUIET:
            self._step(entry, entry["event"])

    def _step(self, entry, step):
        if entry["attempt"] is not None and entry["probe"] in self._probes:
            self._probes[entry["probe"]][2] = step

    def _draw(self):
        table = Table(box=None, pad_edge=False)
        for heading in ("probe", "state", "attempt", "step"):
            table.add_column(heading)
        for name, (state, number, step) in sorted(self._probes.items()):
            attempt = self._attempts.get(number)
            table.add_row(plain(name), state, self._told_attempt(attempt) if attempt else "", plain(step))
        counted = ", ".join("%d %s" % (count, mark) for mark, count in self.counts.items() if count)
        minutes = (time.monotonic() - self._began) / 60
        foot = "%d of %d attempts%s, %.0f min" % (self._done, self._total, counted and ": " + counted, minutes)
        bar = Table.grid(padding=(0, 2))
        bar.add_row(ProgressBar(max(self._total, 1), self._done, width=40), foot)
        return Group(table, bar)


class Rows(View):
    """Prints each outcome as an object, with the names of attempts.csv; what else there is to say is for `console`."""

    def _tell(self, attempt, entry):
        row = {key: attempt[key] for key in ("key", "case", "network", "mt_network", "mo", "mt")}
        row |= {key: entry[key] for key in ("verdict", "step", "code", "text", "advice")}
        print(json.dumps({**row, "seconds": _seconds(attempt, entry)}), flush=True)
