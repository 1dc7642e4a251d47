"""Subscribers of the lab are carried to other places by word, by HTTP and by a script."""

import asyncio

import aiohttp
import pytest

from tests.kit.lab import patient
from tools.lab import world as worlds
from tools.lab.lab import Lab
from tools.lab.places import HELP, Control, Script, steps
from tools.lab.world import WorldError


def at_lab(tmp_path, story):
    """The result of `story(lab)` in a lab that runs, ten seconds after its start."""

    async def whole():
        lab = Lab(worlds.load(), tmp_path, "gprs-10-cs2")
        await lab.start()
        try:
            await asyncio.sleep(10)
            return await story(lab)
        finally:
            await lab.stop()

    return patient.run(whole())


def test_a_line_of_the_terminal_carries_a_subscriber_and_tells_where_he_is(tmp_path):
    async def story(lab):
        assert lab.places.perform("where")[0] == "alice is in uk, home, on 23410 O2 - UK, signal 17"
        assert lab.places.perform("move alice ireland") == ["alice is in ireland, searching, on no network"]
        await asyncio.sleep(5)
        assert lab.places.perform("where")[0] == "alice is in ireland, roaming, on 27202 O2 IRL, signal 17"
        lab.places.perform("coverage alice off")
        assert lab.places.perform("where") == [
            "alice is in ireland, without coverage, searching, on no network",
            "bob is in uk, home, on 23410 O2 - UK, signal 17",
        ]
        lab.places.perform("coverage alice on")
        lab.places.perform("signal alice 4")
        await asyncio.sleep(5)
        assert lab.places.perform("where")[0] == "alice is in ireland, roaming, on 27202 O2 IRL, signal 4"
        lab.places.perform("move alice uk")
        await asyncio.sleep(5)
        assert lab.places.perform("where")[0].startswith("alice is in uk, home")
        assert "hong-kong: 45406 SmarTone HK, 45400 CSL" in lab.places.perform("countries")

    at_lab(tmp_path, story)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("move carol spain", "no subscriber carol: there are alice, bob"),
        ("move alice mars", "no country 'mars': there are uk, australia, austria,"),
        ("coverage alice maybe", "coverage is true or false"),
        ("signal alice 32", "signal is a number from 0 to 31"),
        ("loss bob much", "loss is a number from 0 to 50"),
    ],
)
def test_a_line_that_cannot_be_is_answered_by_what_there_is(tmp_path, line, answer):
    (said,) = Lab(worlds.load(), tmp_path, "gprs-10-cs2").places.perform(line)
    assert said.startswith(answer)


def test_any_other_line_is_answered_by_help(tmp_path):
    places = Lab(worlds.load(), tmp_path, "gprs-10-cs2").places
    assert places.perform("fly alice") == places.perform("where now") == places.perform("help") == HELP
    assert places.perform("  ") == ()


def test_http_carries_a_subscriber_and_bad_requests_change_nothing(tmp_path):
    async def story(lab):
        control = Control(lab.places)
        await control.start()
        async with aiohttp.ClientSession() as session:

            async def post(name, body):
                async with session.post(control.url + "/subscribers/" + name, data=body) as answer:
                    return answer.status, (await answer.text()).strip()

            status, text = await post("alice", '{"country": "france", "signal": 9}')
            assert status == 200 and '"country": "france"' in text
            await asyncio.sleep(5)
            for name, body, named in (
                ("carol", "{}", "alice, bob"),
                ("alice", '{"country": "mars"}', "turkey"),
                ("alice", '{"country": ["uk"]}', "turkey"),
                ("alice", '{"country": "uk", "signal": true}', "0 to 31"),
                ("alice", '{"planet": 1}', "country, coverage, signal, loss"),
                ("alice", "[", "JSON"),
                ("alice", "[" * 100000, "JSON"),
            ):
                status, text = await post(name, body)
                assert (status, named in text, "\n" in text) == (400, True, False), (body[:40], text)
            async with session.get(control.url + "/subscribers") as answer:
                alice = (await answer.json())[0]
            assert (alice["country"], alice["network"], alice["signal"]) == ("france", "20820 F-Bouygues Telecom", 9)
        await control.stop()

    at_lab(tmp_path, story)


SCRIPT = """
[[step]]
at = 20
coverage = true
[[step]]
at = 12.5
coverage = false
[[step]]
at = 30
subscriber = "bob"
country = "spain"
"""


def test_a_script_takes_the_coverage_away_and_brings_it_back_at_its_times(tmp_path):
    path = tmp_path / "tunnel.toml"
    path.write_text(SCRIPT)

    async def story(lab):
        control = Control(lab.places, steps(path, lab.places))
        await control.start()
        seen = []
        for seconds in (12, 1, 6, 8, 10):
            await asyncio.sleep(seconds)
            seen.append([(row["country"], row["state"]) for row in lab.places.where()])
        await control.stop()
        return seen

    home, lost = [("uk", "home")] * 2, [("uk", "searching")] * 2
    assert at_lab(tmp_path, story) == [home, lost, lost, home, [("uk", "home"), ("spain", "roaming")]]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "no .*step"),
        ("[[step]]\ncoverage = true", "step 1: at is seconds"),
        ("[[step]]\nat = 1", "step 1: say one or more of country"),
        ('[[step]]\nat = 1\ncountry = "mars"', "step 1: no country .mars."),
        ('[[step]]\nat = 1\nsubscriber = "carol"\ncoverage = true', "step 1: no subscriber carol"),
        ("[[step", "array declaration"),
    ],
)
def test_a_script_that_cannot_be_is_refused_and_the_step_named(tmp_path, text, named):
    path = tmp_path / "script.toml"
    path.write_text(text)
    with pytest.raises(WorldError, match=named):
        steps(path, Lab(worlds.load(), tmp_path, "gprs-10-cs2").places)


def test_steps_come_true_in_the_order_of_their_times_and_once():
    done = []

    class Told:
        def change(self, name, wishes):
            done.append((name, wishes))

    script = Script(Told(), [(2000, None, {"signal": 1}), (1000, "bob", {"signal": 2})])
    assert script.due == 1000
    script.advance(1500)
    script.advance(1600)
    assert (done, script.due) == ([("bob", {"signal": 2})], 2000)
    script.advance(5000)
    assert done[1:] == [(None, {"signal": 1})] and script.due is None
