"""A probe: a handset that a campaign asks by the console protocol (docs/console.md), JSON lines both ways.

The campaign does not know over which line it talks: each kind is a file of this folder whose `open_probes(rows,
around)` makes the probes of the rows [[probes]] of its kind; they differ in `_open`, `_close` and `_write` only.
"""

import collections
import dataclasses
import json
import pathlib
import re

from tools.campaign.clock import Clock
from tools.command.conversation import Conversation, Ended, parse

_ADVICE = {  # of a wait that was in vain, by its kind
    "reply": "look at the probe: is it on, and its line free?",
    "event": "look at the last that the handset told: the network was slow or has refused, or a timeout is too short",
}
_TPDU = re.compile(r"(?m)^[0-9A-Fa-f]{40,}(?=\s*\Z)")  # the last line of an AT dialogue's message
EVENTS = 500  # the last ones of a probe, in which `seen` looks
_TOLD, _TOLD_OF_LONG = 500, 60  # characters of a text in the journal: the longest whole one, and of a longer one
MODE_S = 5  # for an answer, before the console is asked again
START_S = 90  # until a handset has found its SIM
_ANEW = b"* ", b"MPY: ", b"MicroPython v"  # an event in words, and the first words of an interpreter


class ProbeError(Exception):
    """A probe could not do a thing: `step`, the layer's `code` or None, `text`, and `advice` for a person."""

    def __init__(self, step, code=None, text="", advice=""):
        super().__init__("%s: %s" % (step, text))
        self.step, self.code, self.text, self.advice = step, code, text, advice

    @property
    def told(self):
        """The text, and the advice behind it."""
        return "; ".join(words for words in (self.text, self.advice) if words)


class Refused(ProbeError):
    """The handset answered that it could not."""


class Silent(ProbeError):
    """A reply or an event did not come in time."""


class Gone(ProbeError):
    """The line to the probe is lost, or the handset began anew."""


@dataclasses.dataclass
class Around:
    """The things that all probes of a campaign have in common.

    `folder` is for files of theirs, `networks` are the rows [[networks]] of the plan. `speed` and `date`, that of its
    beginning (None: today), are the lab's alone.
    """

    clock: Clock
    folder: pathlib.Path
    networks: list
    speed: float = 1.0
    date: str | None = None


def _shortened(arguments):
    """Arguments of a command as they are told, without the most of a long text: a journal would be full of them."""
    text = arguments.get("text")
    if not isinstance(text, str) or len(text) <= _TOLD:
        return arguments
    return {**arguments, "text": "%s... (%d characters)" % (text[:_TOLD_OF_LONG], len(text))}


def refusal(said, step):
    """Refused, as a reply with ok false or an event `failed` says it."""
    step = said.get("step") or step
    code = said.get("code")
    text = (said.get("error") or said.get("text") or "no reason given").removeprefix("%s: " % step)
    return Refused(step, code, text.removesuffix(" (%s)" % code), said.get("advice") or "")


