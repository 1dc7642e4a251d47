"""Opens a handset: a modem at a serial line, with the handset in this program, or a board that runs its own."""

import asyncio
import contextlib
import json
import os
import pathlib
import stat
import time

import serial
from serial.tools import list_ports

from drivers.serial.pyserial import Serial

from .inside import run
from .phone import Failed, Phone, Silent

BAUD = 115200  # bit/s of a board's console, and at first of a modem
_ASKED = 2  # times; the first line may only end what was typed there, or tell a modem its speed
_ANSWER_SECONDS = 0.6
_START = {"step": "port", "code": None}
MODEM, BOARD, PROMPT, UNKNOWN, SILENT = "a modem", "a board's handset", "MicroPython's prompt", "something", "nothing"
_PROMPT_ADVICE = "the handset does not run there: press reset, or Ctrl-D at the prompt"


class PortError(Failed):
    """The serial line is not there, is taken, or has nothing of use behind it."""

    def __init__(self, text, advice=""):
        super().__init__(text=text, advice=advice, **_START)


def home():
    """The folder of settings, store and album where no file of settings is named."""
    base = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return pathlib.Path(base, "micropython-mms")


def settings_file():
    """The file of settings in `home()`, made where it is missing: with a store and an album beside it."""
    path = home() / "settings.json"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folders = {name: str(path.parent / name) for name in ("store", "album")}
        with open_private(path) as file:
            file.write(json.dumps(folders, indent=2) + "\n")
    return path


def open_private(path):
    """A new file that only its owner can read, as settings have passwords."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8")


def ports():
    """The serial ports that are plugged into this PC, by their paths."""
    return sorted(port.device for port in list_ports.comports() if port.vid is not None)


def find():
    """The only serial port that is plugged in; raises PortError, which names those there are."""
    found = ports()
    if len(found) == 1:
        return found[0]
    if found:
        raise PortError("several serial ports are plugged in: %s" % ", ".join(found), "say which with --port PATH")
    raise PortError("no serial port is plugged in", "plug in a modem or a board, or name its line with --port PATH")


def ask(path):
    """The kind of thing that answers at a serial line: MODEM, BOARD, PROMPT, UNKNOWN or SILENT; raises PortError.

    The question is "AT": a modem answers OK, the console of a handset that there is no such command, MicroPython's
    prompt with a NameError. None of them does anything else.
    """
    check(path)
    try:
        with contextlib.closing(serial.Serial(path, BAUD, timeout=0.05, exclusive=True)) as line:
            said = b""
            for _ in range(_ASKED):
                line.write(b"\rAT\r")
                until = time.monotonic() + _ANSWER_SECONDS
                while time.monotonic() < until:
                    said += line.read(max(1, line.in_waiting))
                    if kind(said) not in (UNKNOWN, SILENT):
                        return kind(said)
            return kind(said)
    except (OSError, ValueError):
        raise PortError("%s cannot be opened: another program has it, or it is no serial line" % path) from None


def kind(said):
    """The kind of thing whose answer to "AT" has these octets."""
    for octets, name in ((b"no command at", BOARD), (b'{"reply"', BOARD), (b"NameError", PROMPT)):
        if octets in said:
            return name
    words = said.replace(b"\0", b"").split()
    return MODEM if b"OK" in words else UNKNOWN if set(words) - {b"AT"} else SILENT


def check(path):
    """Raise PortError where a path has no serial line, or not for this user."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        found = ports()
        raise PortError("%s: no such port" % path, "there are %s" % ", ".join(found) if found else "none is plugged in")
    if not stat.S_ISCHR(mode):
        raise PortError("%s is no serial line" % path)
    if not os.access(path, os.R_OK | os.W_OK):
        raise PortError("%s may not be opened" % path, "on Linux be in its group (dialout), and log in again")


@contextlib.asynccontextmanager
async def open(port=None, *, board=None, settings=None, camera=None, told=None):
    """`async with open("/dev/ttyUSB0") as phone`: a Phone whose SIM may not be known yet.

    port: the line of a modem, for which the handset runs in this program; board: that of a board which runs its own
    handset; with neither the only port that is plugged in is asked. A board at `port` is one nevertheless: `told(text)`
    is called with what was found. settings: a JSON file (docs/settings.md), else that in `home()`; camera: its line.
    Raises PortError, and the errors of mms.errors that end a handset.
    """
    if board is None:
        path = port or find()
        found = await asyncio.to_thread(ask, path)
        if found == PROMPT:
            raise PortError("%s: MicroPython's prompt answers" % path, _PROMPT_ADVICE)
        if told and (found == BOARD or not port):
            told("%s: %s answers" % (path, found))
        board, port = (path, None) if found == BOARD else (None, path)
    opened = _board(board) if board else run(settings or settings_file(), port, camera)
    async with opened as phone:
        yield phone


@contextlib.asynccontextmanager
async def _board(path):
    """A Phone for the handset on the board at a serial line; its console speaks words again at the end."""
    check(path)
    try:
        phone = Phone(Serial(path, BAUD))
    except OSError:
        raise PortError("%s cannot be opened: another program has it, or it is no serial line" % path) from None
    phone.board = path
    try:
        try:
            await phone.start()
        except Silent:
            advice = "see that the handset runs there (make repl), or name a modem's line with --port"
            raise PortError("%s: no handset's console answers at %d bit/s" % (path, BAUD), advice) from None
        yield phone
        await phone.tell("mode", mode="text")
    finally:
        await phone.stop()
