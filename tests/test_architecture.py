"""The documents name files, definitions and tests that there are, so that "go to definition" works from them."""

import ast
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEFINITION = re.compile(r"`([\w/]+\.py): (\w+)(?:\.(\w+))?`")
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/memory.md", "docs/porting.md")
MADE = ("build/", "bob/", "lab/")  # folders that a run makes


def definitions(tree):
    """{name: its node} of the classes and functions at the top of a tree."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in tree.body if isinstance(node, kinds)}


def test_both_journeys_name_definitions_that_there_are():
    named = DEFINITION.findall((ROOT / "docs/architecture.md").read_text())
    assert len(named) > 20
    for file, name, inner in named:
        found = definitions(ast.parse((ROOT / file).read_text()))
        assert name in found, (file, name)
        assert not inner or inner in definitions(found[name]), (file, name, inner)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_and_tests_that_a_document_names_exist(document):
    words = re.findall(r"`([\w/.]+)`", (ROOT / document).read_text())
    paths = [word for word in words if "/" in word and "NAME" not in word and not word.startswith(MADE)]
    assert [path for path in paths if not (ROOT / path).exists() and not (ROOT / "lib" / path).exists()] == []
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert [word for word in words if word.startswith("test_") and "def %s(" % word not in tests] == []
