"""Modules that take a `phone` use of it what phone.pyi declares, and nothing else."""

import ast

import pytest

from tools.programs import ROOT

HANDSET = ROOT / "lib/mms/handset"
PATHS = sorted(path.relative_to(HANDSET).as_posix() for path in HANDSET.rglob("*.py"))


def declared():
    """The names in the protocol Phone."""
    (protocol,) = [
        node
        for node in ast.parse((HANDSET / "phone.pyi").read_text()).body
        if isinstance(node, ast.ClassDef) and node.name == "Phone"
    ]
    fields = {node.target.id for node in protocol.body if isinstance(node, ast.AnnAssign)}
    return fields | {node.name for node in protocol.body if hasattr(node, "name")}


def used(path):
    """The attributes of every `phone` and `console.phone` in a module."""
    found = set()
    for node in ast.walk(ast.parse((HANDSET / path).read_text())):
        if isinstance(node, ast.Attribute):
            base = node.value
            if "phone" in (getattr(base, "id", ""), getattr(base, "attr", "")):
                found.add(node.attr)
    return found


@pytest.mark.parametrize("path", PATHS)
def test_a_phone_is_used_as_declared(path):
    assert used(path) - declared() == set()


def test_every_declaration_is_used_by_somebody():
    assert declared() - set().union(*map(used, PATHS)) == set()
    assert used("sending/requests.py") >= {"inbox", "events", "wake"}
