"""A person's terminal on a PC: a text stays below all that is written, and CPython's lines have a history."""

import sys

from drivers.serial.stdio import Polled, Stdio, show

_CLEAR = "\r\x1b[J"  # from the beginning of this row to the end of the screen (ECMA-48, 8.3.39)


class Terminal(Stdio):
    """A Stream over a terminal. `bottom(text)` keeps a text below what is written; what is typed stands behind it."""

    def __init__(self):
        self._text = None  # what stands at the bottom
        self._drawn = False  # whether it does at the moment
        self._lines = None if sys.implementation.name == "micropython" else _Lines(self)
        self._input = self._lines.input() if self._lines else Polled()
        self.raw = False

    def bottom(self, text):
        """Keep `text` at the bottom, None for none."""
        self._clear()
        self._text = text
        self._draw()

    @property
    def prompt(self):
        """What a line begins with."""
        return self._text or ""

    async def readinto(self, buf):
        if self._lines:
            self._lines.more()
        count = await self._input.readinto(buf)
        if count and buf[count - 1] == 10:  # the cursor is on a new row
            self._drawn = False
            if not self._lines:
                self._draw()
        return count

    async def write(self, buf):
        """Write all of `buf` above the bottom."""
        self._clear()
        show(bytes(buf).decode())
        if buf[len(buf) - 1] == 10:
            self._draw()

    def prompted(self):
        """Who reads lines has drawn the bottom."""
        self._drawn = True

    def _clear(self):
        if self._drawn:
            rows = self._lines.rows() if self._lines else 0
            show(("\x1b[%dA" % rows if rows else "") + _CLEAR)
            self._drawn = False

    def _draw(self):
        if self._text is not None and (self._lines is None or self._lines.reading):
            show(self._text + (self._lines.typed() if self._lines else ""))
            self._drawn = True


class _Lines:
    """Lines by input(), which has a history where Python has readline; each is read when the one before was taken."""

    def __init__(self, terminal):
        import atexit
        import threading

        self.reading = False
        self._terminal = terminal
        self._wanted = threading.Event()
        try:
            import readline
            import termios
        except ImportError:  # Windows
            self._readline = None
            return
        self._readline = readline
        if hasattr(readline, "set_pre_input_hook"):
            readline.set_pre_input_hook(self._begun)
        atexit.register(termios.tcsetattr, 0, termios.TCSADRAIN, termios.tcgetattr(0))  # input() has changed it
        atexit.register(terminal.bottom, None)

    def input(self):
        """What `readinto` of the terminal reads from."""
        from drivers.serial.threaded import Threaded

        return Threaded(self.read)

    def more(self):
        """The next line is wanted."""
        self._wanted.set()

    def read(self, arrived):
        """In a thread: give each line to `arrived`, and b"" at the end."""
        line = ""
        while line is not None:
            self._wanted.wait()
            self._wanted.clear()
            if not hasattr(self._readline, "set_pre_input_hook"):
                self._begun()
            try:
                line = input(self._terminal.prompt)
            except EOFError:
                line = None
            self.reading = False
            arrived(b"" if line is None else (line + "\n").encode("utf-8", "replace"))

    def _begun(self):
        self.reading = True
        self._terminal.prompted()

    def typed(self):
        """What has been typed of the line so far."""
        return self._readline.get_line_buffer() if self._readline and self.reading else ""

    def rows(self):
        """How many rows of the terminal lie above the one that the line ends in."""
        import shutil

        return (len(self._terminal.prompt) + len(self.typed())) // shutil.get_terminal_size().columns
