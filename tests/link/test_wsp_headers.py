"""Headers and statuses of WSP (WAP-230-WSP, 8.4 and table 36), as a session writes and reads them."""

import asyncio

from mms import limits
from mms.errors import LinkError
from mms.link import wsp
from mms.link.url import parse_url
from tests.kit.checks import raises
from tests.kit.link import gateway as kit
from tests.kit.stream import Content


class Octets:
    """Transactions whose result is these octets, in pieces of at most `most`."""

    def __init__(self, octets, most=100):
        self._octets, self._most = octets, most

    async def readinto(self, buf):
        piece = self._octets[: min(self._most, len(buf))]
        memoryview(buf)[: len(piece)] = piece
        self._octets = self._octets[len(piece) :]
        return len(piece)


def response(octets, most=100):
    """The Response that begins with these octets."""
    answer = wsp.Response(Octets(octets, most))
    asyncio.run(answer.begin())
    return answer


def reply(status, headers):
    """A Reply with these headers (8.2.3.3)."""
    return bytes((4, status, len(headers))) + headers


def test_headers_have_numbers_where_they_are_known_and_names_elsewhere():
    assert wsp._headers([("Accept", "*/*, image/jpeg")]) == b"\x80\x80\x80image/jpeg\0"
    assert wsp._headers([("User-Agent", "mms")]) == b"\xa9mms\0"
    assert wsp._headers([("x-wap-profile", "http://a.example/")])[1:] == b"http://a.example/\0"
    assert wsp._headers([("X-Lab", "1")]) == b"X-Lab\x001\0"
    for header in (("", "a"), ("X", "a\r\nb"), ("X\0", "a")):
        raises(LinkError, wsp._headers, [header])


def test_statuses_are_those_of_http():
    for status, expected in ((0x20, 200), (0x44, 404), (0x50, 416), (0x60, 500), (0x62, 502)):
        assert response(reply(status, b"\xbe")).status == expected


def test_the_type_stands_first_and_a_length_may_follow():
    assert response(reply(0x20, b"\xbe")).media == "application/vnd.wap.mms-message"
    assert response(reply(0x20, b"\x85")).media == "type 5"
    assert response(reply(0x20, b"Image/JPEG\0")).media == "image/jpeg"
    assert response(reply(0x20, b"\x02\xbe\x81")).media == "application/vnd.wap.mms-message"
    assert response(reply(0x20, b"\x1f\x02\xbe\x81")).media == "application/vnd.wap.mms-message"
    assert response(reply(0x20, b"\xbe\x8d\x87")).octets == 7
    assert response(reply(0x20, b"\xbe\x8d\x02\x01\x00")).octets == 256
    assert response(reply(0x20, b"\xbe\x8d\x02\x01\x00X-Lab\0a\0"), 1).octets == 256
    assert response(bytes((4, 0x20, 0))).octets is None


def test_a_reply_that_is_cut_off_is_an_error():
    whole = reply(0x20, b"\xbe\x8d\x02\x01\x00")
    for count in range(len(whole)):
        raises(LinkError, response, whole[:count])


def test_a_session_that_never_began_has_nothing_to_leave():
    session = wsp.Session(None)
    asyncio.run(session.leave())
    assert session.acked == 0


def test_a_request_that_is_cut_short_or_has_too_long_a_head_ends_with_one_line():
    media = ("Content-Type", "application/vnd.wap.mms-message")

    def refused(more, *headers):
        async def story(air, gateway, world):
            content = Content(bytes(2000))
            content.octets += more
            try:
                session, buffer = wsp.Session(air), bytearray(limits.BLOCK)
                await wsp.exchange(session, buffer, "POST", parse_url("http://m/"), headers, True, content)
            except LinkError as error:
                return str(error)

        return kit.drive(story, kit.fine, b"", 3, None)

    assert refused(1000, media) == "body: 1000 octets are missing"
    assert refused(0, media, ("x-a", "b" * 1500)).startswith("header: a request head of 15")
