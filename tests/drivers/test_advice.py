"""What a person is told to do fits what failed, for every step of the driver and the codes of its modem."""

import sys

from drivers.modem.dialogue import make_error
from mms.advice import advice
from mms.errors import BearerError, CameraError, ModemError, SimError
from mms.events import Events
from tests.kit.drivers.sim800 import COMMANDS, Profile, failed, started


def rows():
    """(name, step, command) of every command of the driver."""
    for table in COMMANDS:
        for row in table.strip("\n").split("\n"):
            name, step, line = row.split("|")[:3]
            yield name, step, line


def test_every_step_has_an_advice_for_silence_and_for_a_refusal():
    steps = {step for _, step, _ in rows()}
    assert steps == {"modem", "sim", "register", "attach", "context", "connect", "send", "receive", "sms"}
    for step in sorted(steps) + ["line", "read"]:
        for code, text in ((None, ""), (100, "the modem refused AT+X"), (None, "the modem refused AT+X")):
            assert advice(make_error(step, code, text)), (step, code, text)


def test_a_command_that_a_modem_does_not_know_is_no_fault_of_the_settings_for_the_network():
    async def story(modem, pipe, said):
        (error,) = await failed(modem.attach(Profile()))
        return error

    for command in ("AT+CIPSHUT", "AT+CIPMUX=1", "AT+CIPRXGET=1", "AT+CIPQSEND=1"):
        for answer in (b"\r\n+CME ERROR: 100\r\n", b"\r\nERROR\r\n"):
            error = started(story, {command: answer})
            assert command.split("=")[0] in str(error) and "modem.family" in advice(error)
    error = started(story, {"AT+CIICR": b"\r\n+CME ERROR: 100\r\n"})
    assert "check apn" in advice(error)


def test_codes_lead_to_what_can_be_done():
    for step, code, word in (
        ("sim", 10, "contact"),
        ("sim", 14, "wait"),
        ("sim", 16, "PIN"),
        ("register", 2, "coverage"),
        ("register", 3, "type scan"),
        ("register", 13, "check the SIM"),
        ("register", 112, "refuses"),
        ("attach", 107, "data service"),
        ("attach", 148, "wait"),
        ("attach", 100, "data service"),
        ("context", 148, "check apn"),
        ("context", 149, "user and password"),
        ("context", 133, "data service"),
        ("context", 134, "wait"),
        ("connect", None, "proxy and mmsc"),
        ("sms", 28, "number"),
        ("sms", 38, "later"),
        ("sms", 50, "operator"),
        ("sms", 322, "delete"),
        ("sms", 330, "centre"),
        ("line", 2, "path"),
        ("line", 13, "may not open"),
        ("line", 16, "another program"),
    ):
        kind = make_error(step, code, "the modem refused AT+X")
        assert word in advice(kind), (step, code, advice(kind))
        assert advice(kind, True).endswith("; the message waits")


def test_silence_a_reset_and_a_refusal_are_three_things():
    silent, reset = advice(ModemError("modem")), advice(ModemError("modem", None, "the modem was reset"))
    refused = advice(ModemError("modem", 100, "the modem refused AT+CIPSHUT"))
    assert len({silent, reset, refused}) == 3
    assert "serial line" in silent and "starts it again" in reset and "family" in refused
    assert "serial line" in advice(SimError("modem"))
    assert "another program" in advice(CameraError("line", 11, "cannot open x"))


def test_a_reset_in_the_middle_of_a_transfer_is_told_as_want_of_power():
    for step, text in (
        ("send", "the modem was reset: RDY"),
        ("receive", "the modem was reset"),  # it fell silent
        ("receive", "the modem was reset: +CPIN: READY"),  # it says no RDY while it finds its speed
        ("sms", "the modem was reset: UNDER-VOLTAGE POWER DOWN"),
        ("register", "the modem was reset: UNDER_VOLTAGE POWER DOWN"),
    ):
        said = advice(BearerError(step, None, text))
        assert "supply" in said and "2 A" in said and "470 to 1000 uF" in said, (step, text)
    for step, text in (
        ("register", "the modem was reset: RDY"),
        ("send", "the modem was restarted"),  # by a command
        ("send", "the modem was reset: +CPIN: NOT INSERTED"),
    ):
        assert "1000 uF" not in advice(BearerError(step, None, text)), (step, text)


class Starved:
    """The room of advice where no memory is left for it."""

    @staticmethod
    def advice(error, waits):
        raise MemoryError


def test_a_failure_is_told_without_advice_where_there_is_no_memory_for_one():
    said, events = [], Events()
    events.listen(said.append)
    usual, sys.modules["mms.advice"] = sys.modules.get("mms.advice"), Starved
    try:
        events.fail(ModemError("modem"))
    finally:
        if usual:
            sys.modules["mms.advice"] = usual
        else:
            sys.modules.pop("mms.advice", None)
    events.fail(ModemError("modem"))
    assert [event["advice"] for event in said] == ["", "check power and the serial line of the modem"]


def test_on_a_board_the_advice_goes_out_of_memory_again():
    Events().fail(ModemError("modem"))
    assert ("mms.advice" in sys.modules) == (sys.implementation.name != "micropython")
