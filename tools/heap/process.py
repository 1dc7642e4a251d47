"""A board as a process: MicroPython under node with the program in its flash, and the network around it."""

import json
import math
import pathlib
import subprocess

from tools.heap.world import Surroundings

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = "node_modules/@micropython/micropython-webassembly-pyscript/micropython.mjs"
_RESET_PIN = 2
_EVERY = 20  # turns


class Failed(Exception):
    """The program or its board did not do what was asked."""


class Board:
    """MicroPython from the module at the path `micropython`, with the files in `folder`; nothing of them has run.

    `at_start` has octets in use: `bare`, with asyncio (`loop`), and with the parts of a board too (`ground`).
    """

    def __init__(self, micropython, folder):
        words = ["node", str(HERE / "board.mjs"), str(micropython), str(folder), str(HERE / "ground.py")]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.around = Surroundings()
        self.events, self.replies = [], []  # JSON objects that the console said
        self.said = ""  # the line that it has begun
        self.text = []  # other lines
        self.peak = None  # the most octets that were in use between two turns, once `watch` was called
        self._turns = 0
        self._due = math.inf
        self._fed = None
        self.at_start = self._ask(ground=True)

    def close(self):
        """Switch it off."""
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def _ask(self, **question):
        question["now"] = self.around.now
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
        except (OSError, ValueError):
            raise Failed("the board's process has ended") from None
        if "error" in answer:
            raise Failed(answer["stack"])
        self._handle(answer)
        return answer

    def _handle(self, answer):
        around = self.around
        for line, end, name in zip(around.lines, around.ends, ("modem", "camera"), strict=True):
            if answer[name]:
                line.write(bytes.fromhex(answer[name]), end)
        for what, *words in answer["told"]:
            if what == "rate":
                around.ends[words[0]].baud = words[1]
            elif what == "pin" and words == [_RESET_PIN, 0]:
                around.modem.power_on()
            elif what == "lost":
                raise Failed("line %d had no room for %d octets" % tuple(words))
            elif what == "fed":
                self._feed_watchdog(words[0])
            elif what == "ended":
                raise Failed("the program ended: %s" % (self.said + answer["said"]))
        *lines, self.said = (self.said + answer["said"]).split("\n")
        for line in lines:
            self._sort(line)

    def _feed_watchdog(self, ms):
        now = self.around.now
        if self._fed is not None and now - self._fed > ms:
            raise Failed("the watchdog was not fed for %d ms" % (now - self._fed))
        self._fed = now

    def _sort(self, line):
        try:
            said = json.loads(line)
            (self.events if "event" in said else self.replies).append(said)
        except (ValueError, TypeError):
            self.text.append(line)

    def start(self):
        """Run main.py."""
        self.python("import main; main.main()")
        self._due = self.around.now

    def python(self, text):
        """Run Python on the board."""
        self._ask(run=text)

    def expression(self, text):
        """The value of an expression on the board, which json can carry."""
        return self._ask(ask=text)["value"]

    def kept(self):
        """Octets of the heap in use after a collection."""
        return self._ask(count=True)["used"]

    def type(self, line):
        """Type a line at the console."""
        self._turn(typed=(line + "\n").encode().hex())

    def watch(self):
        """Collect garbage every few turns from here on, and note the peak of the octets in use after it."""
        self.peak = self.kept()

    def _turn(self, **octets):
        lines = {name: end.take().hex() for name, end in zip(("modem", "camera"), self.around.ends, strict=True)}
        due = self._ask(**octets, **{name: value for name, value in lines.items() if value})["due"]
        self._due = self.around.now + due if due >= 0 else math.inf
        self._turns += 1
        if self.peak is not None and self._turns % _EVERY == 0:
            self.peak = max(self.peak, self.kept())

    def run(self, ms, until=lambda: False):
        """Let `ms` milliseconds pass, or fewer if `until()` becomes true; whether it became true."""
        around, end = self.around, self.around.now + ms
        while not until():
            due = around.next()
            due = min(self._due, math.inf if due is None else math.ceil(due))
            if due > end:
                around.now = end
                return False
            around.now = max(around.now, due)
            around.turn()
            if self._due <= around.now or any(end.waiting for end in around.ends):
                self._turn()
        return True
