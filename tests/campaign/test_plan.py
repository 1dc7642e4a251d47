"""The plan of a campaign: what is wrong in it is refused by name, and attempts follow from it in one way only."""

import copy
import re

import pytest

from tools.campaign import plan as plans
from tools.campaign.plan import Plan, PlanError, read
from tools.programs import ROOT

GOOD = {
    "campaign": {"name": "try", "repetitions": 2},
    "probes": [
        {"name": "a", "kind": "simulated", "subscriber": "alice"},
        {"name": "b", "kind": "simulated", "subscriber": "bob"},
    ],
    "networks": [{"mccmnc": "23205"}, {"mccmnc": "26001"}, {"mccmnc": "20801"}],
    "cases": [{"case": "mms-1"}, {"case": "mms-1", "mt_network": "23205", "repetitions": 1}],
}


def changed(*path, value):
    """The good plan with another value at a path."""
    plan = copy.deepcopy(GOOD)
    place = plan
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return plan


@pytest.mark.parametrize(
    "plan, words",
    [
        (changed("campaing", value={}), "no table campaing: there are campaign, probes"),
        (
            changed("campaign", "repetition", value=3),
            r"\[campaign\]: no key repetition: there are name, seed, repetitions",
        ),
        (changed("campaign", "repetitions", value=0), "repetitions is 0: it takes a whole number from 1"),
        (changed("campaign", "pause_s", value="5"), 'pause_s is "5": it takes seconds'),
        (changed("campaign", "budget", value="2 pounds"), 'budget is "2 pounds": it takes an amount and its currency'),
        (changed("campaign", "name", value="../x"), 'name is "../x": it takes a name of letters'),
        (changed("campaign", value={}), "name is missing"),
        (changed("probes", value=[]), r"no \[\[probes\]\] in it"),
        (changed("probes", 0, "kind", value="telepathy"), 'kind is "telepathy": it takes one of .*simulated'),
        (changed("probes", 1, "name", value="a"), r"\[\[probes\]\] 2: name a is there twice"),
        (changed("networks", 0, "mccmnc", value=23205), "mccmnc is 23205: it takes a network's code"),
        (changed("networks", 1, "mccmnc", value="23205"), "mccmnc 23205 is there twice"),
        (changed("networks", 0, "expect", value="joy"), 'expect is "joy": it takes "refused"'),
        (changed("cases", 0, "case", value="mms-2"), "no case mms-2: there are .*mms-1"),
        (changed("cases", 0, "color", value="red"), r"\[\[cases\]\] 1: no key color: there are case"),
        (changed("cases", 0, value={}), "case is missing"),
        (changed("cases", 0, value={"case": ["mms-1"]}), r"no case \['mms-1'\]: there are"),
        (changed("cases", value=3), r"no \[\[cases\]\] in it"),
        (changed("thresholds", value=3), "thresholds is a table"),
        (
            changed("cases", 0, value={"case": "expired", "validity": "1 h"}),
            'validity is "1 h": it takes whole seconds',
        ),
        (changed("cases", 0, value={"case": "scan", "travels": "mt"}), 'travels is "mt", and scan has no MT'),
        (changed("cases", 0, value={"case": "mms-1", "mt": "carol"}), "mt is carol: there are a, b"),
        (changed("cases", 0, value={"case": "scan", "mt": "b"}), "mt is b: there are none"),
        (changed("cases", 0, value={"case": "mms-1", "mo": "a", "mt": "a"}), "mo and mt are both a"),
        (changed("cases", 1, "travels", value="both"), 'mt_network is for travels = "mo"'),
        (changed("thresholds", value={"mms-send-time": {"green": 3}}), "thresholds.mms-send-time: yellow is missing"),
    ],
)
def test_what_is_wrong_is_named_with_what_it_takes(plan, words):
    with pytest.raises(PlanError, match=words):
        Plan(plan)


def test_a_file_that_is_not_toml_is_named(tmp_path):
    (tmp_path / "plan.toml").write_text("[campaign\n")
    with pytest.raises(PlanError, match=re.escape(str(tmp_path / "plan.toml"))):
        read(tmp_path / "plan.toml")
    with pytest.raises(PlanError, match="No such file"):
        read(tmp_path / "none.toml")


def test_networks_are_interleaved_and_each_attempt_has_a_key_of_its_own():
    attempts = Plan(GOOD).attempts()
    assert len(attempts) == 3 * (2 + 1) == len({each.key for each in attempts})
    networks = [each.network["mccmnc"] for each in attempts]
    assert all(set(networks[at : at + 3]) == {"23205", "26001", "20801"} for at in range(0, 9, 3))
    assert {each.key for each in attempts if each.mt_network} == {
        "mms-1/%s/23205/1" % code for code in ("23205", "26001", "20801")
    }


def test_rows_of_one_case_that_differ_in_options_alone_have_keys_of_their_own():
    plan = {**GOOD, "cases": [{"case": "mms-1"}, {"case": "mms-1", "octets": 2000}]}
    keys = [each.key for each in Plan(plan).attempts()]
    assert len(set(keys)) == len(keys) == 12 and "mms-1/23205/home/1#2" in keys


def test_the_sender_the_recipient_or_both_travel_to_each_network():
    cases = [{"case": "mms-1", "repetitions": 1, "travels": travels} for travels in ("mo", "mt", "both")]
    places = {(each.network["mccmnc"], each.mt_network) for each in Plan({**GOOD, "cases": cases}).attempts()}
    codes = ("23205", "26001", "20801")
    assert places == {pair for code in codes for pair in ((code, None), (None, code), (code, code))}


def test_a_seed_gives_the_same_order_each_time_and_another_seed_another_one():
    orders = [
        [each.key for each in Plan(changed("campaign", "seed", value=seed)).attempts()] for seed in (1, 1, 2, 3, 4)
    ]
    assert orders[0] == orders[1]
    assert len({tuple(order) for order in orders}) > 1
    assert all(sorted(order) == sorted(orders[0]) for order in orders)


def test_the_document_has_every_key_with_what_it_takes_and_its_usual_value():
    text = (ROOT / "docs/campaign.md").read_text()
    for name, keys in plans.TABLES.items():
        section = text.partition("### `%s`\n" % name)[2].partition("\n###")[0]
        rows = re.findall(r"^\| `(\w+)` \| (.*?) \| ?(.*?) ?\|$", section, re.MULTILINE)
        assert rows == [
            (key, takes, "" if usual in (None, plans._NO) else str(usual)) for key, (_, takes, usual) in keys.items()
        ]


def test_every_campaign_that_is_shipped_can_be_read():
    found = sorted((ROOT / "assets/campaigns").glob("*.toml"))
    assert found and all(read(path).attempts() for path in found)


def test_a_threshold_of_a_figure_that_does_not_exist_is_refused_with_those_that_do():
    wrong = changed("thresholds", value={"mms-sent-time": {"green": 3, "yellow": 5}})
    with pytest.raises(PlanError, match="thresholds: no figure mms-sent-time: there are .*mms-send-time"):
        Plan(wrong)
