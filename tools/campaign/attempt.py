"""One attempt: a test case on its probes, with what a case may do."""

from tools.campaign.probes.probe import ProbeError


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
        self.network = planned.network["mccmnc"]
        self.mt_network = (planned.mt_network or mt.facts["home"]) if mt else None
        self.octets, self.options = planned.octets, planned.options
        self.message = {}
        self.spent = None
        self.begun = clock.now()
        self._end = self.begun + planned.timeout_s
        self._write = write

    def probe(self, role):
        """The probe in the role "mo" or "mt"."""
        return self.mo if role == "mo" else self.mt

    @property
    def left_s(self):
        """Seconds that are left of the attempt."""
        return max(0.0, round(self._end - self.clock.now(), 4))

    async def ask(self, role, do, **arguments):
        """The reply of a probe, for which the rest of the attempt's time is waited; raises Refused, Silent, Gone."""
        reply = await self.probe(role).ask(do, self.left_s, **arguments)
        if isinstance(reply.get("price"), int):
            minor = self.spent["minor"] if self.spent else 0
            self.spent = {"minor": minor + reply["price"], "currency": reply.get("currency")}
        return reply

    async def seen(self, role, event, since=None, **match):
        """The first event since the attempt's start, or since a moment, with all of `match`; raises as `ask` does."""
        since = self.begun if since is None else since
        return await self.probe(role).seen(event, self.left_s, since, **match)

    async def register(self, role):
        """Have a probe be on its network, by hand, unless it is there; raises as `ask` does."""
        wanted = self.network if role == "mo" else self.mt_network
        status = (await self.ask(role, "status"))["network"]
        if status["mccmnc"] != wanted or status["status"] not in ("home", "roaming"):
            await self.ask(role, "register", network=wanted)

    def note(self, **fields):
        """Write a line "note" into the journal."""
        self._write("note", at=self.clock.now(), attempt=self.number, **fields)

    def fail(self, step, code=None, text="", advice=""):
        """Let the case fail at a step."""
        raise Failed(step, code, text, advice)

    def impossible(self, text):
        """End the case with the verdict "not possible"."""
        raise Impossible(text)
