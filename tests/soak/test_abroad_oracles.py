"""The oracles of sessions with a journey abroad see what they are there for."""

import pytest

from mms.handset.carrying import abroad, answers, bearer
from mms.handset.receiving import expiry, noting
from tests.kit.soak import broken


@pytest.mark.parametrize(
    "name, allow, said",
    (
        ("_about_item", lambda bearer, rules, item, where: "", "and roaming.send is"),
        ("_about_network", lambda rules, where: "", "which is forbidden"),
        ("postpone", lambda bearer, item, network: "", "and retrieve.roaming is"),
        ("spend", lambda bearer, octets, answers=False: True, "octets in a day"),
    ),
)
def test_something_that_the_settings_do_not_allow(monkeypatch, name, allow, said):
    monkeypatch.setattr(abroad, name, allow)
    assert said in broken("abroad", 60)


def test_a_message_that_waits_while_the_mmsc_does_not_know(monkeypatch):
    async def defer(bearer, settings, item, why, abroad):
        noting.note_deferred(item, why, abroad)

    monkeypatch.setattr(answers, "defer", defer)
    assert "deferred: the MMSC does not know" in broken("abroad")


def test_a_choice_without_its_reason(monkeypatch):
    monkeypatch.setattr(abroad, "hold", lambda item, error, events: events.say("held", id=item.id, why="abroad"))
    assert "for the reason 'abroad'" in broken("abroad")


def test_a_choice_that_nobody_is_told(monkeypatch):
    monkeypatch.setattr(abroad, "hold", lambda item, error, events: None)
    assert "held: alice was not told" in broken("abroad", 60)


def test_a_message_that_nobody_fetches_at_home(monkeypatch):
    async def away(inbox, bearer):
        return False

    monkeypatch.setattr(expiry, "_is_home", away)
    assert "late" in broken("abroad")


def test_a_message_that_expires_while_there_is_time(monkeypatch):
    monkeypatch.setattr(expiry, "_age", lambda inbox, item, passed: inbox.events.say("expired", id=item.id))
    assert "was not fetched in time" in broken("abroad")


def test_a_message_that_is_announced_again_every_minute_or_never(monkeypatch):
    monkeypatch.setattr(expiry, "_remind", lambda inbox, item, hours: None)
    assert "was not announced again" in broken("abroad")
    monkeypatch.setattr(expiry, "_remind", lambda inbox, item, hours: inbox.events.say("expiring", id=item.id))
    assert "was announced again twice" in broken("abroad")


def test_a_network_that_is_left_chosen_by_hand(monkeypatch):
    async def rest(self, events):
        pass

    monkeypatch.setattr(bearer.Bearer, "rest", rest)
    assert "a network is chosen by hand" in broken("abroad")
