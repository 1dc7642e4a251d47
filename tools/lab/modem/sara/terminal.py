"""The line of these modules: the @ of a block, its 50 ms, and its end when the far end closes (19.10)."""

from tools.lab.modem import terminal
from tools.lab.modem.terminal import Entry

UNKNOWN = 4  # +CME ERROR of a command that does not exist [M]
_HASTY_MS = 50  # after the @ (19.10.4)


class Block(Entry):
    """`count` octets for `connection` after an @; they are not echoed. `shown` False: the @ is lost on its way."""

    def __init__(self, then, count, connection, shown):
        super().__init__(then, count, count, "@" if shown else None, echo=False)
        self.connection = connection


class Terminal(terminal.Terminal):
    """The shared terminal, in the words of these modules."""

    def reset(self):
        """Drop the command under way and the typed octets."""
        super().reset()
        self._prompted = 0

    def _prompt(self, waiting, entry):
        self._prompted = self.agenda.now
        super()._prompt(waiting, entry)

    def _type(self, octets):
        early = self.agenda.now - self._prompted < _HASTY_MS
        if early and isinstance(self._entry, Block) and self._switches["hasty"] == "lost":
            self.dropped += len(octets)
            return len(octets)
        return super()._type(octets)

    def interrupt(self, connection, refuse):
        """End the block of a connection that the far end closed; `refuse()` raises its result."""
        if isinstance(self._entry, Block) and self._entry.connection is connection:
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
        if not self._switches["model"].startswith("SARA-R4"):
            return said
        head, _, words = said.partition(": ")
        if refusal.number == UNKNOWN:
            return "ERROR"
        return said if not words or words[0].isdigit() else "%s: %s%s" % (head, words[0].upper(), words[1:])
