"""An MMSC as a process that is killed: `python -m tests.kit.lab.mmsc_process FOLDER PORT SMSC SPEED`.

For each line on stdin a child of this process is the MMSC; its id is printed when it listens. The imports are made
once, in the parent. It is 3 February 2003, and alice has CREDIT.
"""

import pathlib

import tools.lab  # noqa: F401 which finds lib/
from tests.kit.lab import forked
from tools.lab import world as worlds
from tools.lab.calendar import Calendar
from tools.lab.network.billing.shell import Billing
from tools.lab.network.mmsc.shell import Mmsc

ALICE, BOB = "+447700900001", "+447700900002"
CREDIT = 10**9
FEBRUARY = 1044263700


async def _live(folder, port, smsc, speed):
    world = worlds.load()
    mmsc = Mmsc(folder, smsc, (ALICE, BOB), world, port=int(port), speed=float(speed), calendar=Calendar(FEBRUARY))
    alice = world.subscriber(ALICE)
    alice.credit = CREDIT
    folder = pathlib.Path(folder, "billing")
    mmsc.machine.charging = Billing(folder, world.operator(world.home), smsc, [alice]).charging
    await forked.live(mmsc)


if __name__ == "__main__":
    forked.main(_live)
