"""The runner of a campaign: hands the plan's attempts to free probes, many at once, and writes the journal.

Attempts begin in the order of the plan. One begins when a probe for each of its roles is free, and leaves those that it
cannot have to the attempts behind it. A probe is in one attempt at a time.
"""

import asyncio
import datetime
import logging
import time

from tools.campaign.attempt import Attempt, Impossible
from tools.campaign.budget import Budget
from tools.campaign.journal import JournalError
from tools.campaign.pool import Pool, choose, is_whole
from tools.campaign.probes.probe import ProbeError, Silent

_OVERTIME_S = 5  # of a case, whose own waits end before it and name the step
_PING_S = 30  # for an answer, when an attempt has failed
_WATCH_S = 10  # between two looks at the machine's date
_JUMP_S = 2  # of the date against the monotonic clock, which is worth a note


class Stopped(Exception):
    """The campaign ended before its last attempt: why, and what to do."""


def date():
    """The date in UTC, as the journal has it."""
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")


class Runner:
    """One run of a campaign: makes the attempts of `planned`, a list of Planned, with `probes`.

    `number` is that of the last attempt in the journal, `spent` the minor units of the budget's currency that earlier
    runs have spent. `run()` raises Stopped, JournalError.
    """

    def __init__(self, plan, planned, probes, clock, journal, number=0, spent=0):
        self._plan, self._waiting, self._probes = plan, list(planned), probes
        self._clock, self._journal = clock, journal
        self._number = number
        self._budget = Budget(plan.budget[0], plan.budget[1], spent) if plan.budget else None
        self._in = dict.fromkeys(probe.name for probe in probes)  # the number of the attempt that each probe is in
        self._pool = Pool(clock, plan.campaign["pause_s"], self._spawn)
        self._tasks = set()
        self._changed = asyncio.Event()
        self._error = None

    async def run(self):
        """Start the probes, make the attempts, stop the probes."""
        for probe in self._probes:
            probe.listen(lambda kind, entry, probe=probe: self._heard(probe, kind, entry))
        try:
            self._spawn(self._watch_date())
            await asyncio.gather(*(self._pool.start(probe) for probe in self._probes))
            await self._make_all()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.gather(*(probe.stop() for probe in self._probes), return_exceptions=True)
        if self._error:
            raise self._error

    def _spawn(self, story):
        task = asyncio.create_task(story)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task):
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() and not self._error:
            self._error = task.exception()
        self._changed.set()

    def _write(self, what, **fields):
        try:
            self._journal.write(what, **fields)
        except (JournalError, BrokenPipeError) as error:  # the journal's disk is full, or a view has no reader
            self._error = self._error or error
            self._changed.set()

    def _heard(self, probe, kind, entry):
        at = entry.pop("at") if kind == "state" else entry["at"]
        fields = {"at": at, "probe": probe.name, **entry}
        if kind == "state":
            self._write("probe", **fields, facts=probe.facts)
        else:
            self._write(kind, **{"at": at, "attempt": self._in[probe.name], **fields})

    async def _make_all(self):
        absent = None  # since when no probe can serve the rest
        while (self._waiting or self._in_work()) and not self._error:
            self._begin()
            if not self._waiting and not self._in_work():
                break
            seconds = None
            if self._waiting and not self._in_work() and not self._free_soon():
                absent = self._clock.now() if absent is None else absent
                seconds = absent + self._plan.campaign["absent_s"] - self._clock.now()
                if seconds <= 0:
                    text = "no probe is there for %d attempts; look at the boards, then go on with --resume"
                    raise Stopped(text % len(self._waiting))
            else:
                absent = None
            try:
                await self._clock.wait_for(self._changed.wait(), seconds)
            except TimeoutError:
                pass
            self._changed.clear()

    def _in_work(self):
        return any(number is not None for number in self._in.values())

    def _free_soon(self):
        """Whether probes that live can serve one of the attempts that wait."""
        return any(is_whole(planned, choose(planned, self._pool.alive)) for planned in self._waiting)

    def _begin(self):
        """Begin every attempt that can begin, in the order of the plan.

        A later one leaves the probes that an earlier one waits for, which would wait for ever otherwise. Probes that
        were lost while they rested are mended first: they are no failure of an attempt.
        """
        pool = self._pool
        for probe in [probe for probe in pool.free if probe.state != "ready"]:
            pool.lose(probe)
        at, kept = 0, set()
        while at < len(self._waiting) and not self._error:
            planned = self._waiting[at]
            if self._is_too_dear(planned):
                del self._waiting[at]
                continue
            chosen = choose(planned, [probe for probe in pool.free if probe not in kept])
            if is_whole(planned, chosen):
                del self._waiting[at]
                for probe in chosen.values():
                    pool.free.remove(probe)
                self._open(planned, chosen)
                continue
            at += 1  # it waits, or its probes are gone: the others go on
            if is_whole(planned, choose(planned, pool.alive)):
                kept.update(chosen.values())
                if kept.issuperset(pool.free):
                    return

    def _is_too_dear(self, planned):
        """Whether an attempt costs while nothing is left of the budget; then that is its outcome."""
        if not self._budget or not planned.case.costs or self._budget.left > 0:
            return False
        self._close(self._announce(planned, {}), **self._budget.refusal())
        return True

    def _announce(self, planned, chosen):
        self._number += 1
        mo, mt = chosen.get("mo"), chosen.get("mt")
        self._write(
            "attempt",
            at=self._clock.now(),
            attempt=self._number,
            key=planned.key,
            case=planned.case.name,
            group=planned.case.group,
            network=planned.network["mccmnc"] or (mo and mo.facts["home"]),
            mt_network=(planned.mt_network or mt.facts["home"]) if mt else planned.mt_network,
            repetition=planned.repetition,
            mo=mo and mo.name,
            mt=mt and mt.name,
            octets=planned.octets,
            timeout_s=planned.timeout_s,
            pause_s=self._plan.campaign["pause_s"],
            guard_s=self._plan.campaign["guard_s"],
        )
        return self._number

    def _close(self, number, verdict, step=None, code=None, text="", advice="", spent=None, over=None):
        fields = {"step": step, "code": code, "text": text, "advice": advice, "spent": spent, "over": over}
        self._write("outcome", at=self._clock.now(), attempt=number, verdict=verdict, **fields)

    def _open(self, planned, chosen):
        number = self._announce(planned, chosen)
        for probe in chosen.values():
            self._in[probe.name] = number
        self._spawn(self._make(planned, number, chosen))

    async def _make(self, planned, number, chosen):
        attempt = Attempt(planned, number, chosen.get("mo"), chosen.get("mt"), self._clock, self._write)
        outcome, lost = await self._verdict(attempt, chosen)
        outcome["over"] = self._clock.now()  # the guard time and what puts probes back are no part of the attempt
        if self._plan.campaign["guard_s"] and not lost:
            await self._clock.sleep(self._plan.campaign["guard_s"])
        owed = await attempt.end(lost)
        if self._budget:
            self._budget.settle(attempt)
        self._close(number, **outcome, spent=attempt.spent)
        for probe in chosen.values():
            self._in[probe.name] = None
            self._spawn(self._pool.rest(probe, probe not in lost, owed.get(probe.name, ())))

    async def _verdict(self, attempt, chosen):
        """(fields of the outcome, the probes that are lost)."""
        try:
            for role, probe in chosen.items():
                await probe.move(attempt.network if role == "mo" else attempt.mt_network)
            if self._budget and attempt.case.costs and not await self._budget.reserve(attempt):
                return self._budget.refusal(), []
            await self._clock.wait_for(attempt.case.run(attempt), attempt.left_s + _OVERTIME_S)
        except Impossible as error:
            return {"verdict": "not possible", "text": str(error)}, []
        except TimeoutError:
            text = "the attempt was not over after %g s" % attempt.planned.timeout_s
            outcome = {"verdict": "failed", "step": "timeout", "text": text}
        except ProbeError as error:
            fields = {"step": error.step, "code": error.code, "text": error.text, "advice": error.advice}
            outcome = {"verdict": "failed", **fields}
        except Exception as error:  # a case that a handset has surprised fails; the campaign goes on
            logging.exception("attempt %d: %s", attempt.number, attempt.planned.key)
            text = "%s: %s" % (type(error).__name__, error)
            outcome = {"verdict": "failed", "step": "case", "text": text, "advice": "campaign.log has more"}
        else:
            return {"verdict": "passed"}, []
        lost = [probe for probe in chosen.values() if not await self._answers(probe)]
        if lost:
            outcome["step"] = "probe"
        return outcome, lost

    async def _answers(self, probe):
        if probe.state != "ready":
            return False
        try:
            await probe.ask("status", _PING_S)
        except Silent as error:
            probe.tell_state("silent", error.text)
            return False
        except ProbeError:
            return probe.state == "ready"
        return True

    async def _watch_date(self):
        """Note when the machine's date jumps; no figure is taken from it."""
        if self._clock.kind != "monotonic":
            return
        loop = asyncio.get_running_loop()
        ahead = time.time() - loop.time()
        while True:
            await asyncio.sleep(_WATCH_S)
            now = time.time() - loop.time()
            if abs(now - ahead) > _JUMP_S:
                text = "the date of this machine jumped by %+.1f s; figures use the monotonic clock" % (now - ahead)
                self._write("note", at=self._clock.now(), attempt=None, clock_jump_s=round(now - ahead, 1), text=text)
            ahead = now
