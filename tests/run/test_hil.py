"""The walk of tools/hil on real handsets in the lab: one board, two boards, and boards that fail at each step."""

import asyncio
import contextlib
import json
import os
import pty
import signal
import subprocess
import sys

import pytest

from tests.kit.hil.boards import boards
from tests.kit.laboratory import Laboratory
from tools.hil import __main__ as hil
from tools.hil import messages
from tools.programs import ROOT

SPEED = 60.0
WAY, MESSAGE = ("--only", "way,step,message"), ("--only", "way,message")
PIN, WRONG = "1234", "9999"
SECRETS = ("7700900", "23410", "O2", "o2.example", "mms.o2", "web@", "127.0.0.1", "10.1.1.1", "234100")


class Screen(hil.Screen):
    """A terminal that is not shown."""

    def __init__(self):
        super().__init__()
        self.console.file = open("/dev/null", "w")  # noqa: SIM115 (for as long as the test)


class Walked:
    """What came of a walk: its exit `status`, the `report`, and the `rows` {(part, name): row} of it."""

    def __init__(self, status, folder, asked):
        self.status, self.asked = status, asked
        (path,) = folder.glob("report-*.json")
        self.text = path.with_suffix(".txt").read_text() + path.read_text()
        self.report = json.loads(path.read_text())
        self.rows = {(row["part"], row["name"]): row for row in self.report["rows"]}

    def verdict(self, part, name):
        """The verdict on a row."""
        return self.rows[part, name]["verdict"]

    def failed(self):
        """(part, name, code) of the rows that have failed."""
        return [(*key, row.get("code")) for key, row in self.rows.items() if row["verdict"] == "failed"]


def walk(tmp_path, names=("alice",), answer="yes", spoil=None, words=(), patience=1.0, modem="sim800", **board):
    """Walk on the boards of subscribers of a lab that `spoil(lab)` has changed: Walked."""
    questions = []
    tmp_path.mkdir(exist_ok=True)

    def question(text):
        questions.append(text)
        return answer

    async def story():
        async with Laboratory(tmp_path, SPEED, modems=(modem,)) as lab:
            if spoil:
                spoil(lab.network)
            async with boards(lab, tmp_path, *names, **board) as made:
                given = ["--port", made[0].line, "--out", str(tmp_path / "out"), "--patience", str(patience), *words]
                if len(made) > 1:
                    given += ["--full", "--port2", made[1].line]
                status = await hil.run(hil.arguments(given), Screen(), question if answer is not None else None)
                return status, [one["do"] for board in made for one in board.asked]

    status, asked = asyncio.run(asyncio.wait_for(story(), 120))
    walked = Walked(status, tmp_path / "out", asked)
    walked.questions = questions
    return walked


def alice(network):
    """The machine of alice's modem."""
    return network.modems["alice"].machine


def test_a_board_that_has_everything_passes_and_its_report_keeps_its_secrets(tmp_path):
    walked = walk(tmp_path)
    assert walked.status == 0 and walked.failed() == [], walked.text
    assert [row for row in SECRETS if row in walked.text] == []
    for part, name in (("board", "ready"), ("modem", "model"), ("way", "mmsc"), ("step", "attach"), ("step", "context"),
                       ("trap", "an echo"), ("trap", "a restart of the modem"), ("MMS to itself", "whole"),
                       ("MMS to itself", "report"), ("SMS to itself", "here")):  # fmt: skip
        assert walked.verdict(part, name) == "passed", walked.rows[part, name]
    commands = [row for part, row in walked.rows if part == "AT"]
    assert len(commands) > 50 and "AT+CIPSEND={number},{octets}" in commands
    assert walked.report["boards"][0]["modem"] == "SIM800" and "1418B05" in walked.report["boards"][0]["firmware"]
    assert [question[:11] for question in walked.questions] == ["The way to ", "A picture i", "A short mes"]


@pytest.mark.parametrize("family", ["bg95", "m66", "sara", "sim7600"])
def test_the_modems_of_other_families_take_every_step_trap_and_command(tmp_path, family):
    walked = walk(tmp_path, modem=family, words=("--only", "step,trap,at"))
    assert walked.status == 0 and walked.failed() == [], walked.text
    assert walked.verdict("trap", "an echo") == walked.verdict("trap", "a restart of the modem") == "passed"
    assert len([row for row in walked.rows.values() if (row["part"], row["verdict"]) == ("AT", "passed")]) > 40


