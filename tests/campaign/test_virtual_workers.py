"""Workers of dask: on loopback alone, without a dashboard, and with nothing left behind."""

import glob
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

from tools import cluster
from tools.programs import ROOT
from tools.soak import __main__ as soak

LOOPBACK = ("0100007F", "00000000000000000000000001000000")  # as /proc/net has 127.0.0.1 and ::1
LISTENS = "0A"


def _listening(processes):
    """The addresses at which processes listen."""
    found = {}
    for family in ("tcp", "tcp6"):
        with open("/proc/net/" + family) as file:
            for row in list(file)[1:]:
                fields = row.split()
                if fields[3] == LISTENS:
                    found["socket:[%s]" % fields[9]] = fields[1].partition(":")[0]
    handles = []
    for process in processes:
        for path in glob.glob("/proc/%d/fd/*" % process):
            try:
                handles.append(os.readlink(path))
            except OSError:
                pass  # it was closed meanwhile
    return [found[handle] for handle in handles if handle in found]


@pytest.mark.parametrize("processes", (True, False))
def test_workers_listen_on_loopback_only_and_leave_nothing_behind(processes, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(_listening([os.getpid()]))
    with cluster.workers(jobs=2, processes=processes) as client:
        assert cluster.threads(client) == 2
        workers = set(client.run(os.getpid).values())
        assert (os.getpid() in workers) != processes
        places = _listening({os.getpid(), *workers})
        assert places and set(places) - before <= set(LOOPBACK)
        assert os.listdir(tmp_path)
        assert sorted(cluster.play(client, len, ["", "a", "bc"])) == [(0, 0), (1, 1), (2, 2)]
    assert os.listdir(tmp_path) == []
    assert [each for each in workers - {os.getpid()} if os.path.exists("/proc/%d" % each)] == []


def test_an_error_of_a_piece_is_the_error_of_the_whole():
    with cluster.workers(jobs=1, processes=False) as client, pytest.raises(ZeroDivisionError):
        list(cluster.play(client, (1).__truediv__, [1, 0]))


def test_a_piece_that_ends_its_workers_is_told_in_one_line():
    with cluster.workers(jobs=1) as client, pytest.raises(cluster.ClusterError, match="piece 1 has ended 4 workers"):
        list(cluster.play(client, os._exit, [1]))


@pytest.fixture
def scheduler(tmp_path):
    """The address of a scheduler with one worker, both programs of their own."""
    around = dict(os.environ, PYTHONPATH=str(ROOT))
    words = [sys.executable, "-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    path = tmp_path / "scheduler.json"
    running = [subprocess.Popen([*words, "--scheduler-file", path], env=around, stderr=subprocess.DEVNULL)]
    words = [sys.executable, "-m", "dask", "worker", "--nthreads", "2", "--no-nanny", "--no-dashboard"]
    words += ["--host", "127.0.0.1", "--local-directory", str(tmp_path / "worker"), "--scheduler-file", str(path)]
    try:
        end = time.monotonic() + 60
        while not path.exists() or not path.read_text().strip():
            assert time.monotonic() < end
            time.sleep(0.1)
        running.append(subprocess.Popen(words, env=around, cwd=ROOT, stderr=subprocess.DEVNULL))
        yield json.loads(path.read_text())["address"]
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(30)


def test_sessions_are_the_same_on_the_workers_of_a_scheduler(scheduler, monkeypatch, capsys):
    here = soak.play(("cpython",), 1, 4, 2, modems=("sim800",))
    there = soak.play(("cpython",), 1, 4, 1, modems=("sim800",), scheduler=scheduler)
    assert there == here and sorted(here) == [1, 2, 3, 4]
    words = ["soak", "--seeds", "2", "--interpreter", "cpython", "--modem", "sim800", "--scheduler", scheduler]
    monkeypatch.setattr("sys.argv", words)
    assert soak.main() == 0
    assert "2 sessions" in capsys.readouterr().out


def test_a_soak_without_its_scheduler_ends_with_one_line(monkeypatch, capsys):
    monkeypatch.setattr(cluster, "_PATIENCE_S", 1)
    monkeypatch.setattr("sys.argv", ["soak", "--seeds", "2", "--scheduler", "tcp://127.0.0.1:9"])
    assert soak.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("soak: no workers at the scheduler tcp://127.0.0.1:9") and said.count("\n") == 1


def _group(number):
    """The processes of a process group that have not ended."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # it has ended meanwhile
        if group == str(number) and state != "Z":
            found.append(path.parent.name)
    return found


def _until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("number, send", [(signal.SIGINT, os.killpg), (signal.SIGTERM, os.kill)])
@pytest.mark.parametrize("tool", ["campaign.virtual", "soak"])
def test_a_signal_ends_workers_and_their_folder_with_one_line(tool, number, send, tmp_path):
    some = (
        ["--interpreter", "cpython"] if tool == "soak" else ["assets/campaigns/world.toml", "--out", tmp_path / "out"]
    )
    words = [sys.executable, "-m", "tools." + tool, "--jobs", "1", *some]
    place = tmp_path / "temporary"
    place.mkdir()
    around = dict(os.environ, TMPDIR=str(place))
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    process = subprocess.Popen(words, cwd=ROOT, env=around, text=True, process_group=0, **pipes)
    try:
        _until(lambda: len(_group(process.pid)) >= 3)  # multiprocessing has one of its own
        time.sleep(0.5)
        send(process.pid, number)
        _, said = process.communicate(timeout=25)
        assert process.returncode == 130 and "stopped" in said and said.count("\n") == 1, said
        assert os.listdir(place) == []
        _until(lambda: not _group(process.pid))
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
