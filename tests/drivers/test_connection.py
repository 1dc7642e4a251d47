"""Octets through a connection: they go out in blocks and whole, and come in whole to the end."""

import asyncio

from drivers.modem.connection import Connection
from mms import clock
from mms.errors import BearerError
from mms.limits import BLOCK, UNACKED
from tests.kit.checks import raises
from tests.kit.drivers.scripted import run
from tests.kit.drivers.sim800 import (
    OK,
    Peer,
    Profile,
    connected,
    drive,
    failed,
    names,
    read_all,
    started,
)


def test_a_body_goes_out_whole_and_is_acknowledged():
    body = bytes(range(256)) * 50

    async def story(modem, pipe, said):
        stream = await connected(modem)
        await stream.write(body[:100])
        await stream.write(body[100:])
        await stream.drain()
        accepted = stream.accepted
        for _ in range(20):
            if stream.acked < accepted:
                await asyncio.sleep(0.1)
        stream.close()
        return accepted, stream.acked, names(said)

    for takes in (1460, 700):
        peer = Peer(takes=takes)
        accepted, acked, said = drive(peer, story)
        assert peer.received == body
        assert accepted == acked == len(body)
        assert said == ["attached", "context_up", "connected"]
        assert 'AT+CSTT="mms.example","web","secret"' in peer.lines
        assert max([len(block) for block in peer.blocks]) < 1460


def test_datagrams_go_out_whole_and_come_in_one_by_one_without_a_question_for_their_acknowledgement():
    async def story(modem, pipe, said):
        await modem.start()
        await modem.attach(Profile())
        stream = await modem.open("proxy.example", 9201, udp=True)
        for octets in (b"one", b"three"):
            await stream.write(octets)
        await stream.drain()
        (error,) = await failed(stream.write(bytes(1460)))
        assert "a datagram of more than 1459 octets" in str(error)
        got, buffer = [], bytearray(4)
        for peer.body in (b"first", b"a", b"b"):
            pipe.say(b"\r\n+CIPRXGET: 1,0\r\n")
            got.append(bytes(buffer[: await stream.readinto(buffer)]))
        return got

    peer = Peer({'AT+CIPSTART=0,"UDP","proxy.example",9201': OK + b"\r\n0, CONNECT OK\r\n"})
    assert drive(peer, story) == [b"firs", b"a", b"b"]
    assert peer.blocks == [b"one", b"three"] and "AT+CIPACK=0" not in peer.lines


def test_a_datagram_waits_whole_for_room_in_the_modem():
    class Full(Peer):
        room = 1460

        def _answer(self, line):
            if line == "AT+CIPSEND?":
                return b"\r\n+CIPSEND: 0,%d\r\n" % self.room + OK
            if line.startswith("AT+CIPSEND=0,") and int(line[13:]) > self.room:
                self.lines.append(line)
                return b"\r\nERROR\r\n"
            return super()._answer(line)

    async def story(modem, pipe, said):
        await modem.start()
        await modem.attach(Profile())
        stream = await modem.open("proxy.example", 9201, udp=True)
        peer.room = 700
        await stream.write(bytes(1400))
        await asyncio.sleep(1)
        before, peer.room = len(peer.blocks), 1460
        await stream.write(b"next")
        await stream.drain()
        return before

    peer = Full({'AT+CIPSTART=0,"UDP","proxy.example",9201': OK + b"\r\n0, CONNECT OK\r\n"})
    assert drive(peer, story) == 0
    assert peer.blocks == [bytes(1400), b"next"]


def test_no_more_than_eight_kilobytes_are_in_flight():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer.acknowledges = False
        writing = asyncio.create_task(stream.write(bytes(20000)))
        await asyncio.sleep(0.5)
        assert not writing.done()
        before = len(peer.received)
        peer.acknowledges = True
        await writing
        await stream.drain()
        return before

    peer = Peer()
    assert 4000 < drive(peer, story) <= 8192
    assert len(peer.received) == 20000


def test_a_read_that_is_given_up_loses_nothing():
    body = bytes(range(256)) * 20

    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer.body = body
        pipe.say(b"\r\n+CIPRXGET: 1,0\r\n")
        got = b""
        for _ in range(40):
            buffer = bytearray(100)
            reading = asyncio.create_task(stream.readinto(buffer))
            await asyncio.sleep(0)
            if _ % 2:
                reading.cancel()
                try:
                    got += buffer[: await reading]
                except asyncio.CancelledError:
                    pass
            else:
                got += buffer[: await reading]
        pipe.say(b"\r\n0, CLOSED\r\n")
        return got + await read_all(stream)

    peer = Peer()
    assert drive(peer, story, 8) == body


def test_a_failed_piece_stops_the_sending():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer._accept = lambda block: b"\r\n0, SEND FAIL\r\n" if len(peer.blocks) == 3 else Peer._accept(peer, block)
        try:
            await stream.write(bytes(10000))
            await stream.drain()
        except BearerError as error:
            return error.step, stream.accepted, len(peer.blocks)

    peer = Peer()
    step, accepted, blocks = drive(peer, story)
    assert (step, blocks) == ("send", 3)
    assert accepted == len(peer.received) < 10000


