"""A board whose flash deafens its lines: who writes waits for an answer, and news that get lost are asked for."""

import asyncio

from drivers.camera import vc0706
from drivers.modem.dialogue import Dialogue
from mms import clock, flash
from mms.advice import advice
from mms.errors import BearerError, CameraError
from tests.kit.checks import raises
from tests.kit.drivers.camera import SETTINGS, Camera
from tests.kit.drivers.scripted import Modem, Pipe, World, run
from tests.kit.drivers.sim800 import Peer, Profile, connected, drive, read_all
from tests.kit.pictures import jpeg

OCTETS_A_MS = 11  # 115200 baud
FIFO = 32  # octets that a UART keeps by itself
ERASE_MS = 45
PICTURE = jpeg("QVGA", 20002)
STATE = b'\r\n+CIPSTATUS: 0,0,"TCP","10.1.1.1","8080","%s"\r\n\r\nOK\r\n'


class Line(Pipe):
    """A pipe whose octets take their time; while the flash works those are lost that the UART cannot keep by itself."""

    def __init__(self, peer, world):
        super().__init__(peer)
        self._world, self._free = world, 0
        self._deaf = []  # [from, until, octets kept] for each time that the flash worked
        self.lost = 0

    def say(self, octets):
        octets = bytes(octets)
        for at in range(0, len(octets), OCTETS_A_MS):
            self._free = max(self._free, self._world.now) + 1
            self._send(octets[at : at + OCTETS_A_MS], self._free)

    def _send(self, piece, due):
        self._world.after(due - self._world.now, lambda: self._arrive(piece, due))

    def _arrive(self, octets, due):
        for work in self._deaf:
            if work[0] <= due < work[1]:
                room = min(FIFO - work[2], len(octets))
                work[2] += room
                self.lost += len(octets) - room
                octets = octets[:room]
        if octets:
            super().say(octets)

    def erase(self):
        """The flash works, and nothing else does."""
        now = self._world.now
        self._deaf = self._deaf[-3:] + [[now, now + ERASE_MS, 0]]
        self._world.busy(ERASE_MS)


def beside(peer, story, deafens):
    """(what `story(line)` gives while somebody writes all the time, octets that got lost, how often he wrote)."""
    world = World()
    line, erased = Line(peer, world), [0]

    async def write():
        while True:
            await flash.quiet()
            line.erase()
            erased[0] += 1
            await clock.sleep(20)

    async def whole():
        writer = asyncio.create_task(write())
        try:
            return await story(line)
        finally:
            writer.cancel()

    flash.deafens = deafens
    try:
        return run(whole(), world), line.lost, erased[0]
    finally:
        flash.deafens = False


async def shoot(line):
    line.set_baud = lambda baud: None
    got, buffer = b"", bytearray(1460)
    async with vc0706.drive(line, SETTINGS).capture("QVGA") as picture:
        octets = await picture.readinto(buffer)
        while octets:
            got += buffer[:octets]
            octets = await picture.readinto(buffer)
    return got


def test_a_picture_comes_whole_while_somebody_writes_to_the_flash_and_has_a_turn_at_each_block():
    camera = Camera(PICTURE, 115200)
    got, lost, erased = beside(camera, shoot, True)
    assert got == PICTURE and lost == 0 and erased >= camera.blocks > 10


def test_a_picture_that_lost_octets_blames_no_power():
    error = raises(CameraError, beside, Camera(PICTURE, 115200), shoot, False)
    assert "octets came" in str(error) and advice(error) and "power" not in advice(error)


def test_a_block_that_a_modem_gives_once_comes_whole_while_somebody_writes_to_the_flash():
    body = bytes(range(256)) * 5
    tables = ("\nread|receive|AT+READ|5|1|+READ:|OK\n",), (), ("\nOK|good\nERROR|bad\n",)

    async def story(line):
        dialogue = Dialogue(line, tables, lambda *_: None)
        dialogue.start()
        whole, target = 0, bytearray(1460)
        for _ in range(10):
            octets, _ = await dialogue.read_block("read", target, 0)
            whole += bytes(target[:octets]) == body
        dialogue.close()
        return whole

    peer = Modem({"AT+READ": b"\r\n+READ: 1280\r\n" + body + b"\r\nOK\r\n"})
    whole, lost, erased = beside(peer, story, True)
    assert (whole, lost) == (10, 0) and erased > 5
    raises(BearerError, beside, Modem(peer.answers), story, False)


def test_what_a_modem_said_and_nobody_heard_is_asked_for():
    peer = Peer(body=b"an answer" * 300)  # it never says that octets came, nor that the peer closed
    peer.answers["AT+CIPSTATUS=0"] = STATE % b"CLOSED"

    async def story(modem, pipe, said):
        stream, since = await connected(modem), clock.ticks()
        return await read_all(stream), clock.since(since)

    got, ms = drive(peer, story)
    assert got == b"an answer" * 300 and ms < 20000
    peer.body, flash.deafens = b"an answer" * 300, True
    try:
        got, ms = drive(peer, story)
    finally:
        flash.deafens = False
    assert got == b"an answer" * 300 and ms < 3000  # where much gets lost


def test_a_connection_that_is_up_or_refused_though_nobody_heard_so():
    for state in (b"CONNECTED", b"CLOSED"):
        asked = [STATE % b"CONNECTING", STATE % state]
        peer = Peer({"AT+CIPSTATUS=0": asked, 'AT+CIPSTART=0,"TCP","proxy.example",8080': b"\r\nOK\r\n"})

        async def story(modem, pipe, said):
            assert await modem.start() == "ready"
            await modem.attach(Profile())
            since = clock.ticks()
            try:
                await modem.open("proxy.example", 8080)
            except BearerError as error:
                return str(error), clock.since(since)
            return "up", clock.since(since)

        told, ms = drive(peer, story)
        assert ("up" if state == b"CONNECTED" else "refused") in told and ms < 20000 and not asked
