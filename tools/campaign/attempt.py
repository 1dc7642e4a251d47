"""One attempt: a test case on its probes, with what a case may do."""

import functools
import zlib

from tools.campaign.probes.probe import ProbeError, Refused

END_S = 60  # for a command that puts something back
CHOOSE_S = 300  # for the one that chooses a network: AT+COPS alone may take three minutes
_SENDING = ("send", "photo")
_LACKING = ("no command ", "is not on this board")


class Failed(ProbeError):
    """The case itself found that it has failed."""


class Impossible(Exception):
    """This probe or network cannot do what the case wants, which says nothing about its quality."""


class Attempt:
    """A `planned` attempt (tools/campaign/plan.py) on the probes `mo` and `mt` (None, where the case has none).

    `number` is that of its lines in the journal; `network` and `mt_network` are codes, `octets` and `options` those of
    the plan, `message` {"id": ...} is the case's own. `begun` is the moment of its start. `spent` is [minor, currency]
    of what the handset said that messages cost. `write(what, **fields)` is the journal's.
    """

    def __init__(self, planned, number, mo, mt, clock, write):
        self.planned, self.number, self.case = planned, number, planned.case
        self.mo, self.mt, self.clock = mo, mt, clock
        self.network = planned.network["mccmnc"] or mo.facts["home"]
        self.mt_network = (planned.mt_network or mt.facts["home"]) if mt else None
        self.octets, self.options = planned.octets, planned.options
        self.message = {}
        self.spent = None
        self.begun = clock.now()
        self._end = self.begun + planned.timeout_s
        self._write = write
        self._endings = {}

    def probe(self, role):
        """The probe in the role "mo" or "mt"."""
        return self.mo if role == "mo" else self.mt

    @property
    def token(self):
        """The subject of the attempt's message, which no other attempt has: the case and eight hexadecimal digits."""
        return "%s %08x" % (self.case.name, zlib.crc32(b"%s %.4f" % (self.planned.key.encode(), self.begun)))

    @property
    def left_s(self):
        """Seconds that are left of the attempt."""
        return max(0.0, round(self._end - self.clock.now(), 4))

    async def ask(self, role, do, **arguments):
        """The reply of a probe, for which the rest of the attempt's time is waited; raises Refused, Silent, Gone.

        The case is not possible where the handset has no such command, or its room was left out of the board.
        """
        probe = self.probe(role)
        try:
            reply = await probe.ask(do, self.left_s, **arguments)
        except Refused as error:
            if any(words in error.text for words in _LACKING):
                raise Impossible("%s: %s" % (probe.name, error.text)) from None
            raise
        if do in _SENDING and isinstance(reply.get("price"), int):
            minor = self.spent["minor"] if self.spent else 0
            self.spent = {"minor": minor + reply["price"], "currency": reply.get("currency")}
        return reply

    async def seen(self, role, event, since=None, skip=(), **match):
        """The first event since the attempt's start, or `since`, with all of `match` and no id of `skip`."""
        since = self.begun if since is None else since
        return await self.probe(role).seen(event, self.left_s, since, skip, **match)

    async def register(self, role):
        """Have a probe be on its network, by hand unless it is there; the reply's network. Raises as `ask` does."""
        network, there = await self._where(role)
        return network if there else await self._choose(role)

    async def register_anew(self, role):
        """Have a probe register on its network by hand; one that is there by itself leaves it before, if it can.

        Returns the reply's network; raises as `ask` does.
        """
        if (await self._where(role))[1]:
            try:
                await self.ask(role, "probe", action="at", line="AT+COPS=2")  # deregister (3GPP TS 27.007, 7.3)
            except (Refused, Impossible):
                self.note(already=True)  # the time of this registration says nothing
        return await self._choose(role)

    async def _where(self, role):
        network = (await self.ask(role, "status"))["network"]
        return network, network["mccmnc"] == self._wanted(role) and network["status"] in ("home", "roaming")

    async def _choose(self, role):
        self.later(role, "register", network="auto")
        return (await self.ask(role, "register", network=self._wanted(role)))["network"]

    def _wanted(self, role):
        return self.network if role == "mo" else self.mt_network

    # the end, at which each probe is left as it was found

    def later(self, role, do, **arguments):
        """Have a probe do a command at the end of the attempt, however that ends; the same command is done once."""
        key = role, do, repr(sorted(arguments.items()))
        self._endings.setdefault(key, functools.partial(self.put_back, role, do, **arguments))

    def at_end(self, role, story):
        """Await `story(attempt, role)` at the end of the attempt, however that ends; the same one is awaited once."""
        self._endings.setdefault((role, story.__name__, ""), functools.partial(story, self, role))

    async def put_back(self, role, do, **arguments):
        """The reply of a probe at the end of the attempt, whose own time may be over; raises as `ask` does."""
        seconds = CHOOSE_S if do == "register" else END_S
        return await self.probe(role).ask(do, seconds, **arguments)

    async def end(self, lost=()):
        """Put back what the case has changed, the last change first; what cannot be put back is noted.

        Returns {name of a probe: [coroutine functions]}: what is owed until they are back to probes that are `lost`, or
        get lost meanwhile.
        """
        owed = {probe.name: [] for probe in lost}
        while self._endings:
            (role, name, arguments), put_back = self._endings.popitem()
            probe = self.probe(role).name
            try:
                if probe not in owed:
                    await put_back()
                    continue
                text = "the probe is lost"
            except Refused as error:
                text = str(error)
            except ProbeError as error:
                owed[probe], text = [], str(error)
            if probe in owed:
                owed[probe].append(put_back)
            self.note(left=name, role=role, arguments=arguments, text=text)
        return owed

    def note(self, **fields):
        """Write a line "note" into the journal."""
        self._write("note", at=self.clock.now(), attempt=self.number, **fields)

    def fail(self, step, code=None, text="", advice=""):
        """Let the case fail at a step."""
        raise Failed(step, code, text, advice)

    def impossible(self, text):
        """End the case with the verdict "not possible"."""
        raise Impossible(text)
