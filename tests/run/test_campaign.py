"""`make campaign` as a program: killed in the middle it goes on, and whatever is wrong is one line and a status."""

import asyncio
import base64
import json
import os
import resource
import signal
import subprocess
import sys
import time

import pytest

from tests.kit import tshark
from tests.kit.campaign.board import Board
from tools.programs import ROOT

PLAN = """
[campaign]
name = "try"
repetitions = 2
pause_s = 0

[[probes]]
name = "a"
kind = "simulated"
subscriber = "alice"
role = "mo"

[[probes]]
name = "b"
kind = "simulated"
subscriber = "bob"
role = "mt"

[[networks]]
mccmnc = "23410"

[[networks]]
mccmnc = "23205"

[[cases]]
case = "mms-1"
"""
ALL = 4
BOARD = """
[campaign]
name = "try"
repetitions = 30
pause_s = 0

[[probes]]
name = "a"
kind = "serial"
line = "%s"

[[networks]]
mccmnc = "23410"

[[cases]]
case = "scan"
"""
SCANS = 30
ROOM = 10000
SECONDS = 120


def words(*arguments):
    """The words that start the program."""
    return [sys.executable, "-m", "tools.campaign", *map(str, arguments)]


def run(*arguments, **more):
    """(exit status, standard output, standard error) of the program."""
    done = subprocess.run(words(*arguments), cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, **more)
    return done.returncode, done.stdout, done.stderr


def objects(shown):
    """The objects of standard output with --json."""
    return [json.loads(line) for line in shown.splitlines()]


