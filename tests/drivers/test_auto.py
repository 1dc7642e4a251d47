"""A modem whose family and speed nobody told: found, named, swapped, or one line that says why not."""

from drivers.modem.auto import Auto
from mms.advice import sentence
from mms.errors import ModemError
from mms.events import Events
from tests.kit.checks import raises
from tests.kit.drivers.scripted import Pipe, run
from tests.kit.drivers.sim800 import OK, Peer, names

SIM800 = b"\r\nSIM800 R14.18\r\n", b"\r\nSIMCOM_SIM800L\r\n"
A7670 = (
    b"\r\nManufacturer: SIMCOM INCORPORATED\r\nModel: A7670E-FASE\r\nRevision: A7670M7_V1.11.1\r\nIMEI: 35160200\r\n",
    b"\r\nA7670E-FASE\r\n",
)
M95 = b"\r\nQuectel_Ltd\r\nQuectel_M95\r\nRevision: M95FAR02A08\r\n", b"\r\nQuectel_M95\r\n"
BG95 = b"\r\nQuectel\r\nBG95-M3\r\nRevision: BG95M3LAR02A03\r\n", b"\r\nBG95-M3\r\n"


class Module(Peer):
    """A modem at a speed of its own: what another one says is noise to both ends.

    bears: the fastest speed at which its answers arrive whole; lost: how many commands it misses first; `pipe` is set
    by `drive`.
    """

    def __init__(self, says=SIM800, baud=115200, bears=460800, lost=0):
        super().__init__({"ATI": says[0] + OK, "AT+CGMM": says[1] + OK})
        self.baud, self.bears, self.lost = baud, bears, lost
        self.echo = True
        self.dead = False

    def __call__(self, octets):
        if self.dead:
            return b""
        if self.pipe.baud != self.baud:
            return b"\xf8\x00\x80"[: len(octets)]
        return super().__call__(octets)

    def _answer(self, line):
        if self.lost:
            self.lost -= 1
            return b""
        if line[:7] == "AT+IPR=":
            self.baud = int(line[7:])
        if line == "ATE0":
            self.echo = False
        answer = super()._answer(line)
        whole = self.baud <= self.bears or len(answer) < 20
        return answer if whole else answer.replace(b"\r\nOK", b"\r\n\xc8")


class Line(Pipe):
    def __init__(self, module, baud):
        super().__init__(lambda octets: self.module(octets))
        self.module, self.baud = module, baud
        module.pipe = self

    def set_baud(self, baud):
        self.baud = baud

    def swap(self, module):
        module.pipe, self.module = self, module


def drive(module, story=None, baud=115200, power=None, family=None):
    """(what a story gives, events, line) on a modem that is found and started."""

    async def whole():
        said, events, line = [], Events(), Line(module, baud)
        events.listen(said.append)
        modem = Auto(line, events, power, None, family)
        try:
            assert await modem.start() == "ready"
            return await story(modem, line) if story else None, said, line
        finally:
            modem.close()

    return run(whole())


def test_the_family_is_found_by_what_the_modem_says_of_itself():
    for says, family, model in (
        (SIM800, "sim800", "SIM800"),
        ((b"\r\nSIM900 R11.0\r\n", b"\r\nSIMCOM_SIM900\r\n"), "sim800", "SIM900"),
        (A7670, "sim7600", "A7670E-FASE"),
        ((b"\r\nERROR?\r\n", b"\r\nSIMCOM_SIM7600E-H\r\n"), "sim7600", "SIM7600E-H"),
        (BG95, "bg95", "BG95-M3"),
        ((b"\r\nQuectel\r\nEC25\r\nRevision: EC25EFAR06A06M4G\r\n", b"\r\nEC25\r\n"), "bg95", "EC25"),
        (M95, "m66", "M95"),
        ((b"\r\nSARA-G350-02S-01\r\n", b"\r\nSARA-G350\r\n"), "sara", "SARA-G350-02S-01"),
        ((b"\r\nManufacturer: u-blox\r\n", b"\r\nSARA-R410M-02B\r\n"), "sara", "SARA-R410M-02B"),
    ):
        _, said, _ = drive(Module(says))
        assert [(event["family"], event["model"]) for event in said] == [(family, model)]


def test_the_speed_is_found_and_made_the_one_of_the_settings():
    for baud in (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600):
        for lost in (0, 2):
            module = Module(baud=baud, bears=921600, lost=lost)
            _, said, line = drive(module)
            assert line.baud == module.baud == 115200 and names(said) == ["modem_found"], (baud, lost)
            assert module.lines.count("AT+IPR=115200") == (baud != 115200)


