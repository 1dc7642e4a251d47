"""docs/troubleshooting.md says what the handset says."""

import re

from mms import errors
from mms.advice import _ADVICE, advice
from tests.kit.handset.steps import STEPS
from tools.programs import ROOT

TEXT = (ROOT / "docs/troubleshooting.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+)(?: \((\d+)\))?` \| (.+) \| (.+) \|$", TEXT, re.MULTILINE)


def test_each_remedy_is_the_handsets_own():
    for step, code, _, remedy in ROWS:
        kind = errors.StoreError if step == "store" else errors.ModemError
        assert advice(kind(step, int(code) if code else None)) == remedy, (step, code)
    assert len(ROWS) > 50 and TEXT.count("\n| `") == len(ROWS)


def test_each_step_of_an_error_can_be_looked_up():
    assert {row[0] for row in ROWS} >= set(STEPS) | set(_ADVICE)


def test_the_reasons_of_a_row_differ():
    reasons = [why for _, _, why, _ in ROWS]
    assert len(set(reasons)) == len(reasons)
