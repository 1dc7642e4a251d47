"""One worker carries everything between store and MMSC: answers first, then what goes out, then what comes in."""

import asyncio
import gc

from mms import clock, flash, limits
from mms.codec import mm1
from mms.errors import Coverage, LinkError, ModemError, PduError, Refused, StoreError, TooLarge
from mms.handset import policy, rooms
from mms.handset.receiving import inbox
from mms.handset.receiving.waiting import REJECTED
from mms.handset.sending import outbox
from mms.limits import const
from mms.link.url import Url

_IDLE_MS = const(60000)  # the longest sleep between two looks at what is due


class _Octets:
    """A small body that is in memory."""

    def __init__(self, octets):
        self._octets = octets
        self._done = 0

    def readinto(self, buf):
        piece = self._octets[self._done : self._done + len(buf)]
        memoryview(buf)[: len(piece)] = piece
        self._done += len(piece)
        return len(piece)

    def leaving(self):
        pass  # it may be said twice


class Carrier:
    """Carries on for ever; each failure is counted, told, and tried again when policy says so."""

    def __init__(self, settings, bearer, sending, receiving, events, supervisor):
        self._settings = settings
        self._bearer = bearer
        self._outbox = sending
        self._inbox = receiving
        self._events = events
        self._supervisor = supervisor
        self._wake = asyncio.Event()
        self._later = {}  # id -> (ticks, ms): not before
        self._job = None  # the task that carries something
        self._left_off = False  # somebody said that it shall end
        self._unreached = 0  # how often in a row the MMSC could not even be asked
        self._failed = 0  # retrievals, less one for each time that has passed since
        self._since = clock.ticks()

    def wake(self, id=None):
        """There may be something to carry; `id` is due at once."""
        self._later.pop(id, None)
        self._wake.set()

    def wake_all(self):
        """The modem can be reached again, since somebody has plugged it in: everything is due."""
        self._later.clear()
        self._unreached = 0
        self._wake.set()

    def leave_off(self, id):
        """Do not go on with `id`, if it is just being carried: what becomes of it is the caller's."""
        if self._inbox.waiting.busy == id:
            self._left_off = True
            self._job.cancel()

    async def work(self):
        """Carry one thing after the other."""
        self._inbox.tell()
        while True:
            self._supervisor.beat("carry")
            self._wake.clear()
            job = await self._next()
            if job:
                await self._carry(*job)
                self._inbox.waiting.busy = None
                continue
            try:
                await clock.within(self._wake.wait(), self._pause())
            except asyncio.TimeoutError:
                pass  # something may be due now

    async def _next(self):
        """(item, what it needs, how to carry it, milliseconds that this may take) of what is most urgent, or None."""
        await flash.quiet()
        for name in self._inbox.store.names(".a"):
            if self._due(name[:-2]):
                errand = rooms.errands.found(self._inbox.store, self._events, name)
                if errand:
                    return errand, self._bearer.up, self._run, policy.budget_ms(0)
        for id in list(self._inbox.unanswered):
            item = self._inbox.look(id) if self._due(id) else None
            if item:
                return item, self._bearer.up, self._answer, policy.budget_ms(0)
        for id in [id for id in self._outbox.ids() if self._due(id)]:
            await clock.sleep(0)
            await flash.quiet()
            item = self._outbox.look(id)
            if item and item.state == outbox.LEAVING:
                self._settle(item)
            if item and item.state == outbox.QUEUED and self._due(id):
                if "text" in item.record:
                    budget = len(item.record["plan"]) * policy.budget_ms(limits.TPDU)
                    return item, self._bearer.registered, self._text, budget
                return item, self._bearer.up, self._submit, policy.budget_ms(item.record["octets"])
        patient = self._patient()
        id = self._inbox.waiting.due(lambda id, wanted: (wanted or patient) and self._due(id))
        waiting = self._inbox.look(id) if id else None
        if waiting is None:
            return None
        octets = min(waiting.fate["octets"] or limits.MESSAGE, limits.MESSAGE)
        return waiting, self._bearer.up, self._retrieve, policy.budget_ms(octets)

    def _patient(self):
        """Whether a retrieval may fail: not too often, for what strangers announce costs us as much as them."""
        passed = clock.since(self._since) // limits.RETRIEVAL_MS
        if passed:
            self._failed = max(self._failed - passed, 0)
            self._since = clock.ticks()
        return self._failed < limits.RETRIEVALS

    def _settle(self, item):
        """The store was too full to note what became of it: it is in doubt."""
        try:
            item.doubt("what became of it could not be noted")
        except StoreError:
            self._later[item.id] = (clock.ticks(), _IDLE_MS)

    def _due(self, id):
        start = self._later.get(id)
        return start is None or clock.since(start[0]) >= start[1]

    def _pause(self):
        for id in [id for id in self._later if self._due(id)]:
            del self._later[id]
        waits = [start[1] - clock.since(start[0]) for start in self._later.values()]
        return min([wait for wait in waits if wait > 0] + [_IDLE_MS if self._patient() else limits.RETRIEVAL_MS])

    async def _carry(self, item, reach, work, budget):
        attempts = item.fate["attempts"] + 1
        self._inbox.waiting.busy = item.id
        self._supervisor.beat("carry", budget + limits.STEP_MS)
        self._left_off = starved = False  # who was short of memory is tried once more, and no more
        gc.collect()  # room in one piece, before it is needed
        self._job = asyncio.create_task(self._attempt(item, reach, work, budget, attempts))
        try:
            await self._job
            self._later.pop(item.id, None)
            self._unreached = 0
            await self._outbox.thin()
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
        if self._left_off:
            return  # what becomes of it has been said
        wait = None
        self._unreached = 0 if item.fate["attempts"] == attempts else self._unreached + 1
        if not (getattr(error, "permanent", False) or starved and item.fate.get("why") == str(error)):
            wait = self._wait(item, error, attempts)
        await flash.quiet()
        try:
            item.failed(error, wait is None)
        except StoreError as full:
            error, wait = full, wait or _IDLE_MS  # it stays as it was, and there may be room later
        self._later.pop(item.id, None)
        if item.state in _GOES_ON:  # of what is over nothing is kept: there is no end of what strangers announce
            self._later[item.id] = (clock.ticks(), wait or 0)
        over = item.state not in _GOES_ON or isinstance(error, TooLarge)  # then only the answer goes on
        sent = item.state == outbox.SENT  # and noted: this came after
        self._events.fail(error, id=None if sent else item.id, final=over and not sent, retry_ms=wait)
        if starved:
            self._supervisor.starved()

    async def _attempt(self, item, reach, work, budget, attempts):
        if attempts > policy.ATTEMPTS:
            raise Refused("carry", None, "the handset has ended in the middle of it too often")
        await reach()  # the modem's own timers bound it, and it is no attempt: nobody was asked
        await flash.quiet()
        item.save(attempts=attempts)
        await clock.within(work(item), budget)

    def _wait(self, item, error, attempts):
        """Milliseconds until the next attempt, or None when that was the last."""
        if self._unreached:
            if isinstance(error, Coverage):
                return policy.UNREACHED_MS  # the modem has searched for a while
            attempts = min(self._unreached, policy.UNREACHED)
        elif item.state == outbox.LEAVING:
            attempts = max(attempts, 2)  # the one that may be a duplicate gives the MMSC time to be well again
        return policy.retry_ms(attempts, item.id)

    async def _submit(self, item):
        body = item.body()
        octets = item.record["octets"]

        def sent(done):
            self._events.say("sent", id=item.id, octets=min(done, octets), of=octets)

        try:
            mmsc = self._bearer.profile.mmsc
            confirmation = await self._bearer.request("POST", mmsc, _confirmation, body, octets, sent)
        finally:
            body.close()
        expected = item.record.get("answer", mm1.SEND_CONF)
        if confirmation.type != expected or confirmation.get(mm1.TRANSACTION_ID) not in (None, item.id):
            raise LinkError("confirmation", None, "the MMSC answered something else")
        status = confirmation.get(mm1.RESPONSE_STATUS)
        if status != mm1.OK:
            name, kind = rooms.names.status(mm1.RESPONSE_STATUS, status)
            raise Refused("confirmation", status, confirmation.get(mm1.RESPONSE_TEXT) or name, kind == "permanent")
        await flash.quiet()
        item.sent(confirmation.get(mm1.MESSAGE_ID) or "")
        forwarded = item.record.get("forwards")
        waiting = self._inbox.look(forwarded) if forwarded else None
        if waiting and not waiting.hidden:
            waiting.forwarded()

    async def _text(self, item):
        await rooms.texts.carry(item, self._inbox.store, self._bearer)

    async def _run(self, errand):
        await self._post(errand.octets)
        await flash.quiet()
        errand.done()

    async def _retrieve(self, item):
        network = await self._bearer.network()
        if network.status not in ("home", "roaming"):
            raise Coverage("register", None, "nobody knows whether this is abroad")
        url, most, room = self._location(item), self._bearer.profile.receives, rooms.arriving
        if item.state == inbox.NOTIFIED:  # what the user asks for is tried: an MMSC may announce more than it sends
            room.check_size(item.fate["octets"], most)
            if not policy.retrieve_now(self._settings, network):
                await self._respond(item, mm1.NOTIFYRESP_IND, item.fate["tid"], mm1.DEFERRED)
                await flash.quiet()
                item.deferred()
                return
            room.check_room(self._inbox, item.fate["octets"])

        async def consume(response, buffer):
            return await room.receive(self._inbox, item, response, buffer, most)

        self._failed += 1  # till it has not
        try:
            media = await self._bearer.request("GET", url, consume)
        except Refused as error:
            if error.step == "answer" and error.code in (404, 410):
                raise Refused("retrieve", error.code, "the MMSC does not have the message, or no more")
            raise
        await self._inbox.publish(item, media)  # when the connection and its memory are free again
        self._failed = max(self._failed - 1, 0)

    async def _answer(self, item):
        """One answer to each retrieval: to the notification, or to what was deferred; some networks want both."""
        if item.state == inbox.REJECTING:
            await self._respond(item, mm1.NOTIFYRESP_IND, item.fate["tid"], mm1.REJECTED)
            await flash.quiet()
            item.acknowledged(REJECTED)
            return
        deferred, both = item.fate["deferred"], self._bearer.profile.answers_twice
        if both or not deferred:
            await self._respond(item, mm1.NOTIFYRESP_IND, item.fate["tid"], mm1.RETRIEVED)
        if deferred or both and item.fate["answer"]:
            await self._respond(item, mm1.ACKNOWLEDGE_IND, item.fate["answer"])
        await flash.quiet()
        item.acknowledged()

    def _location(self, item):
        """Where the message lies: some networks leave its transaction id to be added.

        Raises Refused for no URL, and for one whose host is not known as the operator's.
        """
        profile, url = self._bearer.profile, item.fate["url"]
        url = Url(url + item.fate["tid"] if profile.appends and url.endswith("=") else url)
        if profile.proxy is None and not profile.trusts(url.host):
            error = Refused("location", None, "the message lies on %s, a host that is not the MMSC's" % url.host)
            words = 'if that is your operator\'s, add "%s" to operators.%s.hosts in the settings, then fetch it'
            error.advice = words % (url.host.lower(), profile.code)
            raise error
        return url

    async def _respond(self, item, type, tid, status=None):
        fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, policy.version(self._settings))]
        if status is not None:
            fields.append((mm1.STATUS, status))
        fields.append((mm1.REPORT_ALLOWED, self._settings["report_allowed"]))
        profile = self._bearer.profile
        await self._post(mm1.build(type, fields), self._location(item) if profile.answers_there else profile.mmsc)

    async def _post(self, octets, url=None):
        url = url or self._bearer.profile.mmsc
        await self._bearer.request("POST", url, _nothing, _Octets(octets), len(octets))


_GOES_ON = (outbox.QUEUED, inbox.NOTIFIED, inbox.WANTED, inbox.RETRIEVED, inbox.REJECTING)


async def _confirmation(response, buffer):
    octets = bytearray()
    while True:
        count = await response.readinto(buffer)
        if not count:
            break
        if len(octets) + count > limits.CONFIRMATION:
            raise LinkError("confirmation", None, "more than %d octets" % limits.CONFIRMATION)
        octets.extend(memoryview(buffer)[:count])
    try:
        return mm1.parse(bytes(octets))
    except PduError:
        raise LinkError("confirmation", None, "no M-Send.conf, but %s" % (response.media or "something unnamed"))


async def _nothing(response, buffer):
    """The answer to an M-NotifyResp.ind or M-Acknowledge.ind has no body that matters."""
