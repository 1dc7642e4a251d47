"""A person's terminal on a PC: a prompt stays below all that is written, and CPython's lines have a history."""

import sys

from drivers.serial.standard import Input, show
from mms.limits import const

_CLEAR = const("\r\x1b[J")  # from the beginning of this row to the end of the screen (ECMA-48, 8.3.39)


class Terminal:
    """A Stream over a terminal. `bottom(text)` keeps a text on the last row; a person types behind it."""

    raw = False  # the terminal echoes the keys

    def __init__(self):
        self._text = None  # of the last row
        self._drawn = False  # True while it can be seen
        self._lines = None if sys.implementation.name == "micropython" else _Lines(self)
        self._input = self._lines.input() if self._lines else Input()

    def bottom(self, text):
        """Keep `text` on the last row, None for none."""
        self._clear()
        self._text = text
        self._draw()

    @property
    def prompt(self):
        """The text that a line is typed behind."""
        return self._text or ""

    async def readinto(self, buf):
        """Fill `buf` as far as there are octets: how many, 0 at the end."""
        if self._lines:
            self._lines.more()
        count = await self._input.readinto(buf)
        if count and buf[count - 1] == 10:  # the cursor is on a new row
            self._drawn = False
            if not self._lines:
                self._draw()
        return count

    async def write(self, buf):
        """Write all of `buf` above the last row."""
        self._clear()
        text = bytes(buf).decode()
        show(text)
        if self._lines:
            self._lines.words.note(text)
        if buf[len(buf) - 1] == 10:
            self._draw()

    async def drain(self):
        """`write` keeps nothing back."""

    def close(self):
        """Standard streams stay open."""

    def prompted(self):
        """Note that input() has drawn the prompt."""
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
    """Lines from input(), which has a history where Python has readline. Each is read when the last one is used up."""

    def __init__(self, terminal):
        import atexit
        import threading

        from drivers.serial.completion import Words

        self.reading = False
        self.words = Words()
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
        readline.set_completer_delims(" ")
        readline.set_completer(self._complete)
        is_libedit = "libedit" in (readline.__doc__ or "")  # as on macOS
        readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
        atexit.register(termios.tcsetattr, 0, termios.TCSADRAIN, termios.tcgetattr(0))  # input() has changed it
        atexit.register(terminal.bottom, None)

    def input(self):
        """The Stream of the lines."""
        from drivers.serial.threaded import Threaded

        return Threaded(self.read)

    def more(self):
        """Let the thread read the next line."""
        self._wanted.set()

    def read(self, arrived):
        """Run in a thread: call `arrived(line)` for each line, and with b"" at the end."""
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

    def _complete(self, start, index):
        """Answer readline at each Tab: the word of that index, None behind the last."""
        words = self.words.matching(self._readline.get_line_buffer()[: self._readline.get_endidx()], start)
        return words[index] if index < len(words) else None

    def typed(self):
        """The part of the line that has been typed so far."""
        return self._readline.get_line_buffer() if self._readline and self.reading else ""

    def rows(self):
        """How many rows of the terminal lie above the one that the line ends in."""
        import shutil

        return (len(self._terminal.prompt) + len(self.typed())) // shutil.get_terminal_size().columns
