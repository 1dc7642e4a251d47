"""`make world`: seven operators, six handsets, one picture to all kinds of recipients, the bill, and the page of it."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

from tests.kit.programs import need
from tools.phone import browser
from tools.programs import ROOT

STORIES = ROOT / "tests/page/viewer.mjs"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """(exit status, all that was printed, folder) of the story."""
    out = tmp_path_factory.mktemp("world")
    command = [sys.executable, "-m", "tools.world", "--speed", "20", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240)
    return done.returncode, done.stdout, out


def test_each_gets_the_picture_in_the_way_that_is_right_for_him(told):
    status, said, out = told
    assert status == 0, said
    first, second, third = json.loads((out / "report.json").read_text())["messages"]
    ways = {row["who"]: row["way"] for row in first["recipients"]}
    assert list(ways) == ["bob", "carol", "dave", "erin", "frank", "the album", "gran"]
    assert "within O2" in ways["bob"] and "MM4" in ways["carol"] and "Nokia" in ways["dave"]
    assert "no agreement" in ways["erin"] and "without picture messages" in ways["frank"]
    assert {row["status"] for row in first["recipients"]} == {"retrieved"}
    pictures = {
        row["who"]: next(part for part in row["parts"] if part["media"] == "image/jpeg") for row in first["recipients"]
    }
    assert pictures["dave"]["octets"] < 46080 < pictures["bob"]["octets"]
    assert {pictures[who]["sha256"] for who in pictures if who != "dave"} == {pictures["bob"]["sha256"]}
    for row in first["recipients"]:
        assert ("code" in row["text"]) == (row["who"] in ("erin", "frank")) and "Grüße" not in row["text"]
    (erin,) = second["recipients"]
    assert "MM4" in erin["way"] and erin["status"] == "retrieved"  # the agreement was signed while it ran
    assert (first["price"], second["price"], third["price"], third["currency"]) == (0, 0, 40, "GBP")


def test_the_bills_of_both_sides_agree_to_the_penny(told):
    status, said, out = told
    bill = json.loads((out / "report.json").read_text())["bill"]
    assert bill["operator"] == bill["handset"] == {"GBP": 40}
    assert "sum: GBP 0.40" in said and sum(line.startswith("    ") for line in bill["lines"]) == 9


def test_the_page_of_the_story_shows_what_each_saw(told):
    for program in ("chromium", "node", "npm"):
        need(program)
    url = pathlib.Path(told[2], "index.html").as_uri()
    status, said = browser.run(STORIES, "report", url, os.environ.get("PICTURES", ""), seconds=120)
    assert status == 0, said
