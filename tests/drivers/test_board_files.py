"""The files of boards as a PC reads them: their pins can work, and a person wires what the program drives."""

import types

import pytest

from tools.board import boards

WITH_PINS = boards.names()
WIRES = {  # part, its pin: constant and key
    ("modem", "RXD"): ("MODEM", "tx"),
    ("modem", "TXD"): ("MODEM", "rx"),
    ("camera", "RXD"): ("CAMERA", "tx"),
    ("camera", "TXD"): ("CAMERA", "rx"),
    ("display", "SDA"): ("DISPLAY", "sda"),
    ("display", "SCL"): ("DISPLAY", "scl"),
    ("button", "A"): ("BUTTON", "pin"),
}
SUPPLIES = {"GND", "3V3", "5V", "VBUS"}
PROGRAMMER = {"U0R", "U0T"}


@pytest.mark.parametrize("name", WITH_PINS)
def test_a_board_names_only_pins_that_can_work(name):
    assert boards.faults(name) == []


def test_a_board_with_pins_that_cannot_work_has_a_sentence_for_each(monkeypatch):
    board = types.SimpleNamespace(
        MODEM={"uart": 1, "tx": 34, "rx": 16},
        CAMERA={"uart": 2, "tx": 18, "rx": 16},
        _CHIP="esp32",
        _PSRAM=True,
        _FIRMWARE=("ESP32_GENERIC", "SPIRAM", 0x1000),
        _WIRING=(("modem", "RST", "12"), ("modem", "GND", "GND")),
    )
    monkeypatch.setattr(boards, "load", lambda name: board)
    faults = boards.faults("breadboard")
    assert len(faults) == 4
    for fault, words in zip(
        faults, ("MODEM rx: the PSRAM", "MODEM tx: it can only", "PSRAM", "key: held"), strict=True
    ):
        assert words in fault


@pytest.mark.parametrize("name", WITH_PINS)
def test_a_person_wires_the_pins_that_the_program_drives(name):
    board = boards.load(name)
    ends = [end for _, _, end in board._WIRING if end not in SUPPLIES]
    assert len(set(ends)) == len(ends)
    for part, pin, end in board._WIRING:
        if (part, pin) in WIRES:
            constant, key = WIRES[part, pin]
            assert boards.number(end) == getattr(board, constant)[key], (part, pin)
        elif (part, pin) == ("modem", "RST"):
            assert {row[0] for row in board._POWER} == {boards.number(end)}
        else:
            assert end in SUPPLIES | PROGRAMMER, (part, pin, end)
    for part in {part for part, _, _ in board._WIRING}:
        assert (part, "GND") in {row[:2] for row in board._WIRING} or part == "button"


@pytest.mark.parametrize("name", [*WITH_PINS, boards.PC])
def test_a_board_warns_of_its_power_and_says_that_nothing_was_tried(name):
    board = boards.load(name)
    assert " 2 A" in board._WARNING and board._WARNING.endswith(".")
    assert name == boards.PC or (board.__doc__.endswith("Not tried on hardware.") and board._SOURCES)
