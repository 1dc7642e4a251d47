"""The steps that errors name in lib/ and drivers/ are those that test_advice.py asks advice for."""

import ast

from tests.kit.drivers.sim800 import COMMANDS
from tests.kit.handset.steps import STEPS
from tools.programs import ROOT

KINDS = (
    "ModemError SimError Coverage BearerError LinkError Refused TooLarge StoreError StoreFull Damaged CameraError"
).split()


def steps():
    """Each first argument, where it is written out, of the errors that have a step."""
    for folder in ("lib/mms", "drivers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
                    if node.args and isinstance(node.args[0], ast.Constant):
                        yield node.args[0].value


def test_no_step_is_without_advice():
    found = set(steps())
    for table in COMMANDS:
        found |= {line.split("|")[1] for line in table.strip().split("\n")}
    assert len(found) > 15 and found - set(STEPS) == set()
