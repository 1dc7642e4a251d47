"""The context of a modem, and the numbers of the connections on it."""

import asyncio
import sys

from mms import clock, memory
from mms.errors import BearerError
from tests.kit.checks import raises
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


def test_what_needs_a_started_modem_or_a_context_says_so():
    async def story(modem, pipe, said):
        early = await failed(modem.attach(Profile()), modem.open("proxy.example", 8080))
        await modem.start()
        return early + await failed(modem.open("proxy.example", 8080))

    errors = drive(Peer(), story)
    assert [error.step for error in errors] == ["attach", "connect", "connect"]
    assert "started first" in str(errors[0]) and "no context" in str(errors[2])


def test_attach_is_done_once_for_a_profile():
    async def story(modem, pipe, said):
        await connected(modem)
        await modem.attach(Profile())

    peer = Peer()
    drive(peer, story)
    assert peer.lines.count("AT+CIICR") == 1


def test_a_refused_context_has_its_reason():
    async def story(modem, pipe, said):
        await connected(modem)

    peer = Peer({"AT+CIICR": b"\r\n+CME ERROR: 149\r\n", "AT+CEER": b"\r\n+CEER: PDP authentication failure\r\n" + OK})
    error = raises(BearerError, drive, peer, story)
    assert (error.step, error.code) == ("context", 149)
    assert "authentication" in str(error) and "secret" not in str(error)


def test_a_modem_that_is_attached_already_is_not_attached_again():
    async def story(modem, pipe, said):
        await modem.attach(Profile())
        await modem.release()
        return names(said)

    peer = Peer({"AT+CGATT?": b"\r\n+CGATT: 1\r\n" + OK})
    assert started(story, peer=peer) == ["attached", "context_up"]
    assert "AT+CGATT=1" not in peer.lines and peer.lines[-1] == "AT+CIPSHUT"


def test_why_a_context_was_refused_is_told_where_the_modem_knows():
    async def story(modem, pipe, said):
        return str((await failed(modem.attach(Profile())))[0])

    for answer, text in (
        (b"\r\n+CEER: Service option not subscribed\r\n" + OK, "not subscribed"),
        (b"\r\n+CEER: No cause information available\r\n" + OK, "the modem refused"),
        (b"\r\nERROR\r\n", "the modem refused"),
        (OK, "the modem refused"),
    ):
        assert text in started(story, {"AT+CIICR": b"\r\n+CME ERROR: 148\r\n", "AT+CEER": answer})


def test_why_an_attach_was_refused_is_told_and_none_is_told_of_one_that_was_not_answered():
    async def story(modem, pipe, said):
        (error,) = await failed(modem.attach())
        return error.step, error.code, error.text

    silent = {"AT+CGATT?": b"\r\n+CGATT: 0\r\n" + OK, "AT+CGATT=1": b""}
    refused = dict(silent, **{"AT+CGATT=1": b"\r\n+CME ERROR: 107\r\n"})
    for answers in (silent, refused):
        answers["AT+CEER"] = b"\r\n+CEER: GPRS services not allowed\r\n" + OK
    assert started(story, refused) == ("attach", 107, "GPRS services not allowed")
    assert started(story, silent) == ("attach", None, "")


def test_a_modem_that_refuses_to_attach_at_first_is_asked_again_for_some_seconds():
    async def story(modem, pipe, said):
        errors = await failed(modem.attach(Profile()))
        return errors[0], peer.lines.count("AT+CGATT=1")

    refusal = b"\r\n+CME ERROR: 100\r\n"
    peer = Peer({"AT+CGATT?": b"\r\n+CGATT: 0\r\n" + OK, "AT+CGATT=1": [refusal] * 2})
    assert started(story, peer=peer) == (None, 3)
    for answer in (refusal, b"\r\nERROR\r\n"):
        peer.answers["AT+CGATT=1"] = answer
        error, asked = started(story, peer=peer)
        assert error.step == "attach" and 3 + 5 < asked < 3 + 2 * 20
        peer.lines.clear()
        peer.lines += ["AT+CGATT=1"] * 3
    peer.answers["AT+CGATT=1"] = b"\r\n+CME ERROR: 107\r\n"
    assert started(story, peer=peer)[1] == 4  # a refusal with a reason is told at once


def test_a_lost_context_fails_the_connection_and_is_shut_before_the_next():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        pipe.say(b"\r\n+PDP: DEACT\r\n")
        try:
            await stream.readinto(bytearray(10))
        except BearerError as error:
            assert error.step in ("receive", "context")
        else:
            raise AssertionError("the read went on")
        shuts = peer.lines.count("AT+CIPSHUT")
        await modem.attach(Profile())
        await modem.open("proxy.example", 8080)
        assert peer.lines.count("AT+CIPSHUT") == shuts + 1
        return names(said)

    peer = Peer()
    assert drive(peer, story) == ["attached", "context_up", "connected", "context_lost"] + [
        "attached",
        "context_up",
        "connected",
    ]


