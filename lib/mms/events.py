"""The one place that says what happened. Progress bars, traces, figures and tests listen here."""

from mms import clock

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


class Events:
    """Passes what happened to every listener: a callable that takes one dict."""

    def __init__(self):
        self._listeners = []

    def listen(self, listener):
        """Call `listener(event)` for everything that happens from now on."""
        self._listeners.append(listener)

    def say(self, name, **fields):
        """Tell that `name` happened: `event` and `ms` (monotonic) are added, secrets are masked."""
        for key in fields:
            if key in _SECRET:
                fields[key] = "**"
            elif key in _NUMBERS:
                fields[key] = _known(fields[key])
        fields["event"] = name
        fields["ms"] = clock.ticks()
        for listener in self._listeners:
            listener(fields)

    def fail(self, error, **fields):
        """Tell that `error` happened: its step, its layer's code, its text, and what a person can do."""
        from mms.advice import advice

        step, code = getattr(error, "step", "message"), getattr(error, "code", None)
        self.say("failed", step=step, code=code, text=str(error), advice=advice(error), **fields)
