"""Wishes of a campaign become places, no place twice, in the order in which every campaign takes them."""

import types

from tools.labgrid.wishes import arrange


def places(**tags):
    rows = {name: dict.fromkeys(words, "yes") for name, words in tags.items()}
    return {name: types.SimpleNamespace(tags=row, acquired=None) for name, row in rows.items()}


YES = {letter: {letter: "yes"} for letter in "abc"}


def test_wishes_are_met_by_other_places_where_one_would_do_for_two():
    found, refused = arrange(places(p1="ab", p2="ac", p3="c"), YES)
    assert list(found.items()) == [("b", "p1"), ("a", "p2"), ("c", "p3")] and not refused


def test_a_place_that_nobody_has_comes_first():
    racks = places(p1="a", p2="a", p3="a")
    racks["p1"].acquired = "labhost/anna"
    assert arrange(racks, {"mo": YES["a"]}) == ({"mo": "p2"}, {})


def test_a_wish_by_name_has_that_place():
    assert arrange(places(p1="a", p2="a"), {"a": YES["a"], "z": {"name": "p1"}}) == ({"z": "p1", "a": "p2"}, {})


def test_wishes_that_cannot_be_met_are_refused_and_the_others_have_their_places():
    found, refused = arrange(places(p1="a"), {"first": YES["a"], "second": YES["a"], "third": YES["b"]})
    assert found == {"first": "p1"}
    assert refused == {
        "second": "other probes of this campaign have p1",
        "third": "no place has b=yes: there are p1 (a=yes)",
    }
