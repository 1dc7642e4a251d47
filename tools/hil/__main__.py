"""Walks through everything of the handset that has only met simulators, on a board at its serial line.

Nothing that costs is done without a yes. `make hil PORT=/dev/ttyUSB0` is the same; FULL=1 PORT2=... has two boards send
each other messages. The report in build/hil has no number, SIM, operator or place in it: docs/hardware.md says where to
send it. Exit status: 0 all well, 1 a row failed, 2 wrong arguments, 3 a line that cannot be opened, 130 after Ctrl-C.
"""

import argparse
import asyncio
import contextlib
import datetime
import json
import pathlib
import signal
import sys
import termios

from rich.console import Console
from rich.text import Text

from tools import alone
from tools.campaign.clock import Clock
from tools.hil import costs, flashing, messages, report, steps, traps
from tools.hil.board import Board
from tools.hil.walk import FAILED, PASSED, Walk
from tools.programs import BUILD, called, examples

FOLDER = BUILD / "hil"
PARTS = ("way", "step", "trap", "message", "at")  # those that can be walked alone, behind the start and the modem
_EXAMPLES = (
    "--port /dev/ttyUSB0",
    "--port /dev/ttyUSB0 --only way,trap --json",
    "--port /dev/ttyUSB0 --full --port2 /dev/ttyUSB1",
)
STYLES = {PASSED: "green", FAILED: "bold red"}


def _parts(text):
    """Names of parts, with commas between them; raises ValueError, as argparse wants it."""
    names = tuple(text.split(","))
    if not set(names) <= set(PARTS):
        raise argparse.ArgumentTypeError("parts are %s" % ", ".join(PARTS))
    return names


def arguments(words):
    """The words of the command line."""
    parser = argparse.ArgumentParser(
        prog=called("hil"),
        description=__doc__.split("\n\n")[0],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=examples("hil", *_EXAMPLES),
    )
    parser.add_argument("--port", required=True, help="the board's serial port, or socket://HOST:PORT")
    parser.add_argument("--port2", help="that of a second board, for --full")
    parser.add_argument("--full", action="store_true", help="two boards: messages both ways")
    parser.add_argument("--number", help="the board's own telephone number, where its settings do not tell it")
    parser.add_argument("--number2", help="that of the second board")
    parser.add_argument("--flash", metavar="BOARD", help="put the handset on the board first, as make flash does")
    parser.add_argument("--settings", help="a settings.json for --flash")
    parser.add_argument("--only", type=_parts, default=PARTS, help="some parts again: " + ",".join(PARTS))
    parser.add_argument("--restart", action="store_true", help="start the program anew, and read its boot log")
    parser.add_argument(
        "--yes-to-costs", metavar="AMOUNT", help='may be spent without a question: "1.00 GBP", and some kB of data'
    )
    parser.add_argument("--baud", type=int, default=115200, help="speed of the lines")
    parser.add_argument("--out", type=pathlib.Path, default=FOLDER, help="the folder of the report")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, and words on standard error")
    parser.add_argument("--patience", type=float, default=1.0, help="times the usual seconds that are waited")
    given = parser.parse_args(words)
    if not given.port:
        parser.error("PORT=/dev/ttyUSB0, please: make flash lists the ports")
    if given.flash == "":
        parser.error("BOARD=lilygo_tcall, please: make flash lists the boards")
    if given.settings and not given.flash:
        parser.error("settings go onto a board that is flashed: FLASH=1 BOARD=lilygo_tcall")
    if given.number2 and not given.full:
        parser.error("the second number is that of a second board: FULL=1 PORT2=/dev/ttyUSB1")
    if given.full != bool(given.port2):
        parser.error("--full and --port2 belong together: two boards")
    if given.port == given.port2:
        parser.error("two boards have two ports")
    try:
        given.limit = costs.parse(given.yes_to_costs) if given.yes_to_costs is not None else None
    except costs.CostError as error:
        parser.error("--yes-to-costs %s" % error)
    return given


