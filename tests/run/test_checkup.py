"""`python main.py --check`, `--scan` and `--register` in the lab: each diagnosis is right and names the next thing."""

import asyncio
import json

import pytest

from tests.kit.laboratory import Laboratory
from tools import programs
from tools.journey.breaks import BREAKS
from tools.programs import ROOT

WSP = "wsp://10.1.1.1"
STEPS = "modem sim signal register attach context proxy mmsc".split()


async def check(folder, broken=None, words=("--check",), country=None, **operator):
    """(exit status, lines of output, those of the error stream) of alice's check; `operator` changes her settings.

    words: other arguments of the command line; country: where she is. The modem chooses by itself in the end.
    """
    async with Laboratory(folder) as lab:
        machine = lab.network.modems["alice"].machine
        if country:
            lab.network.places.change("alice", {"country": country})
        settings = lab.network.settings("alice", folder)
        settings["operators"]["23410"].update(operator)
        settings["register_seconds"] = 5
        if broken:
            BREAKS[broken].network(lab.network)
            BREAKS[broken].settings(settings)
        path = folder / "settings.json"
        path.write_text(json.dumps(settings))
        modem, _ = lab.network.lines("alice")
        pipe = asyncio.subprocess.PIPE
        program = await asyncio.create_subprocess_exec(
            *programs.interpreter(), *words, "--settings", path, "--modem", modem, cwd=ROOT, stdout=pipe, stderr=pipe
        )
        out, err = await asyncio.wait_for(program.communicate(), 120)
        assert machine.registration._mode == 0
        return program.returncode, out.decode().splitlines(), err.decode().splitlines()


def steps(lines):
    """The steps that held; each is a line that ends in the time it took."""
    held = [line for line in lines if line.startswith("* checked, ")]
    assert all(line.endswith(" ms)") for line in held), held
    return [line.split(", ")[1].split(":")[0] for line in held]


def test_a_way_that_is_open_is_one_line_a_step(tmp_path):
    status, out, err = asyncio.run(check(tmp_path))
    assert (status, err, steps(out)) == (0, [], STEPS)
    assert out[-1] == "the way to the message centre is open"
    status, out, err = asyncio.run(check(tmp_path / "wsp", proxy=WSP))
    assert (status, err, steps(out)) == (0, [], STEPS) and "10.1.1.1:9201 answers" in out[6]
    assert "of 23410 (O2 - UK)" in out[1] and "-79 dBm" in out[2] and "home" in out[3]


@pytest.mark.parametrize(
    "step, changes, words",
    [
        ("sim", {"broken": "sim"}, ("(10)", "check the SIM")),
        ("sim", {"broken": "pin"}, ("(16)", "correct the PIN in the settings")),
        ("register", {"broken": "coverage"}, ("no network", "coverage")),
        ("register", {"broken": "denied"}, ("(3)", "type scan")),
        ("attach", {"broken": "roaming"}, ("GPRS services not allowed in this PLMN (148)", "register MCCMNC")),
        ("proxy", {"broken": "proxy"}, ("refused", "check proxy")),
        ("mmsc", {"broken": "mmsc"}, ("(502)", "check mmsc")),
        ("context", {"apn": "nowhere.example"}, ("unknown APN", "(148)", "check apn")),
        ("proxy", {"proxy": "10.9.9.9:8080"}, ("10.9.9.9:8080", "check proxy")),
        ("mmsc", {"mmsc": "http://nowhere.example/"}, ("(502)", "check mmsc")),
        ("proxy", {"broken": "proxy", "proxy": WSP}, ("10.1.1.1:9201", "takes no datagrams", "check proxy")),
        ("mmsc", {"broken": "mmsc", "proxy": WSP}, ("(502)", "check mmsc")),
    ],
)
def test_the_first_step_that_fails_is_the_last_line(tmp_path, step, changes, words):
    status, out, err = asyncio.run(check(tmp_path, **changes))
    assert status == 1 and len(err) == 1 and steps(out) == STEPS[: STEPS.index(step)]
    assert err[0].startswith(step + ": ") and all(word in err[0] for word in words), err


def test_a_weak_supply_is_told_as_such(tmp_path):
    status, out, err = asyncio.run(check(tmp_path, broken="power"))
    assert status == 1 and len(err) == 1 and any("undervoltage" in line for line in out)
    assert err[0].startswith("power: the modem was reset: UNDER-VOLTAGE POWER DOWN; its supply gave way")


def test_the_networks_on_the_air_are_one_line_each(tmp_path):
    status, out, err = asyncio.run(check(tmp_path, words=("--scan",), country="germany"))
    assert (status, err) == (0, []) and [line.split()[0] for line in out[:3]] == ["26201", "26207", "26202"]
    assert out[0].endswith("T-Mobile D, available, GSM") or out[0].endswith("T-Mobile D, current, GSM")


@pytest.mark.parametrize(
    "network, country, words",
    [
        ("26207", "germany", ("network:  26207, roaming, GSM, -79 dBm",)),
        ("auto", "ireland", ("network:  27202, roaming, GSM, -79 dBm",)),
        ("26203", "germany", ("register: ", "(30)", "coverage")),
        ("20416", "netherlands", ("register: Roaming not allowed in this location area", "type scan")),
        ("T-Mobile", "germany", ("five or six digits as scan shows them",)),
    ],
)
def test_a_network_is_tried_and_not_left_chosen(tmp_path, network, country, words):
    status, out, err = asyncio.run(check(tmp_path, words=("--register", network), country=country))
    works = words[0].startswith("network")
    assert status == (0 if works else 1) and len(out) + len(err) == 1
    assert all(word in (out if works else err)[0] for word in words), (out, err)
