"""The line to a board that runs MicroPython: its REPL, by mpremote's SerialTransport."""

import ast
import contextlib
import os
import pathlib
import struct
import tempfile
import time

from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport
from serial.tools import list_ports

USUAL = 115200  # bit/s of a REPL after a reset
FAST = 921600
_WAIT_SECONDS = 8  # for an answer: a flash may erase many blocks before it writes one
_ENTER_SECONDS = 6
_MOST_BLOCKS = 120  # of the largest file, and a head without a path
_BROKEN = (TransportError, OSError, struct.error, TypeError)  # TypeError: pyserial on a line that was closed
_ESPRESSIF_USB, _PICO_USB = 0x303A, 0x2E8A  # vendors whose boards are USB devices themselves: no speed to set


class FlashError(Exception):
    """The board cannot be flashed: one line that says why and what to do."""


class Board:
    """A board at the prompt of its raw REPL: `platform`, `version`, `mpy` (the format of .mpy files that it runs)."""

    def __init__(self, port, baud=USUAL):
        self.port = port or ""
        self.baud = baud
        self._stack = contextlib.ExitStack()
        self._transport = self._open()
        try:
            self._enter()
            with broken(port):
                told = self.ask("import sys; i = sys.implementation; print((sys.platform, i.version[:3], i._mpy))")
            self.platform, self.version, mpy = ast.literal_eval(told)
            self.mpy = mpy & 0xFF
            if self.platform not in ("linux", "darwin", "webassembly"):  # the unix port has no soft reset: it ends
                with broken(port):
                    self._transport.enter_raw_repl(soft_reset=True)  # an empty heap; main.py does not run
        except FlashError:
            self.close()
            raise
        except (SyntaxError, ValueError, TransportExecError):
            self.close()
            raise FlashError(
                "%s: its MicroPython is too old, or none: put a newer one on with FIRMWARE=file" % port
            ) from None

    def _open(self):
        device = os.path.realpath(self.port)
        if device.startswith("/dev/pts/"):  # mpremote asks a terminal of that name without a rest between
            folder = self._stack.enter_context(tempfile.TemporaryDirectory())
            device = os.path.join(folder, "line")
            os.symlink(os.path.realpath(self.port), device)
        else:
            device = self.port
        try:
            return SerialTransport(device, baudrate=self.baud, timeout=_WAIT_SECONDS)
        except (TransportError, OSError, ValueError):
            self._stack.close()
            raise FlashError(_cannot_open(self.port)) from None

    def _enter(self):
        """Interrupt the program as often as it takes: one that is interrupted may begin anew at once."""
        until = time.monotonic() + _ENTER_SECONDS
        heard, interrupts = False, 2
        while time.monotonic() < until:
            try:
                self._transport.serial.write(b"\r" + b"\x03" * interrupts)
                time.sleep(0.05)
                heard = heard or self._transport.serial.in_waiting > 0
                with contextlib.redirect_stdout(None):
                    self._transport.enter_raw_repl(soft_reset=False, timeout_overall=1)
                return
            except TransportError:
                interrupts = 500  # some of them come before main.py can catch them
            except OSError:
                raise FlashError("%s was pulled out, or another program has it" % self.port) from None
        raise FlashError(
            "%s: %s. Is it the right port? Press the board's reset, or put MicroPython on with FIRMWARE=file"
            % (self.port, "answers, but not as MicroPython" if heard else "no answer at %d bit/s" % self.baud)
        )

    def ask(self, source):
        """The text that Python code prints on the board; raises TransportExecError with the board's traceback."""
        return self._transport.exec(source).decode("utf-8", "replace").strip()

    def load(self, path):
        """Run the source at `path` on the board, so that its functions are there."""
        self.ask(_bare(pathlib.Path(path).read_text("utf-8")))

    def begin(self, source):
        """Run code on the board that is going to read from the line."""
        self._transport.exec_raw_no_follow(source)

    def end(self):
        """Wait until code that `begin` started has ended; raises TransportExecError."""
        _, error = self._transport.follow(_WAIT_SECONDS)
        if error:
            raise TransportExecError(1, error.decode("utf-8", "replace"))

    def write(self, octets):
        """Send octets to code that `begin` started."""
        self._transport.serial.write(octets)

    def read(self, octets):
        """So many octets of the board, or fewer after eight seconds."""
        return self._transport.serial.read(octets)

    @property
    def has_speed(self):
        """Whether the line has a speed that can be raised: an ESP32's UART behind a chip that is its USB device."""
        if self.platform != "esp32":
            return False
        vendors = {port.device: port.vid for port in list_ports.comports()}
        return vendors.get(self.port) not in (_ESPRESSIF_USB, _PICO_USB)

    def set_speed(self, baud):
        """Whether the line has that speed from here on; else it has the one that it had."""
        line, before = self._transport.serial, self.baud
        self.begin("change_speed(%d, %d)" % (baud, before))
        time.sleep(0.1)
        with contextlib.suppress(OSError, ValueError):
            line.baudrate = baud
            line.reset_input_buffer()
            line.write(b"!")
            line.timeout = 1
            fast = line.read(2) == b"\x04\x04"
            line.timeout = _WAIT_SECONDS
            if fast:
                self.baud = baud
                return True
        line.timeout = _WAIT_SECONDS
        line.baudrate = before
        time.sleep(2.2)
        self._enter()
        return False

    def fail(self):
        """Raise the TransportExecError whose traceback is on its way."""
        text = self._transport.read_until(1, b"\x04", timeout=_WAIT_SECONDS)
        raise TransportExecError(1, text[:-1].decode("utf-8", "replace"))

    def recover(self, block, usual):
        """Lead out code on the board that still waits for octets which were lost, and go on at the usual speed."""
        line = self._transport.serial
        line.timeout = 0.5
        for _ in range(_MOST_BLOCKS):
            line.write(bytes(block))
            if line.read(1) == b"\x04":
                break
        line.timeout = _WAIT_SECONDS
        self._enter()
        if self.baud != usual:
            self.set_speed(usual)

    def listen(self, seconds):
        """The lines that the board sends within so many seconds."""
        return lines(self._transport.serial, seconds)

    def restart(self):
        """Reset the board, whose REPL then has its usual speed."""
        with contextlib.suppress(*_BROKEN):
            self.begin("restart()")
            self._transport.serial.baudrate = self.baud = USUAL

    def close(self):
        """Let the port go; the board stays as it is."""
        with contextlib.suppress(*_BROKEN):
            self._transport.close()
        self._stack.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()


