"""Words that Tab completes on CPython's terminal: commands, and the ids of messages that were shown."""

from mms.limits import const

COMMANDS = const(  # a test holds these to those of the console
    "send photo sms more press record snap inbox outbox read fetch reply replyall forward export retry cancel delete"
    " apply check scan register probe wifi price operators status settings set support mode help quit"
)
_TOPICS = const("sending receiving pictures network setup programs")
_KINDS = const("short long double")
_ID = const(8)
_HEXADECIMAL = const("0123456789abcdef")
_IDS = const(50)  # that many were shown last


class Words:
    """Knows the words that may stand in a line."""

    def __init__(self):
        self._ids = []

    def note(self, text):
        """Remember the ids in a text that is shown."""
        for word in text.replace("/", " ").split():
            word = word.strip(".,:;!?")
            if len(word) == _ID and not word.strip(_HEXADECIMAL):
                if word in self._ids:
                    self._ids.remove(word)
                self._ids = (self._ids + [word])[-_IDS:]

    def matching(self, line, start):
        """The words that may stand at the end of a line, which begins with `start` there; the newest id first."""
        before = line[: len(line) - len(start)].split()
        if not before:
            return [word + " " for word in COMMANDS.split() if word.startswith(start.lower())]
        known = {"help": (COMMANDS + " " + _TOPICS).split(), "press": _KINDS.split()}
        words = known.get(before[0].lower(), self._ids[::-1]) if len(before) == 1 else []
        return [word for word in words if word.startswith(start.lower())]
