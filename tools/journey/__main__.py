"""The main job with one command: a picture crosses the network.

Starts the lab network and two handsets, presses alice's shutter, and shows how the message reaches
bob. Exit status 0: every part arrived as it was sent. 1: a step failed, and which. 2: wrong
arguments. 130: stopped with Ctrl-C.
"""

import argparse
import asyncio
import logging
import pathlib
import shutil
import sys
import time

from tools import alone, programs
from tools.journey import report as reports
from tools.journey.breaks import BREAKS, Break
from tools.journey.going import go
from tools.journey.phone import Failed, Phone
from tools.journey.screen import Screen, drawing_console, plain
from tools.journey.trace import Trace
from tools.lab import options
from tools.lab import world as worlds
from tools.lab.lab import Lab
from tools.lab.network import radio as radios
from tools.lab.network.gateway.wap.deviations import CHANCES
from tools.programs import BUILD, ROOT

TEXT = "Hello from alice: look what I have seen. Grüße!"
SUBJECT = "A picture"
SOUND = "assets/sounds/hello.amr"
ASTRAY = "Timers by which lost datagrams go again are not those of the world: at SPEED=1 alone these times are true."
START_SECONDS = 60  # of the world, until both handsets are ready
JOURNEY_SECONDS = 120  # of the world, beyond what physics needs
_CONNECTS = (
    b"+CIPSTART=",
    b"+CIPOPEN=",
    b"+QIOPEN=",
    b"+USOCO=",
    b"+USOCR=17",
)  # of the families: they open a connection
ASTRAY_SECONDS = 120  # for what goes again where datagrams go astray, at any speed
REAL_SECONDS = 20  # for programs to start and to compile, at any speed


class _Tap:
    """Passes the octets of the modems' lines on to the trace, and notes when handsets ask to connect."""

    def __init__(self, trace, times):
        self._trace, self._times = trace, times

    def at(self, board, sent, line):
        if sent and [command for command in _CONNECTS if command in line]:
            self._times.note(board, "asked", time.monotonic())
        self._trace.at(board, sent, line)

    def __getattr__(self, name):
        return getattr(self._trace, name)


