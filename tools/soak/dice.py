"""Random numbers that are the same on every interpreter (xorshift32, Marsaglia 2003)."""


class Dice:
    """The random numbers of one session, from its seed."""

    def __init__(self, seed):
        self._state = (seed * 2654435761 + 88172645) & 0xFFFFFFFF or 1
        for _ in range(4):
            self._next()

    def _next(self):
        x = self._state
        x ^= x << 13 & 0xFFFFFFFF
        x ^= x >> 17
        x ^= x << 5 & 0xFFFFFFFF
        self._state = x
        return x

    def below(self, count):
        """A whole number from 0 to `count` - 1."""
        return self._next() % count

    def between(self, least, most):
        """A whole number from `least` to `most`."""
        return least + self._next() % (most - least + 1)

    def choice(self, things):
        """One of a sequence."""
        return things[self._next() % len(things)]

    def octets(self, count):
        """So many octets."""
        return bytes([self._next() >> 8 & 0xFF for _ in range(count)])
