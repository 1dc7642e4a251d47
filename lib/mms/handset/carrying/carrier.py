"""One worker carries everything between store and MMSC: answers first, then messages out, then messages in."""

import asyncio

from mms import clock, flash, limits, memory
from mms.errors import LinkError, ModemError, PduError, Refused, StoreError
from mms.handset import policy, rooms, states
from mms.handset.store import filenames


class Carrier:
    """Carries one Item at a time, for ever; a failure is counted, reported and retried as policy.py says.

    `later` holds the Items whose next attempt is not due yet; exchanges and setbacks are lazy rooms.
    """

    def __init__(self, settings, bearer, sending, receiving, events, supervisor):
        self._settings = settings
        self.bearer = bearer
        self._outbox = sending
        self._inbox = receiving
        self.events = events
        self.supervisor = supervisor
        self._wake = asyncio.Event()
        self.later = {}  # id -> (ticks, ms until the next attempt)
        self._job = None  # the task of the attempt under way
        self._left_off = False  # whether abort() ended it
        self.unreached = 0  # attempts in a row that ended before the MMSC could be asked
        self.barred = None  # the network that was the last to refuse data service until the modem is switched off
        self._failed = 0  # failed retrievals, less one for each RETRIEVAL_MS since then
        self._since = clock.ticks()

    def wake(self, id=None):
        """Look at once whether something is due; the Item `id` is."""
        self.later.pop(id, None)
        self._wake.set()

    def wake_all(self):
        """Make every Item due: the modem is plugged in again, or the operator's settings have changed."""
        self.later.clear()
        self.unreached = 0
        self._wake.set()

    def abort(self, id):
        """End the attempt for the Item `id`, if it is under way; its status is left to the caller."""
        if self._inbox.waiting.busy == id:
            self._left_off = True
            self._job.cancel()

    async def work(self):
        """Carry one Item after the other; never returns."""
        self._inbox.report()
        while True:
            self.supervisor.beat("carry")
            self._wake.clear()
            job = await self._next()
            if job:
                await self._carry(*job)
                self._inbox.waiting.busy = None
                continue
            try:
                await clock.within(self._wake.wait(), self._pause())
            except asyncio.TimeoutError:
                pass  # an Item may have become due

    async def _next(self):
        """The most urgent attempt as (Item, how to reach its network, how to carry it, its budget in ms), or None."""
        await flash.quiet()
        for name in self._inbox.store.names(filenames.ERRAND):
            if self._due(name[:-2]):
                errand = rooms.errands.found(self._inbox.store, self.events, name)
                if errand:
                    return errand, self.bearer.up, self._run, policy.budget_ms(0)
        for id in list(self._inbox.unanswered):
            item = self._inbox.get(id) if self._due(id) else None
            if item:
                return item, self.bearer.up, self._answer, policy.budget_ms(0)
        for id in [id for id in self._outbox.ids() if self._due(id)]:
            await clock.sleep(0)
            await flash.quiet()
            item = self._outbox.get(id)
            if item and item.state == states.LEAVING:
                rooms.setbacks.settle(self, item)
            if item and item.state == states.QUEUED and self._due(id):
                if "text" in item.record:
                    budget = len(item.record["plan"]) * policy.budget_ms(limits.TPDU)
                    return item, self.bearer.registered, self._text, budget
                return item, self.bearer.up, self._submit, policy.budget_ms(item.record["octets"])
        patient = self._patient()
        id = self._inbox.waiting.due(lambda id, wanted: (wanted or patient) and self._due(id))
        waiting = self._inbox.get(id) if id else None
        if waiting is None:
            return None
        octets = min(waiting.status["octets"] or limits.MESSAGE, limits.MESSAGE)
        return waiting, self.bearer.up, self._retrieve, policy.budget_ms(octets)

    def _patient(self):
        """True when another retrieval may fail: strangers can announce absent messages, and each costs airtime."""
        passed = clock.since(self._since) // limits.RETRIEVAL_MS
        if passed:
            self._failed = max(self._failed - passed, 0)
            self._since = clock.ticks()
        return self._failed < limits.RETRIEVALS

    def _due(self, id):
        start = self.later.get(id)
        return start is None or clock.since(start[0]) >= start[1]

    def _pause(self):
        for id in [id for id in self.later if self._due(id)]:
            del self.later[id]
        waits = [start[1] - clock.since(start[0]) for start in self.later.values()]
        return min([wait for wait in waits if wait > 0] + [policy.IDLE_MS if self._patient() else limits.RETRIEVAL_MS])

    async def _carry(self, item, reach, work, budget):
        """Make one attempt; an error of it is noted and told, and says when the next one is due."""
        attempts = item.status["attempts"] + 1
        self._inbox.waiting.busy = item.id
        self.supervisor.beat("carry", budget + limits.STEP_MS)
        self._left_off = starved = False
        memory.collect()  # the heap has its largest piece before one is needed
        self._job = asyncio.create_task(self._attempt(item, reach, work, budget, attempts))
        try:
            await self._job
            self.later.pop(item.id, None)
            self.unreached, self.barred = 0, None
            await self._outbox.evict()
            return
        except asyncio.CancelledError:
            if not self._left_off:
                raise
            return
        except asyncio.TimeoutError:
            error = LinkError("time", None, "not done after %d seconds" % (budget // 1000))
        except MemoryError:
            error = LinkError("memory", None, "not enough of it")
            starved = True
        except (ModemError, LinkError, PduError, StoreError) as caught:
            error = caught
        if not self._left_off:
            await rooms.setbacks.note(self, item, error, attempts, starved)

    async def _attempt(self, item, reach, work, budget, attempts):
        if attempts > policy.ATTEMPTS:
            raise Refused("carry", None, "the handset has ended in the middle of it too often")
        await reach(item)  # bounded by the modem's own timers; an attempt counts only once the MMSC can be asked
        await flash.quiet()
        item.save(attempts=attempts)
        await clock.within(work(item), budget)

    async def _submit(self, item):
        await rooms.submission.submit(self.bearer, self._inbox, self.events, item)

    async def _text(self, item):
        await rooms.texts.send(item, self._inbox.store, self.bearer)

    async def _run(self, item):
        await rooms.answers.post(self.bearer, item.octets)
        await flash.quiet()
        item.done()

    async def _retrieve(self, item):
        room = rooms.retrieval
        url = await room.locate(self.bearer, self._settings, self._inbox, item)
        if url:
            self._failed += 1  # until it has succeeded
            await room.fetch(self.bearer, self._inbox, item, url)
            self._failed = max(self._failed - 1, 0)

    async def _answer(self, item):
        await rooms.answers.answer(self.bearer, self._settings, item)
