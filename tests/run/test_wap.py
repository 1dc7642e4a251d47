"""`make run PROXY=wsp`: the journey over WSP and WTP, with datagrams that are lost or arrive twice."""

import json
import subprocess
import sys

import pytest

from tests.kit.tshark import decoded
from tools import bound
from tools.programs import ROOT

SLOW = "at SPEED=1 alone these times are true"


def journey(out, *arguments, speed=10):
    """A run at so many times the world's speed, ended."""
    command = [sys.executable, "-m", "tools.journey", "--speed", str(speed), "--out", str(out), "--proxy", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180)


@pytest.mark.parametrize("deviations", [(), ("doubled=20", "verify-tid")])
def test_every_part_arrives_as_it_was_sent_and_tshark_reads_each_pdu(tmp_path, deviations):
    done = journey(tmp_path, "wsp", *["--deviation=" + name for name in deviations])
    assert done.returncode == 0 and done.stderr == "", done.stdout + done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert len(report["parts"]) == 4
    assert all(part["sha256_sent"] == part["sha256_received"] for part in report["parts"])
    bounds, taken = report["bounds_ms"], report["times_ms"]
    steps = {"camera", "upload", "shutter_to_confirmed", "shutter_to_received"}
    assert all(bounds[step] < taken[step] for step in steps)
    assert bounds["upload"] * 10 == pytest.approx(1000 * bound.wap_upload(report["octets"], report["radio"]), rel=0.01)
    packets = decoded(tmp_path / "trace.pcapng", "udp.port == 9201 and mmse")
    types = [value for packet in packets for name, value in packet if name == "mmse.message_type"]
    assert {"0x80", "0x81", "0x83", "0x84"} <= set(types)  # M-Send, M-NotifyResp and M-Retrieve


@pytest.mark.parametrize("speed", (1, 40))
def test_lost_datagrams_go_again_by_timers_that_the_speed_does_not_change_and_this_is_told(tmp_path, speed):
    done = journey(tmp_path, "wsp", "--deviation=lost=12", "--radio", "edge-12-mcs9", speed=speed)
    assert done.returncode == 0 and done.stderr == "", done.stdout + done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert all(part["sha256_sent"] == part["sha256_received"] for part in report["parts"])
    assert (SLOW in done.stdout) == report["repetitions_in_real_time"] == (speed != 1)
    again = decoded(tmp_path / "trace.pcapng", "udp.port == 9201 and wtp.RID == 1")
    assert again
    if speed == 1:  # the handset waits three seconds and more, the gateway seven, of times that are tens of seconds
        bounds, taken = report["bounds_ms"], report["times_ms"]
        assert bounds["shutter_to_received"] < taken["shutter_to_received"] < 10 * bounds["shutter_to_received"]


def test_a_proxy_that_is_unknown_is_answered_by_the_list(tmp_path):
    done = journey(tmp_path, "telnet")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("invalid choice: 'telnet' (choose from 'http', 'wsp')")
