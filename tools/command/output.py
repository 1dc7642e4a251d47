"""Output of the command `mms`: rows for people or JSON lines on standard output, all else on standard error."""

import contextlib
import json
import sys
import time

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from mms.handset.console import plain

_PROGRESS = {"picture": "picture", "sent": "sending", "received": "receiving", "shrinking": "shrinking"}


class Output:
    """Writes rows and errors, as JSON where `as_json`; its bars are shown on a terminal only."""

    def __init__(self, as_json, quiet=False):
        self.json = as_json
        self._quiet = quiet or as_json
        self._errors = Console(stderr=True, highlight=False, soft_wrap=True)

    def row(self, fields, text=None):
        """One object of JSON, or its `text` for people, in which nothing of a stranger moves the cursor."""
        if self.json:
            print(json.dumps(fields), flush=True)
        elif text is not None:
            for line in text.split("\n"):
                print(plain.clean(line), flush=True)

    def note(self, text):
        """A remark for people, on standard error."""
        if not self._quiet:
            print(plain.clean(text), file=sys.stderr, flush=True)

    def error(self, text, advice="", **fields):
        """One line on standard error, and with JSON an object on standard output."""
        if self.json:
            print(json.dumps({"error": text, "advice": advice or "", **fields}), flush=True)
        told = "mms: %s" % text + ("; %s" % advice if advice else "")
        print(plain.clean(" ".join(told.split())), file=sys.stderr, flush=True)

    @contextlib.contextmanager
    def bars(self, phone):
        """While a message moves, a bar for each thing that does, below whatever is written."""
        if self._quiet or not self._errors.is_terminal:
            yield
            return
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._errors, transient=True) as progress:
            tasks = {}

            def show(event):
                name = _PROGRESS.get(event["event"])
                if name:
                    if name not in tasks:
                        tasks[name] = progress.add_task(name, total=event.get("of"))
                    progress.update(tasks[name], completed=event["octets"], total=event.get("of"))

            end = phone.listen(show)
            try:
                yield
            finally:
                end()


def date(seconds):
    """A date as people read it, in local time; "" for none."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds)) if seconds else ""


def size(octets):
    """Octets as people read them."""
    return plain.size(octets) if octets is not None else ""