class Journey:
    """One message from alice's shutter to alice's delivery report."""

    def __init__(
        self,
        out,
        radio,
        speed,
        screen,
        commands=None,
        broken=None,
        deviations=(),
        switches=(),
        modems=("sim800",),
        proxy="http",
    ):
        self.out = out
        self._broken = broken is not None
        self._break = BREAKS[broken] if broken else Break("nothing")
        self._radio, self._speed, self._screen = radio, speed, screen
        self._proxy = proxy
        self._astray = proxy == "wsp" and bool([name for name, _ in deviations if name in CHANCES])
        self._commands = commands or {}
        self._times = reports.Times()
        self._world = worlds.load()
        self._trace = Trace(out / "trace.pcapng")
        tap = _Tap(self._trace, self._times)
        self._network = Lab(self._world, out / "lab", radio, speed, tap, None, deviations, switches, modems, proxy)
        self._phones = {}
        self.report = {"ok": False, "modems": list(modems), "radio": radio, "speed": speed, "times_ms": {}}
        self.report["repetitions_in_real_time"] = self._astray and speed != 1

    async def run(self):
        """Run the whole journey; `report` has the results as far as it came. Raises Failed."""
        try:
            await self._network.start()
            self._break.network(self._network)
            await self._start_phones()
            await self._go()
        finally:
            await asyncio.gather(*(phone.stop() for phone in self._phones.values()))
            await self._network.stop()
            self._trace.close()
            self.report["times_ms"] = self._times.milliseconds()

    async def _start_phones(self):
        interpreters = self.report["interpreter"] = {}
        for name in ("alice", "bob"):
            command = self._commands.get(name) or programs.interpreter()
            settings = self._network.settings(name, self.out)
            if name == "alice":
                settings["press"] = self._press()
                self._break.settings(settings)
            modem, camera = self._network.lines(name)
            hasty = name == "alice" and self._broken
            self._phones[name] = Phone(name, settings, self.out, modem, camera, command, self._heard, hasty)
            await self._phones[name].start()
        for name, phone in self._phones.items():
            await phone.seen("ready", self._seconds(START_SECONDS))
            interpreters[name] = (await phone.ask("status", self._seconds(START_SECONDS)))["interpreter"]
            self._screen.say("runs on %s" % plain(interpreters[name]), name)

    def _press(self):
        bob = self._world.subscriber("bob").number
        return {"to": [bob], "subject": SUBJECT, "text": TEXT, "sound": str(ROOT / SOUND)}

    def _bounds(self, picture, octets):
        modems = self.report["modems"]
        families = modems[0], modems[1 % len(modems)]
        connected = self._times.asked("alice")
        radio, proxy = self._radio, self._proxy
        return reports.bounds(radio, self._speed, self._world, picture, octets, families, connected, proxy)

    async def _go(self):
        alice, bob = self._phones["alice"], self._phones["bob"]
        seconds = self._seconds(JOURNEY_SECONDS)
        if not self._broken:
            await alice.seen("context_up", seconds)  # a picture that waited for it would tell of the start
        self._screen.say("[bold]presses the shutter[/]", "alice")
        self._times.note("alice", "press", time.monotonic())
        id = (await alice.ask("press", seconds))["id"]
        accepted = await alice.seen("accepted", seconds, id=id)
        frame = self._network.cameras["alice"].frames[-1]
        bounds = self._bounds(frame.octets, accepted["octets"])
        self.report.update(
            transaction_id=accepted["tid"],
            octets=accepted["octets"],
            bounds_ms=bounds,
            upload_bound_ms=bounds["upload"],
        )
        seconds += bounds["shutter_to_received"] / 1000 + self._astray * ASTRAY_SECONDS
        confirmed = await alice.seen("confirmed", seconds, id=id)
        self.report["message_id"] = confirmed["message_id"]
        retrieved = await bob.seen("retrieved", seconds)
        await bob.seen("acknowledged", seconds)
        files = (await bob.ask("export", seconds, id=retrieved["id"]))["files"]
        rows = self.report["parts"] = reports.compare(self._sent(frame, accepted["tid"]), files)
        if not reports.whole(rows):
            raise Failed("bob", "compare", "what arrived is not what was sent")
        delivered = await alice.seen("delivered", seconds, id=id)
        self.report["delivery_status"] = delivered["status"]
        self.report["ok"] = True

    def _sent(self, frame, tid):
        layout = "application/smil"  # the handset makes this part itself: it is taken from the PDU that the MMSC got
        return [
            reports.Part(layout, *self._network.submitted(tid, layout)),
            reports.Part("image/jpeg", frame.octets, frame.sha256),
            reports.Part.of("audio/amr", (ROOT / SOUND).read_bytes()),
            reports.Part.of("text/plain", TEXT.encode()),
        ]

    def _heard(self, name, event):
        self._times.note(name, event["event"], event["at"])
        self._screen.event(name, event)

    def _seconds(self, seconds):
        return seconds / self._speed + REAL_SECONDS


def show(screen, report):
    """The tables at the end."""

    def cell(value):
        return "-" if value is None else plain(value)

    if report.get("parts"):
        screen.table(
            "What was sent and received",
            ("part", "type", "octets", "SHA-256 sent", "received", ""),
            [
                (
                    cell(row["name"]),
                    plain(row["type"]),
                    format(row["octets"], ","),
                    cell(row["sha256_sent"])[:12],
                    cell(row["sha256_received"])[:12],
                    "same" if row["sha256_sent"] == row["sha256_received"] else "[red]DIFFERENT[/]",
                )
                for row in report["parts"]
            ],
            left=2,
        )
    bounds = report.get("bounds_ms", {})
    rows = []
    for step, taken in report["times_ms"].items():
        limit = bounds.get(step)
        rows.append(
            (
                step.replace("_", " "),
                "%.2f s" % (taken / 1000),
                "%.2f s" % (limit / 1000) if limit else "",
                "%.2f" % (taken / limit) if limit else "",
            )
        )
    if rows:
        screen.table("Time of each step", ("step", "taken", "model", "of the model"), rows)
    if rows and report["repetitions_in_real_time"]:
        screen.console.print(ASTRAY, soft_wrap=True)
    for row in report.get("parts", ()):
        if row["type"] == "image/jpeg" and row["path"]:
            path = pathlib.Path(row["path"])
            if path.is_relative_to(pathlib.Path.cwd()):
                path = path.relative_to(pathlib.Path.cwd())
            screen.console.print("The received picture: %s" % path, soft_wrap=True)


