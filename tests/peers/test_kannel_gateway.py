"""Kannel is the WAP gateway between a bearer and an MMSC: messages out and in, and the three traps that it has."""

import asyncio

import pytest

from mms.errors import LinkError, Refused, TooLarge
from mms.handset import operators
from mms.handset.carrying.bearer import Bearer
from mms.handset.carrying.submission import read_confirmation
from mms.link.url import parse_url
from tests.kit.handset.bearer import Modem
from tests.kit.peers.wap import Centre, Datagrams, Gateway
from tests.kit.stream import Content

SIZES = (30000, 100000, 300000)
MMS = "application/vnd.wap.mms-message"


def octets(count):
    return bytes(at * 7 % 251 for at in range(count))


class Here(Modem):
    """A modem whose datagrams go over loopback."""

    streams = ()
    change = None  # what else than the octets of a datagram is sent

    async def open(self, host, port, udp):
        assert udp
        stream = await Datagrams.connect(host, port)
        stream.change = self.change or bytes
        self.streams += (stream,)
        return stream


def drive(folder, story):
    """What `story(bearer, centre, modem)` returns, with a bearer whose operator has Kannel as a gateway."""

    async def run():
        gateway, centre, modem = Gateway(folder), Centre(), Here()
        await centre.start()
        try:
            await gateway.start()
            bearer = Bearer(modem, {}, None)
            operator = {"apn": "mms.example", "mmsc": "http://127.0.0.1:%d/mms" % centre.port}
            bearer.profile = operators.make_profile(dict(operator, proxy="wsp://" + gateway.host), "23410")
            return await asyncio.wait_for(story(bearer, centre, modem), 120)
        finally:
            await gateway.stop()
            await centre.stop()

    return asyncio.run(run())


async def collect(response, buffer):
    taken = b""
    while True:
        count = await response.readinto(buffer)
        if not count:
            return response.media, taken
        taken += bytes(buffer[:count])


def test_messages_of_thirty_to_three_hundred_thousand_octets_go_and_come_whole(tmp_path):
    async def story(bearer, centre, modem):
        centre.pages["/mms"] = b"confirmed"
        for size in SIZES:
            acked = []
            content = Content(octets(size), lambda: len(modem.streams[-1].sent))
            answer = await bearer.request("POST", bearer.profile.mmsc, read_confirmation, content, acked.append)
            assert answer == (b"confirmed", MMS)
            path, headers, body = centre.posted[-1]
            assert body == octets(size)
            assert (headers["content-type"], headers["user-agent"]) == (MMS, "micropython-mms")
            (before,) = content.completed  # once, before the segment that ends the request
            assert modem.streams[-1].sent[before][0] == 0x2A
            centre.pages["/%d" % size] = octets(size)
            url = parse_url("http://127.0.0.1:%d/%d" % (centre.port, size))
            assert await bearer.request("GET", url, collect) == (MMS, octets(size))

    drive(tmp_path, story)


def test_a_message_of_more_than_255_segments_is_too_large_both_ways(tmp_path):
    async def story(bearer, centre, modem):
        content = Content(octets(357000))
        with pytest.raises(TooLarge, match="a message of 357000 octets, and 356"):
            await bearer.request("POST", bearer.profile.mmsc, read_confirmation, content)
        assert content.completed == [] and centre.posted == []
        centre.pages["/large"] = octets(360000)
        with pytest.raises(TooLarge, match="0A"):
            await bearer.request("GET", parse_url("http://127.0.0.1:%d/large" % centre.port), collect)

    drive(tmp_path, story)


def test_an_error_of_the_mmsc_is_told_by_its_status_and_a_page_is_left_unread(tmp_path):
    async def story(bearer, centre, modem):
        with pytest.raises(Refused) as refused:
            await bearer.request("GET", parse_url("http://127.0.0.1:%d/gone" % centre.port), collect)
        assert refused.value.code == 404
        centre.pages["/mms"] = octets(30000)

        async def ignore(response, buffer):
            pass

        await bearer.request("POST", bearer.profile.mmsc, ignore, Content(b"answer"))
        assert [octets[0] for octets in modem.streams[-1].sent[-2:]] == [0x21, 0x0A]  # an abort, and the disconnection

    drive(tmp_path, story)


def test_kannel_has_the_three_traps_that_the_session_avoids(tmp_path):
    """Without Accept: 406. Without Client-SDU-Size: an empty 502. GTR and TTR both set: a result in one datagram."""

    async def story(bearer, centre, modem):
        centre.pages["/mms"] = octets(3000)
        profile, whole = bearer.profile, (MMS, octets(3000))
        assert await bearer.request("GET", profile.mmsc, collect) == whole
        accept = profile.headers.pop(0)
        with pytest.raises(Refused) as refused:
            await bearer.request("GET", profile.mmsc, collect)
        assert refused.value.code == 406
        profile.headers.insert(0, accept)
        modem.change = lambda octets: octets[:4] + b"\x01\x10\0\0" if octets[4:5] == b"\x01" else octets
        with pytest.raises(LinkError) as failed:
            await bearer.request("GET", profile.mmsc, collect)
        assert failed.value.code == 502
        modem.change = lambda octets: b"\x0e" + octets[1:] if octets[4:5] == b"\x40" else octets
        with pytest.raises(AssertionError, match="a datagram of 3"):
            await bearer.request("GET", profile.mmsc, collect)

    drive(tmp_path, story)
