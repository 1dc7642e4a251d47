"""Events for one browser (server-sent events, HTML Living Standard 9.2): all that happens, and the newest progress."""

import asyncio
import json

from mms import clock
from mms.limits import const

_PROGRESS = const(("sent", "received", "picture", "shrinking"))  # only the newest of each is worth showing
_QUEUE = const(16)  # events that wait
_STILL_MS = const(15000)  # between two signs of life: then a browser that has gone is noticed, too
_PACE_MS = const(200)  # between two pieces of progress


class Feed:
    """The body of a response that never ends: an asynchronous iterator over pieces of text."""

    def __init__(self):
        self._queue, self._progress = ["retry: 2000\n\n"], {}
        self._news = asyncio.Event()
        self._said = None  # ticks of the last progress

    def hear(self, event):
        """Keep an event for the browser. When too many wait, the oldest goes, and the page is told to ask for all."""
        name, text = event["event"], "data: %s\n\n" % json.dumps(event)
        if name in _PROGRESS:
            self._progress[name] = text
        else:
            while self._progress:  # it was before the event
                self._queue.append(self._progress.popitem()[1])
            self._queue.append(text)
        if len(self._queue) > _QUEUE:
            del self._queue[: len(self._queue) - _QUEUE + 1]
            self._queue.insert(0, 'data: {"event": "missed"}\n\n')
        self._news.set()

    def __aiter__(self):
        return self

    async def __anext__(self):
        while True:
            if self._queue:
                return self._queue.pop(0)
            if self._progress:
                past = _PACE_MS if self._said is None else clock.since(self._said)
                if 0 <= past < _PACE_MS:
                    await clock.sleep(_PACE_MS - past)
                self._said = clock.ticks()
                if self._progress:  # nothing else has happened meanwhile
                    return self._progress.popitem()[1]
                continue
            self._news.clear()
            try:
                await clock.within(self._news.wait(), _STILL_MS)
            except asyncio.TimeoutError:
                return ": still here\n\n"

    async def aclose(self):
        """microdot calls it at the end; nothing is open."""