class Probe:
    """One handset, `name`, of a `kind`; `role` is "any", "mo" or "mt".

    `facts`: `number` (whole; None: unknown), `home` (mccmnc), `interpreter`, `model`, `country`. `state` is "ended",
    "ready", "silent" or "gone". `listener(kind, entry)` of `listen` hears every "ask", "reply", "event", "trace" and
    "state", each a dict with `at`, in the order in which they came.
    """

    kind = "probe"

    def __init__(self, name, clock, role="any", number=None):
        self.name, self.clock, self.role = name, clock, role
        self.state = "ended"
        self.facts = dict.fromkeys(("number", "home", "interpreter", "model", "country"))
        self.facts["number"] = number
        self._listener = lambda kind, entry: None
        self._events = collections.deque(maxlen=EVENTS)
        self._conversation = Conversation(clock.wait_for)
        self._was_away = False

    def listen(self, listener):
        """Let `listener` hear everything from here on."""
        self._listener = listener

    async def start(self):
        """Open the line and have the handset speak JSON; raises ProbeError."""
        self._conversation.begin()
        await self._open()
        await self.wake()

    async def wake(self):
        """Learn the facts of a handset whose line is open, until it is ready; raises ProbeError."""
        status, end = {}, self.clock.now() + START_S
        await self._speak_json(end)
        while not status.get("home"):
            try:
                status = await self.ask("status", START_S)
            except Refused as error:  # the modem is still starting
                if self.clock.now() > end:
                    raise Silent("probe", error.code, error.text, error.advice or "look at SIM and modem") from None
                await self.clock.sleep(1)
        self.facts["home"], self.facts["interpreter"] = status["home"], status.get("interpreter")
        if not self.facts["number"]:
            self.facts["number"] = (await self.ask("settings", START_S)).get("settings", {}).get("number")
        self.tell_state("back" if self._was_away else "ready")
        self.state, self._was_away = "ready", False

    async def _speak_json(self, end):
        """Have the console speak JSON; a board that starts when its line is opened hears it only after a while."""
        while True:
            try:
                return await self.ask("mode", MODE_S, mode="json")
            except Silent:
                if self.clock.now() > end:
                    raise

    async def stop(self):
        """Close the line."""
        await self._close()
        if self.state == "ready":
            self.tell_state("ended")

    async def billed(self):
        """{currency: minor units} that the SIM was billed so far, or None where no operator tells that."""
        return None

    async def move(self, network):
        """Carry the probe to where `network` (mccmnc) is, if it can be carried."""

    async def ask(self, do, seconds, **arguments):
        """The reply to a command, a dict; raises Refused, Silent, Gone."""

        async def write():
            self._listener("ask", dict(_shortened(arguments), at=self.clock.now(), do=do))
            await self._write(json.dumps(dict(arguments, do=do)).encode() + b"\n")

        reply = await self._awaited(self._conversation.reply(do, write, seconds), "reply", seconds, do)
        if not reply.get("ok"):
            raise refusal(reply, do)
        return reply

    async def seen(self, event, seconds, since=0.0, skip=(), **match):
        """The first event of that name after the moment `since` which has all of `match`; raises Refused, Silent, Gone.

        An event `failed` after which the handset does not try again refuses what has the same id. Events whose id is
        one of `skip` do not count.
        """

        def wanted(said):
            if said["at"] < since or said.get("id") in skip:
                return False
            if said["event"] == "failed" and said.get("final") and said.get("id") == match.get("id") is not None:
                raise refusal(said, event)
            return said["event"] == event and all(said.get(key) == value for key, value in match.items())

        return await self._awaited(self._conversation.event(wanted, seconds, self._events), "event", seconds, event)

    def tell_state(self, state, text=""):
        """Note the state of the line and of the handset, and tell it."""
        self.state = state
        self._was_away = self._was_away or state in ("silent", "gone")
        self._listener("state", {"at": self.clock.now(), "state": state, "text": text})

    def trace(self, line, sent, text, **fields):
        """Tell a line between handset and `line` ("modem" or "network"), with `fields` of its own.

        A TPDU in hexadecimal has numbers that no pattern of digits finds: its length stands for it.
        """
        text = _TPDU.sub(lambda found: "(%d octets in hexadecimal)" % (len(found.group()) // 2), text)
        self._listener("trace", {"at": self.clock.now(), "line": line, "sent": sent, "text": text, **fields})

    def hear(self, octets, at=None):
        """Take one line of the console, whose octets arrived `at` (None: now); tells whether it is a reply or an event.

        A handset that speaks words again, after it was ready, has begun anew.
        """
        at = self.clock.now() if at is None else at
        kind, said = parse(octets)
        if kind is None:
            if self.state == "ready" and octets.startswith(_ANEW):
                self.lose("the handset began anew")
            return False
        name = said[kind]
        if name == "at" and kind == "event":
            self.trace("modem", bool(said.get("sent")), str(said.get("line")))
            return True
        said["at"] = at
        if kind == "event":
            self._events.append(said)
            self._listener("event", said)
        late = {"late": True} if self._conversation.hear(kind, said) else {}
        if kind == "reply":
            fields = {key: value for key, value in said.items() if key != "reply"}
            self._listener("reply", {"do": name, **fields, **late})
        return True

    def lose(self, text):
        """Note that the line is lost, and let everything that waits for it end."""
        if self._conversation.ended is None:
            self._conversation.end(text)
            self.tell_state("gone", text)

    async def _awaited(self, coming, kind, seconds, step):
        """The entry of a `kind` that comes within `seconds`; raises Silent, Gone."""
        try:
            return await coming
        except TimeoutError:
            text = "no %s %s in %g s" % (step, kind, round(seconds, 1))
            raise Silent(step, text=text, advice=_ADVICE[kind]) from None
        except Ended as error:
            raise self._gone(str(error)) from None

    def _gone(self, text):
        return Gone("probe", text=text, advice="look at the board and its line")

    async def _open(self):
        """Open the line, and let `hear` have each of its lines; raises Gone."""
        raise NotImplementedError

    async def _close(self):
        """Close the line."""
        raise NotImplementedError

    async def _write(self, octets):
        """Write octets of a whole line; raises Gone."""
        raise NotImplementedError
