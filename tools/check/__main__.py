"""Lint, types and unit tests; with --all everything that can be tested on this machine, and how much of it was run."""

import argparse
import subprocess
import sys

from tools import alone
from tools.programs import ROOT

# Tests that start other people's programs or whole networks, or that take their time.
SLOW = ("tests/hostile", "tests/peers", "tests/power", "tests/run", "tests/soak", "tests/wasm")
# Tests of the PC's side: what they run of lib/ and drivers/ is not counted as tested.
PC = ("tests/lab", "tests/pdu")


def steps(everything):
    """The commands, each as a list of arguments for Python."""
    yield ["-m", "ruff", "check", "--quiet", "."]
    yield ["-m", "mypy", "--no-error-summary"]
    tests = ["-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
    if not everything:
        yield tests + ["--ignore=" + folder for folder in SLOW]
        return
    yield ["-m", "coverage", "erase"]
    yield ["-m", "coverage", "run", *tests, *("--ignore=" + folder for folder in PC + SLOW)]
    yield ["-m", "tools.check.covered"]
    yield [*tests, *PC, *SLOW]


def main():
    """Run the steps one after the other; the exit code is 0 when all of them passed."""
    parser = argparse.ArgumentParser(prog="python -m tools.check", description=__doc__)
    parser.add_argument("--all", action="store_true", help="peers, whole journeys and 32-bit, too")
    everything = parser.parse_args().all
    if everything:
        try:
            alone.hold(ROOT / "build" / "coverage")  # where it counts what is run
        except alone.Taken:
            sys.exit("make test runs here already: wait until it ends")
    bad = [
        step
        for step in steps(everything)
        if subprocess.run([sys.executable, *step], cwd=ROOT).returncode
    ]
    for step in bad:
        print("failed: python %s" % " ".join(step))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
