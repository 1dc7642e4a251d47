"""The one place that says what happened. Progress bars, traces, figures and tests listen here."""

from mms import clock, memory

_SECRET = ("pin", "password")
_NUMBERS = ("sender", "recipient", "number", "imsi")


def masked(text):
    """A number with only its last two characters readable."""
    text = str(text)
    return "*" * (len(text) - 2) + text[-2:] if len(text) > 2 else "**"


def _known(who):
    """A sender or recipient as it may be told: a number is masked, a name, a short code or an address is not."""
    digits = who.encode("utf-8", "replace") if isinstance(who, str) else b"%d" % (who or 0)
    return masked(who) if sum(0x30 <= digit <= 0x39 for digit in digits) > 6 else who


def _without_numbers(text):
    """A text in which runs of eight digits or more are masked: a peer's words may have numbers in them, ours sizes."""
    octets, digits = bytearray(text.encode("utf-8", "replace")), 0
    for at in range(len(octets) + 1):
        if at < len(octets) and 0x30 <= octets[at] <= 0x39:
            digits += 1
            continue
        for masked_at in range(at - digits, at - 2 if digits > 7 else 0):
            octets[masked_at] = 0x2A
        digits = 0
    return octets.decode()


def hint_for(error, waits=False):
    """What a person can do about `error`, or "" where there is no memory to know it; waits: a message does.

    On a board the room that knows it goes out of memory again: it is as large as all that failures need besides.
    """
    try:
        from mms.advice import advice

        return advice(error, waits)
    except MemoryError:
        return ""
    finally:
        memory.forget("mms.advice")


class Events:
    """Passes what happened to every listener: a callable that takes one dict."""

    def __init__(self):
        self._listeners = []

    def listen(self, listener):
        """Call `listener(event)` for everything that happens from now on."""
        self._listeners.append(listener)

    def say(self, name, **fields):
        """Tell that `name` happened: `event` and `ms` (monotonic) are added, secrets are masked.

        What cannot be told for want of memory has happened all the same.
        """
        try:
            self._say(name, fields)
        except MemoryError:
            pass

    def _say(self, name, fields):
        for key in fields:
            if key in _SECRET:
                fields[key] = "**"
            elif key in _NUMBERS:
                fields[key] = _known(fields[key])
            elif key == "why":
                fields[key] = _without_numbers(fields[key])
        fields["event"] = name
        fields["ms"] = clock.ticks()
        for listener in self._listeners:
            listener(fields)

    def fail(self, error, **fields):
        """Tell that `error` happened: its step, its layer's code, its text, and what a person can do."""
        step, code = getattr(error, "step", "message"), getattr(error, "code", None)
        hint = hint_for(error, fields.get("id") is not None and not fields.get("final"))
        self.say("failed", step=step, code=code, text=_without_numbers(str(error)), advice=hint, **fields)
