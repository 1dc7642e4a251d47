"""Each oracle sees what it is there for: the handset is broken on purpose, and the soak has to say so."""

import asyncio

import pytest

from drivers.modem import at
from mms.handset import bearer, carrier, inbox, outbox, store
from tools.soak import session, ticks

MOST = 12  # seeds until the fault has struck where it matters


def broken(fault=None):
    """What the first of the sessions says in which a promise was broken."""
    for seed in range(1, MOST + 1):
        said = session.play(seed, fault)["broken"]
        if said:
            return " | ".join(said)
    return ""


def test_sessions_without_a_fault_break_nothing_and_send_once():
    for seed in range(1, 6):
        result = session.play(seed, "none")
        assert result["broken"] == [] and result["faults"] == {}
        assert result["ms"] < 60000


def test_the_same_seed_is_the_same_session():
    assert session.play(7) == session.play(7)
    assert session.play(7)["digest"] != session.play(8)["digest"]


def test_an_acknowledgement_before_the_message_is_durable(monkeypatch):
    async def take(self, item, response, buffer):
        while await response.readinto(buffer):
            pass
        item.save(state=inbox.RETRIEVED)

    monkeypatch.setattr(inbox.Inbox, "take", take)
    assert "acknowledged before it was durable" in broken("none")


def test_a_file_that_has_its_name_before_it_is_whole(monkeypatch):
    class Hasty(session.Disk):
        def open(self, path, mode="r"):
            return super().open(path.rstrip("~"), mode)

        def rename(self, path, other):
            if not path.endswith("~"):
                super().rename(path, other)

    monkeypatch.setattr(session, "Disk", Hasty)
    assert "torn" in broken("cut")


def test_a_retry_that_is_forgotten(monkeypatch):
    usual = carrier.Carrier._due

    def due(self, id):
        return id not in self._later and usual(self, id)

    monkeypatch.setattr(carrier.Carrier, "_due", due)
    monkeypatch.setattr(session, "BUDGET_MS", 600000)
    monkeypatch.setattr(session, "_OPERATIONS", 1 << 30)
    assert "late" in broken("refused")


def test_a_message_that_goes_out_again_without_its_flag(monkeypatch):
    def doubt(self, why):
        self.save(state=outbox.QUEUED, why=why)

    monkeypatch.setattr(outbox.Item, "doubt", doubt)
    assert "without a flag" in broken("dropped")


def test_a_message_that_goes_out_again_though_it_was_confirmed(monkeypatch):
    monkeypatch.setattr(outbox.Item, "sent", lambda self, message_id: self.save(state=outbox.QUEUED))
    assert "duplicate" in broken("none")


def test_an_accepted_message_that_is_not_on_the_flash(monkeypatch):
    usual = store.Store.write

    def write(self, name, record):
        if not name.endswith(".o"):
            usual(self, name, record)

    monkeypatch.setattr(store.Store, "write", write)
    assert "lost" in broken("none")


def test_a_picture_that_is_changed_on_its_way(monkeypatch):
    usual = outbox.Body.readinto

    def readinto(self, buf):
        count = usual(self, buf)
        place = bytes(buf[:count]).find(b"\xff\xd8\xff\xfe")
        if place >= 0:
            buf[place + 5] ^= 1
        return count

    monkeypatch.setattr(outbox.Body, "readinto", readinto)
    assert "different" in broken("none")


def test_a_message_that_goes_to_another_number(monkeypatch):
    usual = session.Message
    monkeypatch.setattr(session, "Message", lambda to, subject: usual("+447700900003", subject))
    monkeypatch.setattr(session, "BUDGET_MS", 600000)
    assert "late" in broken("none")


def test_an_error_that_has_no_type(monkeypatch):
    def digest(self, name):
        raise ValueError(name)

    monkeypatch.setattr(inbox.Inbox, "digest", digest)
    assert "untyped: bob ended with ValueError" in broken("none")


def test_a_secret_in_an_event(monkeypatch):
    usual = bearer.Bearer.up

    async def up(self):
        await usual(self)
        self.modem._events.say("told", text=self.profile.password)

    monkeypatch.setattr(bearer.Bearer, "up", up)
    assert "secret" in broken("none")


def test_a_command_line_that_no_modem_knows(monkeypatch):
    usual = at.fill
    monkeypatch.setattr(at, "fill", lambda template, values: usual(template, values).replace("+CSQ", "+CS\x07Q"))
    assert "grammar" in broken("none")


def test_everybody_waits_for_nobody():
    class Empty:
        now = 0

        def next(self):
            return None

    async def story():
        await asyncio.Event().wait()

    with pytest.raises(ticks.Deadlock):
        ticks.run(Empty(), story())
