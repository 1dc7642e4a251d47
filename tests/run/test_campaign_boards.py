"""`make campaign` as a program on boards at lines over TCP, in a lab whose operator bills: what befalls one board, SIM
or network is a line with what to do, and the others go on.
"""

import asyncio
import json
import os
import signal
import sqlite3
import sys

import pytest

from tools.labgrid.rack import Rack
from tools.programs import ROOT

SPEED = 10
SECONDS = 120
ONE, TWO = "gprs-01", "gprs-02"  # alice, whose account is prepaid, and bob
NUMBERS = {ONE: "+447700900001", TWO: "+447700900002"}
HOME, NOWHERE = "23410", "99999"


@pytest.fixture(scope="module")
def loop():
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def rack(loop, tmp_path_factory):
    """A pair of boards, of a date for which there are prices."""
    rack = Rack(tmp_path_factory.mktemp("racks"), 1, speed=SPEED)

    async def start():
        await rack.start()
        rack.labs[0].dates.set("2003-02-03 09:00")

    try:
        loop.run(start())
        yield rack
    finally:
        loop.run(rack.stop())


class Campaign:
    """A campaign as a process in `folder` on the boards of a rack; `lines` are those of its standard output so far."""

    def __init__(self, rack, folder, cases, networks=(HOME,), **campaign):
        self.out, self.lines = folder / "out", []
        self._plan = folder / "plan.toml"
        folder.mkdir(exist_ok=True)
        rows = [
            {"name": name, "kind": "serial", "line": "socket://127.0.0.1:%d" % rack.boards[name].port, "number": number}
            for name, number in NUMBERS.items()
        ]
        tables = [("[campaign]", {"name": "try", "pause_s": 0, **campaign}), *(("[[probes]]", row) for row in rows)]
        tables += [("[[networks]]", {"mccmnc": code}) for code in networks]
        tables += [("[[cases]]", row) for row in cases]
        with open(self._plan, "w") as file:
            for head, row in tables:
                file.write("%s\n%s\n" % (head, "".join("%s = %s\n" % (key, json.dumps(row[key])) for key in row)))

    async def start(self):
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tools.campaign", "run", str(self._plan)),
            *("--out", str(self.out), "--speed", str(SPEED)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return self

    async def told(self, *words):
        """Wait for the next line with all these words."""
        async with asyncio.timeout(SECONDS):
            while line := (await self._process.stdout.readline()).decode():
                self.lines.append(line)
                if all(word in line for word in words):
                    return line
        raise AssertionError("no line with %s in\n%s" % (words, "".join(self.lines)))

    async def end(self, number=None):
        """(exit status, standard error) once it has ended, by the signal `number` if there is one."""
        if number:
            self._process.send_signal(number)
        async with asyncio.timeout(SECONDS):
            shown, error = await self._process.communicate()
        self.lines += shown.decode().splitlines(keepends=True)
        return self._process.returncode, error.decode()

    def outcomes(self):
        """{(case, network): [the line of each outcome]} of the journal."""
        begun, found = {}, {}
        for line in map(json.loads, (self.out / "journal.jsonl").read_text().splitlines()):
            if line["what"] == "attempt":
                begun[line["attempt"]] = line
            elif line["what"] == "outcome":
                attempt = begun[line["attempt"]]
                found.setdefault((attempt["case"], attempt["network"]), []).append({**attempt, **line})
        return found


def registers(*boards):
    """Rows [[cases]], which let each of these boards register."""
    return [{"case": "register", "mo": name, "timeout_s": 20} for name in boards]


def test_a_board_has_one_campaign_and_what_befalls_it_leaves_the_others_alone(loop, rack, tmp_path):
    async def story():
        boards, campaign = rack.boards, Campaign(rack, tmp_path / "one", registers(ONE, TWO), repetitions=1000)
        await campaign.start()
        await campaign.told(TWO, "passed")
        os.kill(boards[TWO].process, signal.SIGSTOP)
        other = await Campaign(rack, tmp_path / "two", registers(ONE), absent_s=1).start()
        for name in NUMBERS:
            line = "another program has socket://127.0.0.1:%d; end it: a board serves one campaign at a time"
            await other.told("is gone: ", line % boards[name].port)
        assert await other.end() == (
            3,
            "no probe is there for 3 attempts; look at the boards, then go on with --resume\n",
        )
        await campaign.told(TWO + " is silent: ")
        await campaign.told(ONE, "passed")
        os.kill(boards[TWO].process, signal.SIGCONT)
        await campaign.told(TWO + " is back")
        await boards[ONE].power(False)
        await boards[ONE].power(True)
        await campaign.told(ONE + " is gone: the handset began anew")
        await campaign.told(TWO, "passed")
        await campaign.told(ONE + " is back")
        port = boards[TWO].port
        await boards[TWO].stop()
        await campaign.told(TWO + " is gone: socket://127.0.0.1:%d was pulled out, or went away" % port)
        await campaign.told(ONE, "passed")
        await boards[TWO].start(port)
        await campaign.told(TWO + " is back")
        await campaign.told(TWO, "passed")
        assert await campaign.end(signal.SIGINT) == (130, "stopped: --resume goes on\n")
        (found,) = campaign.outcomes().values()
        failed = [line["step"] for line in found if line["verdict"] != "passed"]
        assert 1 <= len(failed) <= 3 and set(failed) == {"probe"}  # an accident between two attempts fails none

    loop.run(story())


def test_a_network_that_is_not_there_and_a_budget_that_ends_stop_nothing_else(loop, rack, tmp_path):
    async def story():
        cases = [{"case": "sms", "mo": ONE, "mt": TWO}, *registers(ONE)]
        cases.append({"case": "mms-1", "mo": ONE, "mt": TWO, "repetitions": 3})  # the first one's price may be unknown
        networks = HOME, NOWHERE
        campaign = await Campaign(rack, tmp_path, cases, networks, repetitions=1, budget="0.70 GBP").start()
        assert await campaign.end() == (1, "")
        found = campaign.outcomes()
        shown = {key: [(line["verdict"], line["step"]) for line in lines] for key, lines in found.items()}
        assert [shown["mms-1", HOME][at] for at in (0, -1)] == [("passed", None), ("not possible", "budget")]
        last = found["mms-1", HOME][-1]["text"]
        assert last == "0.40 of 0.70 GBP are spent, and too little is left for this one"
        assert shown["sms", HOME] == shown["register", HOME] == [("passed", None)]
        assert shown["register", NOWHERE] == [("failed", "register")] and found["register", NOWHERE][0]["advice"]
        assert sum("raise the budget of the plan" in line for line in campaign.lines) == 1

    loop.run(story())


def test_a_sim_without_credit_fails_by_its_operators_word_and_does_what_costs_nothing(loop, rack, tmp_path):
    async def story():
        accounts = sqlite3.connect(rack.folder / "pair-01/lab" / HOME / "billing/billing.sqlite", timeout=SECONDS)
        with accounts:
            accounts.execute("UPDATE accounts SET balance = 30 WHERE number = ?", (NUMBERS[ONE],))
        accounts.close()
        cases = [{"case": "mms-1", "mo": ONE, "mt": TWO}, {"case": "mms-1", "mo": TWO, "mt": ONE}, *registers(ONE)]
        campaign = await Campaign(rack, tmp_path, cases, repetitions=1).start()
        assert await campaign.end() == (1, "")
        told = "failed at confirmation (235): Credit of 0.30 is less than 0.40; top up the SIM"
        assert sum(told in line for line in campaign.lines) == 1
        found = [line for lines in campaign.outcomes().values() for line in lines]
        verdicts = {(line["case"], line["mo"]): line["verdict"] for line in found}
        assert verdicts == {("mms-1", ONE): "failed", ("mms-1", TWO): "passed", ("register", ONE): "passed"}

    loop.run(story())
