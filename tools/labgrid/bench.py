"""How fast racks of simulated boards are: the hop through labgrid, boards side by side, and lines that keep their rate.

    hop     round trips of a command: at the console itself, and through a place of labgrid
    boards  8 boards of 4 pairs by labgrid, at the speed of the world: the time of a picture, alone and all at once
    pairs   24 pairs at once, by their consoles without labgrid: batches of octets that a serial line brought too late

Exit status 1: a board was slower than alone by more than 5 %, or a line was too late. It wants the machine to itself.
"""

import argparse
import asyncio
import os
import pathlib
import statistics
import sys
import tempfile

from tools.campaign.clock import Clock
from tools.campaign.probes import place, serial
from tools.campaign.probes.probe import Around
from tools.labgrid.house import House
from tools.labgrid.racks import Racks

ASKS = 200
PARTS = ("hop", "boards", "pairs")
SECONDS = 180  # for anything that is waited for: no promise, but where a hang ends
SLOWER = 1.05
_YIELDS = 10  # by which this process, with a thread for each console, gives way to the lines
_APART_S = 0.1  # between two pairs that begin: a tenth of what a message takes, so that all are on their way at once


class Bench:
    """Racks of `pairs` pairs with probes at all of their boards: `async with Bench(folder, pairs, by_labgrid)`."""

    def __init__(self, folder, pairs, by_labgrid):
        self.racks = Racks(folder / "racks", pairs)
        self._folder, self._house = folder, House(folder / "labgrid", self.racks) if by_labgrid else None
        self.probes = []

    async def __aenter__(self):
        try:
            await self._start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _start(self):
        await self.racks.start()
        os.nice(_YIELDS)
        around = Around(Clock(), self._folder, [])
        if self._house:
            await self._house.start()
            os.environ["LG_COORDINATOR"] = self._house.address
            rows = [self._row(name, place=name) for name in self.racks.ports]
            self.probes = place.open_probes(rows, around)
        else:
            ports = self.racks.ports.items()
            rows = [self._row(name, line="socket://127.0.0.1:%d" % port, baud=115200) for name, port in ports]
            self.probes = serial.open_probes(rows, around)
        await asyncio.gather(*(probe.start() for probe in self.probes))

    async def __aexit__(self, *error):
        await asyncio.gather(*(probe.stop() for probe in self.probes))
        if self._house:
            await self._house.stop()
        await self.racks.stop()

    def _row(self, name, **more):
        row = dict.fromkeys(("line", "baud", "place", "tags", "number", "modem"))
        return {**row, "name": name, "role": "any", **more}

    async def ready(self, retrieve):
        """Say when handsets retrieve messages, and forget how late lines were while all programs started at once."""
        for probe in self.probes:
            await probe.ask("set", SECONDS, setting="retrieve.home", value=retrieve)
        await self.racks.lateness()


async def picture(probe):
    """Seconds from the command to the confirmation of a picture to the handset itself, which is not fetched."""
    clock = probe.clock
    begun = clock.now()
    wishes = {"to": [probe.facts["number"]], "picture": True, "size": "QVGA", "quality": 60}
    id = (await probe.ask("send", SECONDS, **wishes))["id"]
    confirmed = await probe.seen("confirmed", SECONDS, begun, id=id)
    announced = await probe.seen("deferred", SECONDS, begun)
    await probe.ask("delete", SECONDS, id=announced["id"])
    return confirmed["at"] - begun


async def second_picture(probe):
    """Seconds of a picture after another one: a radio that has been idle for long takes a second more."""
    await picture(probe)
    return await picture(probe)


async def delivery(mo, mt, wait):
    """Seconds from the command at one handset, after a `wait`, until the other one has the picture."""
    await asyncio.sleep(wait)
    begun = mo.clock.now()
    await mo.ask("send", SECONDS, to=[mt.facts["number"]], picture=True, size="QVGA", quality=60)
    return (await mt.seen("retrieved", SECONDS, begun))["at"] - begun


async def round_trips(probe):
    """(median, 95th percentile) of the milliseconds of a command that the handset answers at once."""
    found = []
    for _ in range(ASKS):
        begun = asyncio.get_running_loop().time()
        await probe.ask("mode", SECONDS, mode="json")
        found.append(1000 * (asyncio.get_running_loop().time() - begun))
    return statistics.median(found), statistics.quantiles(found, n=20)[-1]


async def hop(folder):
    """Measure and print the hop; always true."""
    for by_labgrid, name in ((False, "at the console"), (True, "by labgrid")):
        async with Bench(folder / name.split()[-1], 1, by_labgrid) as bench:
            print("a command %s: median %.2f ms, 95 %% below %.2f ms" % (name, *await round_trips(bench.probes[0])))
    return True


async def boards(folder):
    """Measure and print 8 boards; whether none was slower than alone by more than 5 %."""
    async with Bench(folder, 4, True) as bench:
        await bench.ready("manual")
        alone = [await second_picture(probe) for probe in bench.probes[::2]]
        together = await asyncio.gather(*(second_picture(probe) for probe in bench.probes))
        print("boards alone: %s s" % ", ".join("%.3f" % seconds for seconds in alone))
        print("8 at once: %s s" % ", ".join("%.3f" % seconds for seconds in together))
        worst = max(together) / statistics.median(alone)
        print("the slowest of 8 boards at once takes %.3f of its time alone; the bound is %.2f" % (worst, SLOWER))
        await _late(bench)
    return worst <= SLOWER


async def _late(bench):
    batches, missed, most = await bench.racks.lateness()
    words = len(bench.probes), batches, missed, 1000 * most
    print("lines of %d boards: %d batches of octets, %d too late to be made up for; the latest by %.1f ms" % words)
    return missed


async def pairs(folder, count=24):
    """Measure and print many pairs; whether no line was too late."""
    async with Bench(folder, count, False) as bench:
        await bench.ready("now")
        both = zip(bench.probes[::2], bench.probes[1::2], strict=True)
        times = await asyncio.gather(*(delivery(mo, mt, at * _APART_S) for at, (mo, mt) in enumerate(both)))
        print("%d pairs at once: a picture takes %.2f to %.2f s end to end" % (count, min(times), max(times)))
        return not await _late(bench)


def main():
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.labgrid.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="*", metavar="PART", help="of %s; all otherwise" % ", ".join(PARTS))
    given = parser.parse_args()
    if set(given.part) - set(PARTS):
        parser.error("there are %s" % ", ".join(PARTS))
    status = 0
    for part in given.part or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            if not asyncio.run(globals()[part](pathlib.Path(folder))):
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