def test_the_search_begins_with_the_family_of_the_board_and_does_not_end_there():
    for says, family, found in (
        (SIM800, "sim800", []),
        (A7670, "sim800", ["sim7600"]),
        (SIM800, "sim7600", ["sim800"]),
    ):
        module = Module(says)
        _, said, _ = drive(module, family=family)
        assert [event["family"] for event in said] == found


def test_a_line_that_does_not_bear_the_speed_of_the_settings_goes_back_and_stays_there():
    async def again(modem, line):
        assert line.baud == 38400
        return await modem.start()

    module = Module(baud=38400, bears=115200)
    state, _, line = drive(module, again, baud=460800)
    assert state == "ready" and line.baud == module.baud == 38400 and module.lines.count("AT+IPR=460800") == 1


def test_a_family_gets_no_higher_speed_than_it_has():
    for says, baud in ((SIM800, 460800), (A7670, 921600), (M95, 115200)):
        module = Module(says, bears=921600)
        _, said, line = drive(module, baud=921600)
        assert line.baud == module.baud == baud and [event["baud"] for event in said] == [baud]


def test_a_modem_that_refuses_another_speed_is_used_at_its_own():
    module = Module(baud=9600)
    module._answer = lambda line: b"\r\nERROR\r\n" if line[:7] == "AT+IPR=" else Module._answer(module, line)
    _, _, line = drive(module)
    assert line.baud == module.baud == 9600


def test_a_replaced_module_of_another_family_is_found_when_it_starts_and_keeps_the_messages():
    async def story(modem, line):
        sms = modem.sms
        for says, baud, rat in ((A7670, 9600, "LTE"), (SIM800, 115200, "GSM"), (BG95, 57600, "LTE")):
            line.swap(Module(says, baud))
            line.say(b"\r\nRDY\r\n")
            assert await modem.start() == "ready" and modem.sms is sms and modem.RAT == rat
        async for sms in modem.sms:
            if sms is None:
                return (await modem.network()).status

    status, said, _ = drive(Module(), story)
    assert status == "roaming"
    assert [event["family"] for event in said if event["event"] == "modem_found"] == [
        "sim800",
        "sim7600",
        "sim800",
        "bg95",
    ]


def test_a_board_switches_a_modem_that_is_silent_at_every_speed():
    async def power():
        module.dead = False

    module = Module(baud=9600)
    module.dead = True
    assert drive(module, power=power)[2].baud == 115200


def test_a_dead_line_a_wrong_speed_and_an_unknown_modem_are_one_clear_line_each():
    dead = Module()
    dead.dead = True
    garbled = Module(baud=1800000)
    unknown = Module((b"\r\nMANUFACTURER SIMCOM\r\n", b"\r\nSIM7080G\r\n"))
    for module, step, text, hint in (
        (dead, "modem", "nothing was heard, at any speed from 9600 to 921600 bit/s", "power and the serial line"),
        (garbled, "baud", "octets were heard and no answer, at any speed", "AT+IPR"),
        (unknown, "family", "which says: MANUFACTURER SIMCOM, SIM7080G", "modem.family"),
    ):
        error = raises(ModemError, drive, module)
        assert error.step == step and text in str(error) and hint in sentence(error), sentence(error)
    assert "says: nothing" in str(raises(ModemError, drive, Module((b"", b""))))


def test_a_modem_that_answers_nowhere_after_its_power_key_is_told_as_dead():
    async def power():
        pressed.append(module)

    module, pressed = Module(), []
    module.dead = True
    assert raises(ModemError, drive, module, power=power).step == "modem" and pressed == [module]


def test_a_modem_that_refuses_even_to_be_asked_is_told_so_and_is_not_sought_at_other_speeds():
    module = Module()
    module._answer = lambda line: b"\r\nERROR\r\n"
    error = raises(ModemError, drive, module)
    assert "refused AT" in str(error) and module.pipe.baud == 115200


def test_a_modem_that_says_ok_to_a_speed_and_takes_another_is_found_again():
    def answer(line):
        said = Module._answer(module, line)
        if line[:7] == "AT+IPR=":
            module.baud = 57600
        return said

    module = Module(baud=9600)
    module._answer = answer
    assert drive(module)[2].baud == 57600 and module.lines.count("AT+IPR=115200") == 1


def test_flow_control_is_off_while_a_modem_is_sought():
    class Wired(Line):
        flow, told = True, []

        def set_flow(self, on):
            self.told.append((on, self.module.lines[:1]))

    async def story():
        line = Wired(Module(), 115200)
        modem = Auto(line, Events(), None)
        try:
            return await modem.start(), line.told[0]
        finally:
            modem.close()

    assert run(story()) == ("ready", (False, []))
