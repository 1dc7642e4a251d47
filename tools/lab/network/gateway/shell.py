"""The WAP gateway on loopback: an HTTP proxy of a mobile network.

The address that a connection comes from tells the MSISDN, which the servers behind the gateway get with each request.
Names are looked up in its own table and nowhere else; bodies pass through and are never held.
"""

import asyncio
import contextlib
import logging

from tools.lab import world as worlds
from tools.lab.network.gateway import machine
from tools.lab.network.gateway.machine import Refusal
from tools.lab.shell import HOST

_LOG = logging.getLogger("lab.gateway")
_PIECE = 16384
_CONNECT_S = 5
_LINGER_S = 2
_IDLE_S = 300  # real seconds without an octet until a connection is given up


class Gateway:
    """A proxy on loopback.

    `hosts`: "NAME", or "NAME:PORT" for one port of it -> "HOST:PORT" of servers, names in lower case; `callers`:
    addresses that connections come from -> MSISDN. Both may change while it runs. An MMSC that ends a connection
    without an answer is passed on as just that. The log has each request, and a warning for each refusal.
    """

    def __init__(self, hosts, callers, world=None, port=0, speed=1.0):
        self.hosts, self.callers = hosts, callers
        self.delay = (world or worlds.load()).delays.gateway / speed
        self._port = port
        self._server = None
        self._tasks = set()
        self.address = None

    async def start(self):
        """Listen; `address` tells where."""
        self._server = await asyncio.start_server(self._serve, HOST, self._port, limit=machine.HEAD)
        self.address = "%s:%d" % self._server.sockets[0].getsockname()

    async def stop(self):
        """Listen no more, and end every connection."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        address = writer.get_extra_info("peername")[0]
        try:
            caller = self.callers.get(address)
            try:
                while await self._exchange(reader, writer, caller):
                    pass
            except Refusal as refusal:
                _LOG.warning("refused %s with %d: %s", caller or address, refusal.status, refusal)
                writer.write(refusal.encode())
            await _linger(reader, writer)
        except (OSError, EOFError, asyncio.TimeoutError):
            writer.transport.abort()
        except asyncio.CancelledError:
            writer.transport.abort()  # only `stop` cancels
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _exchange(self, reader, writer, caller):
        """Pass one request and its answer; True when the connection may carry another one."""
        head = await read_head(reader)
        if head is None:
            return False
        line, headers = head
        method, name, port, path, octets = machine.parse_request(line, headers)
        if caller is None:
            raise Refusal(403, "nobody known calls from this address")
        await asyncio.sleep(self.delay)
        server, sink = await self.connect(name, port)
        _LOG.info("%s: %s http://%s:%d%s", caller, method, name, port, path)
        try:
            sink.write(machine.pass_request(method, path, headers, caller))
            body = asyncio.create_task(_pump(reader, sink, octets))
            try:
                whole = await _answer(server, writer, method)
                return body.done() and whole and machine.is_persistent(line, headers)
            finally:
                body.cancel()
                await asyncio.gather(body, return_exceptions=True)
        finally:
            sink.close()

    async def connect(self, name, port):
        """(reader, writer) of a connection to a server behind the gateway; raises Refusal."""
        target = self.hosts.get("%s:%d" % (name, port)) or self.hosts.get(name)
        if target is None:
            raise Refusal(502, "no host %s:%d in this network" % (name, port))
        host, port = target.rsplit(":", 1)
        try:
            return await asyncio.wait_for(asyncio.open_connection(host, int(port)), _CONNECT_S)
        except asyncio.TimeoutError:
            raise Refusal(504, "%s does not answer" % name) from None
        except OSError:
            raise Refusal(502, "%s is not there" % name) from None


async def read_head(reader):
    """First line and headers as (name, value) pairs; None at the end of the connection. Raises Refusal."""
    try:
        octets = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE_S)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    except asyncio.LimitOverrunError:
        raise Refusal(400, "headers of more than %d octets" % machine.HEAD) from None
    return machine.parse(octets)


async def _answer(server, writer, method):
    """Pass the server's answer; True when the client can tell where it ends."""
    try:
        head = await read_head(server)
    except Refusal as refusal:
        raise Refusal(502, str(refusal)) from None
    if head is None:
        raise EOFError
    octets, count = machine.pass_answer(method, *head)
    writer.write(octets)
    await _pump(server, writer, count)
    return count is not None


async def _pump(reader, writer, octets):
    """Pass `octets`, or everything up to the end when that is None; raises EOFError when short."""
    left = octets
    while left is None or left:
        piece = await asyncio.wait_for(reader.read(_PIECE if left is None else min(left, _PIECE)), _IDLE_S)
        if not piece:
            if left is None:
                return
            writer.transport.abort()
            raise EOFError
        writer.write(piece)
        await writer.drain()
        if left is not None:
            left -= len(piece)
    await writer.drain()


async def _linger(reader, writer):
    """End our side and read the rest: a close with octets unread would reset the connection and lose the answer."""
    await writer.drain()
    writer.write_eof()
    with contextlib.suppress(asyncio.TimeoutError):
        async with asyncio.timeout(_LINGER_S):
            while await reader.read(_PIECE):
                pass
