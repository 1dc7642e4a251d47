"""Campaigns of test cases over probes and networks: run one from its TOML file, or go on with it.

Exit status 0: every attempt passed, or was not possible; 1: attempts failed; 2: wrong arguments or a wrong plan; 3: the
campaign stopped before its end, and --resume goes on; 130: stopped with Ctrl-C, likewise.
"""

import argparse
import asyncio
import pathlib
import sys

from tools import alone
from tools.campaign import campaign, journal, plan
from tools.campaign.runner import Stopped
from tools.programs import BUILD, called


def _run(given):
    planned = plan.read(given.plan)
    folder = pathlib.Path(given.out or planned.campaign["out"] or BUILD / "campaign" / planned.campaign["name"])
    alone.keep_private()
    alone.hold(folder)
    path = folder / campaign.NAME
    if not given.resume:
        path.unlink(missing_ok=True)
    written = journal.Journal(path)
    budget = planned.budget
    standing = campaign.Standing(journal.read(path), budget and budget[1])
    verdicts = []

    def heard(entry):
        if entry["what"] == "outcome":
            verdicts.append(entry["verdict"])
            print(
                "%9.1f  attempt %d: %s %s" % (entry["at"], entry["attempt"], entry["verdict"], entry["text"]),
                flush=True,
            )
        elif entry["what"] == "attempt":
            words = entry["at"], entry["attempt"], entry["case"], entry["network"], entry["mo"], entry["mt"]
            print("%9.1f  attempt %d: %s on %s, %s to %s" % words, flush=True)

    asyncio.run(campaign.run(planned, folder, written, standing, given.speed, [heard]))
    return int("failed" in verdicts)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(prog=called("campaign"), description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="make the attempts of a plan")
    run.add_argument("plan", metavar="FILE", help="the plan, in TOML")
    run.add_argument("--resume", action="store_true", help="go on where the journal ends")
    run.add_argument("--out", metavar="FOLDER", help="for journal and report; build/campaign/NAME otherwise")
    run.add_argument("--speed", type=float, default=1.0, help="of the lab, for simulated probes: times the world's")
    given = parser.parse_args()
    try:
        return _run(given)
    except plan.PlanError as error:
        print(error, file=sys.stderr)
        return 2
    except (Stopped, journal.JournalError) as error:
        print(error, file=sys.stderr)
        return 3
    except alone.Taken as error:
        print("a campaign writes into %s already: wait until it ends, or say --out" % error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; --resume goes on", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
