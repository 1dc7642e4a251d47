"""Journals as they come: torn, resumed, with nonsense of handsets in them, and very long ones."""

import subprocess
import sys
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.kit import tier
from tests.kit.campaign import journals
from tools.campaign import journal
from tools.campaign.figures import measure
from tools.campaign.outputs import prometheus
from tools.programs import ROOT

LINES = list(journals.journal(("23410", "26207"), repetitions=1))
PER_ATTEMPT = 10_000  # octets; 20,000 attempts and scipy stay under 300 MB with it
SECONDS, MEGABYTES = 60, 300  # for 20,000 messages

# Prints how many attempts the journal of its argument has, the seconds of the processor, and the most memory, in kB.
MEASURING = """
import pathlib, sys, time
from tools.campaign import journal
from tools.campaign.figures import measure
began = time.process_time()
found = measure.measure(journal.read(sys.argv[1]))
print(len(found.attempts), time.process_time() - began)
status = pathlib.Path("/proc/self/status").read_text()
print(status.split("VmHWM:")[1].split()[0])
"""

nonsense = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def attempts(lines):
    """{number: (steps, marks)} of the attempts of a journal that counts, and the numbers of those broken off."""
    found = measure.read(lines)[1]
    whole = {one.number: (one.steps, one.marks) for one in found if one.verdict != measure.BROKEN}
    return whole, {one.number for one in found} - whole.keys()


@settings(max_examples=60, deadline=None)
@given(some.integers(0, len(LINES)))
def test_a_journal_that_ends_anywhere_has_its_whole_attempts(end):
    whole = {line["attempt"] for line in LINES[:end] if line["what"] == "outcome"}
    begun = {line["attempt"] for line in LINES[:end] if line["what"] == "attempt"}
    found, broken = attempts(LINES[:end])
    assert found == {number: said for number, said in attempts(LINES)[0].items() if number in whole}
    assert broken == begun - whole


def test_a_torn_last_line_costs_only_the_attempt_that_it_belongs_to(tmp_path):
    path = journals.write(tmp_path / "journal.jsonl", LINES)
    path.write_bytes(path.read_bytes()[:-20])
    found = measure.measure(journal.read(path))
    assert found.cells == measure.measure(LINES[:-1]).cells
    assert [attempt.verdict for attempt in found.attempts].count(measure.BROKEN) == 1


@settings(max_examples=60, deadline=None)
@given(some.data())
def test_nonsense_of_a_handset_changes_no_other_attempt_and_ends_nothing(data):
    fields = data.draw(
        some.dictionaries(some.sampled_from(("id", "ok", "messages", "subject", "action", "status", "text")), nonsense)
    )
    kind, name = data.draw(some.sampled_from((("event", "event"), ("reply", "do"))))
    known = ("notified", "confirmed", "retrieved", "sent", "probed", "text", "send", "register", "inbox", "fetch")
    line = {
        "what": kind,
        "at": 1e5,
        "attempt": 5,
        "probe": data.draw(some.sampled_from(("alice", "bob", "eve"))),
        **fields,
    }
    line[name] = data.draw(some.sampled_from(known) | nonsense)
    at = data.draw(some.integers(0, len(LINES)))
    lines = [*LINES[:at], line, *LINES[at:]]
    before, found = attempts(LINES)[0], attempts(lines)[0]
    assert before.pop(5) and found.pop(5) and found == before
    metrics = prometheus.Metrics()
    for each in lines:
        metrics.handle(each)


def test_a_line_that_no_campaign_has_written_is_named():
    with pytest.raises(ValueError, match="^line 5 of the journal is not as a campaign writes it: .*; repair it$"):
        measure.measure([*LINES[:4], {"what": "attempt", "at": 1}])


def test_the_memory_of_a_long_journal_is_that_of_its_attempts():
    lines = journals.journal(("23410", "26207"), (("mms-300", "mms", 307200),), 150)
    tracemalloc.start()
    found = measure.measure(lines)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / len(found.attempts) < PER_ATTEMPT, peak


@pytest.mark.long
def test_the_journal_of_many_messages_is_measured_in_little_time_and_memory(tmp_path):
    messages = tier.amount(400, 20000)
    networks = ["%d" % (20401 + number) for number in range(20)]
    cases = tuple(("mms-%d" % kb, "mms", 1000 * kb) for kb in (1, 10, 30, 100))
    path = journals.write(tmp_path / "journal.jsonl", journals.journal(networks, cases, messages // 80))
    command = [sys.executable, "-c", MEASURING, str(path)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    attempts, seconds, kilobytes = map(float, done.stdout.split())
    print("%d messages: %.1f s of this processor, %d MB" % (attempts, seconds, kilobytes / 1024))
    assert attempts == messages and seconds < SECONDS and kilobytes / 1024 < MEGABYTES
