"""A button: how it was pressed, and what that does; the last part is the console's `press`, too."""

from mms import clock
from mms.errors import UsageError
from mms.handset import rooms, states
from mms.limits import const

KINDS = const(("short", "long", "double"))
_BOUNCE_MS = const(50)  # a level counts once it has held for so long
_LONG_MS = const(1000)
_DOUBLE_MS = const(400)  # from the end of a press to the beginning of its second half
_KEPT = const("no recipient, so the picture stays in %s: press.to in the settings names one")
_HERE = (states.RETRIEVED, states.ACKNOWLEDGED, states.TEXT)


class Button:
    """Knows from the levels of a button how it was pressed."""

    def __init__(self):
        self.pressed = False
        self._level, self._since = False, clock.ticks()  # the level, and when it changed last
        self._begun = self._ended = None  # ticks of the press under way, and of the end of a short one
        self._second = False

    def look(self, level):
        """One of KINDS when a press is complete, else None; `level`: whether it is pressed. Called every 10 to 30 ms.

        A long press is told while the button is still held, and is no short one when it ends.
        """
        if level != self._level:
            self._level, self._since = level, clock.ticks()
        elif level != self.pressed and clock.since(self._since) >= _BOUNCE_MS:
            self.pressed = level
            if level:
                return self._press()
            return self._release()
        return self._wait()

    def _press(self):
        self._begun, self._second, self._ended = self._since, self._ended is not None, None

    def _release(self):
        if self._begun is None:
            return None  # it was a long one
        self._begun = None
        if self._second:
            return "double"
        self._ended = self._since

    def _wait(self):
        if self._begun is not None and self.pressed and clock.since(self._begun) >= _LONG_MS:
            self._begun = None
            return "long"
        if self._ended is not None and not self._level and clock.since(self._ended) >= _DOUBLE_MS:
            self._ended = None
            return "short"
        return None


async def do_press(phone, command):
    """Do what a press of the button does; returns what the console answers, a dict.

    The command's `kind`: "short" takes a picture and sends it as the settings say, or only takes it where they name no
    recipient; "long" only takes one; "double" reads the last message that came. The event `pressed` says what a display
    is to show. Raises UsageError, CameraError, StoreError.
    """
    kind = command.get("kind", "short")
    if kind not in KINDS:
        raise UsageError('a press is "short", "long" or "double"')
    if kind == "double":
        return await _read(phone)
    if kind == "short" and phone.settings["press"].get("to"):
        message = rooms.composing.build(phone, "press", {}, {})
        return {"id": await phone.send(message)}
    result = await rooms.verbs.do_snap(phone, {})
    if kind == "short":
        result["note"] = _KEPT % result["path"]
    text = result.get("note") or "the picture is in " + result["path"]
    phone.events.say("pressed", kind=kind, path=result["path"], text=text)
    return result


async def _read(phone):
    """Read the last message that came: what `read` answers. Raises UsageError where none is here."""
    last, newest = None, -1
    for item in phone.inbox.each():
        await clock.sleep(0)
        when = item.status.get("time") or 0
        if item.state in _HERE and not item.hidden and when >= newest:
            last, newest = item.id, when
    if last is None:
        raise UsageError("no message is here")
    result = await rooms.requests.read(phone, last)
    phone.events.say("pressed", kind="double", id=last, text="%s: %s" % (result["sender"] or "?", result["text"]))
    return result
