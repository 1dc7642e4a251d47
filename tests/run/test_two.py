"""Two of anything: the second says so in one line and ends, and nothing of the first's is touched."""

import asyncio
import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.kit.laboratory import SECONDS, Laboratory
from tools import alone, programs
from tools.check import __main__ as check
from tools.programs import ROOT

CPYTHON = [sys.executable, "main.py"]


@pytest.mark.parametrize("first, second", [(None, CPYTHON), (CPYTHON, None), (CPYTHON, CPYTHON), (None, None)])
def test_a_second_handset_on_one_store_ends_and_the_first_goes_on(tmp_path, first, second):
    async def story():
        async with Laboratory(tmp_path) as lab:
            alice = await lab.ready("alice", first)
            begun = tmp_path / "alice/store/1c0ffee5.o~"
            begun.write_bytes(b"the first handset is about to write this")
            os.symlink(tmp_path / "alice", tmp_path / "also-alice")
            settings = dict(lab.network.settings("bob", tmp_path), store=str(tmp_path / "also-alice/store/"))
            (tmp_path / "second.json").write_text(json.dumps(settings))
            modem, _ = lab.network.lines("bob")
            words = ["--settings", str(tmp_path / "second.json"), "--modem", str(modem)]
            command = [*(second or programs.interpreter()), *words]
            ended = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, timeout=60)
            assert ended.returncode == 1 and ended.stderr.count(b"\n") == 1, ended.stderr
            assert b"another handset has the store" in ended.stderr
            assert begun.exists()
            await alice.ask("status", SECONDS)
            await alice.kill()  # as a power cut would: nothing is left that shuts the store
            alice = await lab.ready("alice", second)
            assert not begun.exists()
            await alice.ask("send", SECONDS, to=[lab.number("bob")], text="hello")
            files = list((tmp_path / "alice/store").iterdir())
            assert files and not [path for path in files if path.stat().st_mode & 0o077]  # whatever the shell's umask

    asyncio.run(story())


def test_a_second_run_into_one_folder_ends_and_the_first_goes_on(tmp_path):
    command = [sys.executable, "-m", "tools.journey", "--speed", "10", "--out", str(tmp_path)]
    first = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    next(line for line in first.stdout if "presses the shutter" in line)
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert second.returncode == 1 and second.stdout == "" and second.stderr.count("\n") == 1
    assert "a run writes into %s already" % tmp_path in second.stderr
    said, _ = first.communicate(timeout=SECONDS)
    assert first.returncode == 0, said
    assert json.loads((tmp_path / "report.json").read_text())["ok"]
    for path in tmp_path.rglob("*"):
        assert path.is_symlink() or not path.stat().st_mode & 0o077, path  # messages and passwords


def test_a_process_that_is_killed_leaves_nothing_shut(tmp_path):
    program = "import pathlib, sys; from tools import alone; alone.hold(pathlib.Path(sys.argv[1])); print(1); input()"
    holder = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(holder, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        first.stdout.readline()
        with pytest.raises(alone.Taken):
            alone.hold(tmp_path)
        first.kill()
    alone.hold(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_second_make_test_ends_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "COMPILED", tmp_path)
    monkeypatch.setattr(check, "LINT", (["-c", "pass"],))
    monkeypatch.setattr(check, "steps", lambda tier: [["-c", "pass"]])
    monkeypatch.setattr(sys, "argv", ["check", "test"])
    assert check.main() == 0
    with pytest.raises(SystemExit, match="runs here already"):
        check.main()  # the first one's lock lasts as long as its process


def test_make_check_fails_with_any_step_and_keeps_what_is_compiled(tmp_path, monkeypatch, capsys):
    kept = "import sys; sys.exit(sys.dont_write_bytecode or sys.pycache_prefix != %r)" % str(tmp_path)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(check, "COMPILED", tmp_path)
    monkeypatch.setattr(sys, "argv", ["check", "check"])
    for lint, step, status in (("pass", kept, 0), ("raise SystemExit(1)", kept, 1), ("pass", "raise SystemExit(1)", 1)):
        monkeypatch.setattr(check, "LINT", (["-c", lint], ["-c", "pass"]))
        monkeypatch.setattr(check, "steps", lambda tier, step=step: [["-c", step]])
        assert check.main() == status
        assert capsys.readouterr().out.count("failed: python -c raise SystemExit(1)\n") == status


def test_two_makes_set_up_one_venv_once(tmp_path):
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/run.lock").write_text("")
    command = [sys.executable, "-I", "tools/setup.py", "run"]
    makes = [subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [make.communicate(timeout=SECONDS)[0] for make in makes]
    assert [make.returncode for make in makes] == [0, 0]
    assert sum("Setting up" in text for text in said) == 1
