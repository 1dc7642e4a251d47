"""One real socket of this machine, behind a simulated modem's radio."""

import asyncio
import contextlib
import socket

_PIECE = 4096
_SEGMENT = 1460
_DATAGRAM = 65535


class Link:
    """One real socket behind the radio, read no faster than the radio carries.

    `host` and `port` are those that the handset asked for.
    """

    def __init__(self, udp, host, port):
        kind = socket.SOCK_DGRAM if udp else socket.SOCK_STREAM
        self._socket = socket.socket(socket.AF_INET, kind)
        self._socket.setblocking(False)
        if not udp:  # a small window, so that the far end waits for the radio, in small segments
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * _PIECE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT)
        self.queue = asyncio.Queue()  # octets that the handset sent; None: it closed
        self.room = asyncio.Event()
        self.udp, self.host, self.port = udp, host, port

    async def open(self, host, port, address):
        """Connect from `address`; raises OSError."""
        self._socket.bind((address, 0))
        await asyncio.get_running_loop().sock_connect(self._socket, (host, port))

    async def send(self, octets):
        """Raises OSError when the far end is gone."""
        await asyncio.get_running_loop().sock_sendall(self._socket, octets)

    async def receive(self, count):
        """Up to `count` octets, or one datagram; none: the far end closed."""
        loop = asyncio.get_running_loop()
        return await loop.sock_recv(self._socket, _DATAGRAM if self.udp else min(count, _PIECE))

    def close(self):
        """Close the socket; no `receive` may be waiting."""
        with contextlib.suppress(OSError):
            self._socket.close()