def arguments(words=None):
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.journey", description=__doc__)
    options.add_clock(parser)
    parser.add_argument("--radio", default="gprs-10-cs2", help="a row of the radio")
    parser.add_argument("--out", default=BUILD / "run", help="folder for everything written")
    parser.add_argument("--svg", metavar="FILE", help="a picture of what was shown")
    parser.add_argument("--break", dest="broken", choices=sorted(BREAKS), help="one of %(choices)s, on purpose")
    options.add_proxy(parser)
    options.add_deviation(parser)
    options.add_modem(parser)
    options.add_switch(parser)
    for name in ("alice", "bob"):
        parser.add_argument("--%s" % name, choices=("micropython", "cpython"), help="%s's interpreter" % name)
    given = parser.parse_args(words)
    options.check_switches(parser, given.switch, given.modem)
    if given.radio not in radios.rows():
        parser.error("--radio: one of %s" % ", ".join(radios.rows()))
    options.check_radio(parser, given)
    if given.svg and not pathlib.Path(given.svg).parent.is_dir():
        parser.error("--svg: no folder %s" % pathlib.Path(given.svg).parent)
    return given


def clear(out):
    """Delete the files that an earlier run left in the folder `out`, but nothing else."""
    for name in ("alice", "bob", "lab"):
        shutil.rmtree(out / name, ignore_errors=True)
    for name in ("report.json", "trace.pcapng", "lab.log", "alice.log", "bob.log"):
        (out / name).unlink(missing_ok=True)


def main():
    """Run one journey, write its report, show both."""
    given = arguments()
    out = pathlib.Path(given.out).resolve()
    alone.keep_private()
    try:
        alone.hold(out)
        clear(out)
    except alone.Taken:
        sys.exit("a run writes into %s already: wait until it ends, or say --out for another folder" % out)
    except OSError as error:
        sys.exit("%s: %s" % (given.out, error.strerror))
    logging.basicConfig(filename=out / "lab.log")
    commands = {}
    for name in ("alice", "bob"):
        if getattr(given, name) == "cpython":
            commands[name] = [sys.executable, "main.py"]
    screen = Screen(console=drawing_console() if given.svg else None)
    screen.console.print(
        "[bold]A picture crosses the network[/]: %s on %s, %g times as fast as the world"
        % (" to ".join(given.modem), given.radio, given.speed),
        soft_wrap=True,
    )
    if given.broken:
        screen.console.print("With %s, on purpose." % BREAKS[given.broken].what)
    if not programs.micropython():
        screen.console.print("PyPI has no MicroPython for this machine: handsets run on CPython.")
    more = (given.broken, given.deviation, given.switch, given.modem, given.proxy)
    journey = Journey(out, given.radio, given.speed, screen, commands, *more)
    status, why = go(journey)
    screen.close()
    journey.report["why"] = why
    reports.write(out / "report.json", journey.report)
    show(screen, journey.report)
    if why:
        screen.console.print("[red]%s[/]" % plain(why), soft_wrap=True)
        for accepted in sorted(out.glob("alice/store/*.o")):
            screen.console.print("Message %s is in alice's outbox." % accepted.stem)
    if given.svg:
        screen.picture(given.svg)
    return status


if __name__ == "__main__":
    sys.exit(main())
