"""Whole sessions under virtual time: two handsets as shipped, the lab's machines, faults by chance, and oracles.

    python -m tools.soak --seeds 1000 --first 1

Each seed is one session: alice sends a picture to bob while faults strike. Equal seeds are equal runs, octet for octet
on one interpreter, and nearly always on both, except where boards wait for their flash. For each session that breaks a
promise the command that repeats it is printed. Modems that do not recover in time from a reset are a failure, too.
"""

import argparse
import contextlib
import os
import sys
import time

from tools import cluster
from tools.programs import micropython
from tools.soak import processes
from tools.soak.faults import KINDS
from tools.soak.names import TRAITS
from tools.soak.session import RECOVERY_MS
from tools.soak.stations import FAMILIES

PROMPT = 0.99  # of the resets of a modem are recovered from in time


def usual():
    """The interpreters of the seeds in turn, by default: MicroPython, if it is installed, runs every third one."""
    return ("micropython", "cpython", "cpython") if micropython() else ("cpython",)


def play(
    interpreters, first, count, jobs, fault=None, heard=lambda result: None, modems=FAMILIES, scheduler=None
):  # fmt: skip
    """Play the sessions `first` to `first` + `count` - 1, each on the one of `interpreters` that its seed falls to.

    jobs: processes for each interpreter; with the `scheduler` at tcp://HOST:PORT the workers of dask that it has play
    them. Returns {seed: result}; raises RuntimeError when a process ends early, or when MicroPython does not run the
    compiled handset, and cluster.ClusterError without workers.
    """
    results = {}
    with cluster.workers(scheduler, jobs * len(interpreters), processes=False) as client:
        jobs = max(jobs, cluster.threads(client) // len(interpreters))
        pieces = processes.cut(interpreters, first, count, jobs, fault, modems)
        try:
            with contextlib.closing(cluster.play(client, processes.play, pieces)) as played:
                for _, found in played:
                    for result in found:
                        results[result["seed"]] = result
                        heard(result)
        finally:
            processes.stop()  # the cluster waits for its threads, and they wait for the processes
    return results


def prompt(resets):
    """The share of modem resets (milliseconds until the modem could be used again) that took at most RECOVERY_MS."""
    return sum(1 for ms in resets if ms <= RECOVERY_MS) / len(resets) if resets else 1.0


def _resets(results):
    return [ms for result in results.values() for ms in result["recovered_ms"]]


def summary(results, seconds):
    """Lines that sum the results up: how often each fault struck, the resets, the speed, the broken promises."""
    struck, sessions, resets = {}, {}, _resets(results)
    for result in results.values():
        for name, times in result["faults"].items():
            struck[name] = struck.get(name, 0) + times
            sessions[name] = sessions.get(name, 0) + 1
    lines = ["%-40s %7s %9s" % ("fault", "struck", "sessions")]
    for name in sorted(struck, key=lambda name: (name[0] == "(", name)):
        lines.append("%-40s %7d %9d" % (name, struck[name], sessions[name]))
    if resets:
        line = "%d modem resets: %.1f %% recovered within %d s, the slowest after %.0f s"
        lines.append(line % (len(resets), 100 * prompt(resets), RECOVERY_MS // 1000, max(resets) / 1000))
    virtual = sum(result["ms"] for result in results.values()) / 3600000
    bad = sum(1 for result in results.values() if result["broken"])
    lines.append(
        "%d sessions (%.0f hours of a handset's time) in %.1f s: %.0f a minute; %d with a broken promise"
        % (len(results), virtual, seconds, len(results) * 60 / seconds, bad)
    )
    return lines


def _arguments():
    parser = argparse.ArgumentParser(
        prog="python -m tools.soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    only = "only one kind, or only what is unusual from the start on (%s): %%(choices)s" % ", ".join(TRAITS)
    parser.add_argument("--seeds", type=int, default=1000, help="how many sessions")
    parser.add_argument("--first", type=int, default=1, help="the seed of the first")
    parser.add_argument("--interpreter", choices=("micropython", "cpython"), help="else every third is MicroPython's")
    parser.add_argument("--fault", choices=["none", *sorted({*KINDS, *TRAITS})], metavar="NAME", help=only)
    parser.add_argument("--modem", help="the families of modems, in turn: %s by default" % ",".join(FAMILIES))
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes; one a core by default")
    text = "of dask, whose workers play the sessions instead of this machine (docs/virtual.md)"
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help=text)
    return parser


def main():
    """The command line; the exit status is 1 when a promise was broken, or modems did not recover in time."""
    parser = _arguments()
    options = parser.parse_args()
    if min(options.seeds, options.first, options.jobs) < 1:
        parser.error("seeds, the first of them and jobs are numbers from 1 on")
    modems = options.modem.split(",") if options.modem else FAMILIES
    if set(modems) - set(FAMILIES):
        parser.error("modems are %s" % ", ".join(FAMILIES))
    interpreters = (options.interpreter,) if options.interpreter else usual()

    def heard(result):
        if result["broken"]:
            interpreter = interpreters[result["seed"] % len(interpreters)]
            again = "python -m tools.soak --seeds 1 --first %d --interpreter %s" % (result["seed"], interpreter)
            if options.fault:
                again += " --fault " + options.fault
            if options.modem:
                again += " --modem " + options.modem
            print("seed %d: %s\n    again: %s" % (result["seed"], "; ".join(result["broken"]), again), flush=True)

    began = time.monotonic()
    try:
        results = play(
            interpreters, options.first, options.seeds, options.jobs, options.fault, heard, modems, options.scheduler
        )
    except (RuntimeError, cluster.ClusterError) as error:
        print("soak: %s" % error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("soak: stopped", file=sys.stderr)
        return 130
    print("\n".join(summary(results, time.monotonic() - began)))
    for interpreter in sorted({*interpreters}):
        count = sum(interpreters[seed % len(interpreters)] == interpreter for seed in results)
        print("on %s: %d" % (interpreter, count))
    slow = prompt(_resets(results)) < PROMPT
    if slow:
        print("soak: fewer than %d %% of the modem resets recovered in time" % (100 * PROMPT), file=sys.stderr)
    return 1 if slow or any(result["broken"] for result in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
