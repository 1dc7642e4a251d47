"""The traffic of tools.load, with fewer messages than `make long` has."""

import subprocess
import sys

from tools.programs import ROOT


def test_each_message_between_seven_operators_is_retrieved_and_reported_once():
    words = ["-m", "tools.load", "--messages", "40", "--speed", "200"]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True)
    assert "40 messages, 0 of them wrong" in done.stdout, done.stdout + done.stderr
    assert "messages between two operators" in done.stdout and not done.stderr
