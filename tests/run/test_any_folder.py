"""The project runs in a folder of any name, and what it prints can be pasted into a shell anywhere."""

import json
import pathlib
import shutil
import signal
import subprocess
import sys

import pytest

from tools.programs import ROOT

NAME = """Grüße  "quoted" it's 100% $HOME `id` ;&|<>*?[x]\\ {a,b} ~ #!"""
LONG = "x" * 150 + "/" + "ü" * 70
LEFT = shutil.ignore_patterns("build", ".git", "node_modules", "__pycache__", ".*_cache", ".hypothesis")


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A copy of the project in a folder whose path has more than 300 octets, of every kind."""
    folder = tmp_path_factory.mktemp("odd") / NAME / LONG
    shutil.copytree(ROOT, folder, ignore=LEFT, symlinks=True)
    (folder / "build").mkdir()
    (folder / "build/venv").symlink_to(pathlib.Path(sys.executable).parent.parent)
    assert len(str(folder).encode()) > 300
    return folder


def test_a_picture_crosses_the_network_from_and_to_either_interpreter(odd):
    command = [sys.executable, "-m", "tools.journey", "--speed", "20", "--bob", "cpython"]
    done = subprocess.run(command, cwd=odd, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stderr == "", done.stdout + done.stderr
    report = json.loads((odd / "build/run/report.json").read_text())
    assert report["ok"] and all(pathlib.Path(part["path"]).is_relative_to(odd) for part in report["parts"])


def test_what_the_lab_prints_can_be_pasted_in_any_folder(odd, tmp_path):
    command = [sys.executable, "-m", "tools.lab", "--speed", "20"]
    lab = subprocess.Popen(command, cwd=odd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        line = next(line for line in lab.stdout if "--settings" in line)
        shell = ["sh", "-c", line]
        done = subprocess.run(shell, cwd=tmp_path, input="dance\nquit\n", capture_output=True, text=True, timeout=60)
    finally:
        lab.send_signal(signal.SIGINT)
        lab.communicate(timeout=20)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert "! no command dance" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_make_and_the_tools_work_there(odd, tmp_path):
    listed = subprocess.run(["make", "help"], cwd=odd, capture_output=True, text=True, timeout=20)
    assert listed.returncode == 0 and "  run: " in listed.stdout
    (tmp_path / "tools").mkdir()  # somebody else's
    (tmp_path / "tools/__init__.py").write_text("raise SystemExit('the wrong tools')")
    shutil.copy(ROOT / "tests/vectors/pdu-82-notification-ind.hex", tmp_path / "it's.hex")
    tool = tmp_path / "tool"
    tool.symlink_to(odd / "mms")
    for mms in (str(odd / "mms"), "./tool"):
        octets = subprocess.run([mms, "bound"], cwd=tmp_path, capture_output=True, text=True, timeout=20)
        assert octets.returncode == 0 and "gprs-8-cs2" in octets.stdout, octets.stderr
        told = subprocess.run([mms, "pdu", "decode", "none"], cwd=tmp_path, capture_output=True, text=True, timeout=20)
        assert told.returncode and told.stderr.startswith("none: ") and told.stderr.count("\n") == 1
    wrong = subprocess.run(["./tool", "dance"], cwd=tmp_path, capture_output=True, text=True, timeout=20)
    assert wrong.returncode == 2 and "no verb dance" in wrong.stderr