def test_six_connections_are_all_there_are_and_a_closed_one_is_free_again():
    class Many(Peer):
        def _answer(self, line):
            if line.startswith("AT+CIPSTART="):
                return OK + b"\r\n%s, CONNECT OK\r\n" % line[12:13].encode()
            if line.startswith("AT+CIPCLOSE="):
                return b"\r\nERROR\r\n"  # the peer was faster
            return super()._answer(line)

    async def story(modem, pipe, said):
        await modem.attach(Profile())
        streams = []
        for _ in range(6):
            streams.append(await modem.open("h", 1, udp=True))
        (error,) = await failed(modem.open("h", 1))
        streams[2].close()
        await asyncio.sleep(0.1)
        again = await modem.open("h", 1)
        return str(error), again.number

    error, number = started(story, peer=Many())
    assert "all 6 connections are open" in error and number == 2


def test_a_connection_that_is_never_made_is_an_error_after_its_time():
    async def story(modem, pipe, said):
        await connected(modem)

    peer = Peer({'AT+CIPSTART=0,"TCP","proxy.example",8080': OK})
    assert raises(BearerError, drive, peer, story).step == "connect"


def test_a_refusal_may_come_as_late_as_a_real_modem_said_it():
    async def story(modem, pipe, said):
        opening = asyncio.create_task(connected(modem))
        while line not in peer.lines:
            await clock.sleep(100)
        await clock.sleep(75500)
        pipe.say(b"\r\n0, CONNECT FAIL\r\n")
        await opening

    line = 'AT+CIPSTART=0,"TCP","proxy.example",8080'
    peer = Peer({line: OK})
    assert "the connection was refused" in str(raises(BearerError, drive, peer, story))


def test_a_refused_connection_is_a_bearer_error():
    async def story(modem, pipe, said):
        await connected(modem)

    peer = Peer({'AT+CIPSTART=0,"TCP","proxy.example",8080': OK + b"\r\n0, CONNECT FAIL\r\n"})
    assert raises(BearerError, drive, peer, story).step == "connect"


def test_news_of_a_connection_that_is_not_ours_does_no_harm():
    async def story(modem, pipe, said):
        stream = await connected(modem)
        pipe.say(b"\r\n7, CLOSED\r\n\r\n3, CLOSED\r\n\r\n+CIPRXGET: 1,5\r\n\r\nUNDER-VOLTAGE WARNNING\r\n")
        await stream.write(b"GET")
        await stream.drain()
        return stream.accepted, names(said)[-1]

    assert drive(Peer(), story) == (3, "undervoltage")


def test_a_context_that_was_lost_opens_no_connection():
    async def story(modem, pipe, said):
        await modem.attach(Profile())
        pipe.say(b"\r\n+PDP: DEACT\r\n")
        await asyncio.sleep(1)
        return str((await failed(modem.open("proxy.example", 8080)))[0])

    assert "no context" in started(story)


class Board:
    """CPython forgets modules as a board does, until the `with` block ends; those that other tests loaded at once."""

    def __enter__(self):
        self._usual, self._modules = memory.BOARD, dict(sys.modules)
        memory.BOARD = True
        for room in loaded():
            memory.forget("drivers.modem." + room)

    def __exit__(self, *error):
        memory.BOARD = self._usual
        sys.modules.update(self._modules)


def loaded():
    """The rooms of the modem that are loaded and can leave memory."""
    rooms = ("block", "connection", "context", "network", "sockets", "startup", "subscriber", "syncing", "traffic")
    return [room for room in rooms if "drivers.modem." + room in sys.modules]


def test_rooms_leave_the_memory_of_a_board_when_their_work_is_done():
    async def story(modem, pipe, said):
        seen = []
        await modem.start()
        await modem.sim()
        await modem.register()
        for _ in range(2):
            seen.append(loaded())
            await modem.attach(Profile())
            seen.append(loaded())
            stream = await modem.open("proxy.example", 8080)
            peer.body = b"an answer"
            pipe.say(b"\r\n+CIPRXGET: 1,0\r\n\r\n0, CLOSED\r\n")
            assert await read_all(stream) == b"an answer"
            stream.close()
            seen.append(loaded())
            await modem.release()
        return seen + [loaded()]

    peer = Peer()
    with Board():
        seen = drive(peer, story)
    up = ["block", "connection", "sockets", "traffic"]
    assert seen == [[], ["sockets"], up, [], ["sockets"], up, []]


def test_a_context_that_is_refused_leaves_no_room_behind():
    async def story(modem, pipe, said):
        await failed(modem.attach(Profile()))
        return loaded()

    with Board():
        assert started(story, {"AT+CIICR": b"\r\n+CME ERROR: 148\r\n"}) == []
