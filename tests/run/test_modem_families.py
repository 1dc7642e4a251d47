"""The main job on each family of modems and between two of them: `make run MODEM=sim7600`."""

import asyncio
import json
import subprocess
import sys

import pytest

from tests.kit.laboratory import SECONDS, Laboratory
from tools.lab import families
from tools.programs import ROOT


def run(out, *arguments):
    command = [sys.executable, "-m", "tools.journey", "--speed", "10", "--out", str(out), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180)


@pytest.mark.parametrize(
    "modem",
    (
        "sim7600",
        "bg95",
        "m66",
        "sim800,sim7600",
        "sim7600,sim800",
        "sim800,bg95",
        "bg95,sim7600",
        "sim7600,m66",
        "sara",
        "m66,sara",
    ),
)
def test_a_picture_crosses_the_network(tmp_path, modem):
    done = run(tmp_path, "--modem", modem)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["ok"] and report["modems"] == modem.split(",")
    chosen = modem.split(",")
    for name, family in (("alice", chosen[0]), ("bob", chosen[-1])):
        assert "family" not in json.loads((tmp_path / (name + ".json")).read_text())["modem"]  # as people start
        assert any(name in line and "of the family " + family in line for line in done.stdout.splitlines())


@pytest.mark.parametrize("family", ("bg95", "m66", "sara", "sim7600", "sim800"))
def test_a_family_that_the_settings_name_is_not_looked_for(tmp_path, family):
    async def story():
        async with Laboratory(tmp_path, modems=(family,)) as lab:
            alice = await lab.ready("alice", modem={"family": family, "baud": 115200})
            id = (await alice.ask("send", SECONDS, to=[lab.number("bob")], text="hello"))["id"]
            await alice.seen("confirmed", SECONDS, id=id)
            assert "modem_found" not in [event["event"] for event in alice.events]

    asyncio.run(story())


@pytest.mark.parametrize("modem, radio", (("sim7600", "lte-1"), ("bg95", "lte-1"), ("sara", "lte-m1")))
def test_a_picture_crosses_lte(tmp_path, modem, radio):
    done = run(tmp_path, "--modem", modem, "--radio", radio)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("--modem", "nokia"), "no modem 'nokia': there are " + ", ".join(families.names("modem"))),
        (("--modem", "sim800,"), "no modem '': there are"),
        (("--modem", "sim800", "--switch", "cgauth=user-first"), "--switch: no cgauth=user-first in sim800"),
        (("--switch", "cgauth=both"), "cgauth is one of password-first, user-first"),
        (("--modem", "sim7600", "--switch", "model=EC25"), "--switch: no model=EC25 in sim7600"),
        (("--modem", "sara", "--radio", "lte-1"), "--radio: the LTE of a sara is lte-m1"),
        (("--modem", "m66", "--radio", "lte-m1"), "--radio: a m66 has gsm, and no network is in reach of it"),
    ],
)
def test_a_wrong_choice_is_answered_by_the_list(tmp_path, arguments, said):
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr
