"""The line of these modules: the @ of a block, its 50 ms, and its end when the far end closes (19.10)."""

from tools.lab.modem import terminal
from tools.lab.modem.syntax import split
from tools.lab.modem.terminal import Entry

UNKNOWN = 4  # +CME ERROR of a command that does not exist [M]
_LONGEST_R4 = 1024  # characters of a command line (R09, 1.1.5)
_ALONE = ("+CMGW", "+CMGS", "+USOWR", "+USOST")  # R09, 1.1.4.1
_HASTY_MS = 50  # after the @ (19.10.4)


class Block(Entry):
    """`count` octets for `connection` after a `prompt`, the @ or None; they are not echoed."""

    def __init__(self, then, count, connection, prompt):
        super().__init__(then, count, count, prompt, echo=False)
        self.connection = connection


class Terminal(terminal.Terminal):
    """The shared terminal, in the words of these modules."""

    def reset(self):
        """Drop the command under way and the typed octets."""
        super().reset()
        self._prompted = 0
        self._stray = 0  # octets of an interrupted block that are still to come
        self._strayed = False  # whether the line that begins has any of them

    def _prompt(self, waiting, entry):
        self._prompted = self.agenda.now
        super()._prompt(waiting, entry)

    def _type(self, octets):
        early = self.agenda.now - self._prompted < _HASTY_MS
        if early and isinstance(self._entry, Block) and self._switches["hasty"] == "lost":
            self.dropped += len(octets)
            return len(octets)
        return super()._type(octets)

    def receive(self, octets):
        """Handle octets that the handset wrote; those of an interrupted block are command lines to the module."""
        stray, rest = octets[: self._stray], octets[self._stray :]
        if stray:
            self._strayed = True
            super().receive(stray)
            self._stray -= len(stray)
            self._strayed = bool(self._line)
        super().receive(rest)

    def _run(self, line):
        """Run a command line; one with octets of an interrupted block is no command of the handset."""
        heard = self.heard
        if self._strayed:
            self.heard = None
        self._obey(line)
        self.heard, self._strayed = heard, self._stray > 0

    def _obey(self, line):
        """Run a command line, which on an R4 may not be too long, nor have a command that stands alone (R09, 1.1)."""
        if self._newer() and (len(line) > _LONGEST_R4 or self._joined(line)):
            self._result("ERROR")
        else:
            super()._run(line)

    def _newer(self):
        return self._switches["model"].startswith("SARA-R4")

    def _joined(self, line):
        try:
            names = [name for name, _, _ in split("".join(map(chr, line[2:])))]
        except ValueError:
            return False
        return len(names) > 1 and bool(set(names) & set(_ALONE))

    def interrupt(self, connection, refuse):
        """End the block of a connection that the far end closed; `refuse()` raises its result."""
        if isinstance(self._entry, Block) and self._entry.connection is connection:
            self._stray = self._entry.count - len(self._typed)
            self._entry = None
            self._go(refuse)

    def quote(self, head, octets):
        """Write the first line of a reply with octets between quotation marks, which are no line (19.12.4)."""
        self._squeeze()
        if self.said is not None:
            self.said(head)
        ends = self._crlf()
        self.raw((ends if self.settings["V"] else b"") + head.encode() + b'"' + octets + b'"')
        if self._switches["after-data"] == "blank":
            self.raw(ends)

    def _write(self, line):
        if line.startswith("+USO") and self._switches["blank-lines"] == "some":
            self.raw(b"\r\r\n\r")
        super()._write(line)

    def _error(self, refusal):
        """An R4 says ERROR for a command that does not exist, and begins the words of an error with a capital (log)."""
        said = super()._error(refusal)
        if not self._newer():
            return said
        head, _, words = said.partition(": ")
        if refusal.number == UNKNOWN:
            return "ERROR"
        return said if not words or words[0].isdigit() else "%s: %s%s" % (head, words[0].upper(), words[1:])
