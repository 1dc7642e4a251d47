"""The WAP gateway on loopback: WSP and WTP in UDP datagrams on one side, HTTP on the other.

Names, callers and delays are those of the HTTP proxy that stands in the same network; a whole answer is held, since WSP
tells its size first.
"""

import asyncio
import logging
import random

from tools.lab.network.gateway import machine
from tools.lab.network.gateway import shell as proxies
from tools.lab.network.gateway.machine import Refusal
from tools.lab.network.gateway.wap import wsp
from tools.lab.network.gateway.wap.deviations import Deviations
from tools.lab.shell import HOST, Tasks, Wall

_LOG = logging.getLogger("lab.wap")
_BODY = 1 << 21  # octets of an answer: more than any MMSC sends
_ANSWER_S = 60  # real seconds


class _Dice:
    """Chance from a seed."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def below(self, count):
        """A whole number from 0 to `count` - 1."""
        return self._random.randrange(count)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, heard):
        self._heard = heard

    def datagram_received(self, data, addr):
        self._heard(addr, data)


class WapGateway:
    """A WAP gateway in front of `proxy` (tools/lab/network/gateway/shell.py), whose delays have the speed of the world.

    The timers of WTP and late datagrams have that of the clock on the wall, since the timers of handsets have no other.
    `deviations` are (name, number or None) pairs, whose chance begins with `seed`; `tap(sent, peer, octets)` hears
    every datagram at the socket.
    """

    def __init__(self, proxy, port=0, deviations=(), seed=1, tap=None):
        self._proxy, self._port = proxy, port
        self.machine = wsp.Gateway(Deviations(_Dice(seed), lambda name: _LOG.info("deviates: %s", name)))
        for name, number in deviations:
            self.machine.deviations.switch(name, number)
        self._tap = tap or (lambda sent, peer, octets: None)
        self._wall = Wall(self)
        self._tasks = Tasks()
        self._transport = None
        self.address = None

    async def start(self):
        """Listen; `address` tells where."""
        loop = asyncio.get_running_loop()
        self._wall.start()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self._hear), (HOST, self._port))
        self.address = "%s:%d" % self._transport.get_extra_info("sockname")

    async def stop(self):
        """Listen no more, and give up what is under way."""
        self._wall.stop()
        await self._tasks.stop()
        if self._transport is not None:
            self._transport.close()

    # for the wall clock

    @property
    def due(self):
        """When the machine wants time to pass."""
        return self.machine.due

    def advance(self, now):
        """Let the machine's time pass, and do what follows from it."""
        self.machine.advance(now)
        self._flush()

    def _hear(self, peer, octets):
        self._tap(False, peer, octets)
        self.machine.receive(peer, octets, self._wall.now)
        self._flush()
        self._wall.wake()

    def _flush(self):
        for peer, octets in self.machine.datagrams():
            self._tap(True, peer, octets)
            self._transport.sendto(octets, peer)
        asked, self.machine.requests = self.machine.requests, []
        for request in asked:
            self._tasks.spawn(self._serve(request))

    async def _serve(self, request):
        caller = request.peer.address[0]
        try:
            answer = await self._fetch(request, self._proxy.callers.get(caller))
        except Refusal as refusal:
            _LOG.warning("refused %s with %d: %s", caller, refusal.status, refusal)
            answer = refusal.status, [], b""
        except (OSError, EOFError, asyncio.TimeoutError):
            _LOG.warning("no answer for %s: %s", caller, request.url)
            answer = wsp.BAD_GATEWAY, [], b""
        status, fields, body = answer
        self.machine.answer(request, status, fields, body, self._wall.now)
        self._flush()
        self._wall.wake()

    async def _fetch(self, request, caller):
        """(status, headers, body) of the server's answer; raises Refusal, OSError, EOFError, TimeoutError."""
        line = "%s %s HTTP/1.1" % (request.method, request.url)
        method, name, port, path, _ = machine.parse_request(line, request.headers)
        if caller is None:
            raise Refusal(403, "nobody known calls from this address")
        await asyncio.sleep(self._proxy.delay)
        reader, writer = await self._proxy.connect(name, port)
        _LOG.info("%s: %s http://%s:%d%s", caller, method, name, port, path)
        try:
            fields = [("Host", "%s:%d" % (name, port)), *request.headers]
            writer.write(machine.pass_request(method, path, fields, caller) + request.body)
            return await asyncio.wait_for(_answer(reader, method), _ANSWER_S)
        finally:
            writer.close()


async def _answer(reader, method):
    try:
        head = await proxies.read_head(reader)
    except Refusal as refusal:
        raise Refusal(wsp.BAD_GATEWAY, str(refusal)) from None
    if head is None:
        raise EOFError
    status, fields, octets = machine.read_answer(method, *head)
    if octets is not None and octets > _BODY:
        raise Refusal(502, "an answer of %d octets" % octets)
    body = b""
    while octets is None or len(body) < octets:
        piece = await reader.read(_BODY if octets is None else octets - len(body))
        if not piece and octets is None:
            break
        if not piece or len(body) > _BODY:
            raise EOFError
        body += piece
    return int(status[:3]), fields, body
