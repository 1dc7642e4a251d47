"""How often the intervals of the figures hold the truth, over campaigns in virtual time with a seed each.

    python -m tools.campaign.virtual.coverage --seeds 100

Each seed is one campaign of at least ATTEMPTS attempts of each procedure on one bad network of tools/lab/chances.toml;
tools/campaign/virtual/truth.py says what is true there. The exit status is 1 where one figure's interval of 95 % holds
the truth for less than PART of the seeds.
"""

import argparse
import os
import sys
import time

from tools import cluster
from tools.campaign.figures import measure
from tools.campaign.virtual import pieces, truth
from tools.lab import world

NETWORK = "24001"
ATTEMPTS = 200
PART = 0.9
OF_SERVICE, OF_MESSAGES = [
    tuple("%s-%s" % (name, kind) for name in names for kind in ("failure-ratio", "time"))
    for names in (
        ("network-registration", "attach", "context-activation", "sms"),
        ("mms-send", "mms-notification", "mms-retrieval", "mms-end-to-end"),
    )
]
# Cases, times ATTEMPTS of each, and the pause in seconds: until a registration that was given up is over, and with
# messages until a context is released, and the MMSC has repeated what was lost. The attach takes the context down.
_CASES = ((("register", "context", "attach", "sms"), 1.25, 100), (("mms-1",), 1.3, 350))


def plans(seed, attempts=ATTEMPTS):
    """The plans of one seed, as files have them."""
    probe = {"kind": "virtual", "modem": "sim800"}
    for at, (cases, times, pause_s) in enumerate(_CASES):
        yield {
            "campaign": {
                "name": "coverage",
                "seed": 2 * seed + at,
                "repetitions": int(attempts * times),
                "pause_s": pause_s,
            },
            "probes": [
                {"name": "alice", "subscriber": "alice", "role": "mo", **probe},
                {"name": "bob", "subscriber": "bob", "role": "mt", **probe},
            ],
            "networks": [{"mccmnc": NETWORK}],
            "cases": [{"case": case, "timeout_s": truth.TIMEOUT_S, "mt_network": NETWORK} for case in cases],
        }


def figures(given):
    """{KPI: Ratio or Times} of the campaign with a plan of `plans`, which is played."""
    played = pieces.play(pieces.Piece(given, given["campaign"]["seed"]))
    cells = measure.measure(pieces.lines(played)).cells
    wanted = OF_MESSAGES if given["cases"][0]["case"] in _CASES[1][0] else OF_SERVICE
    return {kpi: cells[measure.ALL, kpi] for kpi in wanted}


def holds(cell, true):
    """{name: whether the interval holds the true value} of a Ratio or Times; it is open where n is too small."""
    if true.ratio is not None:
        return {"": cell.low <= true.ratio <= cell.high}
    found = {}
    for name in ("median", "p95"):
        low, high, value = getattr(cell, name + "_low"), getattr(cell, name + "_high"), getattr(true, name)
        found[", " + name] = (low is None or low <= value) and (high is None or value <= high)
    return found


class Tally:
    """Counts for each figure in how many campaigns its interval held the truth; `truths` {KPI: Truth}."""

    def __init__(self, truths):
        self._truths = truths
        self.held, self.seeds, self.least = {}, {}, {}

    def add(self, cells):
        """Count the figures of one campaign, {KPI: Ratio or Times}; those of a time count when it was tried enough."""
        for kpi, cell in cells.items():
            for name, held in holds(cell, self._truths[kpi]).items():
                row = kpi + name
                self.held[row] = self.held.get(row, 0) + held
                self.seeds[row] = self.seeds.get(row, 0) + 1
                tried = cell.n + getattr(cell, "failed", 0)
                self.least[row] = min(self.least.get(row, tried), tried)

    def poor(self, part=PART):
        """The names of figures whose intervals held the truth too seldom."""
        return [row for row in self.held if self.held[row] < part * self.seeds[row]]

    def lines(self):
        """A table: each figure, its truth, in how many campaigns the interval held it, the least attempts of one."""
        yield "%-45s %10s %12s %9s" % ("figure", "truth", "held", "attempts")
        for row in sorted(self.held):
            kpi, _, name = row.partition(", ")
            true = getattr(self._truths[kpi], name or "ratio")
            held = "%d of %d" % (self.held[row], self.seeds[row])
            yield "%-45s %10.4f %12s %9d" % (row, true, held, self.least[row])


def run(seeds, attempts=ATTEMPTS, scheduler=None, jobs=1, told=lambda done, of: None):
    """The Tally of the campaigns of `seeds`, each of at least so many attempts of each procedure."""
    given = [plan for seed in seeds for plan in plans(seed, attempts)]
    tally = Tally(truth.truth(*world.chances()[NETWORK]))
    with cluster.workers(scheduler, jobs) as client:
        for done, (_, cells) in enumerate(cluster.play(client, figures, given), 1):
            tally.add(cells)
            told(done, len(given))
    return tally


def main():
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.campaign.virtual.coverage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seeds", type=int, default=100, help="how many campaigns: the seeds 1 and so on")
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="of dask, instead of processes of this machine")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes; one a core by default")
    given = parser.parse_args()
    if min(given.seeds, given.jobs) < 1:
        parser.error("seeds and jobs are numbers from 1 on")
    began = time.monotonic()
    try:
        tally = run(range(1, given.seeds + 1), ATTEMPTS, given.scheduler, given.jobs)
    except cluster.ClusterError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    print("\n".join(tally.lines()))
    print("%d campaigns in %.0f s" % (given.seeds, time.monotonic() - began))
    for row in tally.poor():
        print("%s: held in fewer than %d %% of them" % (row, 100 * PART), file=sys.stderr)
    return 1 if tally.poor() else 0


if __name__ == "__main__":
    sys.exit(main())
