"""Sound by an I2S microphone, with a machine.I2S that gives samples at their pace."""

import asyncio
import sys

from drivers.board import lab, lines
from mms.codec import audio
from mms.errors import ModemError
from mms.events import Events
from mms.handset import settings
from tests.kit.checks import raises

PINS = {"i2s": 1, "sck": 4, "ws": 5, "sd": 6}


class Pin:
    def __init__(self, number):
        self.number = number


class I2S:
    """A microphone that gives zeros for half a second, and then its samples: 0, 1, 2 ..., `most` octets at a time."""

    RX, MONO = "rx", "mono"
    made = []
    silent = False
    most = 300

    def __init__(self, id, **words):
        self.id, self.words, self.given, self.open = id, words, 0, True
        I2S.made.append(self)

    def deinit(self):
        self.open = False

    async def readinto(self, buf):
        assert self.open and len(buf) % 2 == 0
        if I2S.silent:
            await asyncio.sleep(3600)
        count = min(len(buf), I2S.most)
        for at in range(count):
            place = self.given + at - 8192
            buf[at] = (place // 2 >> 8 * (place % 2)) & 255 if place >= 0 else 0
        self.given += count
        return count


class Machine:
    I2S, Pin = I2S, Pin


class Pipe:
    """The line of a modem that nobody asks anything."""

    def close(self):
        pass


def record(seconds, size=1460):
    """The octets of a recording, by the board's constant alone."""
    known, reader, opened = sys.modules.get("machine"), asyncio.StreamReader, lines.serial.open
    lines.serial.open = lambda line, baud: Pipe()
    sys.modules["machine"], asyncio.StreamReader = Machine, lambda stream: stream

    class Board:
        PLATFORM, MODEM, CAMERA, FLASH_DEAFENS, MICROPHONE = lab.PLATFORM, "/dev/null", None, False, PINS

    async def story():
        modem, _ = lines.open(Board, sys.platform, "test", settings.check({}), Events(), None, None)
        sound, got, buf = modem.record(seconds), b"", bytearray(size)
        assert sound.media == "audio/x-wav" and sound.most == 44 + 16000 * seconds
        try:
            async with sound:
                while True:
                    count = await sound.readinto(buf)
                    if not count:
                        return got
                    got += buf[:count]
        finally:
            modem.close()
            assert not I2S.made[-1].open

    try:
        return asyncio.run(story())
    finally:
        asyncio.StreamReader, lines.serial.open = reader, opened
        if known is None:
            del sys.modules["machine"]
        else:
            sys.modules["machine"] = known


def test_a_recording_is_a_whole_wave_of_its_seconds_without_the_zeros_of_the_start():
    for size, most in ((1460, 300), (512, 10000), (101, 6)):
        I2S.most = most
        octets = record(2, size)
        meter = audio.meter("audio/x-wav")
        meter.feed(octets)
        assert meter.ms() == 2000 and len(octets) == 44 + 32000
        assert octets[:4] == b"RIFF" and int.from_bytes(octets[4:8], "little") == len(octets) - 8
        assert octets[20:36].hex() == "01000100401f0000803e000002001000"
        assert octets[44:50] == b"\0\0\1\0\2\0"
    made = I2S.made[-1]
    assert made.id == 1 and [made.words[name].number for name in ("sck", "ws", "sd")] == [4, 5, 6]
    assert [made.words[name] for name in ("mode", "bits", "format", "rate")] == ["rx", 16, "mono", 8000]


def test_a_microphone_that_gives_nothing_is_an_error():
    I2S.silent = True
    try:
        assert raises(ModemError, record, 1).text == "the microphone gives nothing"
    finally:
        I2S.silent = False
