"""Kannel as a WAP gateway on a loopback address of its own, an MMSC behind it, and a modem without a radio."""

import asyncio
import random
import socket

from tests.kit.programs import need, stop, until

CONFIGURATION = """
group = core
admin-port = %(admin)d
admin-interface = "127.0.0.1"
admin-password = secret
wapbox-port = %(boxes)d
wdp-interface-name = "%(host)s"

group = wapbox
bearerbox-host = 127.0.0.1
"""
_READY = ("Start-up done", "setting up systems for new wapbox")  # in the log of each program


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Datagrams(asyncio.DatagramProtocol):
    """A Stream of datagrams over a socket of this machine; `sent` keeps what was written, `change` is applied to it."""

    def __init__(self):
        self.sent = []
        self.change = bytes
        self._queue = asyncio.Queue()

    @classmethod
    async def connect(cls, host, port):
        _, stream = await asyncio.get_running_loop().create_datagram_endpoint(cls, remote_addr=(host, port))
        return stream

    def error_received(self, error):
        pass  # nobody listens there any more

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, address):
        self._queue.put_nowait(data)

    async def readinto(self, buf):
        data = await self._queue.get()
        assert len(data) <= len(buf), "a datagram of %d octets" % len(data)
        buf[: len(data)] = data
        return len(data)

    async def write(self, buf):
        self.sent.append(bytes(buf))
        self._transport.sendto(self.change(bytes(buf)))

    async def drain(self):
        pass

    def close(self):
        self._transport.close()


class Centre:
    """An HTTP server that keeps what is posted as (path, headers, body) and gives `pages` by their paths."""

    def __init__(self):
        self.posted = []
        self.pages = {}

    async def start(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self):
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if method == "POST":
            self.posted.append((path, headers, body))
        page = self.pages.get(path)
        answer = b"HTTP/1.1 %s\r\nContent-Type: application/vnd.wap.mms-message\r\nContent-Length: %d\r\n\r\n%s"
        writer.write(answer % (b"404 Not Found" if page is None else b"200 OK", len(page or b""), page or b""))
        await writer.drain()
        writer.close()


class Gateway:
    """Kannel's bearerbox and wapbox; `host` is where UDP 9201 answers."""

    def __init__(self, folder):
        self._programs = need("bearerbox"), need("wapbox")
        self._folder = folder
        self._boxes = []
        self.host = "127.%d.%d.%d" % (random.randrange(1, 250), random.randrange(250), random.randrange(1, 250))

    async def start(self):
        configuration = self._folder / "kannel.conf"
        configuration.write_text(CONFIGURATION % {"admin": free_port(), "boxes": free_port(), "host": self.host})
        log = self._folder / "log"
        for program, ready in zip(self._programs, _READY, strict=True):
            self._boxes.append(
                await asyncio.create_subprocess_exec(
                    program,
                    str(configuration),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=open(log, "ab"),
                    stderr=asyncio.subprocess.STDOUT,
                )
            )
            await until(lambda ready=ready: ready in log.read_text(errors="replace"), 20)

    async def stop(self):
        for box in reversed(self._boxes):
            await stop(box)
