"""A connection that is opened while the camera takes a picture, for the next exchange; loaded for each picture.

Nothing is sent on it before that: a message whose picture fails leaves an empty connection behind, which is closed.
"""

import asyncio

from mms import clock
from mms.errors import ModemError
from mms.limits import const

_KEPT_MS = const(30000)  # a camera reads its largest picture meanwhile; a proxy may end idle connections sooner


class Early:
    """A connection to `where`, (host, port), that is being opened, or was."""

    def __init__(self, modem, where):
        self._modem, self._where = modem, where
        self._stream = self._error = None
        self.taken = asyncio.Event()
        self._task = asyncio.create_task(self._connect())

    async def _connect(self):
        try:
            self._stream = await self._modem.open(*self._where)
        except (ModemError, MemoryError) as error:
            self._error = error  # of the exchange that wants the connection

    async def take(self, where):
        """The Stream to `where`: this one while it is up, or else another one; raises ModemError."""
        self.taken.set()
        if where == self._where:
            await self._task
            if self._error:
                raise self._error
            if self._stream.up:
                return self._stream
        self.leave()
        return await self._modem.open(*where)

    def leave(self):
        """Close the connection."""
        self._task.cancel()
        if self._stream:
            self._stream.close()


async def connect(bearer):
    """Bring the context up and connect, for the next exchange, unless there is one or a WAP gateway.

    Returns when the connection is old or was taken, for until then this room and its caller stay in memory; a task that
    is cancelled closes it. Raises as Bearer.up does.
    """
    await bearer.up()
    if bearer.profile.wsp or bearer.early or bearer.line.locked():
        return
    early = bearer.early = Early(bearer.modem, bearer.where(bearer.profile.mmsc))
    try:
        await clock.within(early.taken.wait(), _KEPT_MS)
    except asyncio.TimeoutError:
        pass
    finally:
        if bearer.early is early:
            bearer.early = None
            early.leave()
