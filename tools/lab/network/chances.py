"""Chances of failures, and delays that differ, in one visited network: the lab's machines draw them from a seed.

Without chances a machine never fails by itself, and each of its delays is always the same.
"""

import math

FAILURES = ("registration", "attach", "context", "sms", "mmsc", "dropped")
DELAYS = ("registration", "attach", "context", "sms", "mmsc")


class Chances:
    """The chances of one network for one subscriber.

    `fraction()` gives a random number from 0 to below 1. `failures` {name in FAILURES: chance an attempt}: a location
    update, an attach or a context is refused, a short message is lost, the MMSC answers a request
    with 503, or ends its connection without an answer. `delays`
    {name in DELAYS: (median in ms, sigma)} are log-normal: the logarithm of a delay has the standard deviation sigma.
    """

    def __init__(self, fraction, failures, delays):
        self._fraction, self.failures, self.delays = fraction, failures, delays

    def fails(self, name):
        """Whether this attempt fails; nothing is drawn for what never does."""
        chance = self.failures.get(name, 0)
        return chance > 0 and self._fraction() < chance

    def delay(self, name, usual):
        """Milliseconds of this attempt, at least 1; the `usual` ones where the delay is not drawn."""
        if name not in self.delays:
            return usual
        median, sigma = self.delays[name]
        radius = math.sqrt(-2 * math.log(1 - self._fraction()))  # Box and Muller 1958
        return max(median * math.exp(sigma * radius * math.cos(2 * math.pi * self._fraction())), 1)


def none(number):
    """The chances of a subscriber, by number: none."""