class Screen:
    """Rows on the terminal as they come; the one that is tried stands at the bottom.

    With `is_json` rows are objects on standard output, and words are on standard error.
    """

    def __init__(self, is_json=False):
        self.console = Console(highlight=False, soft_wrap=True, stderr=is_json)
        self._is_json = is_json
        self._part = None
        self._status = None

    def begin(self, row):
        """Show the row that is tried."""
        if self.console.is_terminal:
            self.clear()
            self._status = self.console.status("%s: %s ..." % (row.part, row.name))
            self._status.start()

    def clear(self):
        """Take the row that is tried from the bottom."""
        if self._status:
            self._status.stop()
            self._status = None

    def show(self, row):
        """Show a row with its verdict."""
        self.clear()
        if self._is_json:
            print(json.dumps(vars(row)), flush=True)
            return
        if row.part != self._part:
            self._part = row.part
            self.console.print(Text(row.part, "bold"))
        self.console.print(Text("  " + report.line(vars(row)), STYLES.get(row.verdict, "yellow")))

    def show_files(self, paths):
        """Show the paths of the report."""
        if self._is_json:
            print(json.dumps({"files": list(map(str, paths))}), flush=True)
        else:
            self.console.print("The report, without number, SIM, operator and place: %s and %s." % tuple(paths))
        self.console.print("Look through it, then send it: docs/hardware.md says how.")

    def question(self, text):
        """A person's answer, "" at the end of the input and for what is no text; raises CancelledError on Ctrl-C.

        asyncio would only note a Ctrl-C, and wait for the line. What was typed before the question is no answer to it.
        """
        self.clear()
        with contextlib.suppress(termios.error):
            termios.tcflush(sys.stdin, termios.TCIFLUSH)
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return self.console.input(Text(text, "bold"))
        except (EOFError, UnicodeDecodeError):
            self.console.print()
            return ""
        except KeyboardInterrupt:
            raise asyncio.CancelledError from None
        finally:
            signal.signal(signal.SIGINT, before)


async def walk_all(given, walk, boards, spending, opened):
    """All rows; `boards` gets those whose line could be opened."""
    if given.flash:
        await walk.row("board", "flash", lambda: flashing.put(given), None)
    for at, port in enumerate((given.port, given.port2) if given.full else (given.port,)):
        board = Board("AB"[at], port, walk.clock, (given.number, given.number2)[at], given.baud)
        boards.append(board)
        part = ("board", "second board")[at]
        await steps.walk_start(walk, board, part, given.restart)
        opened.append(walk.passed(part, "line"))
    if any(opened):
        await walk_parts(given.only, walk, boards, spending)


async def walk_parts(only, walk, boards, spending):
    """The rows behind the start of the first board, of the parts in `only`."""
    family = await steps.walk_modem(walk, boards[0])
    if "way" in only or "step" in only:
        await steps.walk_data(walk, boards[0], spending)
    if "way" in only:
        await steps.walk_way(walk, boards[0])
    if "step" in only:
        await steps.walk_steps(walk, boards[0])
    if "trap" in only:
        await traps.walk_traps(walk, boards[0], family)
    if "message" in only:
        await messages.walk_messages(walk, boards, spending)
    if "at" in only:
        await steps.walk_commands(walk, boards[0], family)


async def run(given, screen, question=None):
    """Walk, and write the report in any case: the exit status. `question` asks at a terminal, None without one."""
    walk = Walk(Clock(), screen.show, screen.begin, given.patience)
    spending = costs.Costs(given.limit, question)
    boards, opened, ended = [], [], ""
    try:
        await walk_all(given, walk, boards, spending, opened)
    except asyncio.CancelledError:
        ended = "Ctrl-C"
    finally:
        screen.clear()
        for board in boards:
            with contextlib.suppress(Exception):
                await board.leave()
        now = datetime.datetime.now(datetime.UTC)
        made = report.build(walk, boards, spending, now.strftime("%Y-%m-%d"), ended)
        tell_end(screen.console, made)
        try:
            paths = report.write(made, given.out, now.strftime("%Y%m%d-%H%M%S"))
        except OSError as error:
            screen.console.print("The report cannot be written (%s): --out names another folder." % error)
            return 1
        screen.show_files(paths)
    if ended:
        return 130
    if not any(opened):
        return 3
    return 1 if walk.failed else 0


def tell_end(console, made):
    """Say how it went."""
    counts = ", ".join("%d %s" % (count, verdict) for verdict, count in made["counts"].items())
    console.print("\n%s%s." % (counts, "; ended by %s" % made["ended"] if made["ended"] else ""))


def main(words=None):
    """Walk; returns the exit status."""
    given = arguments(words)
    alone.keep_private()
    try:
        screen = Screen(given.json)
        return asyncio.run(run(given, screen, screen.question if sys.stdin.isatty() else None))
    except KeyboardInterrupt:  # a second Ctrl-C, or one before the walk began
        return 130


if __name__ == "__main__":
    sys.exit(main())
