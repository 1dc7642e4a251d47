"""A process whose children are killed: the imports are made once, in the parent."""

import asyncio
import os
import sys


async def live(shell):
    """Start a shell, print the id of this process, and run until it is killed."""
    await shell.start()
    print(os.getpid(), flush=True)
    await asyncio.Event().wait()


def main(story):
    """For each line on stdin let a child of this process run `story(*arguments)`, a coroutine function."""
    while sys.stdin.readline():
        child = os.fork()
        if not child:
            asyncio.run(story(*sys.argv[1:]))
        os.waitpid(child, 0)