def test_two_boards_send_each_other_pictures_and_texts(tmp_path):
    walked = walk(tmp_path, names=("alice", "bob"), words=MESSAGE)
    assert walked.status == 0 and walked.failed() == [], walked.text
    for arrow in ("A to B", "B to A"):
        assert walked.verdict("MMS " + arrow, "report") == walked.verdict("SMS " + arrow, "here") == "passed"


def test_without_a_yes_nothing_is_sent(tmp_path):
    walked = walk(tmp_path, answer="", words=MESSAGE)
    assert walked.status == 0 and not {"check", "send", "sms"} & set(walked.asked)
    assert "nobody said yes" in walked.rows["data", "cost"]["text"]
    assert {row["text"] for key, row in walked.rows.items() if key[0] == "way"} == {"it needs data: cost"}
    assert walked.verdict("MMS to itself", "report") == "not possible"


@pytest.mark.parametrize("spoil, code", [(lambda network: alice(network).remove_sim(), 10), ("pin", 16)])
def test_a_board_without_a_sim_or_with_a_wrong_pin_fails_there(tmp_path, spoil, code):
    settings = {}
    if spoil == "pin":
        settings["pin"] = WRONG

        def spoil(network):
            alice(network).sim.card.pin = PIN

    walked = walk(tmp_path, spoil=spoil, patience=0.1, **settings)
    assert walked.status == 1 and walked.failed() == [("board", "ready", code)], walked.text
    assert walked.rows["board", "ready"]["text"].startswith("sim: ") and walked.rows["board", "ready"]["advice"]
    rest = [row["verdict"] for key, row in walked.rows.items() if key[0] != "board"]
    assert set(rest) == {"not possible"} and {
        "modem",
        "way",
        "step",
        "trap",
        "MMS to itself",
        "SMS to itself",
        "AT",
    } <= {part for part, _ in walked.rows}
    assert walked.questions == []


def test_a_network_that_refuses_the_sim_fails_the_way_and_all_behind_it_is_not_possible(tmp_path):
    walked = walk(tmp_path, spoil=lambda network: alice(network).deny(), patience=0.1, register_seconds=5, words=WAY)
    assert walked.status == 1 and ("way", "register", 3) in walked.failed()
    assert walked.verdict("way", "sim") == "passed" and walked.verdict("way", "attach") == "not possible"
    assert walked.verdict("step", "context") == walked.verdict("MMS to itself", "accepted") == "not possible"


def test_an_access_point_that_the_network_does_not_know_fails_the_context(tmp_path):
    wrong = {
        "23410": {"name": "O2 - UK", "apn": "internet", "mmsc": "http://mmsc.o2.example/", "proxy": "10.1.1.1:8080"}
    }
    walked = walk(tmp_path, operators=wrong, patience=0.5, words=WAY)
    failed = dict((key[:2], key[2]) for key in walked.failed())
    assert walked.status == 1 and ("way", "context") in failed and ("step", "context") in failed
    assert walked.verdict("step", "attach") == "passed"
    assert walked.verdict("MMS to itself", "cost") == "not possible" and len(walked.questions) == 2


def test_a_message_centre_that_refuses_is_told_with_its_status(tmp_path):
    walked = walk(tmp_path, spoil=lambda network: network.mmsc.machine.refuse_the_next(0xE1), words=MESSAGE)
    assert walked.failed() == [("MMS to itself", "confirmed", 0xE1)] and walked.status == 1
    assert walked.verdict("MMS to itself", "announced") == "not possible"
    assert walked.verdict("SMS to itself", "here") == "passed"


