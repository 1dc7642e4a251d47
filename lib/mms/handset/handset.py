"""The handset: everything that `send` and a notification set in motion, carried by one worker."""

import asyncio

from mms import clock, limits
from mms.codec import mm1
from mms.errors import (
    CameraError,
    LinkError,
    ModemError,
    PduError,
    Refused,
    StoreError,
    UsageError,
    advice,
)
from mms.handset import inbox, outbox, policy
from mms.handset.bearer import Bearer
from mms.link.http import Url

_DEFERRED = 0x83
_RETRIEVED = 0x81
_OK = 0x80
_VERSION = 0x10
_HOUSEKEEPING_MS = 60000
_LINGER_MS = 120000  # a context that nobody has used for so long is let go


class Octets:
    """A small body that is in memory."""

    def __init__(self, octets):
        self._octets = octets
        self._done = 0

    def readinto(self, buf):
        """Fill `buf`; returns how many octets, 0 at the end."""
        piece = self._octets[self._done : self._done + len(buf)]
        memoryview(buf)[: len(piece)] = piece
        self._done += len(piece)
        return len(piece)


class Handset:
    """One phone. `await run()` never returns by itself; what it raises has ended the handset."""

    def __init__(self, settings, store, modem, camera, events):
        self.settings = settings
        self.events = events
        self.outbox = outbox.Outbox(store, events, settings["in_doubt"] == "hold")
        self.inbox = inbox.Inbox(store, events, self.outbox)
        self.bearer = Bearer(modem, settings, store)
        self._store = store
        self._modem = modem
        self._camera = camera
        self._wake = asyncio.Event()
        self._reset = asyncio.Event()
        self._ended = asyncio.Event()
        self._fault = None
        self._later = {}  # id -> (ticks, ms): not before
        self._used = clock.ticks()
        self._released = True
        events.listen(self._heard)

    def _heard(self, event):
        if event["event"] == "modem_reset":
            self._reset.set()

    async def run(self):
        """Be a phone until cancelled; raises SimError, ModemError, UsageError when it cannot be one."""
        await self.bearer.start()
        self.events.say("ready", home=self.bearer.sim.home, operator=self.bearer.profile.name)
        tasks = [
            asyncio.create_task(self._guard(work))
            for work in (self._register, self._receive, self._work, self._recover, self._housekeep)
        ]
        try:
            await self._ended.wait()
        finally:
            for task in tasks:
                task.cancel()
        raise self._fault

    async def _guard(self, work):
        try:
            await work()
        except Exception as error:
            self._fault = error
            self._ended.set()

    # What the user asks for

    async def send(self, message):
        """Accept a Message and return its id: from then on it is durable. Raises UsageError, CameraError, StoreError."""
        recipients = [_recipient(to) for to in message.to]
        if not recipients or len(recipients) > limits.ADDRESSES:
            raise UsageError("a message has 1 to %d recipients" % limits.ADDRESSES)
        warming = asyncio.create_task(self._warm())  # the context comes up while the shutter is open
        draft = outbox.Draft(self._store, self.events)
        accepted = False
        try:
            for part in message.parts:
                await self._draw(draft, part)
            report = self.settings["delivery_report"]
            limit = self.bearer.profile.octets if self.bearer.profile else limits.MESSAGE
            draft.accept(recipients, message.subject, limit, report, clock.now())
            accepted = True
        finally:
            if not accepted:
                draft.drop()
                warming.cancel()
        self._wake.set()
        return draft.id

    async def _warm(self):
        try:
            await self.bearer.up()
        except ModemError:
            pass  # the worker meets the same obstacle, counts it and tells of it

    async def _draw(self, draft, part):
        if part.octets is not None:
            with draft.create(part.media) as writer:
                writer.write(part.octets)
        elif part.path is not None:
            with draft.create(part.media) as writer:
                _copy(part.path, writer)
        else:
            with draft.create(part.media) as writer:
                await self.snap(writer, part.size, part.quality)
        draft.added(part.media, writer.octets)

    async def snap(self, writer, size=None, quality=None):
        """Take a picture into `writer`; raises CameraError, UsageError without a camera."""
        if self._camera is None:
            raise UsageError("this handset has no camera")
        wanted = self.settings["camera"]
        size = size or wanted["size"]
        quality = wanted["compression"] if quality is None else quality
        buffer = bytearray(limits.BLOCK)
        async with self._camera.capture(size, quality) as picture:
            while True:
                count = await picture.readinto(buffer)
                if not count:
                    break
                writer.write(memoryview(buffer)[:count])
                self.events.say("picture", octets=writer.octets, of=picture.octets)
            if writer.octets != picture.octets:
                raise CameraError("camera", None, "%d octets of %d came" % (writer.octets, picture.octets))
            self.events.say("captured", octets=picture.octets, width=picture.width, height=picture.height)

    def retry(self, id):
        """Send again what failed or is in doubt; raises UsageError."""
        item = self.outbox.item(id)
        if item.state not in (outbox.FAILED, outbox.IN_DOUBT, outbox.QUEUED):
            raise UsageError("message %s is %s" % (id, item.state))
        doubtful = item.state == outbox.IN_DOUBT or item.fate["maybe_duplicate"]
        item.save(state=outbox.QUEUED, attempts=0, maybe_duplicate=doubtful)
        self._later.pop(id, None)
        self._wake.set()

    def cancel(self, id):
        """Stop trying to send; the message stays in the outbox. Raises UsageError."""
        item = self.outbox.item(id)
        if item.state != outbox.QUEUED:
            raise UsageError("message %s is %s" % (id, item.state))
        item.save(state=outbox.FAILED, why="cancelled")

    def fetch(self, id):
        """Retrieve a message that waits for the user or failed; raises UsageError."""
        item = self.inbox.item(id)
        if item.state not in (inbox.DEFERRED, inbox.FAILED, inbox.NOTIFIED):
            raise UsageError("message %s is %s" % (id, item.state))
        item.save(state=inbox.WANTED if item.fate.get("deferred") else inbox.NOTIFIED, attempts=0)
        self._later[id] = None
        self._wake.set()

    # What goes on by itself

    async def _register(self):
        try:
            await self.bearer.up()
        except ModemError as error:
            self._tell(None, error)

    async def _receive(self):
        async for sms in self._modem.sms:
            name = self.inbox.keep(sms.tpdu)
            await self._modem.done(sms)  # it is durable: the SIM may forget it
            self.inbox.digest(name)
            self._wake.set()

    async def _recover(self):
        while True:
            await self._reset.wait()
            self._reset.clear()
            await self.bearer.start()
            self._wake.set()

    async def _housekeep(self):
        while True:
            await clock.sleep(_HOUSEKEEPING_MS)
            self.inbox.expire()
            if not self._released and clock.since(self._used) > _LINGER_MS:
                self._released = True
                await self.bearer.release()

    async def _work(self):
        while True:
            self._wake.clear()
            job = self._next()
            if job:
                await self._carry(*job)
                continue
            try:
                await clock.within(self._wake.wait(), self._pause())
            except asyncio.TimeoutError:
                pass  # something may be due now

    def _next(self):
        for item in self.inbox.items():
            if item.state == inbox.RETRIEVED and self._due(item.id):
                return item, self._answer, 0, inbox.FAILED
        for item in self.outbox.items():
            if item.state == outbox.QUEUED and self._due(item.id):
                return item, self._submit, item.record["octets"], outbox.FAILED
        for item in self.inbox.items():
            if item.state in (inbox.NOTIFIED, inbox.WANTED) and self._due(item.id):
                return item, self._retrieve, item.fate["octets"], inbox.FAILED
        return None

    def _due(self, id):
        start = self._later.get(id)
        return start is None or clock.since(start[0]) >= start[1]

    def _pause(self):
        waits = [start[1] - clock.since(start[0]) for start in self._later.values() if start]
        return max(10, min(waits + [_HOUSEKEEPING_MS]))

    async def _carry(self, item, work, octets, failed):
        attempts = item.fate.get("attempts", 0) + 1
        item.save(attempts=attempts)
        self._released = False
        try:
            await clock.within(work(item), policy.budget_ms(octets))
            self._later.pop(item.id, None)
            return
        except asyncio.TimeoutError:
            error = LinkError("time", None, "not done after %d seconds" % (policy.budget_ms(octets) // 1000))
        except (ModemError, LinkError, PduError, StoreError) as caught:
            error = caught
        finally:
            self._used = clock.ticks()
        wait = None if getattr(error, "permanent", False) else policy.retry_ms(attempts)
        if item.state == outbox.LEAVING and not isinstance(error, Refused):
            self.outbox.doubt(item, str(error))
        elif wait is None:
            item.save(state=failed, why=str(error))
        elif item.state == outbox.LEAVING:
            item.save(state=outbox.QUEUED, why=str(error))
        self._later[item.id] = (clock.ticks(), wait or 0)
        self._tell(item.id, error, final=item.state in (outbox.FAILED, outbox.IN_DOUBT), retry_ms=wait)

    def _tell(self, id, error, **more):
        step = getattr(error, "step", "message")
        code = getattr(error, "code", None)
        self.events.say("failed", id=id, step=step, code=code, text=str(error), advice=advice(error), **more)

    async def _submit(self, item):
        body = item.body()
        octets = item.record["octets"]
        try:
            confirmation = await self.bearer.request(
                "POST",
                self.bearer.profile.mmsc,
                _confirmation,
                body,
                octets,
                lambda done: self.events.say("sent", id=item.id, octets=done, of=octets),
            )
        finally:
            body.close()
        if confirmation.type != mm1.SEND_CONF or confirmation.get(mm1.TRANSACTION_ID) not in (
            None,
            item.id,
        ):
            raise LinkError("confirmation", None, "the MMSC answered something else")
        status = confirmation.get(mm1.RESPONSE_STATUS)
        if status != _OK:
            text = confirmation.get(mm1.RESPONSE_TEXT) or "the MMSC refuses the message"
            raise Refused("confirmation", status, text, not 0xC0 <= status <= 0xDF)
        self.outbox.sent(item, confirmation.get(mm1.MESSAGE_ID) or "")

    async def _retrieve(self, item):
        now = item.state == inbox.WANTED or policy.retrieve_now(self.settings, await self._modem.network())
        if not now:
            await self._respond(mm1.NOTIFYRESP_IND, item.fate["tid"], _DEFERRED)
            item.save(state=inbox.DEFERRED, deferred=True)
            self.events.say("deferred", id=item.id)
            return
        url = Url(item.fate["url"])
        profile = self.bearer.profile
        if profile.proxy is None and url.host != profile.mmsc.host:
            raise Refused("retrieve", None, "the message lies on a host that is not the MMSC's")

        async def take(response, buffer):
            await self.inbox.take(item, response, buffer)

        await self.bearer.request("GET", url, take)
        item.save(attempts=0)

    async def _answer(self, item):
        if item.fate.get("deferred"):
            await self._respond(mm1.ACKNOWLEDGE_IND, item.fate["answer"])
        else:
            await self._respond(mm1.NOTIFYRESP_IND, item.fate["tid"], _RETRIEVED)
        item.save(state=inbox.ACKNOWLEDGED)
        self.events.say("acknowledged", id=item.id)

    async def _respond(self, type, tid, status=None):
        fields = [(mm1.TRANSACTION_ID, tid), (mm1.MMS_VERSION, _VERSION)]
        if status is not None:
            fields.append((mm1.STATUS, status))
        fields.append((mm1.REPORT_ALLOWED, self.settings["delivery_report"]))
        octets = mm1.build(type, fields)
        await self.bearer.request("POST", self.bearer.profile.mmsc, _nothing, Octets(octets), len(octets))


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
    """An answer to an M-NotifyResp.ind or M-Acknowledge.ind has no body that matters."""


def _copy(path, writer):
    block = bytearray(512)
    try:
        with open(path, "rb") as file:
            while True:
                count = file.readinto(block)
                if not count:
                    return
                writer.write(memoryview(block)[:count])
    except OSError:
        raise UsageError("%s cannot be read" % path)


def _recipient(to):
    text = to.strip()
    if "@" in text:
        local, _, domain = text.partition("@")
        plain = all("!" <= character <= "~" for character in text)
        if plain and local and domain and len(text) <= 128 and "/" not in text:
            return text
    else:
        digits = text.replace(" ", "").replace("-", "")
        if digits[:1] == "+" and digits[1:].isdigit() and 5 <= len(digits) <= 16:
            return digits
    raise UsageError("%s: a number in international form (+447700900001) or an e-mail address, please" % to)
