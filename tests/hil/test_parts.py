"""The parts of the walk by themselves: costs, commands of the drivers, masks, rows, a boot log and a flash."""

import asyncio
import os

import pytest

from tests.kit.campaign import board as fake
from tools.campaign.attempt import Impossible
from tools.campaign.clock import Clock
from tools.campaign.probes.probe import Gone, Refused
from tools.hil import __main__ as hil
from tools.hil import commands, costs, report, steps
from tools.hil.board import Board
from tools.hil.walk import Held, Walk
from tools.lab import families

LEFT_OUT = "mms.handset.carrying.probing is not on this board: it was left out when it was flashed (docs/flashing.md)"


def run(story):
    """Run a coroutine, which a hang ends."""
    return asyncio.run(asyncio.wait_for(story, 30))


def test_an_amount_bounds_what_is_spent_without_a_question():
    spending = costs.Costs(costs.parse("1.00 GBP"))
    assert spending.permit("A picture", 40, "GBP") == "0.40 GBP"
    for price, currency, words in ((61, "GBP", "0.60 GBP are left"), (40, "EUR", "the amount is in GBP"),
                                   (None, None, "price is unknown")):  # fmt: skip
        with pytest.raises(Impossible, match=words):
            spending.permit("A picture", price, currency)
    assert spending.permit("A picture", 60, "GBP") == "0.60 GBP"
    assert [yes for _, _, yes in spending.told] == [True, False, False, False, True]


@pytest.mark.parametrize("answer, well", [("yes", True), (" YES ", True), ("y", False), ("", False), ("no", False)])
def test_only_yes_is_a_yes(answer, well):
    asked = []
    spending = costs.Costs(None, lambda text: asked.append(text) or answer)
    try:
        spending.permit("A picture is sent", 40, "GBP")
        assert well
    except Impossible:
        assert not well
    assert "A picture is sent" in asked[0] and "0.40 GBP" in asked[0]


@pytest.mark.parametrize(
    "words",
    [
        ["--port", ""],
        ["--port", "/dev/a", "--full"],
        ["--port", "/dev/a", "--full", "--port2", "/dev/a"],
        ["--port", "/dev/a", "--yes-to-costs", "much"],
        ["--port", "/dev/a", "--yes-to-costs", "1 pound"],
        ["--port", "/dev/a", "--only", "way,all"],
        ["--port", "/dev/a", "--port2", "/dev/b"],
        ["--port", "/dev/a", "--number2", "+447700900123"],
        ["--port", "/dev/a", "--flash", ""],
        ["--port", "/dev/a", "--settings", "settings.json"],
    ],
)
def test_wrong_arguments_are_told_and_have_a_status(words, capsys):
    with pytest.raises(SystemExit) as end:
        hil.arguments(words)
    assert end.value.code == 2 and "error: " in capsys.readouterr().err


@pytest.mark.parametrize("family", families.names("modem"))
def test_no_command_that_is_tried_by_hand_does_anything(family):
    found = commands.of_family(family)
    assert len({command.line for command in found}) == len(found) > 50
    for command in found:
        form = command.form
        assert form is None or form.endswith("?") or command.reply != "-" or form in ("AT", "ATE0"), command
        assert form is None or "{" not in form and not any(word in form for word in ("CMGL=4", "CFUN=1", "OFF")), (
            command
        )
    assert {"AT+CPIN=?", "AT+CMGS=?", "AT+CPIN?", "AT+CSQ"} <= {command.form for command in found}
    assert [command.form for command in found if command.name.endswith(("off", "restart"))] == [None] * 2


def test_the_trace_says_how_a_command_was_answered():
    found = {command.name: command for command in commands.of_family("sim800")}
    trace = [
        (1.0, True, 'AT+CSTT="mms.example","**","**"'), (1.2, False, "OK"),
        (2.0, True, "AT+CIPSEND=0,1460"), (2.1, False, '+CMTI: "SM",3'), (2.5, False, "DATA ACCEPT:0,1460"),
        (3.0, True, "AT+CIFSR"), (3.1, False, "10.0.0.7"),
        (4.0, True, "AT+CIICR"), (5.5, False, "+CME ERROR: 133"),
        (6.0, True, "AT+CIPCLOSE=0"), (6.5, False, "0, CLOSE OK"),
    ]  # fmt: skip
    commands.judge(list(found.values()), trace)
    assert found["access point"].well == [(0.2, "OK")] and found["send"].well == [(0.5, "DATA ACCEPT:0,1460")]
    assert found["address"].well == [(0.1, "10.0.0.7")] and found["close"].well == [(0.5, "0, CLOSE OK")]
    assert found["context"].ill == [(1.5, "+CME ERROR: 133")] and not found["context"].well
    assert commands.code_of("+CME ERROR: 133") == 133 and commands.code_of("ERROR") is None


def test_models_and_volts_are_read_as_modems_write_them():
    assert commands.family_of(["SIMCOM_SIM800L", "Revision:1418B05"]) == ("sim800", "SIM800L")
    assert commands.family_of(["Quectel", "BG95-M3"]) == ("bg95", "BG95-M3")
    assert commands.family_of(["WP7502"]) == ("", "")
    assert commands.millivolts(["+CBC: 0,85,4012"]) == 4012 and commands.millivolts(["+CBC: 3.987V"]) == 3987
    assert commands.millivolts(["+CBC: 0,80"]) is None


