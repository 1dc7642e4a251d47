"""The text that says where a message is: one short message, and nothing of the sender's in it."""

import datetime
import zoneinfo

import pytest

from mms.codec import gsm7
from tests.kit.viewer import ALICE, DATE, DAY
from tools.lab.network.viewer import codes, text

URL = "https://v.o2.example/7K3M9QXW2FHT"
UTC = datetime.timezone.utc


def test_the_text_has_the_form_that_handsets_know():
    assert text.write(ALICE, DATE + 7 * DAY, UTC, URL, "48213907") == (
        "Media message from +447700900001. See it until 3 Feb: https://v.o2.example/7K3M9QXW2FHT code 48213907"
    )
    assert text.write(text.HIDDEN, DATE, UTC, URL, "1").startswith("Media message from a hidden number. See it until")


def test_the_day_is_that_of_the_operator():
    end = DATE + 4 * DAY + 15 * 3600 - 1  # 31 January, 23:59:59 UTC
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    assert "until 31 Jan:" in text.write(ALICE, end, UTC, URL, "1")
    assert "until 1 Feb:" in text.write(ALICE, end, berlin, URL, "1")


@pytest.mark.parametrize("sender", ["x" * 300 + "@mail.example", "{}[]~^" * 20 + "@mail.example", "пётр@почта.example"])
def test_long_and_foreign_addresses_leave_it_one_short_message(sender):
    made = text.write(sender, DATE, UTC, URL, "48213907")
    assert len(gsm7.encode(made)) <= 160 and made.endswith(URL + " code 48213907")


def test_a_quoted_address_smuggles_no_words_and_no_link_into_the_text():
    made = text.write('"win at https://evil.example/ now"@mail.example', DATE, UTC, URL, "1")
    assert made.startswith("Media message from ?win?at?https???evil.example??now?@mail.example. See it until")
    assert made.count("://") == 1


def test_a_url_without_room_for_anything_is_refused():
    with pytest.raises(ValueError, match="a URL of 130 characters"):
        text.write(ALICE, DATE, UTC, "https://v.o2.example/" + "x" * 109, "48213907")


def test_ids_and_codes_are_read_as_people_type_them():
    made = codes.make_id()
    assert len(made) == 12 and codes.read_id(made.lower()) == made and made != codes.make_id()
    assert codes.read_id("7k3m9qxw2fho") == codes.read_id("7K3M9QXW2FH0") == "7K3M9QXW2FH0"
    assert codes.read_id("il" + "0" * 10) == "11" + "0" * 10
    for wrong in ("", "7K3M9QXW2FH", "7K3M9QXW2FHT0", "7K3M9QXW2FHU", "../../passwd"):
        assert codes.read_id(wrong) == ""
    assert codes.read_code(" 4821 39-07\n") == "48213907" and len(codes.make_code()) == 8
