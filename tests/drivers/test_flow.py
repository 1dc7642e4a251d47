"""Flow control by RTS and CTS: where both are wired, the modem first and then the line; without where it fails."""

from drivers import serial
from drivers.modem.sim800 import Sim800
from mms.advice import sentence
from mms.errors import ModemError, SettingsError
from mms.events import Events
from tests.kit.checks import raises
from tests.kit.drivers.boards import AsOnABoard, Pin, Uart
from tests.kit.drivers.scripted import Pipe, run
from tests.kit.drivers.sim800 import OK, Peer

RTS, CTS, DTR = 22, 21, 32
LINE = {"uart": 1, "tx": 27, "rx": 26, "rts": RTS, "cts": CTS, "dtr": DTR}


class Wired(Pipe):
    """A line with RTS and CTS: octets for the modem wait while its CTS is off, and ours for its RTS.

    `changes`: each change of the line, and each AT+IFC that the modem has taken, in their order; leads: False where the
    wires lead nowhere.
    """

    flow = False

    def __init__(self, modem, wanted=None, leads=True):
        super().__init__(self._carry)
        self.modem, self.leads, self.changes, self._held = modem, leads, [], b""
        self.settings = {} if wanted is None else {"flow": wanted}
        modem.line = self

    def set_flow(self, on):
        self.flow = on
        self.changes.append(on)
        held, self._held = self._held, b""
        answer = self._carry(held)
        if answer:
            self.say(answer)

    def _carry(self, octets):
        ready = self.leads and self.modem.controls  # of a modem without flow control CTS stands still
        if self.flow and not ready:
            self._held += octets
            return b""
        return self.modem(octets)


class Module(Peer):
    """A SIM800 that takes AT+IFC, or refuses it; `controls`: whether it has flow control now."""

    controls = False

    def __init__(self, takes=True):
        super().__init__()
        self.takes = takes

    def _answer(self, line):
        if line[:7] == "AT+IFC=" and self.takes:
            self.controls = line == "AT+IFC=2,2"
            self.line.changes.append(line)
        elif line[:7] == "AT+IFC=":
            self.lines.append(line)
            return b"\r\nERROR\r\n"
        return super()._answer(line)


def drive(pipe, story):
    """What a story gives on a started modem, and its events."""

    async def whole():
        said, events = [], Events()
        events.listen(said.append)
        modem = Sim800(pipe, events)
        try:
            assert await modem.start() == "ready"
            return await story(modem), said
        finally:
            modem.close()

    return run(whole())


async def nothing(modem):
    pass


def test_the_modem_is_told_first_and_then_the_line():
    for wanted in (None, True):
        pipe = Wired(Module(), wanted)
        _, said = drive(pipe, nothing)
        assert pipe.changes == ["AT+IFC=2,2", True] and said == []


def test_a_line_that_is_not_wired_or_not_wanted_is_left_alone():
    for pipe in (Wired(Module(), False), Pipe(Peer())):
        _, said = drive(pipe, nothing)
        assert b"IFC" not in pipe.written and said == []
    unknown = Wired(Module())
    unknown.flow = None  # a tty has such wires, and nobody knows where they lead
    drive(unknown, nothing)
    assert unknown.changes == []


def test_a_modem_that_forgot_it_with_its_power_is_heard_and_told_again():
    async def story(modem):
        pipe.modem.controls = False
        return await modem.start()

    pipe = Wired(Module())
    assert drive(pipe, story)[0] == "ready"
    assert pipe.changes == ["AT+IFC=2,2", True, False, "AT+IFC=2,2", True]


def test_a_modem_that_refuses_it_goes_on_without_and_that_is_told_once():
    async def story(modem):
        return await modem.start()

    for pipe, expected, text in (
        (Wired(Module(takes=False)), [], "the modem refused AT+IFC"),
        (
            Wired(Module(), leads=False),
            ["AT+IFC=2,2", True, False, "AT+IFC=0,0"] * 2,
            "nothing passes with RTS and CTS",
        ),
    ):
        state, said = drive(pipe, story)
        assert state == "ready" and pipe.changes == expected and not pipe.flow
        (event,) = said
        assert (event["event"], event["step"], event["final"]) == ("failed", "flow", False)
        assert text in str(event) and "modem.flow false" in str(event), event


def test_a_line_without_such_wires_is_an_error_of_the_settings():
    pipe = Pipe(Peer())
    pipe.settings = {"flow": True}
    error = raises(SettingsError, drive, pipe, nothing)
    assert error.key == "modem.flow" and "no RTS and CTS" in sentence(error)


def test_a_uart_keeps_rts_on_until_both_ends_use_it_and_again_afterwards():
    with AsOnABoard("esp32"):
        line = serial.open(LINE, 9600)
        uart = Uart.made[0]
        assert Pin.levels == [(DTR, 0), (RTS, 0)] and uart.wires == (None, None, 0) and line.flow is False
        line.set_baud(115200)
        line.set_flow(True)
        assert line.flow and uart.wires == (RTS, CTS, Uart.RTS | Uart.CTS) and uart.baudrate == 115200
        line.set_flow(False)
        assert Pin.levels[2:] == [(RTS, 0)] and uart.wires[2] == 0 and not line.flow
        assert line.set_dtr(False) and line.set_dtr(True) and Pin.levels[3:] == [(DTR, 1), (DTR, 0)]


def test_a_uart_with_one_of_the_wires_has_what_that_one_gives():
    with AsOnABoard("esp32"):
        line = serial.open({"uart": 1, "tx": 27, "rx": 26, "dtr": DTR}, 9600)
        assert line.flow is None and line.set_dtr(False)
        line = serial.open({"uart": 2, "tx": 18, "rx": 19, "cts": CTS, "rts": RTS}, 9600)
        assert line.flow is False and not line.set_dtr(False)
        assert serial.open({"uart": 1, "tx": 27, "rx": 26, "cts": CTS}, 9600).flow is None


def test_a_modem_that_answers_no_more_is_the_modem_s_error():
    module = Module()
    module.answers["AT+IFC=2,2"] = OK
    pipe = Wired(module)
    gone = []
    usual, pipe.set_flow = pipe.set_flow, lambda on: (usual(on), gone.append(on))
    pipe._carry_usual = pipe._peer
    pipe._peer = lambda octets: b"" if gone else pipe._carry_usual(octets)
    assert raises(ModemError, drive, pipe, nothing).step == "modem"
