"""Feeds the watchdog, but only while every duty of the handset shows a heartbeat.

A heartbeat is a promise with a bound: "I am alive, and you will hear from me again within so many milliseconds". Who
works gives one before each step, with the longest that the step may take; who waits for somebody else, for a short
message or for a reset, gives one each time round, and goes round at least every few minutes. A duty that breaks its
promise hangs: the watchdog is not fed any more and restarts the board. That is safe at any time, since what was
accepted is durable. A handset that has ended for another reason feeds nobody either, and begins anew in the same way.

The feeding is a task among the others and never a timer's interrupt, which would go on when the loop is held. The
console gives no heartbeats: a person may be silent for as long as he likes.
"""

import gc

from mms import clock, limits
from mms.errors import Stuck
from mms.limits import const

_STARVED = const(3)  # times...
_STARVED_MS = const(600000)  # ... within ten minutes: the heap is in pieces


class Supervisor:
    """Keeps the promises of all duties, and counts how often memory was short."""

    def __init__(self, events):
        self._events = events
        self._promises = {}  # duty -> (ticks, ms): it will be heard again by then
        self._starved = []  # ticks

    def beat(self, duty, ms=limits.STEP_MS):
        """`duty` is alive, and will beat again within `ms`."""
        self._promises[duty] = clock.ticks(), ms

    def rest(self, duty):
        """`duty` is done and owes nothing."""
        self._promises.pop(duty, None)

    async def work(self, watchdog):
        """Feed `watchdog` (something with `feed()`, or None); raises Stuck when a duty hangs."""
        while True:
            for duty in self._promises:
                since, ms = self._promises[duty]
                if clock.since(since) > ms:
                    self._end(duty, "no heartbeat for %d seconds" % (ms // 1000))
            if watchdog:
                watchdog.feed()
            await clock.sleep(limits.WATCHDOG_MS // 4)  # a held loop may miss some

    def starved(self):
        """Memory was short: make room for another attempt; raises Stuck when that happens again and again."""
        gc.collect()
        recent = [ticks for ticks in self._starved if 0 <= clock.since(ticks) < _STARVED_MS]
        self._starved = recent + [clock.ticks()]
        if len(self._starved) >= _STARVED:
            self._end("memory", "not enough of it, %d times in ten minutes" % _STARVED)

    def _end(self, step, text):
        error = Stuck(step, None, text)
        self._events.fail(error, id=None, final=True)
        raise error
