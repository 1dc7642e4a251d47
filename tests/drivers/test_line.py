"""A serial line that is pulled out and plugged in again, under the driver: in virtual time."""

import asyncio

from drivers.camera import vc0706
from drivers.modem.sim800 import Sim800
from mms import clock
from mms.errors import BearerError, CameraError, LineLost, ModemError
from mms.events import Events
from tests.kit.drivers.camera import SETTINGS, Camera
from tests.kit.drivers.scripted import Pipe, run
from tests.kit.drivers.sim800 import HELD, Peer, Profile, connected, message, names
from tests.kit.pictures import jpeg

PICTURE = jpeg("QVGA", 3002)


class Line(Pipe):
    """A line that can be pulled out: reads end, writes fail, and `reopen` waits until it is plugged in.

    pulled_at: the write at which it is pulled out by itself.
    """

    returns = True

    def __init__(self, peer, size=64, pulled_at=None):
        super().__init__(peer, size)
        self.writes, self.pulled_at, self.reopened = 0, pulled_at, 0
        self.baud, self._there = None, True

    def pull(self):
        self._there = False
        self._waiting = bytearray()
        self.close()

    def plug(self):
        self._there = True

    async def reopen(self):
        while not self._there:
            await clock.sleep(1000)
        self._closed = False
        self.reopened += 1

    async def write(self, buf):
        self.writes += 1
        if self.writes == self.pulled_at:
            self.pull()
        if self._closed:
            raise OSError(5)
        await super().write(buf)

    def set_baud(self, baud):
        if self._closed:
            raise OSError(5)
        self.baud = baud


def drive(story, answers=(), pulled_at=None):
    """Run `story(modem, line, peer, what was said)`: what it returns."""

    async def whole():
        peer, said, events = Peer(answers), [], Events()
        events.listen(said.append)
        line = Line(peer, pulled_at=pulled_at)
        modem = Sim800(line, events)
        try:
            return await story(modem, line, peer, said)
        finally:
            modem.close()

    return run(whole())


def test_a_line_that_was_pulled_out_ends_what_is_under_way_and_is_waited_for():
    async def story(modem, line, peer, said):
        stream = await connected(modem)
        waiting = asyncio.create_task(message(modem))
        peer.acknowledges = False
        writing = asyncio.create_task(stream.write(bytes(20000)))
        await asyncio.sleep(1)
        line.pull()
        errors = []
        for verb in (writing, modem.network(), modem.start(), modem.open("proxy.example", 8080)):
            try:
                await verb
            except ModemError as error:
                errors.append(error)
        await asyncio.sleep(3 * 3600)
        assert not waiting.done()
        peer.acknowledges = True
        line.plug()
        await asyncio.sleep(2)
        again = await connected(modem)
        await again.write(b"GET")
        await again.drain()
        line.say(b'\r\n+CMTI: "SM",4\r\n')
        return errors, again.accepted, (await waiting).index, names(said)

    errors, accepted, index, said = drive(story, {"AT+CMGR=4": HELD})
    assert isinstance(errors[0], BearerError) and "pulled out" in str(errors[0])
    assert [isinstance(error, LineLost) for error in errors[1:]] == [True, True, False]
    assert isinstance(errors[3], BearerError) and (accepted, index) == (3, 4)
    up = ["attached", "context_up", "connected"]
    assert said == up + ["line_lost", "line_back"] + up


def test_a_line_that_is_pulled_out_at_any_command_ends_it_with_an_error_and_no_other_harm():
    async def usual(modem, line, peer, said):
        await connected(modem)
        return line.writes

    async def story(modem, line, peer, said):
        try:
            await asyncio.wait_for(connected(modem), 900)
            raise AssertionError("it went on")
        except ModemError:
            pass
        line.pulled_at = None
        await asyncio.sleep(2)
        line.plug()
        await asyncio.sleep(2)
        stream = await connected(modem)
        await stream.write(b"GET")
        await stream.drain()
        return stream.accepted, names(said).count("line_lost"), names(said).count("line_back")

    for at in range(1, drive(usual) + 1):
        assert drive(story, pulled_at=at) == (3, 1, 1), at


def test_half_an_answer_of_the_old_line_is_not_part_of_the_new_one():
    async def story(modem, line, peer, said):
        await modem.start()
        line.say(b"\r\n+CIPRXGET: 2,0,1460,0\r\nabc\r\n+CMTI: ")
        await asyncio.sleep(0.1)
        line.pull()
        await asyncio.sleep(2)
        line.plug()
        await asyncio.sleep(2)
        await modem.start()
        return (await modem.sim()).home

    assert drive(story) == "310260"


async def shoot(camera):
    got, buffer = b"", bytearray(512)
    async with camera.capture("QVGA") as picture:
        octets = await picture.readinto(buffer)
        while octets:
            got += buffer[:octets]
            octets = await picture.readinto(buffer)
    return got


def test_the_line_of_a_camera_is_opened_again_for_the_next_picture():
    async def story():
        peer = Camera(PICTURE)
        line = Line(peer)
        camera, errors = vc0706.drive(line, SETTINGS), []
        assert await shoot(camera) == PICTURE
        for when in ("between", "within"):
            line.pulled_at = line.writes + 6 if when == "within" else None
            if when == "between":
                line.pull()
            for _ in range(2):
                try:
                    await shoot(camera)
                except CameraError as error:
                    errors.append((error.step, str(error)))
            line.pulled_at = None
            line.plug()
            assert await shoot(camera) == PICTURE
        return errors, line.reopened

    errors, reopened = run(story())
    assert len(errors) == 4 and all(step == "line" for step, _ in errors) and reopened == 2
    assert "pulled out" in errors[1][1]


def test_a_line_that_cannot_come_back_is_the_end():
    async def story(modem, line, peer, said):
        line.returns = False
        await modem.start()
        waiting = asyncio.create_task(message(modem))
        line.pull()
        try:
            await waiting
        except ModemError as error:
            return isinstance(error, LineLost), error.step, names(said), line.reopened

    assert drive(story) == (False, "line", [], 0)


def test_a_profile_is_attached_anew_after_the_line_was_gone():
    async def story(modem, line, peer, said):
        await connected(modem)
        line.pull()
        await asyncio.sleep(2)
        line.plug()
        await asyncio.sleep(2)
        await modem.start()
        await modem.attach(Profile())
        return peer.lines.count("AT+CIICR")

    assert drive(story) == 2


def test_a_line_that_is_pulled_out_while_flow_or_sleep_is_agreed_on_or_the_modem_goes_off_is_told_as_such():
    async def story(modem, line, peer, said):
        async def agree():
            line.settings = {"flow": True, "sleep": True}
            line.set_flow = lambda on: setattr(line, "flow", on)
            await modem.start()

        async def leave():
            await modem.start()
            await modem.power_cycle(on=False)

        peer.answers[command] = lambda: (line.pull(), b"")[1]
        lost = False
        try:
            await (leave if "CPOWD" in command else agree)()
        except LineLost:
            lost = True
        return lost, "failed" in names(said)

    commands = ["AT+IFC=2,2", "AT+CSCLK=2", "AT+CPOWD=1"]
    while commands:
        command = commands.pop()
        assert drive(story) == (True, False), command
