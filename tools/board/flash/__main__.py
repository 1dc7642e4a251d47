"""Puts the handset on a board, after MicroPython where a file of it is named; without a board lists what is there.

Not tried on hardware. `make flash BOARD=lilygo_tcall PORT=/dev/ttyUSB0 FIRMWARE=file` is the same.
"""

import argparse
import sys
import time

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from mms.errors import SettingsError
from tools.board import boards
from tools.board.flash import features, firmware, migration, sets
from tools.board.flash.line import FAST, USUAL, Board, FlashError, is_there
from tools.board.flash.program import Program

FIRST_LINE_SECONDS = 20
PORT_SECONDS = 15
COLUMNS = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())


def arguments(words=None):
    """The words of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.flash", description=__doc__)
    parser.add_argument("board", nargs="?", help="a file in drivers/board: " + ", ".join(sets.boards()))
    parser.add_argument("--port", help="its serial port, such as /dev/ttyUSB0 or COM3")
    parser.add_argument("--firmware", help="put this MicroPython on first: a .bin file, or a .uf2 file for an RP2040")
    parser.add_argument("--baud", type=int, default=FAST, help="the fastest speed to try, %d for none" % USUAL)
    for option, name, text in (("--with", "more", ", ".join(features.NAMES)), ("--without", "fewer", "the same")):
        names: dict = {"type": lambda text: text.split(","), "default": (), "metavar": "NAME,NAME"}
        parser.add_argument(option, dest=name, help="features: " + text, **names)
    parser.add_argument("--settings", help="a settings.json for the board, in place of the one that it has")
    return parser.parse_args(words)


def put(given, console):
    """Put the handset on the board; raises FlashError."""
    board = sets.find(given.board)
    for fault in boards.faults(given.board):
        raise FlashError("drivers/board/%s.py: %s" % (given.board, fault))
    sets.Plan(given.board, {}, given.more, given.fewer).files()  # compiled before: a board's watchdog waits for nothing
    if given.firmware:
        put_firmware(board, given, console)
    with Board(given.port) as line:
        if line.platform != board.PLATFORM:
            raise FlashError(
                "%s: %s is a board for %s, and this one says %s: see BOARD and PORT"
                % (given.port, given.board, board.PLATFORM, line.platform)
            )
        if line.mpy != sets.MPY:
            raise FlashError(
                "%s: MicroPython %s runs .mpy files of format %d, and these are of format %d: put a newer "
                "one on with FIRMWARE=file" % (given.port, ".".join(map(str, line.version)), line.mpy, sets.MPY)
            )
        if line.version[:2] < sets.OLDEST:
            version, oldest = (".".join(map(str, one)) for one in (line.version, sets.OLDEST))
            raise FlashError(
                "%s: MicroPython %s is too old, %s is wanted: put it on with FIRMWARE=file"
                % (given.port, version, oldest)
            )
        program = Program(line)
        settings, text, notes = migration.settings(given.board, given.settings, program.read("settings.json"))
        plan = sets.Plan(given.board, settings, given.more, given.fewer)
        for note in [*notes, *left_out(plan, settings)]:
            console.print(note)
        files = dict(plan.files(), **{"settings.json": text})
        if program.is_frozen:
            console.print("The handset is frozen in this firmware, and stays: operators and settings are what is sent.")
            files = dict(sets.tables(sets.TABLES), **{"settings.json": text})
        show_update(program, files, given, console)
        console.print("The board starts ...")
        line.restart()
        nothing = "nothing within %d s; `make repl` shows more" % FIRST_LINE_SECONDS
        console.print("It says: %s" % (first_line(line) or nothing))


def left_out(plan, settings):
    """Lines for a person: the features that the set is without, and what each would cost."""
    absent = [feature for feature in features.FEATURES if feature.name not in plan.names]
    rows = ["%s, %.1f kB (%s)" % (one.name, plan.cost(one.name) / 1000, one.lost) for one in absent]
    if rows:
        yield "Left out, WITH=name,name brings it: " + "; ".join(rows) + "."
    if settings.get("page") and "page" not in plan.names:
        yield "The settings have a page, and this board too little memory for it unless the firmware has it frozen."


def put_firmware(board, given, console):
    """Put MicroPython on, beside a bar, and wait until the board's port is there again."""
    with Progress(*COLUMNS, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("MicroPython", total=None)

        def advance(octets, of):
            progress.update(task, completed=octets, total=of)

        firmware.put(board, given.firmware, given.port, console, advance)
    console.print("MicroPython is on the board, from %s." % given.firmware)
    until = time.monotonic() + PORT_SECONDS
    while not is_there(given.port) and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(1)  # its first start makes the file system


def show_update(program, files, given, console):
    """Send what differs, beside a bar with the time left."""
    send = program.difference(files)[0]
    with Progress(*COLUMNS, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(
            "%d of %d files" % (len(send), len(files)),
            total=sum(len(program.wire(content)[0]) for content in send.values()) or 1,
        )
        octets, removed = program.update(files, lambda count: progress.advance(task, count), given.baud)
    if octets or removed:
        console.print("%d files, %d octets, are new; %d old ones went." % (len(send), octets, len(removed)))
    else:
        console.print("Nothing has changed: all %d files are there." % len(files))


def first_line(line):
    """The first line of the handset after a reset; the boot loader's and MicroPython's own are left out."""
    noise = ("ets ", "rst:", "configsip", "clk_drv", "mode:", "load:", "entry ", "ESP-ROM", "Build:", "SPIWP", "boot:",
             "ho ", "MicroPython ", "Type ", "raw REPL", "MPY:", ">", "OK", "I (", "Saved PC")  # fmt: skip
    for row in line.listen(FIRST_LINE_SECONDS):
        if row and row.isprintable() and not row.startswith(noise):
            return row
    return None


def main(words=None):
    """Flash, or list; returns the exit status."""
    given = arguments(words)
    console = Console(highlight=False, soft_wrap=True)
    try:
        if not given.board:
            from tools.board.flash import ports

            ports.show(console)
        else:
            put(given, console)
    except (FlashError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Ended: the program on the board is as it was", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
