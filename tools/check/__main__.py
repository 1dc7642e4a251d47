"""Lint, format, types and tests, in tiers: each prints its failed commands, and its exit status is 0 without any.

check   lint, format, types and the tests of single rooms: 2 minutes on two quick cores, 3 on slow ones
test    check, and every other test once: 13 minutes on two quick cores, 21 on slow ones
long    more of the same, for CI: coverage of the branches, 5,600 sessions, 200 of each family of modems on either
        interpreter, 5,000 power cuts, 200,000 attacks, fuzzing, 2,000 messages over 24 countries, and the codec's
        speed as ratios: half an hour to an hour
full    before a release: stamps, dask's workers and racks measured; ten times as many sessions, 1,000 of each family
        of modems, every recovery cut, too, and an hour of fuzzing; 20,000 messages over 24 countries, and 100
        campaigns whose intervals hold the truth
"""

import argparse
import os
import subprocess
import sys
import time

from tools import alone
from tools.lab import families
from tools.programs import ROOT

TIERS = ("check", "test", "long", "full")
# Tests that start other people's programs or whole networks, or that take long.
SLOW = (
    "tests/board",
    "tests/campaign",
    "tests/command",
    "tests/hil",
    "tests/hostile",
    "tests/labgrid",
    "tests/mm3",
    "tests/page",
    "tests/peers",
    "tests/portal",
    "tests/power",
    "tests/run",
    "tests/soak",
    "tests/wasm",
)
# Tests of the PC's side: what they run of lib/ and drivers/ is not counted as tested.
PC = ("tests/lab", "tests/mm4", "tests/pdu")
# Tests of sources as texts, which run nothing of them.
TEXTS = ("tests/test_architecture.py", "tests/test_house.py", "tests/test_words.py")
# Every test of a room once more, inside MicroPython.
INSIDE = ("tests/test_portable.py",)
# Many tests wait for a lab in real time: two workers for each of two cores.
PYTEST = ("-m", "pytest", "-q", "-n", "4", "--dist", "loadfile")
# Messages over 24 countries in virtual time, of which none may be lost.
WORLD = ("-m", "tools.campaign.virtual", "assets/campaigns/world.toml")
FUZZ = "tests/hostile/fuzz.py"
COMPILED = ROOT / "build" / "compiled"  # Python's own, of each source


# Each has one core only, and prints what is wrong and nothing else: they run side by side, and before the tests.
LINT = (
    ["-m", "ruff", "check", "--quiet", "."],
    ["-m", "ruff", "format", "--check", "--quiet", "."],
    ["-m", "mypy", "--no-error-summary"],
)
COLLECT = ("-m", "pytest", "-qq", "--collect-only")


def _without(folders):
    return ["--ignore=" + folder for folder in folders]


def steps(tier):
    """The commands of a tier, each as a list of arguments for Python."""
    if tier in ("check", "test"):
        yield [*PYTEST, *(_without(SLOW + INSIDE) if tier == "check" else ())]
    elif tier == "long":
        yield ["-m", "coverage", "erase"]
        yield ["-m", "coverage", "run", *PYTEST, *_without(PC + SLOW + INSIDE + TEXTS)]
        yield ["-m", "tools.check.covered"]
        yield [FUZZ, "-max_total_time=180"]
        yield ["-m", "tools.bench", "--sizes", "30000"]  # tests/soak/test_speed.py measures the larger ones
        yield [*PYTEST, "-m", "long"]
        yield ["-m", "tools.load", "--speed", "20"]
        yield [*WORLD, "--repetitions", "84"]
    else:
        yield ["-m", "tools.bench.stamps"]
        yield ["-m", "tools.campaign.virtual.speed"]
        yield ["-m", "tools.labgrid.bench", "hop", "boards"]
        for family in families.names("modem"):
            yield ["-m", "tools.soak", "--seeds", "1000", "--modem", family]
        yield ["-m", "tools.soak", "--seeds", "56000"]
        yield ["-m", "tools.power", "--full"]
        yield [*WORLD]
        yield ["-m", "tools.campaign.virtual.coverage"]
        yield [FUZZ, "-max_total_time=3600"]


def _environment(tier):
    """The variables of a tier's programs. Tests start hundreds of ours, so what Python has compiled is kept."""
    around = dict(os.environ, TIER=tier, PYTHONPYCACHEPREFIX=str(COMPILED))
    around.pop("PYTHONDONTWRITEBYTECODE", None)
    return around


def _lint(around):
    """The commands of LINT that failed."""
    running = [subprocess.Popen([sys.executable, *step], cwd=ROOT, env=around) for step in LINT]
    if not COMPILED.exists():  # or each of the workers would compile everything; they tell what is wrong
        subprocess.run([sys.executable, *COLLECT], cwd=ROOT, env=around, stdout=subprocess.DEVNULL)
    return [step for step, process in zip(LINT, running, strict=True) if process.wait()]


def main():
    """Run the steps of a tier one after the other; the exit status is 0 when all of them passed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.check", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tier", nargs="?", choices=TIERS, default="check")
    tier = parser.parse_args().tier
    if tier != "check":
        try:
            alone.hold(ROOT / "build" / "coverage")  # two runs at once would also be too slow for their deadlines
        except alone.Taken:
            sys.exit("make test or make long runs here already: wait until it ends")
    began = time.monotonic()
    around = _environment(tier)
    failed = _lint(around) if tier in ("check", "test") else []
    failed += [step for step in steps(tier) if subprocess.run([sys.executable, *step], cwd=ROOT, env=around).returncode]
    for step in failed:
        print("failed: python %s" % " ".join(step))
    print("make %s: %d s" % (tier, time.monotonic() - began))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
