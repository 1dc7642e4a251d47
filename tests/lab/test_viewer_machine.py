"""Pages and their codes: who may see a message, how often a code may be wrong, and what its sender is told."""

import datetime

import pytest

from tests.kit.viewer import ALICE, DATE, DAY, ERIN, Relay, envelope
from tools.lab.network.viewer import machine

HOUR = 3600000


class Pages:
    """A viewer, whose texts are `sent`."""

    def __init__(self, relay=None):
        self.relay, self.sent = relay or Relay(), []
        self.contents = {}
        self.viewer = machine.Viewer(
            self.relay, self.sent.append, self.contents, "https://v.example", datetime.timezone.utc, b"secret"
        )

    def forward(self, **fields):
        """(id, code) of a message's page."""
        self.viewer.forward("d1", envelope(**fields), ERIN, 0)
        return self.text(self.sent[-1])

    def text(self, page):
        number, text = self.viewer.message(page)
        assert number == ERIN
        return page, text.split()[-1]

    def tries(self, page, code, count, now=0):
        """What so many tries of addresses of their own give."""
        return [self.viewer.enter(page, code, "10.0.0.%d" % number, now) for number in range(count)]


@pytest.fixture
def pages():
    return Pages()


def wrong(code):
    return "%08d" % ((int(code) + 1) % 10**8)


def test_a_delivery_is_handed_when_the_text_is_taken_and_retrieved_once_when_the_page_was_shown(pages):
    page, code = pages.forward(subject="secret words")
    assert pages.relay.told == []
    pages.viewer.texted(page, 0)
    pages.viewer.texted(page, 0)
    session = pages.viewer.enter(page, code, "10.0.0.1", 1000)
    row, octets = pages.viewer.see(page, session, 2000)
    assert (row["sender"], row["subject"], octets) == (ALICE, "secret words", envelope().content)
    pages.viewer.shown(page, 2000)
    pages.viewer.shown(page, 3000)
    assert pages.relay.told == [("handed", "d1"), ("Retrieved", "d1")]


def test_the_text_has_no_words_of_the_sender_and_not_his_number_where_he_hides_it(pages):
    pages.forward(subject="secret words", hidden=True)
    _, text = pages.viewer.message(pages.sent[-1])
    assert "secret" not in text and ALICE not in text and "from a hidden number." in text
    assert ALICE not in str(pages.relay.store.all("page"))


def test_a_code_opens_once_and_its_session_lasts_half_an_hour(pages):
    page, code = pages.forward()
    session = pages.viewer.enter(page, code, "10.0.0.1", 0)
    assert pages.viewer.enter(page, code, "10.0.0.1", 0) is None
    assert pages.viewer.see(page, session, 1799000) and pages.viewer.see(page, session, 1800000) is None
    assert pages.viewer.see(page, "", 0) is pages.viewer.see(page, "other", 0) is None
    assert pages.viewer.see("0" * 12, session, 0) is None


def test_five_wrong_codes_lock_a_page_until_a_new_code_comes(pages):
    page, code = pages.forward()
    assert pages.tries(page, wrong(code), 4) == [None] * 4
    assert pages.viewer.enter(page, code, "10.0.1.1", 0)
    page, code = pages.text(page)
    assert pages.tries(page, wrong(code), 5) == [None] * 5
    assert pages.viewer.enter(page, code, "10.0.1.1", 0) is None
    pages.viewer.ask(page, "10.0.1.1", 0)
    page, code = pages.text(pages.sent[-1])
    assert pages.viewer.enter(page, code, "10.0.1.1", 0)


def test_twenty_wrong_codes_in_an_hour_stop_an_address_whatever_it_tries(pages):
    page, code = pages.forward()
    for number in range(20):
        assert pages.viewer.enter("%012d" % number, code, "10.0.0.1", number) is None
    with pytest.raises(machine.Busy):
        pages.viewer.enter(page, code, "10.0.0.1", 20)
    with pytest.raises(machine.Busy):
        pages.viewer.ask(page, "10.0.0.1", HOUR - 1)
    assert pages.viewer.enter(page, code, "10.0.0.1", HOUR + 20)