def test_an_announcement_that_never_comes_is_waited_for_and_told(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ARRIVES_S", 3)
    walked = walk(tmp_path, drops=(b'"notified"',), words=MESSAGE)
    assert ("MMS to itself", "announced", None) in walked.failed() and walked.status == 1
    assert walked.verdict("MMS to itself", "here") == "not possible"


def test_a_camera_that_gives_no_whole_picture_fails_and_a_text_goes_instead(tmp_path):
    walked = walk(
        tmp_path, spoil=lambda network: network.cameras["alice"].machine.truncate(5000, frames=9), words=MESSAGE
    )
    assert [key[:2] for key in walked.failed()] == [("MMS to itself", "camera")], walked.text
    assert walked.verdict("MMS to itself", "report") == "passed"


def test_a_board_that_is_pulled_out_in_the_middle_loses_only_what_comes_after(tmp_path):
    walked = walk(tmp_path, pulls=b'"accepted"', words=("--only", "way,message,at"))
    assert walked.status == 1 and [key[0] for key in walked.failed()] == ["MMS to itself"]
    assert walked.verdict("way", "mmsc") == "passed"
    assert {row["text"] for key, row in walked.rows.items() if key[0] == "AT"} == {"the line to the board is lost"}


def test_a_silent_board_and_a_missing_line_have_a_status_of_their_own(tmp_path):
    walked = walk(tmp_path, mute=True, patience=0.02)
    assert walked.status == 3 and [key[:2] for key in walked.failed()] == [("board", "line")]
    assert asyncio.run(hil.run(hil.arguments(["--port", "/dev/nothing", "--out", str(tmp_path / "o")]), Screen())) == 3


def test_ctrl_c_ends_the_walk_with_the_report_so_far_and_no_traceback(tmp_path):
    async def story():
        async with Laboratory(tmp_path, SPEED) as lab, boards(lab, tmp_path, "alice") as (board,):
            command = [sys.executable, "-m", "tools.hil", "--port", board.line, "--out", str(tmp_path / "out"),
                       "--yes-to-costs", "0.00 GBP", "--json"]  # fmt: skip
            walk = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            said = b""
            while b"mmsc" not in said:
                said += await walk.stdout.readline()
            walk.send_signal(signal.SIGINT)
            rest, errors = await walk.communicate()
            return walk.returncode, (said + rest).decode(), errors.decode()

    status, said, errors = asyncio.run(asyncio.wait_for(story(), 60))
    walked = Walked(status, tmp_path / "out", [])
    assert status == 130 and "Traceback" not in errors and "ended by Ctrl-C" in errors
    *rows, files = map(json.loads, said.splitlines())
    assert [(row["part"], row["name"], row["verdict"], row["code"]) for row in rows] == [
        (row["part"], row["name"], row["verdict"], row.get("code")) for row in walked.report["rows"]
    ]
    assert sorted(files["files"]) == sorted(map(str, (tmp_path / "out").iterdir()))
    assert walked.report["ended"] == "Ctrl-C" and walked.verdict("way", "mmsc") == "passed"
    assert ("trap", "a full SIM") not in walked.rows


def test_at_a_terminal_a_yes_too_early_and_octets_that_are_no_text_are_no_yes_and_ctrl_c_ends_with_the_report(tmp_path):
    async def story():
        async with Laboratory(tmp_path, SPEED) as lab, boards(lab, tmp_path, "alice") as (board,):
            terminal, other = pty.openpty()
            command = [
                sys.executable,
                "-m",
                "tools.hil",
                "--port",
                board.line,
                "--out",
                str(tmp_path / "out"),
                *MESSAGE,
            ]
            around = dict(os.environ, PYTHONIOENCODING="utf-8:strict")
            walk = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, env=around, stdin=other, stdout=other, stderr=other
            )
            os.close(other)
            said = b""
            for answer in (b"yes\nyes\nyes\n", b"\xff\n"):
                questions = said.count(b"Enter for no")
                while said.count(b"Enter for no") == questions:
                    said += await asyncio.to_thread(os.read, terminal, 4096)
                os.write(terminal, answer)
            while said.count(b"Enter for no") < 3:
                said += await asyncio.to_thread(os.read, terminal, 4096)
            walk.send_signal(signal.SIGINT)
            with contextlib.suppress(OSError):  # the terminal has no other end any more
                while True:
                    said += await asyncio.to_thread(os.read, terminal, 4096)
            return await walk.wait(), said.decode("utf-8", "replace"), board.asked

    status, said, asked = asyncio.run(asyncio.wait_for(story(), 60))
    walked = Walked(status, tmp_path / "out", asked)
    assert status == 130 and "Traceback" not in said and walked.report["ended"] == "Ctrl-C"
    assert "nobody said yes" in walked.rows["MMS to itself", "cost"]["text"]
    assert walked.rows["SMS to itself", "cost"]["text"] == "the walk was ended by hand"
    assert not {"send", "sms"} & {command["do"] for command in asked}


def test_without_a_terminal_nothing_that_costs_is_done_and_an_unknown_price_fits_no_amount(tmp_path):
    bounded = ("--yes-to-costs", "5.00 GBP"), "MMS to itself", "no amount can bound it"
    for amount, part, words in (((), "data", "nobody is at a terminal"), bounded):
        folder = tmp_path / str(len(amount))
        walked = walk(folder, words=(*MESSAGE, *amount), answer=None)
        assert words in walked.rows[part, "cost"]["text"] and walked.status == 0
        assert not {"send", "sms"} & set(walked.asked)
        assert ("check" in walked.asked) == (walked.verdict("way", "mmsc") == "passed") == bool(amount)
