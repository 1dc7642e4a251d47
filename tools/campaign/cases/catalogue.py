"""All test cases by name: each file of this folder is a group, whose tuple CASES holds them."""

import functools
import importlib
import pathlib

_OTHERS = ("__init__", "case", "catalogue")


@functools.cache
def cases():
    """{name: Case} of all groups."""
    files = sorted(pathlib.Path(__file__).parent.glob("*.py"))
    rooms = [importlib.import_module("tools.campaign.cases." + file.stem) for file in files if file.stem not in _OTHERS]
    return {case.name: case for room in rooms for case in getattr(room, "CASES", ())}
