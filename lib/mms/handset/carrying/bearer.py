"""The way to the MMSC: SIM, registration, attach, context and one HTTP exchange at a time, with one owner."""

import asyncio

from mms import clock, flash, limits
from mms.errors import BearerError, LinkError, Refused, UsageError
from mms.handset import rooms
from mms.handset.store import filenames
from mms.limits import const

_NOT_NOW = const((429, 503))  # statuses of a server that may accept the request later (RFC 6585, 4; RFC 9110, 15.6.4)
_TIMEOUT = const(408)
_WATCH_MS = const(250)  # between two looks at the progress of an upload
_LINGER_MS = const(120000)  # an unused context is released after so long
_WORKED, _KNOWN = const(2), const(3)


class Bearer:
    """Owns modem and context. `sim` is known after `start`, and `profile` unless the SIM's operator is unknown.

    `candidate` counts the profiles of choice.py, None where the settings have one. `proven`: 0 for a profile that is to
    be tried first, 1 for one that has reached the proxy or MMSC, 2 after its first exchange, 3 once that is noted, 4
    for a noted one that has no other beside it.

    Locks, for the room checkup too: `line` is held by an exchange, `exclusive` by a change of registration or context;
    a task that wants both takes `line` first.
    """

    weak = None  # the battery is: why nothing is carried, in words

    def __init__(self, modem, settings, store):
        self.modem = modem
        self.sim = None
        self.profile = None
        self.settings = settings
        self.store = store
        self.candidate, self.proven = None, _KNOWN
        self.exclusive = asyncio.Lock()
        self.line = asyncio.Lock()
        self.early = None  # see the room of that name
        self.used = None  # ticks of the last use of a context that is up
        self._buffer = bytearray(limits.BLOCK)

    async def start(self):
        """Start modem and SIM; raises SimError, ModemError."""
        async with self.exclusive:
            state = await self.modem.start()
            await flash.quiet()
            if state != "ready" or self.store.has(filenames.PIN):
                await rooms.pin.settle(state, self.settings.get("pin"), self.modem, self.store)
            self.sim = await self.modem.sim()
            self.profile = rooms.operators.find_profile(self.settings, self.sim.home)
            if self.profile is None:
                await rooms.choice.start(self)

    async def up(self, item=None, context=True):
        """Register, attach and bring the context up, for an Item; raises ModemError and its kinds.

        A Coverage with the step "roaming" is the settings' word about this network, or the Item in it. Without an Item
        no context comes up abroad where the settings let no message go by itself.
        """
        async with self.exclusive:
            status = await self.modem.register(seconds=self.settings["register_seconds"])
            wanted = status != "roaming" or await rooms.abroad.permit(self, item)
            if not context:
                return
            if self.weak:
                raise BearerError("battery", None, self.weak)
            if not wanted:
                return await self.modem.attach()
            if self.candidate is None:
                await self.modem.attach(self.profile)
            else:
                await rooms.choice.attach(self)
            self.used = clock.ticks()

    async def registered(self, item=None):
        """Register, which is enough for a short message; raises as `up` does."""
        await self.up(item, False)

    async def network(self):
        """The Network that the handset is registered with; raises ModemError."""
        return await self.modem.network()

    async def rest(self, events):
        """Release a context that was not used for _LINGER_MS, note which profile works, and let a lost choice go.

        A modem whose network was chosen by hand and is lost would hear of no message before something is to be carried.
        """
        if self.proven == _WORKED:
            self.proven = _KNOWN
            await rooms.choice.keep(self, events)
        if self._lingers():
            async with self.exclusive:
                if self._lingers():  # it may have been used while this waited for the modem
                    self.used = None
                    await self.modem.release()
        if self.modem.chosen:
            async with self.exclusive:
                await self.modem.register(seconds=self.settings["register_seconds"])

    def _lingers(self):
        return self.used is not None and clock.since(self.used) > _LINGER_MS and not self.line.locked()

    async def request(self, method, url, consume, content=None, sent=None):
        """Make one HTTP exchange while the bearer is `up`, and return what `await consume(response, buffer)` returns.

        `content` is an MM1 PDU as mms.link.http has the content of a request, or None. `sent(octets)` is called with
        the octets of the request that the peer has acknowledged, as they grow.
        Raises Refused for a 4xx status, LinkError for another that is not 2xx, ModemError and its kinds.
        """
        async with self.line:
            profile = self.profile
            headers = profile.headers
            if content is not None:
                headers = headers + [("Content-Type", "application/vnd.wap.mms-message")]
            stream = watching = None
            try:
                link, stream = await self._open(url)
                if sent:
                    watching = asyncio.create_task(_watch(stream, sent))
                absolute = profile.proxy is not None
                response = await link.exchange(stream, self._buffer, method, url, headers, absolute, content)
                _judge(response.status)
                if self.proven < _WORKED:
                    rooms.choice.prove(self, response.media)
                return await consume(response, self._buffer)
            except (BearerError, LinkError) as error:
                if self.candidate is not None:
                    rooms.choice.doubt(self, error)  # it may be a wrong profile's
                raise
            finally:
                if watching:
                    watching.cancel()
                if stream:
                    if profile.wsp:
                        await stream.leave()
                    stream.close()
                self.used = clock.ticks()

    def where(self, url):
        """(host, port) to connect to for `url`: the proxy, or the host itself."""
        return self.profile.proxy or (url.host, url.port)

    async def _open(self, url):
        """(the link that makes an exchange, the stream for it) with the proxy or MMSC; raises ModemError."""
        if not self.profile.wsp:
            early, self.early = self.early, None
            where = self.where(url)
            return rooms.http, await (early.take(where) if early else self.modem.open(*where))
        try:
            link = rooms.wsp
        except UsageError as error:
            raise BearerError("connect", None, str(error))
        return link, link.Session(await self.modem.open(*self.where(url), udp=True))


async def _watch(stream, sent):
    known = 0
    while True:
        await clock.sleep(_WATCH_MS)
        if stream.acked > known:
            known = stream.acked
            sent(known)


def _judge(status):
    if status // 100 == 2:
        return
    text = "the message centre or its proxy says no"
    if status in _NOT_NOW or status // 100 == 4 and status != _TIMEOUT:
        raise Refused("answer", status, text, status not in _NOT_NOW)
    raise LinkError("answer", status, text)
