"""Families of the lab are found by name, and an unknown one is answered by the list."""

import pytest

from tools.lab import families


def test_each_family_has_a_machine():
    for kind, known in (("modem", "sim800"), ("modem", "sim7600"), ("camera", "vc0706")):
        assert known in families.names(kind)
        for family in families.names(kind):
            assert callable(families.module(kind, family).MACHINE)


@pytest.mark.parametrize("family", ("sim900", "shell", "", "../camera/vc0706"))
def test_an_unknown_family_is_answered_by_the_list(family):
    with pytest.raises(LookupError, match="there is .*sim800"):
        families.module("modem", family)