def test_right_codes_do_not_count_as_tries(pages):
    page, code = pages.forward()
    for _ in range(25):
        assert pages.viewer.enter(page, code, "10.0.0.1", 0)
        page, code = pages.text(page)


def test_a_thousand_wrong_codes_from_anywhere_open_nothing_and_are_told(pages):
    page, code = pages.forward()
    for number in range(1000):
        assert pages.viewer.enter(page, "%08d" % number, "10.0.%d.%d" % divmod(number, 250), number) is None
    assert pages.viewer.enter(page, code, "10.9.0.1", 2000) is None  # locked
    told = [entry["what"] for entry in pages.relay.journal]
    assert told == ["wrong code"] * 1001 and code not in str(pages.relay.journal)


def test_three_new_codes_a_day(pages):
    page, code = pages.forward()
    first = len(pages.sent)
    for number in range(5):
        pages.viewer.ask(page, "10.0.0.%d" % number, number)
    assert pages.sent[first:] == [page] * 3
    pages.viewer.ask(page, "10.0.0.9", DAY * 1000 + 10)
    assert len(pages.sent) == first + 4
    pages.viewer.ask("0" * 12, "10.0.0.9", DAY * 1000 + 10)
    assert len(pages.sent) == first + 4


def test_the_store_has_no_code_and_no_session(pages):
    page, code = pages.forward()
    kept = str(pages.relay.store.all("page"))
    session = pages.viewer.enter(page, code, "10.0.0.1", 0)
    assert code not in kept and session not in str(pages.relay.store.all("page"))


def test_a_message_that_nobody_saw_expires_and_leaves_nothing(pages):
    page, code = pages.forward(expires=DATE + 600)
    pages.viewer.texted(page, 0)
    assert pages.viewer.due == 600000
    pages.viewer.advance(599999)
    assert pages.viewer.enter(page, code, "10.0.0.1", 599999)
    pages.viewer.advance(600000)
    assert pages.relay.told[-1] == ("Expired", "d1") and pages.viewer.due is None
    assert not pages.contents and not pages.relay.store.all("page")
    assert pages.viewer.enter(page, code, "10.0.0.1", 600000) is None and pages.viewer.message(page) is None


def test_a_message_that_was_shown_ends_without_another_report(pages):
    page, code = pages.forward()
    pages.viewer.enter(page, code, "10.0.0.1", 0)
    pages.viewer.shown(page, 0)
    pages.viewer.advance(8 * DAY * 1000)
    assert pages.relay.told == [("Retrieved", "d1")]


def test_a_number_that_the_sms_centre_does_not_know_is_unrecognised(pages):
    page, _ = pages.forward()
    pages.viewer.unreachable(page, 0)
    assert pages.relay.told == [("Unrecognised", "d1")] and not pages.contents


def test_after_a_restart_a_page_goes_on_and_a_delivery_that_comes_again_is_texted_once(pages):
    page, code = pages.forward()
    again = Pages(pages.relay)
    again.contents.update(pages.contents)
    again.viewer.forward("d1", envelope(), ERIN, 0)
    assert again.sent == [page]
    session = again.viewer.enter(page, code, "10.0.0.1", 0)
    again.viewer.texted(page, 0)
    third = Pages(pages.relay)
    third.contents.update(pages.contents)
    third.viewer.forward("d1", envelope(), ERIN, 0)
    assert third.sent == [] and third.viewer.see(page, session, 0)


def test_a_link_in_a_message_opens_a_page_that_reports_nothing(pages):
    url, _, code = pages.viewer.link(ERIN, envelope(), 0).split()
    page = url.rpartition("/")[2]
    assert pages.viewer.enter(page, code, "10.0.0.1", 0) and pages.sent == []
    pages.viewer.shown(page, 0)
    pages.viewer.advance(8 * DAY * 1000)
    assert pages.relay.told == []