def test_blocks_are_as_large_as_the_modem_takes_them_however_they_are_written():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        for _ in range(3):
            await stream.write(bytes(1460))
        await stream.drain()

    peer = Peer({"AT+CIPSEND?": b"\r\n+CIPSEND: 0,1460\r\n" + OK})
    drive(peer, story)
    assert sorted(len(block) for block in peer.blocks) == [3, 1459, 1459, 1459]


def test_how_much_goes_at_a_time_is_asked_of_ones_own_connection():
    async def story(modem, pipe, said):
        await connected(modem)
        return modem._sockets.traffic.block

    for lines, block in (
        (b"\r\n+CIPSEND: 0,1460\r\n+CIPSEND: 1,0\r\n\r\n+CIPSEND: 10,7\r\n", 1459),
        (b"\r\n+CIPSEND: 1,1460\r\n\r\n+CIPSEND: 0,300\r\n", 299),
        (b"\r\n+CIPSEND: 300\r\n", 299),
    ):
        assert drive(Peer({"AT+CIPSEND?": lines + OK}), story) == block


def test_a_block_is_made_smaller_when_the_modem_takes_less():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer.answers["AT+CIPSEND?"] = b"\r\n+CIPSEND: 0,500\r\n" + OK
        await stream.write(bytes(3000))
        await stream.drain()
        return stream.accepted

    class Choosy(Peer):
        def _answer(self, line):
            if line.startswith("AT+CIPSEND=0,") and int(line[13:]) > 500 and "500" in str(self.answers["AT+CIPSEND?"]):
                return b"\r\nERROR\r\n"
            return super()._answer(line)

    peer = Choosy()
    assert drive(peer, story) == 3000 and max(len(block) for block in peer.blocks) < 500


def test_a_block_that_the_modem_refuses_whatever_its_size_is_an_error():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        await stream.write(bytes(1000))
        await stream.drain()

    class Deaf(Peer):
        def _answer(self, line):
            return b"\r\nERROR\r\n" if line.startswith("AT+CIPSEND=0,") else super()._answer(line)

    assert raises(BearerError, drive, Deaf(), story).step == "send"


def test_a_connection_that_the_peer_closed_ends_well_only_when_the_modem_says_twice_that_it_is_gone():
    error, question = b"\r\nERROR\r\n", "AT+CIPRXGET=4,0"

    async def story(modem, pipe, said):
        stream = await connected(modem)
        peer.body = b"x" * 50
        peer.answers[question] = list(answers)
        pipe.say(b"\r\n0, CLOSED\r\n")
        try:
            return len(await read_all(stream))
        except BearerError as error:
            return error.step

    class Forgetful(Peer):
        def _answer(self, line):
            if line == question and not self.answers.get(question, True):
                del self.answers[question]
            return super()._answer(line)

    for answers, result in (
        ([error], 50),
        ([error, b"\r\n+CME ERROR: 3\r\n"], 0),
        ([b"", b""], "receive"),
        ([error, b"", b""], "receive"),
        ([OK], "receive"),
    ):
        peer = Forgetful()
        assert drive(peer, story) == result, answers


def test_a_connection_without_memory_ends_with_that_and_gives_its_room_back():
    def none(*_):
        raise MemoryError

    async def story(modem, pipe, said):
        errors = []
        for verb in ("push", "ask_waiting"):
            stream = await connected(modem)
            usual = getattr(modem._sockets.traffic, verb)
            setattr(modem._sockets.traffic, verb, none)
            pipe.say(b"\r\n+CIPRXGET: 1,0\r\n")
            await stream.write(b"x")
            errors += await failed(stream.drain(), stream.readinto(bytearray(1)))
            setattr(modem._sockets.traffic, verb, usual)
            await asyncio.sleep(1)
            stream.close()
            assert modem._buffers is not None
        return errors

    errors = started(story)
    assert [error.step for error in errors] == ["send", "send", "send", "receive"]
    assert all("no memory" in str(error) for error in errors)


def test_a_peer_that_acknowledges_octet_by_octet_is_asked_after_at_intervals():
    class Sockets:
        """A modem that takes each block at once; its peer acknowledges an octet more at each question."""

        block, asked = BLOCK, 0

        async def push(self, number, view, whole):
            return len(view)

        async def ask_acknowledged(self, number):
            self.asked += 1
            return self.asked

        def shut(self, connection):
            pass

    async def story():
        sockets = Sockets()
        connection = Connection(sockets, 0, False, (bytearray(BLOCK), bytearray(BLOCK), bytearray(BLOCK)))
        connection.start()
        await connection.write(bytes(UNACKED + 100))
        await clock.sleep(2000)
        connection.close()
        return sockets.asked

    assert 20 < run(story()) < 30
