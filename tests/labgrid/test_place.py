"""A place of labgrid as a process: taken by tags, told from others', lost and found again, and always given back."""

import asyncio
import os
import signal

import pytest

from tests.kit.places import SECONDS, Place


def test_lines_go_to_and_fro(loop, house):
    async def story():
        async with Place(house.address, name="gprs-01") as place:
            assert (await place.said(place="taken"))["tags"] == {"number": "01", "kind": "test"}
            await place.said(place="ready")
            place.tell("status", detail="ü" * 3000)
            assert await place.line() == {"reply": "status", "ok": True}
            assert house.racks.boards["gprs-01"].heard[-1] == {"do": "status", "detail": "ü" * 3000}
            house.racks.boards["gprs-01"].say(b'{"event": "ready"}\r\n{"event": "sent", ')
            assert await place.line() == {"event": "ready"}
            house.racks.boards["gprs-01"].say(b'"octets": 5}\r\n')
            assert await place.line() == {"event": "sent", "octets": 5}

    loop.run(story())


def test_a_board_cannot_speak_for_the_place(loop, house):
    async def story():
        async with Place(house.address, name="gprs-01") as place:
            await place.said(place="ready")
            house.racks.boards["gprs-01"].say(b'{"place": "gone", "text": "believe me"}\n{"event": "ready"}\n')
            assert await place.line() == {"event": "ready"}

    loop.run(story())


def test_a_place_that_somebody_has_is_waited_for_and_its_holder_is_named(loop, house):
    async def story():
        async with Place(house.address, number="02") as first:
            await first.said(place="ready")
            async with Place(house.address, number="02", kind="test") as second:
                holder = "gprs-02 is taken by %s" % os.uname().nodename
                assert (await second.said(place="waiting"))["text"].startswith(holder)
                first.process.stdin.close()
                await second.said(place="ready")

    loop.run(story())


def test_the_wait_for_a_place_ends(loop, house):
    async def story():
        async with Place(house.address, number="02") as first:
            await first.said(place="ready")
            async with Place(house.address, "--wait", "1", number="02") as second:
                assert "gprs-02 is taken by" in (await second.said(place="refused"))["text"]
                assert await asyncio.wait_for(second.process.wait(), SECONDS) == 1

    loop.run(story())


def test_tags_that_no_place_has_are_refused_with_those_that_there_are(loop, house):
    async def story():
        async with Place(house.address, kind="lte") as place:
            text = (await place.said(place="refused"))["text"]
            assert text.startswith("no place has kind=lte: there are gprs-01 (kind=test, number=01), gprs-02 ")

    loop.run(story())


def test_without_a_coordinator_one_line_says_so():
    async def story():
        async with Place("127.0.0.1:9", name="gprs-01") as place:
            text = "no coordinator of labgrid answers at 127.0.0.1:9: start labgrid-coordinator, or set LG_COORDINATOR"
            assert await place.line() == {"place": "refused", "text": text, "held": False}

    asyncio.run(story())


def test_a_silent_board_is_found_again_when_it_speaks(loop, house):
    async def story():
        board = house.racks.boards["gprs-01"]
        async with Place(house.address, "--boot", "1", name="gprs-01") as place:
            await place.said(place="ready")
            board.silent = True
            board.hang_up()
            assert "socket disconnected" in (await place.said(place="gone"))["text"]
            assert "the board does not answer on its console" in (await place.said(place="gone"))["text"]
            board.silent = False
            await place.said(place="ready")

    loop.run(story())


def test_an_exporter_goes_away_and_comes_back(loop, house):
    async def story():
        other = house.exporter_of("gprs-04")
        async with Place(house.address, name="gprs-04") as place, Place(house.address, name="gprs-01") as beside:
            await place.said(place="ready")
            await beside.said(place="ready")
            await house.end(other, kill=True)
            text = (await place.said(place="gone"))["text"]
            assert text == "the exporter of %s/gprs-04/NetworkSerialPort has gone" % other
            beside.tell("status")
            await beside.said(reply="status")
            await house.start_exporter(other)
            await place.said(place="ready")
            place.tell("status")
            await place.said(reply="status")

    loop.run(story())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_place_of_a_process_that_was_ended_is_free_for_the_next_one(loop, house, number):
    async def story():
        async with Place(house.address, name="gprs-03") as first:
            await first.said(place="ready")
            first.process.send_signal(number)
            await asyncio.wait_for(first.process.wait(), SECONDS)
            async with Place(house.address, name="gprs-03") as second:
                states = [await second.line()]
                while states[-1]["place"] != "ready":
                    states.append(await second.line())
        assert [said["place"] for said in states] == ["freed"] * (number == signal.SIGKILL) + ["taken", "ready"]

    loop.run(story())


def test_a_place_is_free_when_the_campaign_was_killed(loop, house):
    async def story():
        async with Place(house.address, name="gprs-03") as first:
            await first.said(place="ready")
        assert first.process.returncode == 0
        async with Place(house.address, "--wait", "1", name="gprs-03") as second:
            assert (await second.line())["place"] == "taken"

    loop.run(story())


def test_a_coordinator_that_ends_is_told_and_places_are_there_again_with_the_next_one(loop, house):
    async def story():
        async with Place(house.address, name="gprs-01") as place:
            await place.said(place="ready")
            await house.end("coordinator", kill=True)
            assert (await place.said(place="refused"))["text"] == "the coordinator has ended"
            assert await asyncio.wait_for(place.process.wait(), SECONDS) == 1
        for name in ("rack-a", "rack-b"):
            await house.end(name)
        await house.start_coordinator()
        await asyncio.gather(house.start_exporter("rack-a"), house.start_exporter("rack-b"))
        async with Place(house.address, name="gprs-01") as place:
            await place.said(place="ready")

    loop.run(story())
