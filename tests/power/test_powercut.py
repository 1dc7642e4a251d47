"""Power cuts: none breaks a promise, and each promise sees a handset that breaks it."""

import pathlib

import pytest

from tests.kit.tier import amount
from tools.board import size
from tools.power import __main__ as powercut
from tools.programs import micropython

SHARE = amount(10, 1)  # every tenth image, or all
IMAGES = 5000 // SHARE
PAGE = 256
PARTS = 8  # a broken promise that many images in a row break is seen in the first of them
SEEN_AS = {  # what is broken on purpose: the promise that sees it
    "publish_before_whole": "torn",
    "acknowledge_before_durable": "early",
    "send_before_marked": "unmarked",
    "forget_the_flag": "again",
    "empty_the_sim_first": "unreported",
    "forget_the_report": "unreported",
    "lose_the_retry": "lost",
    "forget_untried_messages": "lost",
    "leave_unfinished_files": "left",
    "delete_the_record_last": "unmarked",
    "delete_in_memory_only": "back",
    "change_octets_that_are_sent": "changed",
    "note_a_confirmation_as_a_refusal": "undecided",
    "accept_truncated_answers": "torn",
    "accept_less_than_announced": "hasty",
    "reject_before_noted": "early",
    "leave_retrievals_unacknowledged": "unanswered",
    "keep_messages_on_the_sim": "kept",
    "fail_without_a_type": "untyped",
}

pytestmark = pytest.mark.skipif(not micropython(), reason="PyPI has no MicroPython for this machine")


@pytest.fixture(scope="module")
def lib(tmp_path_factory):
    """A folder with the handset as boards get it."""
    folder = tmp_path_factory.mktemp("lib")
    size.compile(pathlib.Path(folder))
    return folder


@pytest.mark.long
def test_no_power_cut_breaks_a_promise():
    total = powercut.run(every=SHARE)
    assert total["broken"] == []
    assert total["images"] >= IMAGES and total["nested"] >= IMAGES // 4


@pytest.mark.parametrize("broken", SEEN_AS)
def test_a_handset_that_is_broken_on_purpose_is_seen(lib, broken):
    for part in range(PARTS):
        found = powercut.cut(lib, PAGE, part, PARTS, broken=broken)["broken"]
        if found:
            break
    assert found[0].split(": ")[1] == SEEN_AS[broken]
