"""The command `mms` and a handset on a board: the console at the end of a serial line."""

import asyncio
import json

from mms import phone
from tests.kit import command
from tests.kit.laboratory import Laboratory

LONG = "A long text, of more octets than the serial port of an esp32 keeps: äöü. " * 9


def words(lab, folder):
    path = folder / "alice.json"
    path.write_text(json.dumps(lab.network.settings("alice", folder)))
    modem, camera = lab.network.lines("alice")
    return "--settings", path, "--modem", modem, "--camera", camera


def test_a_board_is_found_by_its_answer_and_sends_long_texts_in_pieces(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab, command.Board(*words(lab, tmp_path)) as board:
            bob = lab.number("bob")
            sent = await command.run(tmp_path, "send", bob, LONG, "--picture", "--board", board.path, "--json")
            assert sent.status == 0 and sent.rows[0]["state"] == "sent", sent.errors
            (submitted,) = lab.journal("submitted")
            (text,) = [part["octets"] for part in submitted["parts"] if part["media"] == "text/plain"]
            assert text == len(LONG.encode())
            found = await command.run(tmp_path, "outbox", "--port", board.path, "--json")
            assert found.status == 0 and [row["state"] for row in found.rows] == ["sent"]
            told = await command.run(tmp_path, "outbox", "--port", board.path)
            assert told.fault == "%s: a board's handset answers" % board.path
            refused = await command.run(tmp_path, "sms", "nobody", "Hi", "--board", board.path)
            assert refused.status == 2 and "a short code" in refused.fault

            async with phone.open(board=board.path) as handset:
                first, second = await asyncio.gather(handset.outbox(), handset.ask("status"))
                assert len(first) == 1 and second["home"] == "23410"
                waits = asyncio.create_task(handset.seen("notified", 60))
                accepted = await handset.sms(bob, "Hello", seconds=None)
                assert accepted["state"] == "queued"
                assert (await handset.outcome(accepted["id"]))["state"] == "sent"
                waits.cancel()

    asyncio.run(story())
