"""make phone, as a person has it: two addresses, and an end by Ctrl-C."""

import gzip
import re
import signal
import subprocess
import sys
import urllib.request

from tools.programs import ROOT

SECONDS = 60


def test_two_addresses_are_printed_and_ctrl_c_ends_all(tmp_path):
    words = ["--speed", "20", "--out", str(tmp_path), "--port", "8241"]
    running = subprocess.Popen(
        [sys.executable, "-m", "tools.phone", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = "".join(running.stdout.readline() for _ in range(4))
        urls = re.findall(r"http://127\.0\.0\.1:\d+", said)
        assert len(set(urls)) == 2 and "Ctrl-C" in said, said
        for url in urls:
            with urllib.request.urlopen(url) as answer:
                assert b"<title>Handset</title>" in gzip.decompress(answer.read())
        second = subprocess.run(
            [sys.executable, "-m", "tools.phone", *words], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS
        )
        assert second.returncode == 1 and "say --out for another folder" in second.stderr
        running.send_signal(signal.SIGINT)
        assert running.wait(SECONDS) == 0 and running.stdout.read() == ""
    finally:
        running.kill()
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True).stdout
    assert left == ""
