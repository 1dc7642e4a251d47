"""The examples with pins, on MicroPython in the lab: a camera trap, a weather station and a doorbell."""

import asyncio
import contextlib
import json
import os
import re

import pytest

from tests.kit.laboratory import SECONDS, Laboratory
from tools.programs import ROOT, micropython

pytestmark = pytest.mark.skipif(not micropython(), reason="PyPI has no MicroPython for this machine")
PATHS = ":".join(str(ROOT / folder) for folder in ("tests/kit/machine", "lib")) + ":.frozen"


class Board:
    """An example on alice's lines, in a folder that is not the project's; its pins are files."""

    def __init__(self, lab, folder, name, **pins):
        self._folder = folder
        (folder / "pins").mkdir()
        for pin, level in pins.items():
            self.set(int(pin[1:]), level)
        press = {"to": [lab.number("bob")]}
        settings = folder / "settings.json"
        settings.write_text(json.dumps(dict(lab.network.settings("alice", folder), press=press)))
        modem, camera = map(str, lab.network.lines("alice"))
        program = [*micropython(), "-X", "heapsize=2m", str(ROOT / "examples" / (name + ".py"))]
        self._words = [*program, "--settings", str(settings), "--modem", modem, "--camera", camera]

    def set(self, pin, level):
        """Give a pin a level; the file is never half."""
        (self._folder / "new").write_text(str(level))
        os.replace(self._folder / "new", self._folder / "pins" / str(pin))

    def level(self, pin):
        return (self._folder / "pins" / str(pin)).read_text()

    @contextlib.asynccontextmanager
    async def running(self, ready):
        """The process, from the line `ready` on until the end of the block."""
        environment = dict(os.environ, MICROPYPATH=PATHS)
        process = await asyncio.create_subprocess_exec(
            *self._words, cwd=self._folder, stdout=-1, stderr=-2, env=environment
        )
        try:
            await said(process, ready)
            yield process
        finally:
            process.kill()
            await process.wait()


async def said(process, pattern):
    """Wait for a line."""
    lines = []
    while not lines or not re.search(pattern, lines[-1]):
        octets = await asyncio.wait_for(process.stdout.readline(), SECONDS)
        assert octets, "".join(lines)
        lines.append(octets.decode())
    return lines[-1]


async def arrived(bob):
    """(subject, types of its parts, text) of the message that has come to bob."""
    event = await bob.seen("retrieved", SECONDS)
    told = await bob.ask("read", SECONDS, id=event["id"])
    return told["subject"], sorted(part["type"] for part in told["parts"]), told["text"]


def play(folder, story):
    async def whole():
        async with Laboratory(folder) as lab:
            await story(lab, await lab.ready("bob"))

    asyncio.run(whole())


PICTURE = ["application/smil", "image/jpeg"]


def test_a_movement_before_the_camera_trap_is_a_picture(tmp_path):
    async def story(lab, bob):
        board = Board(lab, tmp_path, "camera_trap", _13=0)
        async with board.running("watching") as process:
            assert lab.journal("submitted") == []
            board.set(13, 1)
            await said(process, "message [0-9a-f]{8} is safe")
            assert await arrived(bob) == ("Something moves", PICTURE, "")

    play(tmp_path, story)


def test_a_text_to_the_weather_station_is_answered_by_a_picture_and_the_temperature(tmp_path):
    async def story(lab, bob):
        board = Board(lab, tmp_path, "weather_station", _34=round((0.5 + 0.215) / 3.3 * 65535))
        async with board.running("listening"):
            for text in ("hello", "Weather "):
                await bob.ask("sms", SECONDS, to=lab.number("alice"), text=text)
            subject, types, text = await arrived(bob)
            assert (subject, types) == ("The weather", [*PICTURE, "text/plain"])
            assert text.strip() == "21.5 degrees" and len(lab.journal("submitted")) == 1

    play(tmp_path, story)


def test_the_doorbell_shows_the_guest_and_lights_the_lamp_when_an_owner_comes(tmp_path):
    async def story(lab, bob):
        board = Board(lab, tmp_path, "doorbell", _22=1)
        async with board.running("waiting for guests") as process:
            board.set(22, 0)
            await said(process, "message [0-9a-f]{8} is safe")
            board.set(22, 1)
            assert await arrived(bob) == ("The bell rings", PICTURE, "") and board.level(13) == "0"
            await bob.ask("sms", SECONDS, to=lab.number("alice"), text="Coming")
            async with asyncio.timeout(SECONDS):
                while board.level(13) != "1":
                    await asyncio.sleep(0.05)

    play(tmp_path, story)


@pytest.mark.parametrize("name", ["camera_trap", "doorbell", "send_picture", "weather_station"])
def test_an_example_is_short(name):
    assert len((ROOT / "examples" / (name + ".py")).read_text().splitlines()) <= 40
