"""The handset: the commands of its user, and the duties that it does by itself."""

import asyncio

from mms import clock, flash, limits, memory
from mms.errors import LineLost, ModemError, StoreError, Stuck, UsageError
from mms.handset import rooms, states
from mms.handset.carrying.bearer import Bearer
from mms.handset.carrying.carrier import Carrier
from mms.handset.receiving import inbox
from mms.handset.sending import outbox
from mms.handset.supervisor import Supervisor
from mms.limits import const

_ROUND_MS = const(60000)  # between two heartbeats of a duty with nothing to do
_ENDS = const(("confirmed", "failed", "in_doubt"))  # events after which a message may have reached its end


class Handset:
    """One phone, over a Store, the drivers `modem` and `camera` (or None) and an Events; `settings` are checked ones.

    The methods raise UsageError for a request that cannot be met.
    """

    def __init__(self, settings, store, modem, camera, events):
        self.settings = settings
        self.events = events
        self.outbox = outbox.Outbox(store, events, settings["in_doubt"] == "hold")
        self.bearer = Bearer(modem, settings, store)
        rejects = settings["too_large"] == "reject"
        self.inbox = inbox.Inbox(store, events, self.outbox, rejects, lambda: self.number)
        self._supervisor = Supervisor(events)
        self._carrier = Carrier(settings, self.bearer, self.outbox, self.inbox, events, self._supervisor)
        self._store = store
        self._modem = modem
        self.camera = camera
        self._reset = asyncio.Event()
        self._plugged = False  # whether the line of the modem has come back since the last start
        self._ready = asyncio.Event()
        self._changed = asyncio.Event()  # a message may have reached its end
        self._ended = asyncio.Event()
        self._fault = None
        events.listen(self._handle_event)

    def _handle_event(self, event):
        name = event["event"]
        if name in ("modem_reset", "line_back"):
            self._reset.set()
            self._plugged = self._plugged or name == "line_back"
        elif name == "applied":
            self._carrier.wake_all()
        elif name in _ENDS:
            self._changed.set()

    async def run(self, console=None, watchdog=None):
        """Run until `console`, which has `serve()` and `flush()`, ends, and feed `watchdog`, which has `feed()`.

        Raises the error that has ended the handset: SimError, ModemError, UsageError, Stuck.
        """
        tasks = []

        def begin(work):
            tasks.append(asyncio.create_task(self._guard(work)))

        async def live():
            self._supervisor.beat("start")
            await self.load()
            if console:
                begin(talk())
            begin(self.page())
            if "old" in self.settings:
                self.events.say("old_settings", write=self.settings.pop("old"))
            await self._start()
            self.events.say("ready", home=self.bearer.sim.home, operator=getattr(self.bearer.profile, "name", ""))
            for name, duty in self._duties():
                begin(self._attend(name, duty))
            self._supervisor.rest("start")
            rooms.rest(at_once=True)

        async def talk():
            await console.serve()
            self._ended.set()

        begin(self._supervisor.work(watchdog))
        begin(live())
        try:
            await self._ended.wait()
        finally:
            for task in tasks:
                task.cancel()
        if console:
            await console.flush()
        if self._fault:
            raise self._fault

    async def load(self):
        """Index the store, and resume every job that was under way when the handset ended; raises StoreError."""
        await self.outbox.load()
        await self.inbox.load()

    async def _guard(self, work):
        try:
            await work
        except Exception as error:
            self._fault = Stuck("memory", None, "not enough of it") if isinstance(error, MemoryError) else error
            self._ended.set()

    def _duties(self):
        return (
            ("register", self._register),
            ("receive", self._receive),
            ("carry", self._carrier.work),
            ("recover", self._recover),
            ("housekeep", self._housekeep),
        )

    async def _attend(self, name, duty):
        """Run a duty until it is done; one that ran out of memory begins anew."""
        while True:
            self._supervisor.beat(name)
            try:
                await duty()
                self._supervisor.rest(name)
                return
            except MemoryError:
                self.events.fail(Stuck("memory", None, "not enough of it to %s" % name), id=None, final=False)
                self._supervisor.starved()

    async def page(self):
        """Serve the page, where the settings have one, until cancelled; an event tells of an error. docs/page.md."""
        try:
            if "page" in self.settings:
                await rooms.page.serve(self)
        except MemoryError:
            self.events.fail(Stuck("memory", None, "not enough of it for the page"), id=None, final=False)
        except UsageError as error:  # the page was left out of this board
            self.events.fail(error, id=None, final=False)

    async def send(self, message):
        """Accept a Message and return its id: the message is durable. Raises UsageError, CameraError, StoreError."""
        memory.collect()  # the codec is loaded into the largest pieces of the heap
        recipients, wishes = rooms.wishes.resolve(self, message)
        limit = rooms.prices.limit_under(self, wishes["under"]) if "under" in wishes else self.limit
        warming = asyncio.create_task(rooms.sources.warm(self, message.parts))  # while the shutter is open
        draft = rooms.draft.Draft(self._store, self.events)
        try:
            await rooms.sources.store(self, draft, message, recipients, wishes, limit)
            await draft.accept(recipients, message.subject, limit(), wishes, clock.now(), self)
        except BaseException as error:
            warming.cancel()
            await flash.quiet()
            draft.discard(isinstance(error, Exception))
            raise
        self._carrier.wake()
        return draft.id

    def limit(self):
        """The most octets of a message to be sent, as far as the operator is known."""
        return self.bearer.profile.octets if self.bearer.profile else limits.MESSAGE

    async def ready(self):
        """Wait until `run` has started the modem and read the SIM."""
        await self._ready.wait()

    async def outcome(self, id, seconds=None):
        """Wait until a message is sent, has failed or is in doubt, at most for so many seconds.

        Returns its Item.summary(), a dict with `state`, `why` and `message_id`; after so many seconds the state is
        still another. Raises UsageError for a message that is not in the outbox, or no more.
        """
        start = clock.ticks()
        while True:
            self._changed.clear()
            summary = self.outbox.item(id).summary()
            left = None if seconds is None else seconds * 1000 - clock.since(start)
            if summary["state"] in (states.SENT, states.FAILED, states.IN_DOUBT) or left is not None and left <= 0:
                return summary
            try:
                await clock.within(self._changed.wait(), min(left or _ROUND_MS, _ROUND_MS))
            except asyncio.TimeoutError:
                pass  # the loop looks whether there is time left

    async def snap(self, create, size=None, quality=None, octets=None):
        """Take a picture of a size and quality, or smaller and coarser until it has at most so many `octets`.

        `create()` gives a writer for each try, an async context manager with `add(octets)`. It counts `octets`, and is
        left with an error when the picture is none. Raises CameraError, UsageError without a camera, StoreError.
        """
        await rooms.fitting.take(self, create, size, quality, octets or self.settings["camera"].get("limit"))

    def retry(self, id):
        """Send a message again that has failed or is in doubt; raises UsageError."""
        rooms.attempts.retry(self.outbox.item(id))
        self._carrier.wake(id)

    def cancel(self, id):
        """Give up sending a message, which stays in the outbox. Raises UsageError."""
        rooms.attempts.cancel(self.outbox.item(id))
        self.abort(id)

    def abort(self, id):
        """End the exchange with the MMSC that carries a message, if there is one."""
        self._carrier.abort(id)
        self._changed.set()

    def fetch(self, id):
        """Retrieve a message that waits for the user or has failed; raises UsageError."""
        rooms.noting.retry(self.inbox.item(id))
        self._carrier.wake(id)

    @property
    def number(self):
        """Our own number in international form, or None when neither the settings nor the SIM have it."""
        return self.settings.get("number") or self.bearer.sim and self.bearer.sim.number

    def wake(self):
        """Have the carrier look for something to carry."""
        self._carrier.wake()

    async def _register(self):
        """Register, and bring a context up where the settings want it so soon."""
        try:
            await self.bearer.up(context=self.settings["attach"] == "registered")
        except ModemError as error:
            self.events.fail(error, id=None, final=False)  # the carrier registers again when it has something to carry

    async def _receive(self):
        async for sms in self._modem.sms:
            self._supervisor.beat("receive")
            if sms is None:
                continue
            await flash.quiet()
            try:
                name = self.inbox.keep(sms.tpdu)
                await self._modem.done(sms)  # the message is durable: the SIM can delete it
            except StoreError as error:
                self.events.fail(error, id=None, final=False)
                self._modem.sms.forget((sms.memory, sms.index))  # the message stays on the SIM and is read again
                continue
            except MemoryError:
                self._modem.sms.forget((sms.memory, sms.index))
                raise
            await rooms.retention.choose(self.inbox)
            await flash.quiet()
            if rooms.intake.handle(self.inbox, name):
                self._carrier.wake()

    async def _start(self):
        """Start modem and SIM for the first time; the line may be pulled out meanwhile."""
        while True:
            self._supervisor.beat("start")
            self._reset.clear()
            try:
                await self.bearer.start()
                self._ready.set()
                return
            except LineLost:
                await self._wait_for_reset("start")

    async def _wait_for_reset(self, duty):
        """Wait, for as long as it takes, until the modem was reset or its line is back."""
        while not self._reset.is_set():
            self._supervisor.beat(duty)
            try:
                await clock.within(self._reset.wait(), _ROUND_MS)
            except asyncio.TimeoutError:
                pass

    async def _recover(self):
        while True:
            await self._wait_for_reset("recover")
            self._reset.clear()
            try:
                if await rooms.restarts.restart(self.bearer, self.events, self._supervisor):
                    await self._register()
            except MemoryError:
                self._reset.set()  # the next round tries again
                raise
            if self._plugged and not self._reset.is_set():
                self._plugged = False
                self._carrier.wake_all()
            self._carrier.wake()

    async def _housekeep(self):
        while True:
            self._supervisor.beat("housekeep")
            await clock.sleep(_ROUND_MS)
            try:
                await self.inbox.expire(self.bearer)
                await self.bearer.rest(self.events)  # fails on a modem that was reset: it has no context left
                if self.inbox.waiting.busy is None:
                    rooms.rest()
                    if self.camera is not None:
                        self.camera.rest()
            except (ModemError, StoreError) as error:
                self.events.fail(error, id=None, final=False)


def load_settings(path):
    """The settings in a file; raises SettingsError."""
    return rooms.settings.load(path)