def lines(port, seconds=None):
    """The lines that come from an open serial.Serial; a port that goes is opened again.

    seconds: how long, None for ever. A board that is its own USB device goes with each reset.
    """
    until, row = None if seconds is None else time.monotonic() + seconds, b""
    port.timeout = 0.1
    while until is None or time.monotonic() < until:
        try:
            row += port.read(max(1, port.in_waiting))
        except OSError:
            time.sleep(0.1)
            with contextlib.suppress(OSError):
                port.close()
                port.open()
            continue
        while b"\n" in row:
            one, _, row = row.partition(b"\n")
            yield one.decode("utf-8", "replace").strip("\0\4\r ")  # the raw REPL ends its answer by \4


def open_port(name, baud=USUAL):
    """An open serial.Serial, for a program that is not to be interrupted; raises FlashError."""
    import serial

    try:
        return serial.Serial(name, baud, timeout=1, exclusive=True)
    except (OSError, ValueError):
        raise FlashError(_cannot_open(name)) from None


@contextlib.contextmanager
def broken(port, note=""):
    """Turns errors of the line into a FlashError with `note` behind it; an error of code on the board passes."""
    try:
        yield
    except TransportExecError:
        raise
    except _BROKEN:
        raise FlashError("%s: the line to the board broke%s" % (port, note)) from None


def is_there(port):
    """Whether a serial port of that name is plugged in; Windows has no files for them."""
    return os.path.exists(port) or port in [one.device for one in list_ports.comports()]


def _cannot_open(port):
    if not port:
        return "PORT is missing: `make flash` alone lists the ports"
    if not is_there(port):
        return "%s: no such port; `make flash` lists those there are" % port
    if os.path.exists(port) and not os.access(port, os.R_OK | os.W_OK):
        return "%s may not be opened: on Linux be in its group (dialout), and log in again" % port
    return "%s cannot be opened: another program has it, or it is no serial port" % port


def _bare(source):
    """Python source without docstrings, comments and annotations, which a board would only have to hear."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef)) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    return ast.unparse(tree)
