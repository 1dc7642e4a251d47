"""Families of the lab are found by name, and an unknown one is answered by the list."""

import pytest

from tools.board import size
from tools.lab import families
from tools.programs import ROOT


def test_each_family_has_a_machine():
    for kind, known in (("modem", "sim800"), ("modem", "sim7600"), ("camera", "vc0706")):
        assert known in families.names(kind)
        for family in families.names(kind):
            assert callable(families.module(kind, family).MACHINE)


@pytest.mark.parametrize("family", ("sim900", "shell", "", "../camera/vc0706"))
def test_an_unknown_family_is_answered_by_the_list(family):
    with pytest.raises(LookupError, match="there is .*sim800"):
        families.module("modem", family)


def test_simulated_modems_compile_for_micropython_which_plays_a_third_of_the_sessions(tmp_path):
    for source in sorted((ROOT / "tools/lab/modem").rglob("*.py")):
        size.compile_one(source, tmp_path / "room.mpy")  # raises CalledProcessError
