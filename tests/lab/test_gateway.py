"""The WAP gateway: what it passes, adds, strips and refuses, over real sockets."""

import asyncio
import socket
import subprocess
import sys

import pytest

from tools.lab.network.gateway.shell import Gateway

ALICE = "+447700900001"


class Peer:
    """A server behind the gateway: keeps what it was sent, says what it is told to say."""

    def __init__(self, answer):
        self.answer, self.head, self.body = answer, "", b""

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *what):
        self._server.close()

    @property
    def address(self):
        return "%s:%d" % self._server.sockets[0].getsockname()

    async def _serve(self, reader, writer):
        try:
            self.head = (await reader.readuntil(b"\r\n\r\n")).decode()
            for row in self.head.lower().split("\r\n"):
                if row.startswith("content-length:"):
                    self.body = await reader.readexactly(int(row.split(":")[1]))
            writer.write(self.answer)
            await writer.drain()
        except (OSError, EOFError) as error:
            self.body = error
        writer.close()


def exchange(request, answer=b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", hosts=None,
             callers=None):  # fmt: skip
    """(what the client was answered, the server behind)."""

    async def story():
        async with Peer(answer) as peer:
            table = {"mmsc.o2.example": peer.address} if hosts is None else hosts
            known = {"127.0.0.1": ALICE} if callers is None else callers
            return await exchanged(request, table, known), peer

    return asyncio.run(story())


async def exchanged(request, hosts, callers):
    """What the client of a gateway with these hosts and callers was answered."""
    gateway = Gateway(hosts, callers, speed=100)
    await gateway.start()
    host, port = gateway.address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    writer.write_eof()
    try:
        said = await reader.read()
    except OSError as error:
        said = error
    writer.close()
    await gateway.stop()
    return said


def get(url, *rows):
    lines = ["GET %s HTTP/1.1" % url, "Host: x", "Connection: close"] + list(rows)
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def test_a_host_may_stand_for_one_of_its_ports():
    async def story():
        async with (
            Peer(b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nany") as any,
            Peer(b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\none") as one,
        ):
            hosts = {"mmsc.o2.example": any.address, "mmsc.o2.example:8002": one.address}
            for url, said in (("http://MMSC.o2.example:8002/", b"one"), ("http://mmsc.o2.example/", b"any")):
                answer = await exchanged(get(url), hosts, {"127.0.0.1": ALICE})
                assert answer.endswith(said)
            del hosts["mmsc.o2.example"]
            answer = await exchanged(get("http://mmsc.o2.example/"), hosts, {"127.0.0.1": ALICE})
            assert answer.startswith(b"HTTP/1.1 502 ")

    asyncio.run(story())


@pytest.mark.parametrize("given", ["m.example", "m.example=", "m.example=host", "m.example:80=", "=h:1", "m:x=h:1"])
def test_a_host_that_cannot_be_is_refused_with_one_line(given):
    command = [sys.executable, "-m", "tools.lab.network.gateway", "--host", given]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2 and done.stderr.splitlines()[-1].endswith("not NAME[:PORT]=HOST:PORT: %r" % given)


def test_two_lengths_are_refused_either_way_and_the_log_says_why(caplog):
    said, peer = exchange(get("http://mmsc.o2.example/", "Content-Length: 0", "Content-Length: 0"))
    assert said.startswith(b"HTTP/1.1 400 ") and b"2 Content-Length headers" in said and not peer.head
    assert "refused %s with 400: 2 Content-Length headers" % ALICE in caplog.text
    two = b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\nContent-Length: 1\r\n\r\nhi"
    said, _ = exchange(get("http://mmsc.o2.example/"), two)
    assert said.startswith(b"HTTP/1.1 502 ")
    said, _ = exchange(get("http://mmsc.o2.example/"), b"HTTP/1.0 200 OK\r\nContent-Length: two\r\n\r\nhi")
    assert said.startswith(b"HTTP/1.1 502 ")


def test_a_request_goes_on_with_the_callers_number():
    said, peer = exchange(get("http://mmsc.o2.example:8002/m/1?a=b"))
    assert said.startswith(b"HTTP/1.1 200 OK\r\n") and said.endswith(b"\r\n\r\nhi")
    assert b"Via: 1.1 " in said
    assert peer.head.startswith("GET /m/1?a=b HTTP/1.0\r\n")
    assert "X-WAP-Network-Client-MSISDN: %s\r\n" % ALICE in peer.head
    assert "Via: 1.1 " in peer.head


def test_nobody_can_say_that_he_is_somebody_else():
    forged = ("x-wap-network-client-msisdn: +447700900999", "X_WAP_Network_Client_MSISDN: 999",
              "X-MSISDN: +447700900999")  # fmt: skip
    _, peer = exchange(get("http://mmsc.o2.example/", *forged))
    assert "999" not in peer.head
    assert peer.head.count(ALICE) == 1


@pytest.mark.parametrize("gap", ["\n", "\r", "\0", "\v", "\x85", " \r\n"])
def test_no_number_is_smuggled_in_behind_another_header(gap):
    name = "X-WAP-Network-Client-MSISDN"
    said, peer = exchange(get("http://mmsc.o2.example/", "X: y%s%s: 999" % (gap, name)))
    assert "999" not in peer.head
    assert said.startswith(b"HTTP/1.1 400") or peer.head.count(ALICE) == 1


def test_a_large_body_passes_in_both_directions_octet_for_octet():
    body = bytes(range(256)) * 4400
    head = "POST http://mmsc.o2.example/ HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body)
    back = b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    said, peer = exchange(head.encode() + body, back)
    assert peer.body == body
    assert said.split(b"\r\n\r\n", 1)[1] == body


def test_an_answer_without_length_ends_with_its_connection():
    said, _ = exchange(get("http://mmsc.o2.example/"), b"HTTP/1.0 200 OK\r\n\r\nuntil the end")
    assert said.endswith(b"\r\n\r\nuntil the end")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (get("http://elsewhere.example/"), b"502"),
        (get("http://localhost/"), b"502"),
        (get("/m/1"), b"400"),
        (get("https://mmsc.o2.example/"), b"400"),
        (b"nonsense\r\n\r\n", b"400"),
        (get("http://[mmsc.o2.example/"), b"400"),
        (get("http://mmsc.o2.example/", "Content-Length: " + "9" * 5000), b"400"),
        (get("http://mmsc.o2.example/", "Content-Length: -1"), b"400"),
        (get("http://mmsc.o2.example/", "X" * 20000), b"400"),
        (get("http://mmsc.o2.example/", "no header"), b"400"),
        (b"POST http://mmsc.o2.example/ HTTP/1.1\r\n\r\n", b"411"),
        (b"CONNECT mmsc.o2.example:80 HTTP/1.1\r\n\r\n", b"400"),
        (b"PUT http://mmsc.o2.example/ HTTP/1.1\r\n\r\n", b"501"),
    ],
)
def test_what_a_gateway_does_not_do_is_refused(request_, status):
    said, peer = exchange(request_)
    assert said.startswith(b"HTTP/1.1 " + status)
    assert peer.head == ""


