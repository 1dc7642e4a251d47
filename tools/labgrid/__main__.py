"""A laboratory of simulated boards, until Ctrl-C: racks, two exporters and a coordinator of labgrid on this machine.

It prints the places, and how a campaign takes one.
"""

import argparse
import asyncio
import contextlib
import pathlib
import signal
import sys

from tools import alone
from tools.lab import options
from tools.labgrid import programs
from tools.labgrid.house import House
from tools.labgrid.racks import Racks
from tools.programs import BUILD


async def _live(given):
    end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    racks = Racks(given.folder, given.pairs, given.modem, given.speed)
    house = House(given.folder / "labgrid", racks, port=given.port)
    try:
        await racks.start()
        await house.start()
        print("The coordinator: LG_COORDINATOR=%s" % house.address)
        for place in house.places:
            tags = " ".join("%s=%s" % item for item in racks.tags[place].items())
            print("%s at exporter %s: %s" % (place, house.exporter_of(place), tags))
        print('A probe of a campaign: kind = "place", place = "%s"; Ctrl-C ends all this' % house.places[0], flush=True)
        await end.wait()
    finally:
        await house.stop()
        await racks.stop()


def main():
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.labgrid", description=__doc__)
    options.add_clock(parser)
    options.add_modem(parser)
    parser.add_argument("--pairs", type=int, default=1, help="of boards, one of which sends to the other")
    parser.add_argument("--port", type=int, default=20408, help="of the coordinator")
    parser.add_argument("--folder", default=BUILD / "racks", type=pathlib.Path, help="of lines, settings and logs")
    given = parser.parse_args()
    given.folder = given.folder.resolve()
    if not programs.is_installed():
        sys.exit("labgrid is not there: %s installs it" % programs.INSTALL)
    alone.keep_private()
    try:
        alone.hold(given.folder)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_live(given))
    except alone.Taken:
        sys.exit("racks run in %s already: end them, or say --folder for another" % given.folder)
    except OSError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
