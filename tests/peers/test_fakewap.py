"""Kannel's WAP client, fakewap, speaks to the lab's WAP gateway; tshark decodes all of it without a complaint."""

import asyncio
import subprocess

import pytest

from tests.kit import programs
from tests.kit.tshark import decoded
from tools.journey.trace import Trace
from tools.lab.network.gateway.shell import Gateway
from tools.lab.network.gateway.wap.shell import WapGateway

FAKEWAP = "/usr/lib/kannel/test/fakewap"  # Debian's kannel-extras
ALICE = "+447700900001"
SPEED = 20
MEDIA = "application/vnd.wap.mms-message"
CONFIRMATION = bytes.fromhex("8c8198543100" + "8d9292808b4d3100")


class Mmsc:
    """A server that keeps what it is sent, and answers `answer`."""

    def __init__(self, answer):
        self.answer, self.head, self.body = answer, "", b""

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return "%s:%d" % self._server.sockets[0].getsockname()

    async def __aexit__(self, *what):
        self._server.close()

    async def _serve(self, reader, writer):
        self.head = (await reader.readuntil(b"\r\n\r\n")).decode()
        for row in self.head.lower().split("\r\n"):
            if row.startswith("content-length:"):
                self.body = await reader.readexactly(int(row.split(":")[1]))
        head = "HTTP/1.0 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (MEDIA, len(self.answer))
        writer.write(head.encode() + self.answer)
        await writer.drain()
        writer.close()


def exchange(folder, sent, answer, deviations=(), trace=None):
    """(the server, what fakewap says, the content that it got) of one request: a POST of `sent`, or a GET."""
    client = programs.need(FAKEWAP)
    content, got = folder / "sent", folder / "got"
    content.write_bytes(sent)
    server = Mmsc(answer)

    def tap(said, peer, octets):
        if trace is not None:
            trace.udp("alice", peer, "10.1.1.1", 9201, not said, octets)

    async def story():
        async with server as address:
            proxy = Gateway({"mmsc.example": address}, {"127.0.0.1": ALICE}, speed=SPEED)
            gateway = WapGateway(proxy, 0, deviations, tap=tap)
            await gateway.start()
            words = ["-g", "127.0.0.1", "-p", gateway.address.split(":")[1], "-m", "1", "-M", "1", "-C", "mms"]
            words += ["-w", str(got)] + (["-P", str(content)] if sent else []) + ["http://mmsc.example/m?a=b"]
            process = await asyncio.create_subprocess_exec(
                client, *words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            try:
                said, _ = await asyncio.wait_for(process.communicate(), 60)
            finally:
                await programs.stop(process)
                await gateway.stop()
            return said.decode()

    return server, asyncio.run(story()), got.read_bytes() if got.exists() else b""


def test_a_message_of_300_kB_and_its_confirmation_pass_octet_for_octet(tmp_path):
    sent = bytes(range(256)) * 1172
    server, said, got = exchange(tmp_path, sent, CONFIRMATION)
    assert "status code 200OK" in said and server.body == sent and got == CONFIRMATION
    assert server.head.startswith("POST /m?a=b HTTP/1.0\r\n")
    for row in (
        "Content-Type: " + MEDIA,
        "Accept: */*",
        "User-Agent: fakewap",
        "X-WAP-Network-Client-MSISDN: " + ALICE,
    ):
        assert row + "\r\n" in server.head


def test_a_message_of_350_kB_is_retrieved_octet_for_octet(tmp_path):
    answer = bytes(range(255, -1, -1)) * 1367
    server, said, got = exchange(tmp_path, b"", answer)
    assert "status code 200OK" in said and got == answer and server.head.startswith("GET /m?a=b HTTP/1.0\r\n")


def test_a_tid_is_verified_and_a_502_is_understood(tmp_path):
    server, said, got = exchange(tmp_path, b"\x8c\x80", CONFIRMATION, [("verify-tid", None), ("wsp-502", 1)])
    assert server.body == b"\x8c\x80" and "status 502" in said and got == b""


@pytest.fixture(scope="module")
def traced(tmp_path_factory):
    """The path of a trace of a POST of 5 kB that is answered by 5 kB."""
    folder = tmp_path_factory.mktemp("fakewap")
    trace = Trace(folder / "wap.pcapng")
    exchange(folder, bytes(5000), CONFIRMATION + bytes(5000), [("verify-tid", None)], trace)
    trace.close()
    return folder / "wap.pcapng"


def test_tshark_reads_session_method_and_reply(traced):
    seen = [dict(packet) for packet in decoded(traced, "wsp")]
    types = [packet["wsp.pdu_type"] for packet in seen if "wsp.pdu_type" in packet]
    assert types == ["0x01", "0x02", "0x60", "0x04", "0x05"]
    reply = next(packet for packet in seen if packet.get("wsp.pdu_type") == "0x04")
    assert reply["wsp.reply.status"] == "0x20" and reply["wsp.header.content_type"] == MEDIA


def test_tshark_reads_every_kind_of_pdu_of_the_gateway_and_complains_about_none(traced):
    kinds = {dict(packet)["wtp.pdu_type"] for packet in decoded(traced, "wtp and udp.srcport == 9201")}
    assert kinds == {"0x02", "0x03", "0x06"}
    assert decoded(traced, "udp.srcport == 9201 and (_ws.malformed or _ws.expert.severity >= 0x500000)") == []
