"""The two interpreters, and a program for each that echoes what a serial line brings."""

import sys

import pytest

from tests.kit.portable import micropython

# Sends back as many octets as the first four digits say, in tens, and then tells how the line ended.
ECHO = """
import asyncio, sys
if sys.implementation.name == "micropython":
    sys.path[:] = ["lib", "", ".frozen"]
else:
    sys.path[:0] = [""]
    sys.path.append("lib")
from drivers import serial

async def echo(line):
    buffer = bytearray(512)
    got = b""
    await line.write(b"?")
    while len(got) < 4 or len(got) - 4 < int(got[:4].decode()) * 10:
        octets = await line.readinto(buffer)
        got += buffer[:octets]
    line.set_baud(38400)
    await line.write(got[4:])
    print("READY")
    print("END", await line.readinto(buffer))

asyncio.run(echo(serial.open(sys.argv[1], 115200)))
"""


def interpreter(name):
    """The words that start an interpreter, or a skip."""
    command = [sys.executable] if name == "CPython" else micropython()
    if command is None:
        pytest.skip("PyPI has no MicroPython for this machine")
    return command
