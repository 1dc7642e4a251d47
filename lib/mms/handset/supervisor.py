"""Feeds the watchdog, but only while every duty of the handset shows a heartbeat.

A heartbeat promises the next one within so many milliseconds. A duty that works gives one before each step, with the
longest time that the step may take; a duty that waits, for a short message or for a reset, gives one in each round of
its loop, at least every few minutes. A duty that breaks its promise hangs: the watchdog is no longer fed and restarts
the board. A restart is safe at any time, since every accepted message is durable. A handset that has ended for another
reason does not feed the watchdog either, so the board starts anew.

A task feeds the watchdog, and never a timer's interrupt, which would go on when the event loop hangs. The console gives
no heartbeats: a person may be silent for any time.
"""

import gc

from mms import clock, limits
from mms.errors import Stuck
from mms.limits import const

_STARVED = const(3)  # so many times within _STARVED_MS, the heap is in pieces
_STARVED_MS = const(600000)


class Supervisor:
    """Knows the heartbeats of all duties, and counts how often memory was short."""

    def __init__(self, events):
        self._events = events
        self._promises = {}  # duty -> (ticks of its last heartbeat, ms until the next)
        self._starved = []  # ticks

    def beat(self, duty, ms=limits.STEP_MS):
        """`duty` is alive, and will beat again within `ms`."""
        self._promises[duty] = clock.ticks(), ms

    def rest(self, duty):
        """`duty` is done and gives no more heartbeats."""
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
            await clock.sleep(limits.WATCHDOG_MS // 4)  # early enough when another task holds the loop for a while

    def starved(self):
        """Collect garbage after a MemoryError, for another attempt; raises Stuck for the third within ten minutes."""
        gc.collect()
        recent = [ticks for ticks in self._starved if 0 <= clock.since(ticks) < _STARVED_MS]
        self._starved = recent + [clock.ticks()]
        if len(self._starved) >= _STARVED:
            self._end("memory", "not enough of it, %d times in ten minutes" % _STARVED)

    def _end(self, step, text):
        error = Stuck(step, None, text)
        self._events.fail(error, id=None, final=True)
        raise error
