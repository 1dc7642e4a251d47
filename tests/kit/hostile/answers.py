"""Answers of an MMSC or a proxy to HTTP, in pieces of any size, with or without an end."""

import binascii

from mms import limits
from mms.errors import LinkError
from mms.handset.carrying import confirmation, submission
from mms.link import http
from mms.link.url import parse_url
from tests.kit.codec.mutants import mutant

ANSWERED = (  # put into answers to HTTP
    b"Content-Length: 5\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Content-Length: \xd9\xa3\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"0\r\n\r\n",
    b"ffffffff\r\n",
    b"100000000\r\n",
    b"-1\r\n",
    b"0x5\r\n",
    b"5;a=b\r\n",
    b"1_0\r\n",
    b"\xd9\xa3\r\n",
    b" ",
    b"\0",
    b":",
    b"X: y\r\n" * 33,
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 \xb2\xb2\xb2 OK\r\n",
    b"a" * 600,
)


class _Stream:
    """So many octets a read; with an end, or the last of them again and again."""

    def __init__(self, octets, step, endless):
        self._octets, self._step, self._endless = octets, step, endless
        self.taken = 0

    async def readinto(self, buf):
        piece = self._octets[self.taken : self.taken + min(self._step, len(buf))]
        if not piece and self._endless:
            piece = self._octets[-min(self._step, len(buf)) :]
        buf[: len(piece)] = piece
        self.taken += len(piece)
        assert self.taken < 100000, "it is never enough"
        return len(piece)

    async def write(self, buf):
        pass

    async def drain(self):
        pass


class _Sent:
    """A message that waits for its confirmation."""

    id, record = "T1", {}


_URL = parse_url("http://mmsc.example/m/1")
_BUFFER = bytearray(256)


async def _asked(stream, confirms):
    response = await http.exchange(stream, _BUFFER, "GET", _URL)
    assert 0 <= response.status <= 999 and len(response.media) <= limits.HTTP_LINE
    if confirms:
        answer, media = await submission.read_confirmation(response, _BUFFER)
        return response.status, confirmation.message_id(answer, media, _Sent)
    crc, octets, block = 0, 0, bytearray(100)
    while octets < 256:  # an answer may have no end: a caller stops at its own bound
        count = await response.readinto(block)
        if not count:
            break
        crc, octets = binascii.crc32(block[:count], crc), octets + count
    return response.status, response.media, response.octets, octets, crc & 0xFFFFFFFF


def door(octets):
    """An answer: first octet, how much comes at a time; second, whether it ends and what it is read for."""
    stream = _Stream(octets[2:], 1 + octets[0] % 80, octets[1] & 6 == 6)
    story = _asked(stream, octets[1] & 1)
    try:
        story.send(None)
    except StopIteration as end:
        return None, end.value
    except LinkError as error:
        return min(3, 4 * stream.taken // (len(octets) + 1)), (error.step, error.code, error.text)
    raise ValueError("it waits")


def _answers():
    send_conf = b"\x8c\x81\x98T1\0\x8d\x90\x92\x80\x8bM1\0"
    length = b"Content-Length: %d\r\n" % len(send_conf)
    mms = b"Content-Type: application/vnd.wap.mms-message; charset=x\r\n"
    yield b"HTTP/1.1 200 OK\r\n" + mms + length + b"Connection: close\r\n\r\n" + send_conf
    yield b"HTTP/1.0 200 OK\r\n" + mms + b"\r\n" + send_conf
    chunks = b"5\r\n" + send_conf[:5] + b"\r\n%x\r\n" % (len(send_conf) - 5) + send_conf[5:] + b"\r\n0\r\n"
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + mms + b"\r\n" + chunks + b"\r\n"
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"Trailer: x\r\n" * 3 + b"\r\n"
    yield b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"
    yield b"HTTP/1.1 200 OK\r\n" + length + length + b"X-Many: 1\r\n" * 20 + b"\r\n" + send_conf
    yield b"HTTP/1.1 200 OK\r\n" + length + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
    yield b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n"


_ANSWERS = tuple(_answers())


def hostile(chance):
    """An answer, damaged; before it how much comes at a time, and whether it ends and what it is read for."""
    beside = bytes([chance.below(256), chance.below(256)])
    return beside + mutant(_ANSWERS[chance.below(len(_ANSWERS))], chance, ANSWERED)
