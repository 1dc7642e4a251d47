"""Probes on serial lines: boards that boot late, fall silent, begin anew, are pulled out, or are another program's."""

import asyncio
import json
import os
import pathlib
import socket
import threading
import time

import pytest

from tests.kit.campaign.board import Board
from tools.campaign.clock import Clock
from tools.campaign.plan import Plan, PlanError
from tools.campaign.probes import probe as probes
from tools.campaign.probes import serial
from tools.campaign.probes.probe import Around, Gone, Silent


def opened(line, **more):
    """A probe at a line, not yet started, and the list of all that it tells."""
    row = {
        "name": "a",
        "kind": "serial",
        "line": str(line),
        "baud": 115200,
        "role": "any",
        "number": None,
        "modem": None,
    }
    (probe,) = serial.open_probes([{**row, **more}], Around(Clock(), None, []))
    told = []
    probe.listen(lambda kind, entry: told.append((kind, entry)))
    return probe, told


def states(told):
    """The states that were told."""
    return [entry["state"] for kind, entry in told if kind == "state"]


def run(story):
    """Run a coroutine, which a hang ends."""
    return asyncio.run(asyncio.wait_for(story, 60))


def test_a_board_that_boots_while_its_line_is_opened_is_asked_again(tmp_path, monkeypatch):
    monkeypatch.setattr(probes, "MODE_S", 0.2)

    async def story():
        board = Board(tmp_path / "board", boot_s=0.5)
        board.plug()
        probe, told = opened(board.path)
        await probe.start()
        assert probe.facts["home"] == "23410" and probe.facts["interpreter"] == "board"
        assert (await probe.ask("scan", 5))["ok"]
        board.say(json.dumps({"event": "at", "sent": True, "line": "AT+CPIN=****"}))
        board.say(json.dumps({"event": "confirmed", "id": "00000001", "ms": 5}))
        confirmed = await probe.seen("confirmed", 5, id="00000001")
        assert 0 <= probe.clock.now() - confirmed["at"] < 1
        await probe.stop()
        assert states(told) == ["ready", "ended"]
        traces = [entry for kind, entry in told if kind == "trace"]
        assert [(row["line"], row["sent"], row["text"]) for row in traces] == [("modem", True, "AT+CPIN=****")]
        board.pull()

    run(story())


def test_a_board_that_begins_anew_is_gone_and_back_when_it_is_asked_again(tmp_path):
    async def story():
        board = Board(tmp_path / "board")
        board.plug()
        probe, told = opened(board.path)
        await probe.start()
        board.deaf = True
        asking = asyncio.create_task(probe.ask("scan", 30))
        await asyncio.sleep(0.1)
        board.reboot()
        with pytest.raises(Gone, match="began anew"):
            await asking
        board.deaf = False
        await probe.stop()
        await probe.start()
        assert states(told) == ["ready", "gone", "back"]
        await probe.stop()
        board.pull()

    run(story())


def test_a_board_that_is_pulled_out_comes_back_by_the_same_path(tmp_path):
    async def story():
        board = Board(tmp_path / "board")
        board.plug()
        probe, told = opened(board.path)
        await probe.start()
        waiting = asyncio.create_task(probe.seen("confirmed", 30))
        await asyncio.sleep(0.05)
        board.pull()
        with pytest.raises(Gone, match="board was pulled out"):
            await waiting
        await probe.stop()
        with pytest.raises(Gone, match="there is no .*board") as gone:
            await probe.start()
        assert "plug the board in" in gone.value.advice
        board.plug()
        await probe.start()
        assert states(told) == ["ready", "gone", "back"]
        await probe.stop()
        board.pull()

    run(story())


def test_a_silent_board_is_silent_and_not_gone(tmp_path):
    async def story():
        board = Board(tmp_path / "board")
        board.plug()
        probe, _ = opened(board.path)
        await probe.start()
        board.deaf = True
        with pytest.raises(Silent, match="no scan reply in 0.2 s"):
            await probe.ask("scan", 0.2)
        await probe.stop()
        board.pull()

    run(story())


def test_a_board_has_one_campaign(tmp_path):
    async def story():
        board = Board(tmp_path / "board")
        board.plug()
        probe, _ = opened(board.path)
        await probe.start()
        other, _ = opened(board.path)
        with pytest.raises(Gone, match="another program has .*board"):
            await other.start()
        await other.stop()
        assert (await probe.ask("scan", 5))["ok"]
        await probe.stop()
        await other.start()
        await other.stop()
        board.pull()

    run(story())


def test_a_line_over_tcp_is_locked_until_it_is_closed_and_its_end_is_noticed():
    server = socket.create_server(("127.0.0.1", 0))
    url = "socket://127.0.0.1:%d" % server.getsockname()[1]

    def serve():
        connection, _ = server.accept()
        with connection, connection.makefile("rwb") as file:
            for line in file:
                if line.strip():
                    do = json.loads(line)["do"]
                    if do == "quit":
                        return
                    reply = {"reply": do, "ok": True, "home": "23410", "network": {}}
                    file.write(json.dumps(reply).encode() + b"\n")
                    file.flush()

    threading.Thread(target=serve, daemon=True).start()

    async def story():
        probe, told = opened(url)
        await probe.start()
        began = time.monotonic()
        for _ in range(20):
            await probe.ask("scan", 5)
        print("a question over TCP takes %.1f ms" % ((time.monotonic() - began) / 20 * 1000))
        other, _ = opened(url)
        with pytest.raises(Gone, match="another program has socket://"):
            await other.start()
        await other.stop()
        with pytest.raises(Gone, match="was pulled out, or went away"):
            await probe.ask("quit", 5)
        assert states(told) == ["ready", "gone"]
        await probe.stop()
        os.close(serial._hold(url))  # another port of this machine may have its number next

    run(story())
    server.close()


def test_a_file_that_is_no_line_is_named(tmp_path):
    async def story():
        (tmp_path / "file").touch()
        probe, _ = opened(tmp_path / "file")
        with pytest.raises(Gone, match="file cannot be opened"):
            await probe.start()

    run(story())


def test_rows_without_a_line_or_with_one_line_are_refused():
    async def story():
        given = {
            "campaign": {"name": "try"},
            "probes": [{"name": "a", "kind": "serial", "line": "/dev/x"}, {"name": "b", "kind": "serial"}],
            "networks": [{"mccmnc": "23410"}],
            "cases": [{"case": "mms-1"}],
        }
        around = Around(Clock(), pathlib.Path(), [])
        with pytest.raises(PlanError, match="probe b: line is missing"):
            serial.open_probes(Plan(given).probes, around)
        given["probes"][1]["line"] = "/dev/x"
        with pytest.raises(PlanError, match="probes a and b have one line, /dev/x"):
            serial.open_probes(Plan(given).probes, around)

    run(story())
