"""Events: all that the handset reports. The console, progress bars, traces and tests listen to them."""

from mms import clock, memory
from mms.limits import const

_SECRET = const(("pin", "password"))
_NUMBERS = const(("sender", "recipient", "number", "imsi"))
_KEPT = const(12)  # events, for `support`


def masked(text):
    """A number with only its last two characters readable."""
    text = str(text)
    return "*" * (len(text) - 2) + text[-2:] if len(text) > 2 else "**"


def _masked_number(address):
    """`address` masked when it has more than six digits: a name, a short code or an e-mail address is not secret."""
    octets = address.encode("utf-8", "replace") if isinstance(address, str) else b"%d" % (address or 0)
    return masked(address) if sum(0x30 <= octet <= 0x39 for octet in octets) > 6 else address


def without_numbers(text):
    """`text` with each run of eight digits or more masked: a peer's words may have telephone numbers in them."""
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
    """Advice to the user about `error`, or "" where memory is short; `waits`: a message waits for another attempt.

    advice.py is large, so it leaves a board's memory at once.
    """
    try:
        from mms.advice import advice

        return advice(error, waits)
    except MemoryError:
        return ""
    finally:
        memory.forget("mms.advice")


class Events:
    """Passes what happened to every listener: a callable that takes one dict.

    `last` has four places for each of the last events: ms, name, step and code. Of progress the newest is there only.
    `reset`: the names of the cause of the board's last reset, which its drivers set where the board tells one.
    """

    reset = ()

    def __init__(self):
        self._listeners = []
        self.last = [None] * (4 * _KEPT)

    def listen(self, listener):
        """Call `listener(event)` for each event from now on."""
        self._listeners.append(listener)

    def say(self, name, **fields):
        """Pass the event `name` with `fields` to the listeners; `event` and `ms` (monotonic) are added, secrets masked.

        An event is dropped when memory is short: the code that says it goes on.
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
                fields[key] = _masked_number(fields[key])
            elif key == "why":
                fields[key] = without_numbers(fields[key])
        fields["event"] = name
        fields["ms"] = clock.ticks()
        step, last = fields.get("step"), self.last
        if last[-3] == name and last[-2] == step:
            del last[-4:]
        else:
            del last[:4]
        last += fields["ms"], name, step, fields.get("code")
        for listener in self._listeners:
            listener(fields)

    def fail(self, error, **fields):
        """Say the event `failed` for `error`: its step, its layer's code, its text, and advice to the user."""
        step, code = getattr(error, "step", "message"), getattr(error, "code", None)
        hint = hint_for(error, fields.get("id") is not None and not fields.get("final"))
        self.say("failed", step=step, code=code, text=without_numbers(str(error)), advice=hint, **fields)
