"""A modem is switched off and on: by command while it answers, by its board where that has the pins."""

from drivers.modem.bg95 import Bg95
from drivers.modem.family import Family
from drivers.modem.sim800 import Sim800
from drivers.modem.sim7600 import Sim7600
from mms import clock
from mms.errors import ModemError
from tests.kit.checks import raises
from tests.kit.drivers.sim800 import OK, Peer, names, started

DOWN = {Sim800: b"\r\nNORMAL POWER DOWN\r\n", Sim7600: OK + b"\r\nPOWERD DOWN\r\n", Bg95: OK + b"\r\nPOWERED DOWN\r\n"}
OFF = {Sim800: "AT+CPOWD=1", Sim7600: "AT+CPOF", Bg95: "AT+QPOWD=1"}


class Module(Peer):
    """A modem with a power key: `told` are the commands and the moves of the board, from its start on."""

    def __init__(self, family, answers=()):
        super().__init__(answers)
        self.answers[OFF.get(family)] = self._go
        self.family, self.on, self.told = family, True, []

    def _go(self):
        self.on = False
        return DOWN[self.family]

    def _answer(self, line):
        if not self.on:
            return b""
        if line in OFF.values() or line[:7] == "AT+CFUN" or line == "AT+CRESET":
            self.told.append(line)
        return super()._answer(line)

    async def press(self):
        self.on = True
        self.told.append("on")

    async def cut(self):
        self.on = False
        self.told.append("off")


def play(family, story, board="on off", answers=()):
    """What was told to a modem and its board while the story ran, and its events."""
    peer, said = Module(family, answers), []
    power, off = peer.press if "on" in board else None, peer.cut if "off" in board else None

    async def whole(modem, pipe, heard):
        heard.clear()
        await story(modem, peer)
        said.extend(names(heard))

    started(whole, peer=peer, make=lambda pipe, events: family(pipe, events, power, off))
    return peer.told, said


async def cycle(modem, peer):
    await modem.power_cycle()
    assert not modem.ready and peer.on


async def leave(modem, peer):
    await modem.power_cycle(on=False)
    assert not modem.ready and not peer.on


def test_a_board_with_both_pins_switches_a_modem_off_that_was_told_before():
    for family in DOWN:
        assert play(family, cycle) == ([OFF[family], "off", "on"], [])
        assert play(family, leave)[0] == [OFF[family], "off"]


def test_a_board_that_can_only_reset_its_modem_does_not_switch_it_off_before():
    for family in DOWN:
        assert play(family, cycle, "on")[0] == ["on"]
        assert play(family, leave, "on")[0] == [OFF[family]]


def test_without_a_board_a_command_restarts_it_or_switches_it_off():
    assert play(Sim800, cycle, "")[0] == play(Bg95, cycle, "")[0] == ["AT+CFUN=1,1"]
    assert play(Sim7600, cycle, "")[0] == ["AT+CRESET"]
    assert play(Sim800, leave, "")[0] == ["AT+CPOWD=1"]
    assert "cannot be switched off" in str(raises(ModemError, play, Family, leave, ""))


def test_a_modem_that_answers_nothing_or_refuses_is_switched_off_by_the_board_soon():
    async def dead(modem, peer):
        peer.on = False
        since = clock.ticks()
        await modem.power_cycle()
        assert clock.since(since) < 5000

    assert play(Sim800, dead)[0] == ["off", "on"]
    refusing = {"AT+CPOWD=1": b"\r\nERROR\r\n"}
    peer = Module(Sim800, refusing)
    peer.answers.update(refusing)
    started(
        lambda modem, pipe, said: modem.power_cycle(), peer=peer, make=lambda p, e: Sim800(p, e, peer.press, peer.cut)
    )
    assert peer.told == ["AT+CPOWD=1", "off", "on"]
    error = raises(ModemError, started, lambda modem, pipe, said: modem.power_cycle(False), refusing)
    assert "refused AT+CPOWD" in str(error)


def test_one_that_was_left_off_is_switched_on_by_the_next_start():
    async def again(modem, peer):
        await leave(modem, peer)
        assert await modem.start() == "ready"

    assert play(Sim800, again)[0] == ["AT+CPOWD=1", "off", "on"]
