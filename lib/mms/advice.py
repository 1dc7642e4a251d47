"""What a person can do when something failed; loaded when something does."""

from mms.errors import SettingsError, UsageError

_ADVICE = {
    "modem": "check power and the serial line of the modem",
    "camera": "check power and the serial line of the camera",
    "sim": "check the SIM and its PIN",
    "register": "go where there is coverage, or see whether this network takes the SIM; the message waits",
    "attach": "see whether the SIM has data service here; the message waits",
    "context": "check apn, user and password in the settings; the message waits",
    "connect": "check proxy and mmsc in the settings; the message waits",
    "send": "the connection was lost; the message waits",
    "receive": "the connection was lost; the message waits",
    "answer": "check proxy and mmsc in the settings; the message waits",
    "confirmation": "the message stays in the outbox: correct it, or send it again with retry",
    "store": "delete messages to make room",
}


def advice(error):
    """What a person can do about an error, in one sentence; "" when there is nothing."""
    if isinstance(error, SettingsError):
        return "correct the settings"
    return _ADVICE.get(getattr(error, "step", ""), "")


def sentence(error):
    """One line on what failed and what to do; a fault of the program itself is named by its kind."""
    hint = advice(error)
    text = str(error) if hasattr(error, "step") or isinstance(error, (SettingsError, UsageError)) else _internal(error)
    return "%s; %s" % (text, hint) if hint else text


def _internal(error):
    return "internal: %s %s" % (type(error).__name__, error)
