"""build/venv has pyserial and build/labgrid has pyserial-labgrid, each with all of its files as they were published."""

import base64
import csv
import hashlib
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DISTRIBUTIONS = {"venv": "pyserial", "labgrid": "pyserial_labgrid"}


def packages(venv):
    """The folder in which a venv keeps what is installed."""
    [folder] = (ROOT / "build" / venv).glob("lib/python3.*/site-packages") or [None]
    return folder


def record(venv):
    """{path: SHA-256 as RECORD has it} of the venv's package `serial`."""
    [file] = packages(venv).glob(DISTRIBUTIONS[venv] + "-*.dist-info/RECORD")
    rows = csv.reader(file.read_text().splitlines())
    return {path: digest for path, digest, _ in rows if path.startswith("serial/") and digest}


@pytest.mark.parametrize("venv", DISTRIBUTIONS)
def test_every_file_of_the_package_serial_is_as_it_was_published(venv):
    recorded = record(venv)
    assert len(recorded) > 20
    for path, digest in recorded.items():
        octets = (packages(venv) / path).read_bytes()
        assert "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(octets).digest()).decode().rstrip("=") == digest
    there = {path.relative_to(packages(venv)).as_posix() for path in (packages(venv) / "serial").rglob("*.py")}
    assert there == {path for path in recorded if path.endswith(".py")}


def test_the_two_packages_differ():
    assert record("venv")["serial/rfc2217.py"] != record("labgrid")["serial/rfc2217.py"]


@pytest.mark.parametrize("venv", DISTRIBUTIONS)
def test_a_venv_has_one_of_them_alone(venv):
    names = [re.sub(r"-[^-]*$", "", path.stem) for path in packages(venv).glob("*.dist-info")]
    assert [name for name in names if name.lower().startswith("pyserial")] == [DISTRIBUTIONS[venv]]