def test_a_mask_knows_the_subscriber_his_operator_and_every_long_number():
    async def story():
        board = Board("A", "socket://127.0.0.1:1", Clock(), "+447700900123")
        board.told = {
            "home": "23410", "operator": "O2 - UK", "network": {"mccmnc": "26207"},
            "operators": {"23433": {"apn": "orange.mms", "mmsc": "http://mmsc.orange.example:8002/x"}},
            "wifi": {"name": "Fox Hill"}, "retrieve": {"home": "now"},
        }  # fmt: skip
        return report.Mask([board])

    mask = run(story())
    text = (
        "+447700900123 of O2 - UK in 26207 by orange.mms at mmsc.orange.example, 10.1.2.3, "
        "IMSI 234100000000001, 07911326AB40F0040B91F0, 23433, Fox Hill, unknown, mms.other.example: "
        "25443 octets, AT+CIPRXGET=2"
    )
    masked = mask(text)
    for secret in ("7700", "O2", "26207", "orange", "example", "10.1", "23410", "23433", "Fox", "11326"):
        assert secret not in masked, masked
    assert masked.endswith("unknown, (host): 25443 octets, AT+CIPRXGET=2")


def test_a_row_passes_fails_with_its_code_or_says_why_it_is_not_possible():
    async def story():
        walk, shown = Walk(Clock()), []
        walk._show = shown.append

        def does(result):
            async def work():
                if isinstance(result, Exception):
                    raise result
                return result

            return work

        await walk.row("a", "well", does(Held("fine", 7)), "A")
        await walk.row("a", "refused", does(Refused("context", 133, "no", "check apn")), "A")
        await walk.row("a", "left out", does(Refused("probe", None, LEFT_OUT)), "A")
        await walk.row("a", "behind", does("fine"), "A", [("a", "well"), ("a", "refused")])
        await walk.row("a", "odd", does(ZeroDivisionError("x")), "A")
        await walk.row("a", "gone", does(Gone("probe", 5, "pulled out")), "A")
        await walk.row("a", "after", does("fine"), "A")
        await walk.row("a", "other", does("fine"), "B")
        assert shown == walk.rows and walk.failed == 3
        return [(row.name, row.verdict, row.text, row.code, row.took_ms) for row in walk.rows]

    assert run(story()) == [
        ("well", "passed", "fine", None, 7),
        ("refused", "failed", "context: no", 133, None),
        ("left out", "not possible", LEFT_OUT, None, None),
        ("behind", "not possible", "it needs a: refused", None, None),
        ("odd", "failed", "the walk itself: ZeroDivisionError x", None, None),
        ("gone", "failed", "probe: pulled out", 5, None),
        ("after", "not possible", "the line to the board is lost", None, None),
        ("other", "passed", "fine", None, None),
    ]


class Restarting(fake.Board):
    """A board whose prompt starts the program anew by Ctrl-D."""

    def _answer(self, line):
        if b"\x04" in line:
            self.reboot()
            self.say("MPY: soft reboot")
            line = line.replace(b"\x04", b"")
        if line.strip():
            super()._answer(line)


def test_a_board_that_is_restarted_has_its_boot_log_as_a_row(tmp_path):
    async def story():
        board = Restarting(tmp_path / "board")
        board.plug()
        walk, mine = Walk(Clock(), patience=0.1), Board("A", str(board.path), Clock())
        await walk.row("board", "line", lambda: steps._open(walk, mine), mine)
        await walk.row("board", "boot log", lambda: steps._restart(walk, mine), mine)
        await mine.stop()
        board.pull()
        return [(row.verdict, row.text) for row in walk.rows], board.asked

    rows, asked = run(story())
    assert rows[0][0] == "passed" and rows[1] == ("passed", "2 lines, the first: MPY: soft reboot"), rows
    assert asked == ["mode", "quit", "mode"]


def test_the_last_words_of_a_board_are_neither_an_echo_nor_such_that_name_a_network():
    async def story():
        board, told = Board("A", "/dev/a", Clock()), []
        for line in (b"", b"* ready, at O2 with a SIM of 23410", b'{"mode": "json", "do": "mode"}', b"MemoryError: "):
            board.hear(line)
            told.append(board.last_words())
        return told

    silent = "no answer in JSON"
    assert run(story()) == ["nothing answers", silent, silent, silent + "; its last line was: MemoryError:"]


def test_a_report_that_cannot_be_written_is_told_in_one_line(tmp_path, capsys):
    folder = tmp_path / "file"
    folder.touch()
    given = hil.arguments(["--port", str(tmp_path / "nothing"), "--out", str(folder)])
    assert run(hil.run(given, hil.Screen())) == 1
    assert "The report cannot be written ([Errno 17] File exists" in capsys.readouterr().out


def test_a_board_that_cannot_be_flashed_fails_there_and_the_walk_goes_on(tmp_path):
    path = tmp_path / "nothing"
    words = ["--port", str(path), "--flash", "lilygo_tcall", "--out", str(tmp_path / "out"), "--patience", "0.01"]

    async def story():
        screen = hil.Screen()
        screen.console.file = open(os.devnull, "w")  # noqa: SIM115 (for as long as the test)
        return await hil.run(hil.arguments(words), screen)

    assert run(story()) == 3
    (text,) = (tmp_path / "out").glob("*.txt")
    rows = [line.split("  ") for line in text.read_text().split("\n") if "FAILED" in line]
    assert [row[-1].split(":")[0] for row in rows] == ["flash", "line"] and "docs/flashing.md" in rows[0][-1]
