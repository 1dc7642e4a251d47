"""Each trap of the walk fails where modem or handset fall into it, and each AT command of the drivers has its row."""

import asyncio

import pytest

from tools.campaign.clock import Clock
from tools.campaign.probes.probe import Silent
from tools.hil import commands
from tools.hil.board import Board
from tools.hil.traps import TRAPS
from tools.hil.walk import Walk
from tools.lab import families
from tools.programs import ROOT

NEVER = Silent("at", text="no reply")
FULL = '+CPMS: "SM",20,20,"SM",20,20,"SM",20,20'
CASES = (  # the trap, the AT line with another answer than OK alone, that answer, the verdict
    ("an unknown command", "AT+NOSUCHCOMMAND", ([], "OK"), "failed"),
    ("+CPIN as a reply", "AT+CPIN?", ([], "OK"), "failed"),
    ("an answer without end", "AT+COPN", (['+COPN: "26207","O2"'] * 99, "OK"), "passed"),
    ("an answer without end", "AT+COPN", NEVER, "failed"),
    ("a long line", "AT", (["+CSQ: 17,0"], "OK"), "failed"),
    ("the prompt of a message", "AT+CMGS=20", ([], "+CMS ERROR: 304"), "failed"),
    ("a bare address", "AT+CIFSR", ([], "OK"), "failed"),
    ("a state behind OK", "AT", (["STATE: IP STATUS"], "OK"), "failed"),
    ("AT+CIPSHUT twice", "AT+CIPSHUT", ([], "ERROR"), "failed"),
    ("news between replies", "AT+CREG?", ([], "OK"), "failed"),
    ("AT+CNMA", "AT+CSMS?", (["+CSMS: 1,1,1,1"], "OK"), "failed"),
    ("a full SIM", "AT+CPMS?", ([FULL], "OK"), "failed"),
    ("an echo", "ATE1", (["ATE1"], "OK"), "failed"),
    ("a restart of the modem", "AT+CFUN=1,1", ([], "OK"), "not possible"),
    ("AT+CNMI after a restart", "AT+CNMI?", (["+CNMI: 0,0,0,0,0"], "OK"), "failed"),
    ("a choice by hand that stays", "AT+COPS?", (['+COPS: 1,2,"26207"'], "OK"), "failed"),
)


class Trapped(Board):
    """A board on a network, whose modem answers one AT line otherwise than by OK, and which notices no restart."""

    def __init__(self, line, answer):
        super().__init__("A", "/dev/a", Clock(speed=100))
        self._answer = {line: answer}

    async def by_hand(self, line, seconds=65):
        answer = self._answer.get(line, ([], "OK"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def ask(self, do, seconds, **arguments):
        return {"network": {"status": "home"}}

    async def seen(self, event, seconds, since=0.0, skip=(), **match):
        raise Silent(event, text="no %s event" % event)


@pytest.mark.parametrize("name, line, answer, verdict", CASES, ids=["%s, %s" % (case[0], case[3]) for case in CASES])
def test_who_falls_into_a_trap_fails_there(name, line, answer, verdict):
    async def story():
        board = Trapped(line, answer)
        walk = Walk(board.clock)
        (trap,) = [trap for trap in TRAPS if trap.name == name]
        await walk.row("trap", name, lambda: trap.work(walk, board), board)
        return walk.rows

    (row,) = asyncio.run(asyncio.wait_for(story(), 30))
    assert row.verdict == verdict, row


def test_every_trap_has_its_case():
    assert [trap.name for trap in TRAPS] == list(dict.fromkeys(case[0] for case in CASES))


def test_every_table_of_the_drivers_is_walked_and_what_a_driver_bears_is_in_one():
    found = [command for family in families.names("modem") for command in commands.of_family(family)]
    tables = {path.stem for path in (ROOT / "drivers/modem").glob("*.py") if "\nCOMMANDS = " in path.read_text("utf-8")}
    assert {command.room for command in found} == tables
    assert set(commands.BORNE) <= {command.name for command in found}
