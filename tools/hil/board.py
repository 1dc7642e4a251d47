"""A board on its line, with what only the walk wants of it: its plain lines, its AT lines, and facts to keep secret."""

import collections
import contextlib
import re

from tools.campaign.probes.probe import Gone, Refused, Silent, refusal
from tools.campaign.probes.serial import SerialProbe

WORDS = 200  # plain lines that are kept
MODE_S = 20  # for an answer to a board that may have been in the middle of something


class Board(SerialProbe):
    """The handset at `line`; `number` is its own, or None.

    `words` are the last lines that are no JSON, `at` (moment, sent, line) of the trace; `told` are the replies to
    `settings` and `status`, whose values the report masks.
    """

    def __init__(self, name, line, clock, number=None, baud=115200):
        row = {"name": name, "role": "any", "number": number, "line": line, "baud": baud, "modem": None}
        super().__init__(row, clock)
        self.words = collections.deque(maxlen=WORDS)
        self.tried = {}  # {AT line by hand: its result}
        self.at, self.told, self.model, self.firmware = [], {}, "", ""

    async def open(self, seconds):
        """Open the line, and have the handset speak JSON; raises Gone, Silent."""
        self._conversation.begin()
        await self._open()
        await self.speak(seconds)

    async def speak(self, seconds):
        """Have the handset speak JSON, also one that is only starting; raises Silent with the board's last words."""
        end = self.clock.now() + seconds
        while True:
            try:
                return await self.ask("mode", min(MODE_S, seconds), mode="json")
            except Silent:
                if self.clock.now() > end:
                    raise Silent("line", text=self.last_words(), advice="see: make logs PORT=...") from None

    def last_words(self):
        """The last plain line, or that there was none."""
        if not self.words:
            return "nothing answers"
        return "no answer in JSON%s" % "".join("; its last line was: %s" % line for line in self.plain()[-1:])

    def plain(self):
        """The beginnings of the last plain lines, without our echo, and without events, which name networks."""
        return [line[:120] for line in self.words if not line.startswith(("* ", "{"))]

    def hear(self, octets, *at):
        """Take one line of the console; plain ones are kept."""
        if super().hear(octets, *at):
            return True
        text = octets.decode("utf-8", "replace").strip()
        if text:
            self.words.append("".join(character if character.isprintable() else "?" for character in text))
        return False

    def trace(self, line, sent, text, **fields):
        """Keep an AT line."""
        self.at.append((self.clock.now(), sent, text))
        super().trace(line, sent, text, **fields)

    async def by_hand(self, line, seconds=65):
        """The (lines, result) of one AT line; raises as `ask` does."""
        reply = await self.ask("probe", seconds, action="at", line=line)
        return reply["lines"], reply["result"]

    async def value(self, do, key, seconds=30):
        """One value of a reply, or None where the handset refuses it."""
        try:
            return (await self.ask(do, seconds)).get(key)
        except Refused:
            return None

    def failure(self, since):
        """The last event `failed` since a moment as Refused, or None."""
        for said in reversed(self._events):
            if said["event"] == "failed" and said["at"] >= since:
                return refusal(said, "modem")
        return None

    def ended(self):
        """Refused with the line by which the program has ended, or None: "sim: no SIM (10); check the SIM ..."."""
        for line in reversed(self.words):
            found = re.match(r"(\w+): (.+?)(?: \((\d+)\))?; (.+)", line)
            if found:
                return Refused(found[1], int(found[3]) if found[3] else None, found[2], found[4])
        return None

    def since(self, moment):
        """The events since a moment, of the last ones that are kept."""
        return [said for said in self._events if said["at"] >= moment]

    async def leave(self):
        """End the trace, let the console speak words again, and close the line."""
        if self._port is None:
            return
        with contextlib.suppress(Gone, Silent):
            for do, arguments in (("probe", {"action": "trace", "on": False}), ("mode", {"mode": "text"})):
                with contextlib.suppress(Refused):
                    await self.ask(do, 2, **arguments)
        await self.stop()
