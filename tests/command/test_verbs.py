"""The verbs of the command `mms`, with a modem of the lab at its serial line."""

import asyncio
import json

from tests.kit import command
from tests.kit.laboratory import Laboratory


def lines(lab, folder, name="alice"):
    """The words that name a subscriber's lines and settings."""
    path = folder / (name + ".json")
    path.write_text(json.dumps(lab.network.settings(name, folder)))
    modem, camera = lab.network.lines(name)
    return "--port", modem, "--camera", camera, "--settings", path


def test_a_message_goes_out_comes_in_and_its_parts_are_written(tmp_path):
    (tmp_path / "note.txt").write_text("a file of this folder")

    async def story():
        async with Laboratory(tmp_path) as lab:
            alice, bob = lines(lab, tmp_path), lines(lab, tmp_path, "bob")
            words = (lab.number("bob"), "Look", "--file", "note.txt", "--picture", "--json")
            watching = await command.start(tmp_path, "watch", *bob, "--json")
            sent = await command.run(tmp_path, "send", *alice, *words)
            assert sent.status == 0, sent.errors
            (row,) = sent.rows
            (submitted,) = lab.journal("submitted")
            assert row["state"] == "sent" and row["message_id"] == submitted["message_id"]
            assert {"image/jpeg", "text/plain"} <= {part["media"] for part in submitted["parts"]}
            while b'"acknowledged"' not in await asyncio.wait_for(watching.stdout.readline(), 60):
                pass
            watching.send_signal(2)
            assert await watching.wait() == 130 and await watching.stderr.read() == b""

            listed = await command.run(tmp_path, "inbox", *bob)
            assert "Look" not in listed.said and listed.said.startswith("new "), listed.said + listed.errors
            id = (await command.run(tmp_path, "inbox", *bob, "--json")).rows[0]["id"]
            shown = await command.run(tmp_path, "read", id, *bob)
            assert "Look" in shown.said and "image/jpeg" in shown.said
            written = (await command.run(tmp_path, "export", id, *bob, "--json")).rows
            texts = [open(row["path"], encoding="utf-8").read() for row in written if row["type"] == "text/plain"]
            assert "a file of this folder" in texts

    asyncio.run(story())


def test_check_tells_each_step_and_the_network_is_listed_and_taken(tmp_path):
    async def story():
        async with Laboratory(tmp_path) as lab:
            alice = lines(lab, tmp_path)
            steps = (await command.run(tmp_path, "check", *alice, "--json")).rows
            assert [row["step"] for row in steps][:2] == ["modem", "sim"] and steps[-1] == {"step": "all", "ok": True}
            networks = (await command.run(tmp_path, "scan", *alice, "--json")).rows
            assert "23410" in [row.get("mccmnc") for row in networks]
            took = await command.run(tmp_path, "register", "auto", *alice)
            assert took.status == 0, took.errors
            text = await command.run(tmp_path, "sms", lab.number("bob"), "On my way", *alice)
            assert text.status == 0 and text.said.endswith("is sent\n"), text.errors
            asked = await command.run(tmp_path, "ask", "price", "octets=30000", *alice, "--json")
            assert "currency" in asked.rows[0]

    asyncio.run(story())
