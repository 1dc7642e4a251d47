"""`make run PROXY=wsp`: the journey over WSP and WTP, with datagrams that arrive twice."""

import json
import subprocess
import sys

import pytest

from tests.kit.tshark import decoded
from tools.programs import ROOT


def journey(out, *arguments):
    """A run at ten times the world's speed, ended."""
    command = [sys.executable, "-m", "tools.journey", "--speed", "10", "--out", str(out), "--proxy", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180)


@pytest.mark.parametrize("deviations", [(), ("doubled=20", "verify-tid")])
def test_every_part_arrives_as_it_was_sent_and_tshark_reads_each_pdu(tmp_path, deviations):
    done = journey(tmp_path, "wsp", *["--deviation=" + name for name in deviations])
    assert done.returncode == 0 and done.stderr == "", done.stdout + done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert len(report["parts"]) == 4
    assert all(part["sha256_sent"] == part["sha256_received"] for part in report["parts"])
    packets = decoded(tmp_path / "trace.pcapng", "udp.port == 9201 and mmse")
    types = [value for packet in packets for name, value in packet if name == "mmse.message_type"]
    assert {"0x80", "0x81", "0x83", "0x84"} <= set(types)  # M-Send, M-NotifyResp and M-Retrieve


def test_a_proxy_that_is_unknown_is_answered_by_the_list(tmp_path):
    done = journey(tmp_path, "telnet")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("invalid choice: 'telnet' (choose from 'http', 'wsp')")
