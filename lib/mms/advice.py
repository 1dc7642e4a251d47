"""What a person can do when something failed; loaded when something does."""

from mms.errors import SettingsError, StoreError, StoreFull, UsageError

_ADVICE = {
    "modem": "check power and the serial line of the modem",
    "camera": "check power and the serial line of the camera",
    "sim": "check the SIM and its PIN",
    "register": "go where there is coverage, or see whether this network takes the SIM",
    "attach": "see whether the SIM has data service here",
    "context": "check apn, user and password in the settings",
    "connect": "check proxy and mmsc in the settings",
    "send": "the connection was lost",
    "receive": "the connection was lost",
    "answer": "check proxy and mmsc in the settings",
    "confirmation": "the message stays in the outbox: correct it, or send it again with retry",
    "store": "delete messages to make room",
}


def advice(error, waits=False):
    """What a person can do about an error, in one sentence; "" when there is nothing. waits: a message does."""
    if isinstance(error, SettingsError):
        return "correct the settings"
    if isinstance(error, StoreError) and not isinstance(error, StoreFull):
        return ""
    step = getattr(error, "step", "")
    if waits and step == "confirmation":
        return "the message waits"  # the MMSC says that it may take it later
    hint = _ADVICE.get(step, "")
    return hint + "; the message waits" if waits and hint else hint


def sentence(error):
    """One line on what failed and what to do; a fault of the program itself is named by its kind."""
    hint = advice(error)
    text = str(error) if hasattr(error, "step") or isinstance(error, (SettingsError, UsageError)) else _internal(error)
    return "%s; %s" % (text, hint) if hint else text


def _internal(error):
    return "internal: %s %s" % (type(error).__name__, error)
