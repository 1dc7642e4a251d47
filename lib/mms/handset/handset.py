"""The handset: what a user asks of it, and what it does by itself."""

import asyncio
import sys

from mms import clock, limits
from mms.errors import CameraError, ModemError, UsageError
from mms.handset import inbox, outbox
from mms.handset.bearer import Bearer
from mms.handset.carrier import Carrier
from mms.limits import const

_HOUSEKEEPING_MS = const(60000)


class Handset:
    """One phone. `await run()` never returns by itself; what it raises has ended the handset."""

    def __init__(self, settings, store, modem, camera, events):
        self.settings = settings
        self.events = events
        self.outbox = outbox.Outbox(store, events, settings["in_doubt"] == "hold")
        self.inbox = inbox.Inbox(store, events, self.outbox)
        self.bearer = Bearer(modem, settings, store)
        self._carrier = Carrier(settings, self.bearer, self.outbox, self.inbox, events)
        self._store = store
        self._modem = modem
        self._camera = camera
        self._reset = asyncio.Event()
        self._ended = asyncio.Event()
        self._fault = None
        events.listen(self._heard)

    def _heard(self, event):
        if event["event"] == "modem_reset":
            self._reset.set()

    async def run(self, console=None):
        """Be a phone until `console` ends; raises SimError, ModemError, UsageError when it cannot be one any more."""
        tasks = []

        def begin(duty):
            tasks.append(asyncio.create_task(self._guard(duty)))

        async def live():
            await self.bearer.start()
            self.events.say("ready", home=self.bearer.sim.home, operator=self.bearer.profile.name)
            for duty in (self._register, self._receive, self._carrier.work, self._recover, self._housekeep):
                begin(duty)

        async def talk():
            await console.serve()
            self._ended.set()

        begin(live)
        if console:
            begin(talk)
        try:
            await self._ended.wait()
        finally:
            for task in tasks:
                task.cancel()
        if console:
            await console.flush()
        if self._fault:
            raise self._fault

    async def _guard(self, duty):
        try:
            await duty()
        except Exception as error:
            self._fault = error
            self._ended.set()

    async def send(self, message):
        """Accept a Message and return its id: from then on it is durable.

        Raises UsageError, CameraError, StoreError.
        """
        recipients = [recipient(to) for to in message.to]
        if not 1 <= len(recipients) <= limits.ADDRESSES:
            raise UsageError("a message has 1 to %d recipients" % limits.ADDRESSES)
        warming = asyncio.create_task(self._register())  # the context comes up while the shutter is open
        from mms.handset.draft import Draft

        draft = Draft(self._store, self.events)
        accepted = False
        try:
            for part in message.parts:
                with draft.create(part.media) as writer:
                    await self._draw(writer, part)
                draft.added(part.media, writer.octets)
            limit = self.bearer.profile.octets if self.bearer.profile else limits.MESSAGE
            draft.accept(recipients, message.subject, limit, self.settings["delivery_report"], clock.now())
            accepted = True
        finally:
            if not accepted:
                warming.cancel()
                draft.drop()
        self._carrier.wake()
        return draft.id

    async def _draw(self, writer, part):
        if part.octets is not None:
            writer.write(part.octets)
        elif part.path is not None:
            _copy(part.path, writer)
        else:
            await self.snap(writer, part.size, part.quality)

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
        self.outbox.item(id).again()
        self._carrier.wake(id)

    def cancel(self, id):
        """Stop trying to send; the message stays in the outbox. Raises UsageError."""
        self.outbox.item(id).cancel()

    def fetch(self, id):
        """Retrieve a message that waits for the user or failed; raises UsageError."""
        self.inbox.item(id).again()
        self._carrier.wake(id)

    async def _register(self):
        try:
            await self.bearer.up()
        except ModemError as error:
            self.events.fail(error, id=None, final=False)  # the carrier tries again when there is something to carry

    async def _receive(self):
        async for sms in self._modem.sms:
            name = self.inbox.keep(sms.tpdu)
            await self._modem.done(sms)  # it is durable: the SIM may forget it
            self.inbox.digest(name)
            self._carrier.wake()

    async def _recover(self):
        while True:
            await self._reset.wait()
            self._reset.clear()
            await self.bearer.start()
            self._carrier.wake()

    async def _housekeep(self):
        while True:
            await clock.sleep(_HOUSEKEEPING_MS)
            self.inbox.expire()
            await self.bearer.rest()


def load_settings(path):
    """The settings in a file; raises SettingsError. The room that checks them is needed once: its memory is wanted."""
    import mms.handset.settings

    settings = mms.handset.settings.load(path)
    del sys.modules["mms.handset.settings"]
    del mms.handset.settings
    return settings


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


def recipient(to):
    """A recipient as messages carry it: E.164 or an e-mail address; raises UsageError."""
    text = to.strip()
    if "@" in text:
        local, _, domain = text.partition("@")
        plain = all("!" <= character <= "~" and character != "/" for character in text)
        if plain and local and domain and len(text) <= 128:
            return text
    else:
        digits = text.replace(" ", "").replace("-", "")
        if digits[:1] == "+" and digits[1:].isdigit() and 5 <= len(digits) <= 16:
            return digits
    raise UsageError("%s: a number in international form (+447700900001) or an e-mail address, please" % to)
