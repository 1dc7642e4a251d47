"""The modem's shell: a pseudo-terminal, real sockets behind a radio, HTTP for the network's side."""

import asyncio
import os
import re
import subprocess
import sys

import aiohttp
import pytest

from tests.kit.lab import patient
from tools.lab.modem.shell import Modem

SPEED = 20
TEXT = "04038177f70000112233445566770141"
SUBMIT = "01000c9144770009002000000441e19008"


class Handset:
    """Types at a modem's line."""

    def __init__(self, link):
        self._handle = os.open(link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.said = b""

    def close(self):
        os.close(self._handle)

    async def until(self, pattern):
        while not re.search(pattern, self.said, re.DOTALL):
            self.said += await patient.read(self._handle, 4096)
        said, self.said = self.said, b""
        return said

    async def type(self, octets, pattern=rb"(OK|ERROR)\r\n$"):
        os.write(self._handle, octets)
        return await self.until(pattern)

    async def ask(self, line, pattern=rb"(OK|ERROR)\r\n$"):
        return await self.type(line.encode() + b"\r", pattern)

    async def connect(self, host, protocol="TCP"):
        for line in ("AT+CGATT=1", "AT+CIPRXGET=1;+CIPQSEND=1", 'AT+CSTT="lab","",""', "AT+CIICR"):
            assert (await self.ask(line)).endswith(b"OK\r\n")
        await self.ask("AT+CIFSR", rb"\d\r\n$")
        return await self.ask('AT+CIPSTART="%s","%s",8080' % (protocol, host), rb"(CONNECT (OK|FAIL)|ERROR)\r\n$")


def with_modem(tmp_path, story, **options):
    async def run():
        modem = Modem(tmp_path / "modem", speed=SPEED, apns=("lab",), **options)
        await modem.start()
        handset = Handset(tmp_path / "modem")
        try:
            await handset.until(rb"SMS Ready")
            await handset.ask("ATE0")
            await asyncio.sleep(2.0 / SPEED)  # until it is registered
            return await story(modem, handset)
        finally:
            handset.close()
            await modem.stop()
            assert len(asyncio.all_tasks()) == 1

    return patient.run(run())


def test_octets_go_to_the_routed_host_and_back_no_faster_than_the_radio(tmp_path):
    seen = {}

    async def serve(reader, writer):
        seen["peer"] = writer.get_extra_info("peername")[0]
        seen["body"] = await reader.readexactly(2000)
        writer.write(bytes(20000))
        await writer.drain()
        writer.close()

    async def story(modem, handset):
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        modem.routes["10.1.1.1:8080"] = "127.0.0.1:%d" % port
        assert (await handset.connect("10.1.1.1")).endswith(b"CONNECT OK\r\n")
        for _ in range(2):
            await handset.ask("AT+CIPSEND=1000", rb"> $")
            await handset.type(b"\x1a" * 1000, rb"DATA ACCEPT:1000\r\n$")
        await handset.until(rb"\+CIPRXGET: 1\r\n")
        start, total = patient.time(), 0
        while total < 20000:
            said = await handset.ask("AT+CIPRXGET=2,1460", rb"\+CIPRXGET: 2,\d+,\d+\r\n.*OK\r\n")
            total += int(re.search(rb"\+CIPRXGET: 2,(\d+)", said).group(1))
        server.close()
        return (patient.time() - start) * SPEED

    seconds = with_modem(tmp_path, story)
    assert seen == {"peer": "127.0.3.1", "body": b"\x1a" * 2000}
    assert 0.9 * 20000 / 5100 < seconds < 3 * 20000 / 5100


def test_the_http_service_and_name_servers_know_what_has_a_route(tmp_path):
    seen = {}

    async def serve(reader, writer):
        seen["head"] = await reader.readuntil(b"\r\n\r\n")
        seen["body"] = await reader.readexactly(10000)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n" + seen["body"][::-1])
        await writer.drain()
        await reader.read()
        writer.close()

    async def story(modem, handset):
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        modem.routes["mms.example:8080"] = "127.0.0.1:%d" % server.sockets[0].getsockname()[1]
        seen["address"] = modem.machine.environment.names["mms.example"]
        for line in ("AT+CGATT=1", 'AT+SAPBR=3,1,"APN","lab"', "AT+SAPBR=1,1", "AT+HTTPINIT"):
            assert (await handset.ask(line)).endswith(b"OK\r\n")
        await handset.ask('AT+HTTPPARA="URL","http://mms.example:8080/"')
        await handset.ask("AT+HTTPDATA=10000,10000", rb"DOWNLOAD\r\n$")
        await handset.type(bytes(range(250)) * 40, rb"OK\r\n$")
        await handset.ask("AT+HTTPACTION=1", rb"\+HTTPACTION: 1,200,10000\r\n$")
        said = await handset.ask("AT+HTTPREAD", rb"\+HTTPREAD: 10000\r\n.{10000}\r\nOK\r\n$")
        await handset.connect("10.1.1.1")
        names = await handset.ask('AT+CDNSGIP="mms.example"', rb"\+CDNSGIP: 1.*\r\n$")
        nobody = await handset.ask('AT+CDNSGIP="nowhere.example"', rb"\+CDNSGIP: 0.*\r\n$")
        server.close()
        return said, names, nobody

    said, names, nobody = with_modem(tmp_path, story, routes={"mms.example": "127.0.0.1:9", "10.1.1.1": "127.0.0.1:9"})
    assert said[-10006:-6] == seen["body"][::-1] == (bytes(range(250)) * 40)[::-1]
    assert b"Host: mms.example:8080" in seen["head"]
    assert b'+CDNSGIP: 1,"mms.example","%s"' % seen["address"].encode() in names and b"+CDNSGIP: 0,8" in nobody


def test_a_host_without_a_route_fails_like_a_name_that_nobody_knows(tmp_path):
    async def story(modem, handset):
        return await handset.connect("nowhere.example")

    assert b"CONNECT FAIL" in with_modem(tmp_path, story)


def test_a_port_where_nobody_listens_fails(tmp_path):
    async def story(modem, handset):
        return await handset.connect("10.1.1.1")

    assert b"CONNECT FAIL" in with_modem(tmp_path, story, routes={"10.1.1.1": "127.0.0.1:9"})


def test_messages_come_and_go_over_http(tmp_path):
    async def story(modem, handset):
        async with aiohttp.ClientSession() as session:
            async with session.post(modem.control_url + "/sms", data=TEXT) as answer:
                assert await answer.json() == {"taken": True}
            await handset.until(rb'\+CMTI: "SM",1\r\n')
            await handset.ask("AT+CMGS=%d" % (len(SUBMIT) // 2), rb"> $")
            await handset.type(b"00" + SUBMIT.encode() + b"\x1a", rb"\+CMGS: 1\r\n\r\nOK")
            async with session.get(modem.control_url + "/sms") as answer:
                assert await answer.json() == [SUBMIT]
            async with session.post(modem.control_url + "/sms", data="0g") as answer:
                assert answer.status == 400

    with_modem(tmp_path, story)


def test_what_goes_wrong_can_be_asked_for_over_http(tmp_path):
    async def story(modem, handset):
        async with aiohttp.ClientSession() as session:
            await session.post(modem.control_url + "/do/brown_out")
            await handset.until(rb"RDY.*SMS Ready")
            answer = await session.post(modem.control_url + "/do/nonsense")
            assert answer.status == 404

    with_modem(tmp_path, story)


def test_a_trace_hears_lines_but_never_the_octets_of_a_socket(tmp_path):
    class Tap:
        def __init__(self):
            self.lines, self.octets, self.marks = [], b"", []

        def at(self, board, sent, line):
            self.lines.append((board, sent, line))

        def tcp(self, board, key, sent, octets):
            self.octets += octets if sent else b""

        def opened(self, board, key, host, port):
            self.marks.append((host, port))

        def closed(self, board, key):
            self.marks.append("closed")

    async def serve(reader, writer):
        await reader.read()
        writer.close()

    async def story(modem, handset):
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        modem.routes["10.1.1.1"] = "127.0.0.1:%d" % server.sockets[0].getsockname()[1]
        await handset.connect("10.1.1.1")
        await handset.ask("AT+CIPSEND=9", rb"> $")
        await handset.type(b"AT+SECRET", rb"ACCEPT")
        await asyncio.sleep(1.0 / SPEED)
        await handset.ask("AT+CIPCLOSE")
        await asyncio.sleep(0.05)
        server.close()

    tap = Tap()
    with_modem(tmp_path, story, tap=tap, name="alice")
    assert ("alice", True, b"AT+CIICR") in tap.lines and ("alice", False, b"OK") in tap.lines
    assert not [line for _, _, line in tap.lines if b"SECRET" in line]
    assert tap.octets == b"AT+SECRET"
    assert tap.marks == [("10.1.1.1", 8080), "closed"]


@pytest.mark.parametrize(
    "options", (["--radio", "none"], ["--speed", "0"], ["--route", "x"], ["--control", "0.0.0.0:1"])
)
def test_a_wrong_option_is_named_in_one_line(options):
    command = [sys.executable, "-m", "tools.lab.modem", "--pty", "/nowhere/line"] + options
    run = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert run.returncode == 2
    assert options[0].lstrip("-") in run.stderr and "Traceback" not in run.stderr


def test_datagrams_go_out_and_come_back_whole(tmp_path):
    class Echo(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, octets, address):
            self.transport.sendto(octets * 2, address)

    async def story(modem, handset):
        loop = asyncio.get_running_loop()
        echo, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
        modem.routes["10.1.1.1"] = "127.0.0.1:%d" % echo.get_extra_info("sockname")[1]
        await handset.connect("10.1.1.1", "UDP")
        await handset.ask("AT+CIPSEND=300", rb"> $")
        await handset.type(b"\x1a" * 300, rb"DATA ACCEPT:300.*\+CIPRXGET: 1\r\n")
        said = await handset.ask("AT+CIPRXGET=2,1460")
        echo.close()
        return said

    assert b"+CIPRXGET: 2,600,0\r\n" + b"\x1a" * 600 in with_modem(tmp_path, story)
