"""The stamps of a campaign beside those of the simulated modem, at the speed of the world.

A handset of the lab attaches and gets a context, again and again. Each step has its two stamps of the campaign, taken
when the console says `probing` and `probed`, and those of the modem, taken when its first line is heard and its last
one said. Exit status 0: none differ by more than 20 ms; 1: some do.
"""

import argparse
import asyncio
import pathlib
import sys
import tempfile

from tools.campaign import campaign, journal
from tools.campaign.plan import Plan

MOST_MS = 20
_CAMPAIGN = {"name": "stamps", "pause_s": 0}
_PLAN = {
    "probes": [{"name": "alice", "kind": "simulated", "subscriber": "alice"}],
    "networks": [{"mccmnc": "23410"}],
    "cases": [{"case": "attach"}, {"case": "context"}],
}
_FIRST = {"attach": "AT+CGATT=1", "context": "AT+CIICR"}  # the line of a SIM800 that begins the step


def differences(entries):
    """[(step, seconds by the campaign, by the modem, ms at its beginning, ms at its end)] of a journal's entries."""
    found, open_step, first, last = [], None, None, None
    for entry in entries:
        is_event = entry["what"] == "event" and entry.get("action") in _FIRST
        if is_event and entry["event"] == "probing":
            open_step, first, last = entry, None, None
        elif entry["what"] == "trace" and entry.get("line", "modem") == "modem" and open_step is not None:
            if entry["sent"] and first is None and entry["text"].startswith(_FIRST[open_step["action"]]):
                first = entry["at"]
            elif not entry["sent"]:
                last = entry["at"]
        elif is_event and entry["event"] == "probed" and first and last:
            begun, ended = open_step["at"], entry["at"]
            row = (entry["action"], ended - begun, last - first, (first - begun) * 1000, (ended - last) * 1000)
            found.append(row)
            open_step = None
    return found


def measure(folder, repetitions):
    """The differences that a campaign of so many repetitions in a folder has."""
    plan = Plan({**_PLAN, "campaign": {**_CAMPAIGN, "repetitions": repetitions}})
    written, standing = campaign.open_journal(plan, folder)
    asyncio.run(campaign.run(plan, folder, written, standing))
    written.close()
    return differences(journal.read(folder / campaign.NAME))


def main():
    """Print a line for each step, and the largest difference."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.stamps", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(pathlib.Path(folder), given.repetitions)
    print("step      campaign     modem   begins   ends")
    for step, ours, theirs, begins, ends in rows:
        print("%-8s %8.4f s %8.4f s %5.1f ms %5.1f ms" % (step, ours, theirs, begins, ends))
    if not rows:
        print("no step was measured")
        return 1
    largest = max(abs(value) for row in rows for value in row[3:])
    print("the largest difference of two stamps: %.1f ms, at most %d are wanted" % (largest, MOST_MS))
    return int(largest > MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
