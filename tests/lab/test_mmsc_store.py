"""The rows of an MMSC, in memory and on disk, and what a restart finds of a queue."""

import asyncio
import json

import pytest

from mms import clock
from mms.codec import mm1
from tests.kit.lab.mmsc_machine import ALICE, BOB, CAROL, EPOCH, URL, submission
from tests.kit.lab.ports import DAVE, Recorder, envelope
from tools.lab.calendar import Calendar
from tools.lab.network.mmsc.disk import Disk
from tools.lab.network.mmsc.journal import Journal
from tools.lab.network.mmsc.machine import Relay
from tools.lab.network.mmsc.shell import Mmsc
from tools.lab.network.mmsc.store import Memory


@pytest.fixture(params=("memory", "disk"))
def store(request, tmp_path):
    made = Memory() if request.param == "memory" else Disk(tmp_path / "queue.sqlite")
    yield made
    made.close()


def test_rows_are_kept_by_room_and_key_and_the_last_one_counts(store):
    for row in ({"a": 1}, {"a": [1, None, "\u20ac"]}):
        store.put("mm4", "k", row)
    store.put("mm3", "k", {"b": 2})
    assert store.get("mm4", "k") == {"a": [1, None, "\u20ac"]} and store.all("mm3") == {"k": {"b": 2}}
    store.drop("mm4", "k")
    store.drop("mm4", "none")
    assert store.get("mm4", "k") is None and store.all("mm4") == {}


def test_a_story_is_told_after_the_outermost_change_and_may_make_changes(store):
    told = []

    def story():
        with store:
            store.put("x", "later", {})
            store.after(lambda: told.append("last"))
        told.append("first")

    with store:
        with store:
            store.after(story)
        assert not told
    assert sorted(told) == ["first", "last"] and store.get("x", "later") == {}
    store.after(lambda: told.append("at once"))
    assert told[-1] == "at once"


def test_a_change_that_fails_leaves_nothing_on_disk_and_tells_no_story(tmp_path):
    told = []
    store = Disk(tmp_path / "queue.sqlite")
    with pytest.raises(KeyError), store:
        store.put("x", "k", {})
        store.after(lambda: told.append(1))
        raise KeyError
    assert store.all("x") == {} and not told
    store.close()


class Started:
    """A relay on disk in `folder`, at the epoch of this start."""

    def __init__(self, folder, bodies, epoch):
        self.store = Disk(folder / "queue.sqlite")
        self.journal = Journal(folder / "journal.jsonl", self.store)
        self.pushed = []
        push = lambda number, octets: self.pushed.append(number)  # noqa: E731
        self.relay = Relay(
            self.journal, push, bodies, (ALICE, BOB, CAROL), URL, Calendar(epoch), seed=b"%d" % epoch, store=self.store
        )  # fmt: skip
        self.port = self.relay.ports["mm4"] = Recorder()
        own = self.relay.route
        self.relay.route = lambda sender, to, now, octets=0: "mm4" if to == DAVE else own(sender, to, now)
        self.relay.resume(0)

    def run(self, until):
        while self.relay.due is not None and self.relay.due <= until:
            self.relay.advance(self.relay.due)

    def close(self):
        self.journal.close()
        self.store.close()


def test_a_restart_gives_ports_the_same_deliveries_again_and_keeps_what_is_handed(tmp_path):
    bodies = {}
    first = Started(tmp_path, bodies, EPOCH)
    for tid in ("t1", "t2"):
        first.relay.post(ALICE, submission((mm1.DELIVERY_REPORT, True), to=(DAVE, BOB), tid=tid), 0)
    first.run(1000)
    (one, sent, _), (two, _, _) = first.port.forwarded
    assert first.pushed == [BOB, BOB] and first.relay.handed(one, 1000)
    first.close()
    second = Started(tmp_path, bodies, EPOCH + 100)
    second.run(1000)
    assert [(key, to) for key, _, to in second.port.forwarded] == [(two, DAVE)] and second.pushed == []
    assert second.port.forwarded[0][1].content == sent.content
    assert second.port.forwarded[0][1].expires == sent.expires
    assert second.relay.answered(one, "Retrieved", 2000) and second.pushed == [ALICE]
    second.run(250000)
    assert second.pushed == [ALICE, BOB, BOB]  # 300 s after the first notifications
    second.close()


def test_the_date_of_an_mmsc_does_not_go_back_but_a_calendar_that_it_is_given_rules(tmp_path):
    ahead = clock.now() + 7200
    first = Mmsc(tmp_path, "http://127.0.0.1:9", (ALICE, BOB), calendar=Calendar(ahead))
    first.machine.post(ALICE, submission(), 0)
    asyncio.run(first.stop())
    for calendar, epoch in ((None, ahead), (Calendar(EPOCH), EPOCH)):
        again = Mmsc(tmp_path, "http://127.0.0.1:9", (ALICE, BOB), calendar=calendar)
        assert again.machine.date(0) == epoch
        again.machine.resume(0)
        assert again.machine.date(0) == epoch and again.machine.due <= 300000
        asyncio.run(again.stop())


def test_messages_of_last_month_are_forgotten_when_nothing_of_them_waits(tmp_path):
    bodies = {}
    first = Started(tmp_path, bodies, EPOCH)
    first.relay.post(ALICE, submission(), 0)
    first.relay.accept(envelope(), [CAROL], "mm4", {"r": 1}, 0)
    first.run(4 * 86400000)
    assert len(first.store.all("message")) == 2 and not first.store.all("delivery")
    first.close()
    second = Started(tmp_path, bodies, EPOCH + 31 * 86400)
    assert second.store.all("message") == {}
    second.close()


def test_a_journal_has_each_line_once_however_it_was_cut_off(tmp_path):
    path, store = tmp_path / "journal.jsonl", Disk(tmp_path / "queue.sqlite")
    journal = Journal(path, store)
    for number in range(3):
        journal({"event": "submitted", "number": number})
    journal.close()
    rows = [{"event": "submitted", "number": number} for number in range(3)]
    with open(path, "rb+") as file:  # the last line is torn, and its row still there
        file.truncate(path.stat().st_size - 5)
    again = Journal(path, store)
    assert [json.loads(line) for line in path.read_text().splitlines()] == rows and again.entries == []
    again({"event": "refused", "number": 3})
    assert again.entries == again.all("refused") == [{"event": "refused", "number": 3}]
    again.close()
    third = Journal(path, store)
    assert len(path.read_text().splitlines()) == 4
    third.close()
    store.close()