def test_unknown_callers_are_refused():
    said, peer = exchange(get("http://mmsc.o2.example/"), callers={"127.0.3.9": ALICE})
    assert said.startswith(b"HTTP/1.1 403") and peer.head == ""


def test_a_server_that_is_not_there_is_a_bad_gateway():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = "127.0.0.1:%d" % free.getsockname()[1]
    said, _ = exchange(get("http://gone.example/"), hosts={"gone.example": address})
    assert said.startswith(b"HTTP/1.1 502")


def test_a_lost_answer_ends_the_connection_without_one():
    said, _ = exchange(get("http://mmsc.o2.example/"), b"")
    assert said == b"" or isinstance(said, OSError)


def test_an_answer_cut_short_is_never_passed_on_as_a_whole_one():
    said, _ = exchange(get("http://mmsc.o2.example/"), b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nshort")
    assert isinstance(said, OSError) or b"Content-Length: 9\r\n" in said


def test_half_a_body_never_reaches_the_server_as_a_whole_one():
    _, peer = exchange(b"POST http://mmsc.o2.example/ HTTP/1.1\r\nContent-Length: 100\r\n\r\n" + b"x" * 50)
    assert isinstance(peer.body, (OSError, EOFError))


def test_several_requests_go_over_one_connection():
    one = b"GET http://mmsc.o2.example/ HTTP/1.1\r\nHost: x\r\n\r\n"
    said, _ = exchange(one + one)
    assert said.count(b"HTTP/1.1 200 OK") == 2


def test_the_caller_is_known_by_the_address_that_the_connection_comes_from():
    async def story():
        async with Peer(b"HTTP/1.0 204 No Content\r\n\r\n") as peer:
            gateway = Gateway({"h.example": peer.address}, {"127.0.3.2": "+447700900002"})
            await gateway.start()
            host, port = gateway.address.split(":")
            reader, writer = await asyncio.open_connection(host, int(port), local_addr=("127.0.3.2", 0))
            writer.write(get("http://h.example/"))
            assert (await reader.read()).startswith(b"HTTP/1.1 204")
            writer.close()
            await gateway.stop()
            return peer.head

    assert "+447700900002" in asyncio.run(story())
