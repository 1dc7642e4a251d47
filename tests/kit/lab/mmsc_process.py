"""An MMSC as a process that is killed: `python -m tests.kit.lab.mmsc_process FOLDER PORT SMSC SPEED`.

For each line on stdin a child of this process is the MMSC; its id is printed when it listens. The imports are made
once, in the parent.
"""

import asyncio
import os
import sys

import tools.lab  # noqa: F401 which finds lib/
from tools.lab.network.mmsc.shell import Mmsc

ALICE, BOB = "+447700900001", "+447700900002"


async def _live(folder, port, smsc, speed):
    mmsc = Mmsc(folder, smsc, (ALICE, BOB), port=int(port), speed=float(speed))
    await mmsc.start()
    print(os.getpid(), flush=True)
    await asyncio.Event().wait()


def main(arguments):
    """Be the parent until stdin ends."""
    while sys.stdin.readline():
        child = os.fork()
        if not child:
            asyncio.run(_live(*arguments))
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
