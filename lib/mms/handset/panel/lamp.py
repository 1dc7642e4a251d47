"""The language of the LED: one pattern for each state of the handset."""

from mms import clock
from mms.limits import const

# state: what it means | ms on, off, on, off ... and from the beginning; the first state that holds is shown
PATTERNS = const("""
taking|the camera takes a picture: hold still|1,0
busy|the handset starts, sends or retrieves|250,250
error|the last thing failed, and waits for the next press|80,160,80,160,80,1440
weak|the battery is nearly empty, and nothing is sent|40,160,40,4760
news|an unread message is here|60,2940
idle|nothing to tell|0,1000
""")
_BUSY_MS = const(10000)  # after so long without progress nothing moves
_TAKING = const(("picture",))
_MOVES = const(("accepted", "captured", "connected", "sent", "received", "shrinking", "checking"))
_ENDS = const(("confirmed", "retrieved", "acknowledged", "failed", "in_doubt", "context_lost", "pressed"))
_GOOD = const(("ready", "confirmed", "retrieved", "pressed"))


class Lamp:
    """Knows from events whether the LED is on; `unread` and `weak` are set by the panel."""

    def __init__(self):
        self.unread = self.weak = False
        self._failed = self._taking = False
        self._moved = clock.ticks()  # of the last progress, None when something has ended
        self._shown, self._times, self._round = None, (), 1  # the state whose pattern these are

    def hear(self, event):
        """Note an event."""
        name = event["event"]
        if name in _TAKING:
            self._taking = (event.get("octets") or 0) < (event.get("of") or 0)
        if name in _MOVES:
            self._moved = clock.ticks()
            self._taking = self._taking and name != "captured"
        elif name in _ENDS or name == "ready":
            self._moved, self._taking = None, False
        if name == "failed":
            self._failed = True
        elif name in _GOOD:
            self._failed = False

    def press(self):
        """The button is pressed: a person has seen the error, and the picture is taken."""
        self._failed, self._taking, self._moved = False, True, clock.ticks()

    def rest(self):
        """The picture is taken, or none is."""
        self._taking = False

    @property
    def state(self):
        """The first word of a row of PATTERNS."""
        if self._moved is not None and clock.since(self._moved) < _BUSY_MS:
            return "taking" if self._taking else "busy"
        if self._failed:
            return "error"
        return "weak" if self.weak else "news" if self.unread else "idle"

    def is_on(self):
        """Whether the LED is on at this moment."""
        state = self.state
        if state != self._shown:
            at = PATTERNS.find("\n" + state + "|")
            times = PATTERNS[at + 1 : PATTERNS.find("\n", at + 1)].split("|")[2]
            self._times = [int(ms) for ms in times.split(",")]
            self._shown, self._round = state, sum(self._times)
        left, lit = clock.ticks() % self._round, True
        for ms in self._times:
            if left < ms:
                return lit
            left -= ms
            lit = not lit
        return False
