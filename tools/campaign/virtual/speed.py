"""How much faster two workers are than one: the same campaign in virtual time, with either, start and end included.

    python -m tools.campaign.virtual.speed

The exit status is 1 where two workers take more than MOST of the time of one, or where the journals differ. It wants
two cores that nothing else uses.
"""

import argparse
import pathlib
import sys
import tempfile
import time

from tools.campaign import journal, plan
from tools.campaign.virtual import __main__ as virtual
from tools.programs import ROOT

MOST = 0.65
_PLAN = ROOT / "assets/campaigns/world.toml"
_REPETITIONS = 25


def measure(planned, jobs):
    """(seconds, the lines of the journal without its date) of a Plan that so many workers play."""
    with tempfile.TemporaryDirectory(prefix="mms-speed-") as folder:
        path, began = pathlib.Path(folder, "journal.jsonl"), time.monotonic()
        virtual.run(planned, path, jobs=jobs)
        seconds = time.monotonic() - began
        return seconds, [{key: line[key] for key in line if key != "date"} for line in journal.read(path)]


def main():
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.campaign.virtual.speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--repetitions", type=int, default=_REPETITIONS, help="of each attempt: %(default)s")
    given = parser.parse_args()
    table = plan.read(_PLAN).given
    planned = plan.Plan({**table, "campaign": {**table["campaign"], "repetitions": given.repetitions}})
    (two, same), (one, lines) = measure(planned, 2), measure(planned, 1)
    count = len(planned.attempts())
    print("%d attempts: one worker %.1f s, two workers %.1f s: %.2f of it" % (count, one, two, two / one))
    if same != lines:
        print("the journals of one and of two workers differ", file=sys.stderr)
    return 1 if two > MOST * one or same != lines else 0


if __name__ == "__main__":
    sys.exit(main())
