"""docs/power.md: its tables are those of the tool, and grow with what they are computed from."""

import pytest

from tools import bound, energy


def test_the_document_has_the_tables_of_the_tool():
    text = energy.FILE.read_text("utf-8")
    assert text == energy.document(text), "python -m tools.energy --write"
    assert "nothing was measured" in text


@pytest.mark.parametrize("family", sorted(energy.RADIOS))
def test_a_larger_picture_takes_more_and_no_picture_less_than_its_transmission(family):
    for radio in energy.RADIOS[family]:
        found = [energy.picture(family, radio, octets) for octets in energy.PICTURES]
        assert found == sorted(found)
        for octets, (seconds, mah) in zip(energy.PICTURES, found, strict=True):
            sent = bound.upload(octets, radio, family=family)
            assert seconds > sent and mah > sent * energy.sending(family, radio) / 3600


def test_sixteen_kilobytes_over_class_10_by_hand():
    # 2 slots of CS-2 carry 2,550 octets a second, so 16 kB take some 7 s; with attach, opening and answer some 12 s of
    # 386 mA, and 14 s of 50 mA for the board.
    seconds, mah = energy.picture("sim800", "gprs-10-cs2", 16000)
    assert 12 < seconds < 16 and 1.2 < mah < 1.9


@pytest.mark.parametrize("family", sorted(energy.RADIOS))
def test_a_day_is_shorter_for_each_part_that_sleeps(family):
    none, modem, both = (
        energy.day(family, False),
        energy.day(family, True),
        energy.day(family, True, board_sleeps=True),
    )
    assert none > modem > 5 * both > 24 * 5 * energy.current(family, "asleep")


def test_each_current_names_its_source():
    assert all(milliamperes > 0 and len(source) > 10 for milliamperes, source in energy.CURRENTS.values())
