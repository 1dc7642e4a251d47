"""The WAP gateway over real datagrams: HTTP behind it, refusals, chance, and its command line."""

import asyncio
import subprocess
import sys

import pytest

from tools.lab.network.gateway.shell import Gateway
from tools.lab.network.gateway.wap.shell import WapGateway

ALICE = "+447700900001"


class Client(asyncio.DatagramProtocol):
    """The datagrams that the gateway sent, in `heard`."""

    def __init__(self):
        self.heard = asyncio.Queue()

    def datagram_received(self, data, addr):
        self.heard.put_nowait(data)


def connect():
    capabilities, accept = bytes.fromhex("04808480000481848000"), b"\x80\x80"
    return bytes([0x0A, 0, 1, 2, 1, 0x10, len(capabilities), len(accept)]) + capabilities + accept


def get(url):
    return bytes([0x0A, 0, 2, 2, 0x40, len(url)]) + url.encode()


def exchange(request, answer=b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhi", callers=None, **how):
    """The first datagram that answers a request within a session, and the head that the server got."""
    heads = []

    async def serve(reader, writer):
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(answer)
        await writer.drain()
        writer.close()

    async def story():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        hosts = {"h.example": "%s:%d" % server.sockets[0].getsockname()}
        proxy = Gateway(hosts, {"127.0.0.1": ALICE} if callers is None else callers, speed=100)
        gateway = WapGateway(proxy, **how)
        await gateway.start()
        host, port = gateway.address.split(":")
        loop = asyncio.get_running_loop()
        transport, client = await loop.create_datagram_endpoint(Client, remote_addr=(host, int(port)))
        try:
            transport.sendto(connect())
            assert (await asyncio.wait_for(client.heard.get(), 10))[:4] == b"\x12\x80\x01\x02"
            transport.sendto(b"\x18\x00\x01")
            transport.sendto(request)
            return await asyncio.wait_for(client.heard.get(), 10)
        finally:
            transport.close()
            await gateway.stop()
            server.close()

    return asyncio.run(story()), heads


def test_a_request_goes_on_with_the_callers_number_and_its_answer_comes_back():
    said, heads = exchange(get("http://h.example/m?a=b"))
    assert said[:5] == b"\x12\x80\x02\x04\x20" and said.endswith(b"\0hi")
    assert heads[0].startswith("GET /m?a=b HTTP/1.0\r\nHost: h.example:80\r\nAccept: */*\r\n")
    assert "X-WAP-Network-Client-MSISDN: %s\r\n" % ALICE in heads[0]


def test_nobody_can_say_that_he_is_somebody_else():
    forged = b"x-wap-network-client-msisdn\0+447700900999\0"
    _, heads = exchange(get("http://h.example/") + forged)
    assert "900999" not in heads[0]


@pytest.mark.parametrize(
    ("request_", "answer", "callers", "status"),
    [
        (get("http://gone.example/"), b"", None, 0x62),
        (get("ftp://h.example/"), b"", None, 0x40),
        (get("http://h.example/ x"), b"", None, 0x40),
        (get("http://h.example/"), b"", {"127.0.3.9": ALICE}, 0x43),
        (get("http://h.example/"), b"", None, 0x62),
        (get("http://h.example/"), b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nshort", None, 0x62),
        (get("http://h.example/"), b"HTTP/1.0 2x0 OK\r\n\r\n", None, 0x62),
        (get("http://h.example/"), b"nonsense\r\n\r\n", None, 0x62),
        (get("http://h.example/"), b"HTTP/1.0 404 No\r\nContent-Length: 0\r\n\r\n", None, 0x44),
    ],
)
def test_refusals_and_failures_behind_the_gateway_are_replies(request_, answer, callers, status):
    said, _ = exchange(request_, answer, callers)
    assert said[:5] == bytes([0x12, 0x80, 2, 4, status])


def test_an_answer_that_is_late_comes_later():
    said, _ = exchange(get("http://h.example/"), deviations=[("late", 100)], seed=3)
    assert said[:5] == b"\x12\x80\x02\x04\x20"


@pytest.mark.parametrize("given", ["nothing", "lost=101", "abort=0", "lost=x"])
def test_a_deviation_that_cannot_be_is_refused_with_one_line(given):
    command = [sys.executable, "-m", "tools.lab.network.gateway.wap", "--deviation", given]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2 and "argument --deviation: " in done.stderr.splitlines()[-1]
