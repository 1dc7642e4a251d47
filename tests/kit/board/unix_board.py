"""A board made of MicroPython's unix port on a pty: a line that takes its time, a power switch, a cable to pull."""

import contextlib
import os
import pty
import select
import signal
import subprocess
import termios
import threading
import time
import tty

from tools.programs import micropython

# What a board's machine module has and the unix port's has not. It tells the bridge the speed of the UART, and a reset
# ends the process, which the board then starts again.
MACHINE = """
import sys
class WDT:
    def __init__(self, timeout):
        with open("watchdog", "w") as file:
            file.write(str(timeout))
    def feed(self):
        pass
class UART:
    def __init__(self, number, baudrate):
        with open("../speed", "w") as file:
            file.write(str(baudrate))
        raise ValueError("UART(0) is the REPL's")
def reset():
    sys.exit()
"""
_SPEEDS = {getattr(termios, "B%d" % baud): baud for baud in (9600, 115200, 921600)}
_LATENCY = 0.001  # seconds of a USB serial chip
_LOOK = 0.02  # seconds between two looks at the speeds


class UnixBoard:
    """Runs main.py of `folder` and then a REPL, as a board does at power-on; `port` is the PC's end of its line.

    most: octets from the PC after which the cable is pulled, None for never; `heard` counts them. fastest: bit/s that
    the line bears. speed: bit/s of its UART after a reset. loses, flips: octets from the PC after which one is lost,
    or wrong.
    """

    def __init__(self, folder, most=None, fastest=921600, speed=115200, loses=None, flips=None):
        self.root = folder
        self.files = folder / "flash"
        self.port = str(folder / "line")
        self.heard, self._most, self._fastest, self._usual = 0, most, fastest, speed
        self.loses, self.flips = loses, flips
        self.said = bytearray()  # by the board
        self._baud, self._looked = 115200, 0.0
        self._process = None
        self._stop = threading.Event()

    def __enter__(self):
        (self.root / "modules").mkdir(exist_ok=True)
        (self.root / "modules/machine.py").write_text(MACHINE)
        self.files.mkdir(exist_ok=True)
        (self.root / "speed").write_text(str(self._usual))
        self._pc, slave = pty.openpty()
        tty.setraw(slave)
        mode = termios.tcgetattr(slave)
        mode[4] = mode[5] = next(code for code, baud in _SPEEDS.items() if baud == self._usual)
        termios.tcsetattr(slave, termios.TCSANOW, mode)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.port)
        os.symlink(os.ttyname(slave), self.port)
        self._slave = slave
        self._chip, self._chip_slave = pty.openpty()
        tty.setraw(self._chip_slave)
        self._start()
        self._threads = [
            threading.Thread(target=self._carry, args=(self._pc, self._chip, True)),
            threading.Thread(target=self._carry, args=(self._chip, self._pc, False)),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.pull()
        for thread in self._threads:
            thread.join()
        for end in (self._pc, self._slave, self._chip, self._chip_slave):
            with contextlib.suppress(OSError):
                os.close(end)

    def _start(self):
        main = ["main.py"] if (self.files / "main.py").exists() else []
        self._runs = bool(main)
        del self.said[:]
        environment = dict(os.environ, MICROPYPATH=":.frozen:lib:%s" % (self.root / "modules"))
        (self.root / "speed").write_text(str(self._usual))
        self._process = subprocess.Popen(
            [*micropython(), "-X", "heapsize=4m", *(["-i"] if main else []), *main],
            cwd=self.files,
            env=environment,
            stdin=self._chip_slave,
            stdout=self._chip_slave,
            stderr=self._chip_slave,
            start_new_session=True,
        )

    def wait(self):
        """Wait until main.py has ended, where there is one."""
        until = time.monotonic() + 10
        while self._runs and time.monotonic() < until:
            time.sleep(0.01)

    def pull(self):
        """Pull the cable: the power goes, and the PC's line ends."""
        self._stop.set()
        self._process.kill()
        self._process.wait()

    def _carry(self, source, sink, is_pc):
        due = time.monotonic()
        while not self._stop.is_set():
            if not select.select([source], [], [], 0)[0]:  # nothing waits: the line rests
                if not select.select([source], [], [], 0.05)[0]:
                    if self._process.poll() is not None and not self._stop.is_set() and not is_pc:
                        self._start()  # it was reset
                    continue
                due = max(due, time.monotonic())
            try:
                octets = os.read(source, 64)
            except OSError:
                return
            if is_pc and self._most is not None and self.heard + len(octets) > self._most:
                octets = octets[: self._most - self.heard]
            if is_pc and self.loses is not None and self.heard >= self.loses:
                octets, self.loses = octets[1:], None
            if is_pc and self.flips is not None and self.heard >= self.flips:
                octets, self.flips = bytes([octets[0] ^ 1]) + octets[1:], None
            if is_pc and self._runs:  # of a program without a terminal nothing else makes an interrupt of Ctrl-C
                if b"\x03" in octets:
                    self._process.send_signal(signal.SIGINT)
                continue
            baud = self._speed()
            if baud is None:
                octets = bytes(octet ^ 0x5A for octet in octets)
            due += len(octets) * 10 / (baud or 115200)
            time.sleep(max(0.0, due - time.monotonic()) + (_LATENCY if len(octets) < 64 else 0))
            with contextlib.suppress(OSError):
                os.write(sink, octets)
            if is_pc:
                self.heard += len(octets)
                if self.heard == self._most:
                    self._cut()
            else:
                self.said += octets
                self._runs = self._runs and b">>> " not in self.said[-80:]

    def _cut(self):
        """The cable is out: the process dies where it is, and the PC's line with it."""
        self._process.kill()
        self._stop.set()
        with contextlib.suppress(OSError):
            os.close(self._slave)
            os.close(self._pc)

    def _speed(self):
        """The speed of the line, None where its ends differ."""
        if time.monotonic() < self._looked + _LOOK:
            return self._baud
        self._looked = time.monotonic()
        try:
            of_pc = _SPEEDS.get(termios.tcgetattr(self._pc)[5])
            of_board = int((self.root / "speed").read_text() or 115200)
        except (termios.error, OSError):
            of_pc = of_board = 0
        fits = of_pc and of_pc == of_board and of_pc <= self._fastest
        self._baud = of_pc if fits else None
        return self._baud


def start(folder, modules=None):
    """What main.py of a folder prints when the board is switched on, without a line to it."""
    environment = dict(os.environ, MICROPYPATH=":.frozen:lib%s" % (":%s" % modules if modules else ""))
    done = subprocess.run(
        [*micropython(), "-X", "heapsize=4m", "main.py"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout + done.stderr
