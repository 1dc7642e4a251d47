"""Each part of the lab as a program of its own, and one handset against the lines: as a laboratory would put it up."""

import asyncio
import contextlib
import json
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from mms.codec import segments
from tests.kit.laboratory import SECONDS
from tools.journey.phone import Phone
from tools.programs import ROOT

SPEED = "20"
ALICE, BOB = "+447700900001", "+447700900002"


@contextlib.contextmanager
def program(name, *words):
    """(a running part of the lab, the line that it printed when it was ready)."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tools.lab." + name, "--speed", SPEED, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield running, running.stdout.readline()
    finally:
        running.terminate()
        assert running.wait(10) in (0, 130, -15)


def address(line):
    """HOST:PORT in a line."""
    return re.search(r"127\.0\.0\.1:\d+", line).group()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_lab_runs_as_programs_of_their_own(tmp_path):
    control, smsc_port = free_port(), free_port()
    smsc = "http://127.0.0.1:%d" % smsc_port
    modem_line, camera_line = tmp_path / "modem", tmp_path / "camera"
    with contextlib.ExitStack() as lab:
        subscriber = "%s=http://127.0.0.1:%d" % (ALICE, control)
        lab.enter_context(program("network.smsc", "--port", str(smsc_port), "--subscriber", subscriber))
        folder = str(tmp_path / "mmsc")
        _, said = lab.enter_context(program("network.mmsc", "--folder", folder, "--smsc", smsc))
        host = "mmsc.o2.example=" + address(said)
        caller = "127.0.5.9=" + ALICE
        _, said = lab.enter_context(program("network.gateway", "--host", host, "--caller", caller))
        words = ("--pty", str(modem_line), "--control", "127.0.0.1:%d" % control, "--smsc", smsc)
        words += ("--address", "127.0.5.9", "--number", ALICE, "--route", "10.1.1.1:8080=" + address(said))
        lab.enter_context(program("modem", *words))
        lab.enter_context(program("camera", "--pty", str(camera_line)))
        asyncio.run(_send(tmp_path, modem_line, camera_line))
        journal = [json.loads(line) for line in open(tmp_path / "mmsc" / "journal.jsonl")]
        (submission,) = [entry for entry in journal if entry["event"] == "submitted"]
        assert submission["sender"] == ALICE and submission["to"] == [BOB]
        with urllib.request.urlopen("http://127.0.0.1:%d/sms" % control) as answer:
            assert json.loads(answer.read()) == []  # the handset submitted no SMS


async def _send(folder, modem_line, camera_line):
    operator = {
        "apn": "mms.o2.example",
        "user": "o2mms",
        "password": "password",
        "mmsc": "http://mmsc.o2.example:8002/",
        "proxy": "10.1.1.1:8080",
    }
    settings = {
        "store": str(folder / "store"),
        "operators": {"23410": operator},
        "press": {"to": [BOB], "text": "from a lab in pieces"},
        "camera": {"size": "QQVGA"},
    }
    phone = Phone("alice", settings, folder, modem_line, camera_line)
    await phone.start()
    try:
        await phone.seen("ready", SECONDS)
        id = (await phone.ask("press", SECONDS))["id"]
        await phone.seen("confirmed", SECONDS, id=id)
    finally:
        await phone.stop()


def test_a_tpdu_posted_to_the_modem_reaches_the_handset(tmp_path):
    control, line = free_port(), tmp_path / "modem"
    with program("modem", "--pty", str(line), "--control", "127.0.0.1:%d" % control):

        async def story():
            operator = {"apn": "mms.o2.example", "mmsc": "http://mmsc.o2.example/"}
            settings = {"store": str(tmp_path / "store"), "operators": {"23410": operator}}
            phone = Phone("alice", settings, tmp_path, line)
            await phone.start()
            try:
                await phone.seen("ready", SECONDS)
                (segment,) = segments.deliver(BOB, "hello")
                url = "http://127.0.0.1:%d/sms" % control
                await asyncio.to_thread(urllib.request.urlopen, url, segment.hex().encode())
                said = await phone.seen("text", SECONDS)
                shown = await phone.ask("read", SECONDS, id=said["id"])
                assert (shown["sender"], shown["text"]) == (BOB, "hello")
            finally:
                await phone.stop()

        asyncio.run(story())


def test_the_whole_network_says_how_to_put_a_handset_to_it(tmp_path):
    command = [sys.executable, "-m", "tools.lab", "--speed", SPEED, "--folder", str(tmp_path)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = [running.stdout.readline() for _ in range(11)]
    words = shlex.split(said[2])
    handset = subprocess.run(words, cwd=ROOT, input="dance\nquit\n", capture_output=True, text=True, timeout=60)
    assert "alice" in said[1] and handset.returncode == 0, handset.stderr
    assert "! no command dance" in handset.stdout and "Traceback" not in handset.stdout + handset.stderr
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert second.returncode == 2 and second.stderr.count("\n") == 1 and "--folder" in second.stderr
    assert os.path.exists(words[words.index("--modem") + 1])  # the lines are still those of the first
    command[command.index("--folder") + 1] = os.devnull
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert second.returncode == 2 and second.stderr.count("\n") == 1 and "--folder" in second.stderr
    running.send_signal(signal.SIGINT)
    rest, _ = running.communicate(timeout=20)
    assert running.returncode == 0 and "Traceback" not in rest
    assert {"The gateway", "The MMSC", "The SMS centre", "alice's modem", "bob's modem"} <= {
        line.split(": ")[0] for line in said[5:]
    }
    for name in ("alice.json", "23410/mmsc/journal.jsonl", "23410/billing/billing.sqlite"):
        assert os.stat(tmp_path / name).st_mode & 0o777 == 0o600


def test_a_program_reads_where_the_subscribers_are_and_the_answers_to_its_lines(tmp_path):
    command = [sys.executable, "-m", "tools.lab", "--json", "--log", "-", "--speed", SPEED, "--folder", str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)
    try:
        told = json.loads(running.stdout.readline())
        alice, bob = told["subscribers"]
        words = [word for key in ("settings", "camera") for word in ("--" + key, alice[key])]
        check = [sys.executable, "-m", "tools", "check", "--json", "--port", alice["modem"], *words]
        checked = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert json.loads(checked.stdout.splitlines()[-1]) == {"step": "all", "ok": True}, checked.stderr
        assert json.loads(pathlib.Path(alice["settings"]).read_text())["press"]["to"] == [bob["number"]]
        with urllib.request.urlopen(told["control"] + "/subscribers", timeout=20) as answer:
            assert [row["name"] for row in json.load(answer)] == ["alice", "bob"]
        running.stdin.write("move bob nowhere\nwhere\n")
        running.stdin.flush()
        refused, where = (json.loads(running.stdout.readline())["lines"] for _ in range(2))
        assert "no country 'nowhere'" in refused[0] and [line.split()[0] for line in where] == ["alice", "bob"]
        running.send_signal(signal.SIGTERM)
        assert running.communicate(timeout=20)[0] == "" and running.returncode == 0
    finally:
        running.kill()


@pytest.mark.parametrize(
    "words, told",
    [(("--names", "zoe"), "zoe"), (("--log", "/dev/null/log"), "--log: "), (("--script", "/dev/null"), "no [[step]]")],
)
def test_values_that_the_lab_refuses_are_one_line_and_status_2(tmp_path, words, told):
    command = [sys.executable, "-m", "tools.lab", "--folder", str(tmp_path), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2 and told in done.stderr and done.stderr.count("\n") == 1


def test_the_whole_network_in_another_world_writes_down_what_its_parts_do(tmp_path):
    world = (ROOT / "tools/lab/world.toml").read_text()
    bob = world.index('[[subscriber]]\nname = "bob"')
    other = tmp_path / "world.toml"
    other.write_text(world[:bob].replace('name = "alice"', 'name = "anne"'))
    command = [sys.executable, "-m", "tools.lab", "--speed", SPEED, "--folder", str(tmp_path / "lab")]
    command += ["--world", str(other), "--log", str(tmp_path / "log"), "--deviation", "no-from"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = [running.stdout.readline() for _ in range(7)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    handset = subprocess.Popen(shlex.split(said[2]), cwd=ROOT, text=True, **pipes)
    began = handset.stdout.readline()  # the handset has talked to its modem by then
    _, failed = handset.communicate("quit\n", timeout=60)
    gateway = said[3].split()[2].rstrip(",")
    with pytest.raises(urllib.error.HTTPError):
        proxy = urllib.request.ProxyHandler({"http": gateway})
        urllib.request.build_opener(proxy).open("http://mmsc.o2.example:8002/", timeout=20)
    running.send_signal(signal.SIGINT)
    rest, _ = running.communicate(timeout=20)
    assert said[1].startswith("anne, ") and began.startswith("* the modem is SIM800") and handset.returncode == 0, (
        failed
    )
    assert "refused 127.0.0.1 with 403: nobody known calls from this address" in rest
    log = (tmp_path / "log").read_text()
    assert "lab.anne: > AT" in log and "lab.anne: < " in log and "lab.gateway: refused" in log
    other.write_text("[delays")
    wrong = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert wrong.returncode == 2 and wrong.stderr.startswith(str(other)) and wrong.stderr.count("\n") == 1
