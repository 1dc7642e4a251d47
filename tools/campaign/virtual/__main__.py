"""A campaign over the simulated world in virtual time, on several processes or machines: one journal.

    python -m tools.campaign.virtual assets/campaigns/world.toml

Chances of failures and delays of the networks are those of tools/lab/chances.toml. The exit status is 1 when a message
was lost, or an attempt has no outcome; failures of the networks are what a campaign is to find.
"""

import argparse
import os
import pathlib
import sys
import time

from tools import alone, cluster
from tools.campaign import campaign, plan
from tools.campaign.runner import date
from tools.campaign.virtual import pieces
from tools.lab import world as worlds
from tools.programs import BUILD


def run(planned, path, scheduler=None, jobs=1, told=lambda done, of: None, chances=None):
    """Make all attempts of a Plan, and write the journal at `path`: a Merged; `told` hears how many pieces are done.

    `chances` are rows as tools.lab.world.chances reads them, None for the lab's own.
    """
    cuts = pieces.cut(planned, chances=chances)
    merged = pieces.Merged(path, planned, date())
    try:
        with cluster.workers(scheduler, jobs) as client:
            for done, (number, played) in enumerate(cluster.play(client, pieces.play, cuts), 1):
                merged.add(number, cuts[number], played)
                told(done, len(cuts))
    finally:
        merged.close()
    return merged


def _arguments():
    parser = argparse.ArgumentParser(
        prog="python -m tools.campaign.virtual",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("plan", metavar="FILE", help="the plan, in TOML, whose probes are of kind virtual")
    parser.add_argument("--repetitions", type=int, help="instead of the plan's")
    parser.add_argument("--chances", metavar="FILE", help="of failures and delays, instead of tools/lab/chances.toml")
    parser.add_argument("--out", metavar="FOLDER", help="for the journal; build/campaign/NAME otherwise")
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="of dask, instead of processes of this machine")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes; one a core by default")
    return parser


def main():
    """The command line."""
    parser = _arguments()
    given = parser.parse_args()
    if given.jobs < 1 or given.repetitions is not None and given.repetitions < 1:
        parser.error("jobs and repetitions are numbers from 1 on")
    try:
        planned = plan.read(given.plan)
        if given.repetitions:
            head = {**planned.given["campaign"], "repetitions": given.repetitions}
            planned = plan.Plan({**planned.given, "campaign": head})
        folder = pathlib.Path(given.out or BUILD / "campaign" / planned.campaign["name"])
        alone.keep_private()
        alone.hold(folder)
        began = time.monotonic()
        chances = worlds.chances(given.chances) if given.chances else None
        merged = run(planned, folder / campaign.NAME, given.scheduler, given.jobs, _show, chances)
    except (plan.PlanError, cluster.ClusterError, worlds.WorldError) as error:
        print(error, file=sys.stderr)
        return 2
    except alone.Taken as error:
        print("a campaign writes into %s already: wait until it ends, or say --out" % error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped: the journal ends with the last piece whose turn had come", file=sys.stderr)
        return 130
    return _sum_up(planned, merged, time.monotonic() - began)


def _show(done, of):
    print("%d of %d pieces" % (done, of), end="\r" if sys.stdout.isatty() else "\n", flush=True)


def _sum_up(planned, merged, seconds):
    wanted = len(planned.attempts())
    told = ", ".join("%d %s" % (count, verdict) for verdict, count in sorted(merged.verdicts.items()))
    print("%d attempts in %.0f s, %.0f a second: %s" % (merged.attempts, seconds, merged.attempts / seconds, told))
    print("%d messages lost" % len(merged.lost))
    whole = merged.attempts == wanted == sum(merged.verdicts.values())
    if not whole:
        print("%d attempts were wanted, and %d have an outcome" % (wanted, sum(merged.verdicts.values())))
    return 0 if whole and not merged.lost else 1


if __name__ == "__main__":
    sys.exit(main())
