"""Shows a journey for `make run`: each step as it happens, a bar for each transfer, tables at the end.

On a terminal the bars stay at the bottom; elsewhere there is a plain line for each quarter of a transfer.
"""

import re
import time

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from tools.journey.phone import reason

# event: the line that is shown for it
STEPS = {
    "ready": "ready",
    "registered": "registered with {mccmnc} ({status})",
    "attached": "attached to GPRS",
    "context_up": "the context is up: {address}",
    "context_lost": "[yellow]the context is lost[/]",
    "connected": "connected to {host}:{port}",
    "captured": "picture taken: {width} x {height}, {octets:,} octets",
    "accepted": "message {id} accepted: {parts} parts, {octets:,} octets, safe from now on",
    "confirmed": "the message centre has it as {message_id}",
    "notified": "notified of a message of {octets:,} octets",
    "retrieved": "retrieved: {parts} parts, {octets:,} octets, safe from now on",
    "acknowledged": "acknowledged",
    "delivered": "delivery report of {recipient}: {status}",
    "in_doubt": "[yellow]in doubt: the message centre may have it[/]",
    "modem_found": "the modem is {model}, of the family {family}",
    "modem_reset": "[yellow]the modem has restarted[/]",
    "line_lost": "[yellow]the serial line of the modem was pulled out[/]",
    "line_back": "the serial line of the modem is back",
    "undervoltage": "[yellow]undervoltage: {text}[/]",
    "failed": "[red]failed at {step}: {text}[/]",
}
# events that tell a state: a line is shown only when the state has changed
STATES = ("registered", "attached", "context_up")
# event: the transfer that its bar shows
BARS = {"picture": "camera", "sent": "upload", "received": "download", "shrinking": "shrink"}


def plain(text):
    """A text from a handset or a network as it may be shown: no markup, no control characters."""
    return escape("".join(c if c.isprintable() else "?" for c in str(text)))


def drawing_console():
    """A console whose text can be drawn afterwards."""
    return Console(highlight=False, record=True, width=100, force_terminal=False)


class _Fields(dict):
    def __init__(self, event):
        super().__init__((k, plain(v) if isinstance(v, str) else v) for k, v in event.items())

    def __missing__(self, key):
        return _Missing()


class _Missing:
    def __format__(self, how):
        return "?"


class _Transfer:
    """A transfer of octets: when it began, how fast it is, how long it will take."""

    def __init__(self, bar):
        self.bar, self.start, self.quarter = bar, None, 0

    def text(self, octets, of, now):
        """Octets, rate and time left, in words."""
        if self.start is None:
            self.start = now
        seconds = now - self.start
        rate = octets / seconds if seconds else 0
        told = "%s of %s octets" % (format(octets, ","), format(of, ","))
        if octets >= of:
            return "%s in %.1f s, %s octets/s" % (told, seconds, format(round(rate), ","))
        if not rate:
            return told
        return "%s, %s octets/s, %.1f s left" % (told, format(round(rate), ","), (of - octets) / rate)


class Screen:
    """Shows a journey; `speed` times as fast as the world."""

    def __init__(self, speed=1.0, console=None):
        self.console = console or Console(highlight=False)
        self._speed = speed
        self._start = time.monotonic()
        self._moving = {}
        self._told = {}
        self._bars = None
        if self.console.is_terminal:
            self._bars = Progress(
                TextColumn("  {task.description:16}"),
                BarColumn(),
                TextColumn("{task.fields[text]}"),
                console=self.console,
            )
            self._bars.start()

    def say(self, text, who="", at=None):
        """One line; `at` is a time of time.monotonic."""
        seconds = (at or time.monotonic()) - self._start
        self.console.print("%6.1f s  %-6s %s" % (seconds, who, text), soft_wrap=True)

    def event(self, name, event):
        """Show an event of the handset `name`."""
        kind = event["event"]
        if kind in BARS:
            self._move(name, BARS[kind], event)
        elif kind in STEPS:
            told = dict(event, text=reason(event)) if kind == "failed" else event
            text = STEPS[kind].format_map(_Fields(told))
            if kind not in STATES or self._told.get((name, kind)) != text:
                self.say(text, name, event["at"])
            self._told[name, kind] = text

    def table(self, title, headings, rows, left=1):
        """A table; all cells are texts with markup, those of the first `left` columns to the left."""
        table = Table(title=title, title_justify="left", title_style="bold")
        for index, heading in enumerate(headings):
            table.add_column(heading, justify="left" if index < left else "right")
        for row in rows:
            table.add_row(*row)
        self.console.print(table)

    def picture(self, path):
        """Write what a `drawing_console` has shown as an SVG that needs no fonts from elsewhere."""
        drawing = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
        drawing = drawing.replace("<svg ", '<svg xml:space="preserve" ', 1)  # some leave spaces out before a text
        self.console.save_svg(str(path), title="make run", code_format=drawing)

    def close(self):
        """Take the bars away."""
        if self._bars:
            self._bars.stop()
            self._bars = None

    def _move(self, name, what, event):
        octets, of = event.get("octets", 0), event.get("of", 0)
        if (name, what) not in self._moving:
            bar = self._bars and self._bars.add_task("%s %s" % (name, what), total=of, text="")
            self._moving[name, what] = _Transfer(bar)
        transfer = self._moving[name, what]
        text = transfer.text(octets, of, event["at"])
        if self._bars:
            self._bars.update(transfer.bar, completed=octets, total=of, text=text)
            return
        quarter = 4 * octets // of if of else 0
        if quarter > transfer.quarter:
            transfer.quarter = quarter
            self.say("%s: %s" % (what, text), name, event["at"])
