"""The panel: presses become commands, and events become light and pages. docs/panel.md; loaded where settings want it.

`parts` are those of drivers/panel/parts.py. A part that fails is told once, and the handset goes on without it.
"""

import asyncio

from mms import clock, memory
from mms.errors import CameraError, LinkError, ModemError, StoreError, Stuck, UsageError
from mms.handset import rooms, states
from mms.handset.panel.lamp import Lamp
from mms.handset.panel.presses import Button
from mms.limits import const

_LOOK_MS = const(25)  # between two looks at the button
_FRAME_MS = const(300)  # between two frames
_DARK_MS = const(60000)  # a lit OLED wears out
_SIGNAL_MS = const(60000)
_WEIGH_MS, _DEAR_MS = const(60000), const(600000)  # between two looks at the battery; asking a modem wakes it
_WEAK_MV, _WELL_MV, _FULL_MV, _NONE_MV = const(3500), const(3600), const(4150), const(2500)
_WEAK = const("the battery has %d mV: nothing is sent below 3500")
_WELL = const("the battery has %d mV: sending goes on")
_QUIET_MS = const(10000)  # without an event the board may sleep
_NAP_MS = const(5000)
_KEPT = const("in album")
_PROGRESS = {"picture": "taking", "sent": "sending", "received": "getting", "shrinking": "smaller"}
_HERE = (states.RETRIEVED, states.ACKNOWLEDGED, states.TEXT)
_COUNTED = const(("ready", "accepted", "confirmed", "retrieved", "text", "pressed", "failed", "acknowledged"))
_SAID = const(
    " ready registered confirmed failed in_doubt text retrieved deferred battery power undervoltage delivered "
    "read proposed link messages_wait line_lost modem_reset "
)
_ERRORS = (CameraError, LinkError, ModemError, StoreError, UsageError)


