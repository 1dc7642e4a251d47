"""A message of 1,100,000 octets goes out and comes in under a board's heap."""

import asyncio
import hashlib
import pathlib

import pytest

from tests.kit.laboratory import Laboratory
from tools import programs

OCTETS = 1100000
HEAP = "204k"
SPEED = 50.0
LONG = 180  # real seconds, for one way


def _film(path, octets):
    """A film of `octets` octets that do not repeat: it begins as 3GPP TS 26.244 has it."""
    block, left = b"seed", octets - 12
    with open(path, "wb") as file:
        file.write(b"\0\0\0\x0cftyp3gp4")
        while left > 0:
            block = hashlib.sha256(block).digest()
            file.write((block * 32)[: min(left, 1024)])
            left -= 1024


async def _journey(folder):
    film = folder / "film.3gp"
    _film(film, OCTETS - 700)
    command = programs.interpreter(HEAP)
    async with Laboratory(folder, SPEED, octets=OCTETS + 10000) as lab:
        alice = await lab.ready("alice", command)
        bob = await lab.ready("bob", command)
        message = {"to": [lab.number("bob")], "files": [str(film)]}
        id = (await alice.ask("send", LONG, **message))["id"]
        accepted = await alice.seen("accepted", LONG, id=id)
        assert OCTETS - 300 < accepted["octets"] <= OCTETS
        await alice.seen("confirmed", LONG, id=id)
        retrieved = await bob.seen("retrieved", LONG)
        await bob.seen("acknowledged", LONG)
        files = (await bob.ask("export", LONG, id=retrieved["id"]))["files"]
        received = [pathlib.Path(file["path"]) for file in files if file["type"] == "video/3gpp"]
        assert received[0].read_bytes() == film.read_bytes()


def test_the_largest_message_crosses_under_200_kilobytes_of_heap(tmp_path):
    if not programs.micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    asyncio.run(_journey(tmp_path))
