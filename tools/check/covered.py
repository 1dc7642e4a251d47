"""How much of lib/ and drivers/ the unit tests have run on CPython: `python -m tools.check.covered`.

Prints the figures and the files of which little was run; the exit status is 1 when it is not enough. Nothing is left
out: what MicroPython alone runs counts as not covered, although its tests run inside MicroPython.
"""

import json
import sys

from coverage import Coverage, CoverageException

from tools.programs import ROOT

LEAST = 95.0  # per cent of the branches of all files together, and of the lines
FILE = 90.0  # files below this are named
FIGURES = ROOT / "build" / "coverage" / "figures.json"


def percent(summary):
    """(of the lines, of the branches) in a summary of coverage's JSON; all of nothing is 100."""
    pairs = (("covered_lines", "num_statements"), ("covered_branches", "num_branches"))
    return [100.0 * summary[done] / summary[of] if summary[of] else 100.0 for done, of in pairs]


def judge(report):
    """(lines to print, whether the coverage is enough) for coverage's JSON."""
    total = percent(report["totals"])
    lines = ["covered: %.1f %% of the lines, %.1f %% of the branches of lib/ and drivers/" % tuple(total)]
    weak = sorted((min(percent(file["summary"])), path) for path, file in report["files"].items())
    lines += ["  %5.1f %%  %s" % (least, path) for least, path in weak if least < FILE]
    enough = min(total) >= LEAST
    return lines + ([] if enough else ["at least %.0f %% of both are wanted" % LEAST]), enough


def main():
    """Combine the measurements of all processes, and judge them."""
    measured = Coverage()
    try:
        measured.combine()
        measured.json_report(outfile=str(FIGURES))
    except CoverageException as error:
        print("nothing is measured: %s" % error)
        return 1
    lines, enough = judge(json.loads(FIGURES.read_text()))
    print("\n".join(lines))
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