def _progress(event):
    """Progress in a word and percent, "" at its end; such events are many, so no room is loaded for one."""
    octets, of = event.get("octets") or 0, event.get("of") or 0
    return "%s %d%%" % (_PROGRESS[event["event"]], 100 * octets // of) if octets < of else ""


async def serve(phone, parts):
    """Serve the parts as long as the handset runs."""
    for text in parts.told:
        phone.events.fail(UsageError(text), id=None, final=False)
    panel = Panel(phone, parts)
    phone.events.listen(panel.hear)
    try:
        await panel.run()
    except MemoryError:
        panel.fail_for_memory()


class Panel:
    """`screen` is None without a display."""

    def __init__(self, phone, parts):
        self._phone, self._parts = phone, parts
        self.lamp, self._button = Lamp(), Button()
        self.screen = None
        if parts.display:
            from mms.handset.panel.screen import Screen

            self.screen = Screen(parts.display)
        self._changed, self._stale = asyncio.Event(), True  # something to show, and counts to be made
        self._lit = self._bright = False  # the LED, the display
        self._heard = clock.ticks()
        self._asked = None  # ticks of the last look at the signal
        self._job = None  # the press under way
        self._picture = None  # the event whose picture is to be shown

    def hear(self, event):
        """Note an event, and have it shown."""
        name, screen = event["event"], self.screen
        self._heard = clock.ticks()
        self.lamp.hear(event)
        self._stale = self._stale or name in _COUNTED
        if screen is None:
            return
        if name in _PROGRESS:
            text = _progress(event)
            if text == screen.progress:
                return
            screen.progress = text
        elif name == "pressed" and event["kind"] == "double":
            screen.show_text(event["text"], True)
        else:
            if name == "pressed":
                screen.progress = _KEPT
            elif " %s " % name in _SAID:
                screen.progress = ""
                screen.show_text("".join(rooms.sentences.render(event, self._phone))[2:])
            if name in ("accepted", "pressed", "retrieved"):
                self._picture = event
        self._changed.set()

    async def run(self):
        """Look at the button, light the LED, and have the tasks run; until cancelled."""
        parts, tasks = self._parts, []
        if self.screen:
            tasks.append(asyncio.create_task(self._guard(self._show())))
        tasks.append(asyncio.create_task(self._guard(self._weigh())))
        try:
            while True:
                await clock.sleep(_LOOK_MS)
                kind = self._button.look(parts.button()) if parts.button else None
                if kind and (self._job is None or self._job.done()):
                    self._job = asyncio.create_task(self._guard(self._press(kind)))
                if parts.led and self.lamp.is_on() != self._lit:
                    self._lit = not self._lit
                    parts.led(self._lit)
                if parts.nap and self._is_quiet():
                    parts.nap(_NAP_MS)
                    await clock.sleep(4 * _LOOK_MS)  # all that became due gets its turn
        finally:
            for task in tasks + ([self._job] if self._job else []):
                task.cancel()

    async def _guard(self, work):
        """Await `work`, and tell an error of it in one line."""
        try:
            await work
        except _ERRORS as error:
            self._phone.events.fail(error, id=None, final=False)
        except MemoryError:
            self.fail_for_memory()

    def fail_for_memory(self):
        """Tell that memory was short for a press or a page."""
        self._phone.events.fail(Stuck("memory", None, "not enough of it for the panel"), id=None, final=False)

    async def _press(self, kind):
        screen = self.screen
        if kind == "double":
            if screen and screen.read:  # the rest of a message that is shown
                screen.turn()
                self._changed.set()
                return
        else:
            self.lamp.press()
        try:
            await rooms.presses.do_press(self._phone, {"kind": kind})
        finally:
            self.lamp.rest()

    def _is_quiet(self):
        """Whether nothing is under way that a sleeping board would miss."""
        idle = self.lamp.state in ("idle", "news", "weak") and clock.since(self._heard) > _QUIET_MS
        working = self._job is not None and not self._job.done()
        return idle and not (working or self._bright or self._button.pressed or self._phone.bearer.line.locked())

    async def _show(self):
        """Bring to the display what has changed; raises LinkError where it does not answer."""
        try:
            self._changed.set()
            while True:
                try:
                    await clock.within(self._changed.wait(), _DARK_MS)
                except asyncio.TimeoutError:
                    await self._light(False)
                    await self._changed.wait()
                await self._light(True)
                self._changed.clear()
                await self._gather()
                await self.screen.draw()
                await clock.sleep(_FRAME_MS)
        except OSError:
            self.screen = None
            raise LinkError("display", None, "it does not answer: the handset goes on without")

    async def _light(self, on):
        if on != self._bright:
            self._bright = on
            await self._parts.display.light(on)

    async def _gather(self):
        """Bring the screen's fields up to date."""
        screen, bearer = self.screen, self._phone.bearer
        screen.operator = getattr(bearer.profile, "name", "") or "MMS"
        if self._picture:
            from mms.handset.panel import pictures  # loaded for each picture

            event, self._picture = self._picture, None
            screen.opened = await pictures.find(self._phone, event) or screen.opened
            memory.forget(pictures.__name__)
        if self._stale:
            await self._count()
        stale = self._asked is None or clock.since(self._asked) > _SIGNAL_MS
        if bearer.sim and stale and not bearer.line.locked():
            self._asked = clock.ticks()
            try:
                screen.signal = (await bearer.network()).signal
            except ModemError:
                screen.signal = None

    async def _count(self):
        """Count the unread messages, and those that wait to be sent."""
        self._stale, unread, waiting = False, 0, 0
        for item in self._phone.inbox.each():
            unread += item.state in _HERE and not item.hidden and not item.status.get("read")
            await clock.sleep(0)
        for item in self._phone.outbox.each():
            waiting += item.state in (states.QUEUED, states.LEAVING)
            await clock.sleep(0)
        self.lamp.unread = unread > 0
        if self.screen:
            self.screen.unread, self.screen.waiting = unread, waiting

    async def _weigh(self):
        """Look at the battery every now and then, and count where no display does that."""
        parts = self._parts
        await self._phone.ready()
        asked = None
        while True:
            if self.screen is None and self._stale:
                await self._count()
            due = asked is None or clock.since(asked) > (_DEAR_MS if parts.dear else _WEIGH_MS)
            if parts.battery and due and not self._phone.bearer.line.locked():
                asked = clock.ticks()
                self._judge(await parts.battery())
            await clock.sleep(1000)

    def _judge(self, mv):
        """Stop sending with a weak battery; mV of less than _NONE_MV, or None, are no battery."""
        bearer = self._phone.bearer
        if mv is None or mv < _NONE_MV:
            mv = _FULL_MV if bearer.weak else None
        if mv is None:
            return
        percent = min(max((mv - _WEAK_MV) * 100 // (_FULL_MV - _WEAK_MV), 0), 100)
        if self.screen:
            self.screen.percent = percent
        weak = mv < (_WELL_MV if bearer.weak else _WEAK_MV)
        if weak != bool(bearer.weak):
            bearer.weak = _WEAK % mv if weak else None
            self.lamp.weak = weak
            self._phone.events.say("battery", mv=mv, percent=percent, text=bearer.weak or _WELL % mv)
            self._phone.wake()
