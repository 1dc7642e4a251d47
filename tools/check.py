"""Lint, types and unit tests; with --all everything that can be tested on this machine."""

import argparse
import subprocess
import sys

# Tests that start other people's programs, whole networks or both.
SLOW = ("tests/peers", "tests/run", "tests/wasm", "tests/power")


def main():
    """Run the steps one after the other; the exit code is 0 when all of them passed."""
    parser = argparse.ArgumentParser(prog="python -m tools.check", description=__doc__)
    parser.add_argument("--all", action="store_true", help="peers, whole journeys and 32-bit, too")
    arguments = parser.parse_args()
    tests = ["pytest", "-q", "-n", "2"]
    if not arguments.all:
        tests += ["--ignore=%s" % folder for folder in SLOW]
    bad = [
        step[0]
        for step in (["ruff", "check", "--quiet", "."], ["mypy"], tests)
        if subprocess.run([sys.executable, "-m", *step]).returncode
    ]
    print("failed: " + ", ".join(bad) if bad else "all passed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
