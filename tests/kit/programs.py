"""Programs by others, which tests use as peers."""

import asyncio
import os
import shutil

import pytest


def need(program):
    """The path of `program`; without it the test is skipped, which in CI is a failure."""
    places = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))  # Kannel's is not users'
    path = shutil.which(program, path=places)
    if not path:
        pytest.skip("needs %s" % program)
    return path


async def stop(process):
    """End a program that a test has started, and wait until it is gone."""
    if process.returncode is None:
        process.kill()
    await process.wait()


async def until(condition, seconds):
    """Wait until `condition()` holds; raises AssertionError after so many seconds."""
    for _ in range(int(seconds * 20)):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("not within %d s" % seconds)
