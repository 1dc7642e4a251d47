"""Deviations of the WAP gateway: datagrams that go astray by chance, and the ways of real gateways at their worst.

A switch has a number: of chances, so many datagrams out of a hundred; of the others, how often it is met.
"""

CHANCES = {
    "lost": "so many datagrams out of a hundred, of both sides, are lost",
    "doubled": "so many datagrams out of a hundred arrive twice",
    "late": "so many datagrams out of a hundred are on their way for half a second to five more",
}
TIMES = {
    "no-sar": "no segmentation: an Invoke in packets is aborted, results are one datagram",
    "small-sdu": "sessions with SDU sizes of 3,000 octets",
    "verify-tid": "the first transaction of a peer is verified, too",
    "abort": "an abort without a reason in the middle of a request",
    "wsp-502": "502 without content instead of the answer",
}
NAMES = dict(CHANCES)
NAMES.update(TIMES)
SMALL_SDU = 3000
_PERCENT = 5  # of a chance without a number
_LATE_MS = 500, 5000


class Deviations:
    """The switches of one gateway. `dice` has below(count); `heard(name)` is called whenever a switch is met."""

    def __init__(self, dice, heard=lambda name: None):
        self.heard = heard
        self._dice = dice
        self._chances, self._times = {}, {}

    def switch(self, name, number=None):
        """Turn a switch on, for ever where `number` is None. Raises KeyError for a name that is none of NAMES."""
        if name not in NAMES:
            raise KeyError(name)
        if name in CHANCES:
            self._chances[name] = _PERCENT if number is None else number
        else:
            self._times[name] = number

    def meets(self, name):
        """Whether the switch is on; it is then used once."""
        if name not in self._times:
            return False
        left = self._times[name]
        if left is not None:
            self._times[name] = left - 1
            if left <= 1:
                del self._times[name]
        self.heard(name)
        return True

    def delays(self):
        """When the next datagram arrives, in milliseconds from its usual time: none, one or two of them."""
        if self._strikes("lost"):
            return ()
        delay = 0
        if self._strikes("late"):
            delay = _LATE_MS[0] + self._dice.below(_LATE_MS[1] - _LATE_MS[0])
        return (delay, delay) if self._strikes("doubled") else (delay,)

    def _strikes(self, name):
        if self._dice.below(100) >= self._chances.get(name, 0):
            return False
        self.heard(name)
        return True