def begin(plan, out):
    """A campaign that runs, once its first attempt is over."""
    process = subprocess.Popen(
        words("run", plan, "--out", out, "--speed", "20"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if "passed" in line:
            return process
    raise AssertionError(process.communicate())


def entries(out):
    """The lines of the journal."""
    return [json.loads(line) for line in (out / "journal.jsonl").read_text().splitlines()]


def passed(lines):
    """The keys of the attempts that passed."""
    keys = {entry["attempt"]: entry["key"] for entry in lines if entry["what"] == "attempt"}
    return [keys[entry["attempt"]] for entry in lines if entry["what"] == "outcome" and entry["verdict"] == "passed"]


def handsets(out):
    """The processes of handsets that have their files in a folder."""
    found = subprocess.run(["pgrep", "-f", "board.rom.*" + str(out)], capture_output=True, text=True).stdout.split()
    return [number for number in found if number != str(os.getpid())]


def limit():
    """Leave this process room for ROOM octets in any file."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


@pytest.fixture
def plan(tmp_path):
    """The path of a plan."""
    (tmp_path / "plan.toml").write_text(PLAN)
    return tmp_path / "plan.toml"


def test_a_campaign_that_is_killed_goes_on_and_every_attempt_is_made_once(plan, tmp_path):
    out = tmp_path / "out"
    process = begin(plan, out)
    status, _, error = run("run", plan, "--out", out)
    assert (status, error) == (2, "a campaign writes into %s already: wait until it ends, or say --out\n" % out)
    process.kill()
    process.wait()
    end = time.monotonic() + 20
    while handsets(out) and time.monotonic() < end:
        time.sleep(0.2)
    assert not handsets(out)
    before = entries(out)
    status, shown, error = run("run", plan, "--out", out, "--resume", "--json")
    assert status == 0 and "b is ready" in error, error
    after = entries(out)
    assert after[: len(before)] == before
    assert len(passed(after)) == len(set(passed(after))) == ALL
    rows = objects(shown)
    made = [row["key"] for row in rows if row.get("verdict") == "passed" and row["seconds"] > 1]
    assert made == passed(after)[len(passed(before)) :]
    sent = {"network": "all", "kpi": "mms-send-failure-ratio", "case": "all", "k": 0, "n": ALL, "light": "no threshold"}
    assert [row for row in rows if sent.items() <= row.items()] and str(out / "report.html") in rows[-1]["files"]
    assert sorted(row["key"] for row in objects(run("check", plan, "--json")[1])) == sorted(passed(after))
    files = ("report.html", "junit.xml", "figures.csv", "attempts.csv", "steps.csv", "trace.pcapng")
    assert all((out / name).stat().st_size > 100 for name in files)
    assert "7700900" not in "".join((out / name).read_text("latin-1") for name in (*files, "journal.jsonl"))
    carried = [line for line in after if line["what"] == "trace" and line["line"] == "network"]
    kept = [base64.b64decode(one) for line in carried for one in (line.get("kept", ""), *line.get("tpdus", ()))]
    assert carried and not any(b"7700900" in octets for octets in kept)
    assert "37373030393030".encode() not in (out / "journal.jsonl").read_bytes()  # a number in a TPDU in hex
    found = [dict(packet)["mmse.message_type"] for packet in tshark.decoded(out / "trace.pcapng", "mmse")]
    assert {"128", "129", "130", "132"} <= {str(int(kind, 0)) for kind in found}
    assert not tshark.decoded(out / "trace.pcapng", "mmse and _ws.malformed")
    report = (out / "report.html").read_text()
    assert "M-Send.req, transaction" in report and "SMS with M-Notification.ind" in report
    status, shown, error = run("report", out / "journal.jsonl", "--out", tmp_path / "again")
    assert (status, error) == (0, "")
    assert (tmp_path / "again/figures.csv").read_text() == (out / "figures.csv").read_text()
    status, shown, error = run("compare", out, out)
    assert (status, error) == (0, "") and "0 worse, 0 better" in shown
    status, shown, error = run("compare", out, out, "--json")
    *verdicts, files = objects(shown)
    assert status == 0 and "0 worse, 0 better" in error and files == {"files": [str(out / "comparison.html")]}
    assert verdicts and all(row["before"] == row["after"] and row["difference"] == 0 for row in verdicts)


def test_a_handset_that_dies_fails_its_attempt_and_comes_back_for_the_others(plan, tmp_path):
    out = tmp_path / "out"
    process = begin(plan, out)
    victim = next(number for number in handsets(out / "probes/alice.json"))
    os.kill(int(victim), signal.SIGKILL)
    shown, error = process.communicate(timeout=SECONDS)
    assert (process.returncode, error) == (1, "") and "a is gone: the program of the handset has ended" in shown
    lines = entries(out)
    failed = [entry for entry in lines if entry["what"] == "outcome" and entry["verdict"] == "failed"]
    assert [entry["step"] for entry in failed] == ["probe"] and len(passed(lines)) == ALL - 1
    states = [entry["state"] for entry in lines if entry["what"] == "probe" and entry["probe"] == "a"]
    assert states == ["ready", "gone", "back", "ended"]


def test_ctrl_c_is_one_line_and_nothing_is_left_running(plan, tmp_path):
    process = begin(plan, tmp_path / "out")
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=SECONDS)
    assert (process.returncode, error) == (130, "stopped: --resume goes on\n")
    assert not handsets(tmp_path / "out")


def test_a_reader_that_goes_away_ends_it_quietly_and_its_report_is_written(plan, tmp_path):
    process = begin(plan, tmp_path / "out")
    process.stdout.close()
    error = process.stderr.read()
    assert (process.wait(SECONDS), error) == (141, "")
    assert 0 < len(passed(entries(tmp_path / "out"))) < ALL and (tmp_path / "out/report.html").exists()
    assert not handsets(tmp_path / "out")


def test_a_disk_without_room_is_one_line_and_the_journal_goes_on_when_there_is_room(plan, tmp_path):
    plan.write_text(BOARD % (tmp_path / "board"))
    out = tmp_path / "out"

    async def story():
        board = Board(tmp_path / "board")
        board.plug()
        status, _, error = await asyncio.to_thread(run, "run", plan, "--out", out, preexec_fn=limit)
        told = "%s cannot be written: File too large; make room, then go on with --resume\n" % (out / "journal.jsonl")
        assert (status, error) == (3, told)
        before = entries(out)
        assert 0 < len(passed(before)) < SCANS
        with open(out / "journal.jsonl", "ab") as file:
            file.write(b'{"what":"out')
        status, shown, error = await asyncio.to_thread(run, "run", plan, "--out", out, "--resume")
        assert (status, error) == (0, "") and shown.count("is torn, and left out") == 1
        assert entries(out)[: len(before)] == before
        assert len(passed(entries(out))) == len(set(passed(entries(out)))) == SCANS
        board.pull()

    asyncio.run(story())


@pytest.mark.parametrize(
    "change, told",
    [
        (("repetitions", "repetition"), r"[campaign]: no key repetition: there are name, seed, repetitions"),
        (("23205", "99999"), "no network 99999 in the lab"),
        (('"23205"', '"23205"\ncountry = "poland"'), "network 23205: country is poland, and the lab has it in austria"),
        (("alice", "zoe"), "probe a: no subscriber zoe: there are alice, bob"),
        (("mms-1", "mms-2"), "[[cases]] 1: no case mms-2: there are "),
        (("[campaign]", "[campaign"), "plan.toml: "),
    ],
)
def test_a_wrong_plan_is_one_line_and_status_2(plan, tmp_path, change, told):
    plan.write_text(PLAN.replace(*change))
    status, shown, error = run("run", plan, "--out", tmp_path / "out")
    assert status == 2 and not shown
    assert told in error and error.count("\n") == 1 and "Traceback" not in error
    assert run("check", plan) == (2, "", error)
    assert not (tmp_path / "out/journal.jsonl").exists()  # one of before stays where it is


def test_a_report_that_has_no_room_is_one_line_and_no_half_of_it_is_left(plan, tmp_path):
    plan.write_text((BOARD % (tmp_path / "board")).replace("repetitions = 30", "repetitions = 3"))
    out = tmp_path / "out"

    async def story():
        board = Board(tmp_path / "board")
        board.plug()
        status, shown, error = await asyncio.to_thread(run, "run", plan, "--out", out, preexec_fn=limit)
        assert (status, error) == (2, "") and "the report cannot be written: File too large; then: " in shown
        assert sorted(path.name for path in out.iterdir()) == ["campaign.log", "journal.jsonl"]
        assert (await asyncio.to_thread(run, "run", plan, "--out", out, "--resume"))[0] == 0
        assert (out / "report.html").stat().st_size > ROOM and len(passed(entries(out))) == 3
        board.pull()

    asyncio.run(story())


def test_a_journal_that_is_none_is_one_line(tmp_path):
    (tmp_path / "journal.jsonl").write_text("hello\n")
    status, _, error = run("report", tmp_path)
    assert status == 2 and "journal.jsonl: no campaign in it" in error and "Traceback" not in error
    status, _, error = run("report", tmp_path / "none")
    assert status == 2 and "No such file" in error and error.count("\n") == 1
