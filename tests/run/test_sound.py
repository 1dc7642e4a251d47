"""A voice note: alice's modem records it, and bob's album has the same octets."""

import asyncio

import pytest

from tests.kit.laboratory import SECONDS, Laboratory
from tools.journey.phone import Failed
from tools.programs import ROOT

SOUND = (ROOT / "assets/sounds/hello.amr").read_bytes()


def test_a_sound_that_one_handset_records_is_in_the_album_of_another(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            alice, bob = await lab.ready("alice"), await lab.ready("bob")
            recorder = lab.network.modems["alice"].machine.recorder
            await alice.tell("record", seconds=1)
            assert (await alice.seen("recorded", SECONDS))["octets"] == 6 + 13 * 50
            sent = await alice.ask("send", SECONDS, to=[lab.number("bob")], text="Hear this", sound="record:2")
            assert (await alice.seen("confirmed", SECONDS))["id"] == sent["id"]
            id = (await bob.seen("retrieved", SECONDS))["id"]
            told = await bob.ask("read", SECONDS, id=id)
            (path,) = [
                file["path"]
                for file in (await bob.ask("export", SECONDS, id=id))["files"]
                if file["type"] == "audio/amr"
            ]
            recorder.exists = False
            with pytest.raises(Failed, match="this modem has no recorder"):
                await alice.ask("send", SECONDS, to=[lab.number("bob")], sound="record:1")
            return path, told, recorder.files

    path, told, files = asyncio.run(story())
    (kept,) = (tmp_path / "alice/album").glob("*.amr")
    octets = (tmp_path / "bob" / path).read_bytes()
    assert octets == SOUND[: 6 + 13 * 100] and kept.read_bytes() == SOUND[: 6 + 13 * 50]
    assert [(part["type"], part["slide"], part.get("seconds")) for part in told["parts"][:2]] == [
        ("audio/amr", 1, 2.0),
        ("text/plain", 1, None),
    ]
    assert told["text"] == "Hear this" and files == {}
