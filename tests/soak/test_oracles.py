"""Each oracle sees what it is there for: the handset is broken on purpose, and the soak has to say so."""

import asyncio
import binascii
import struct

import pytest

from drivers.camera import serial_camera
from drivers.modem import dialogue, sim800
from mms import limits
from mms.codec import mm1, tpdu
from mms.errors import LinkError, PduError, StoreError
from mms.handset import handset, states, supervisor
from mms.handset.carrying import bearer, carrier, setbacks
from mms.handset.receiving import arriving, dedup, entries, inbox, intake, noting, retrieved
from mms.handset.sending import attempts, content, draft, outbox, reports
from mms.handset.store import files, store
from tests.kit.soak import broken
from tools.sim import ticks
from tools.soak import oracles, session


def _flipping(readinto, word):
    """A `readinto` that changes an octet of `word`, when it comes in one piece."""

    def flipped(buf, count):
        place = bytes(buf[:count]).find(word)
        if place >= 0:
            buf[place] ^= 1
        return count

    async def later(buf, coming):
        return flipped(buf, await coming)

    def read(buf):
        count = readinto(buf)
        return flipped(buf, count) if isinstance(count, int) else later(buf, count)

    return read


def test_sessions_without_a_fault_break_nothing_and_send_once():
    for seed in (1, 2, 3, 4, 5, int(oracles.PIN)):  # a number that is a secret is one of nobody's words
        result = session.play(seed, "none")
        assert result["broken"] == [] and result["faults"] == {}
        assert result["ms"] < 60000


def test_the_same_seed_is_the_same_session():
    assert session.play(7) == session.play(7)
    assert session.play(7)["digest"] != session.play(8)["digest"]


def test_an_acknowledgement_before_the_message_is_durable(monkeypatch):
    async def receive(store, events, item, response, buffer, most):
        while await response.readinto(buffer):
            pass

    async def publish(self, item, media):
        item.save(state=states.RETRIEVED)

    monkeypatch.setattr(arriving, "receive", receive)
    monkeypatch.setattr(inbox.Inbox, "publish", publish)
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
        return id not in self.later and usual(self, id)

    monkeypatch.setattr(carrier.Carrier, "_due", due)
    monkeypatch.setattr(session, "BUDGET_MS", 600000)
    monkeypatch.setattr(session, "_OPERATIONS", 1 << 30)
    assert "late" in broken("refused")


def test_a_message_that_goes_out_again_without_its_flag(monkeypatch):
    def doubt(item, why):
        item.save(state=states.QUEUED, why=why)

    monkeypatch.setattr(attempts, "doubt", doubt)
    assert "without a flag" in broken("dropped")


def test_a_message_that_goes_out_again_though_it_was_confirmed(monkeypatch):
    monkeypatch.setattr(outbox.Item, "confirm", lambda self, message_id, **changes: self.save(state=states.QUEUED))
    assert "duplicate" in broken("none")


def test_a_message_that_goes_out_again_with_its_flag_though_it_was_confirmed(monkeypatch):
    usual = outbox.Item.confirm

    def sent(self, message_id, **changes):
        if self.status["maybe_duplicate"]:
            usual(self, message_id, **changes)
        else:
            self.save(state=states.QUEUED, maybe_duplicate=True)

    monkeypatch.setattr(outbox.Item, "confirm", sent)
    assert "never in doubt" in broken("none")
    assert "never in doubt" in broken("proxy")


def test_a_message_that_goes_out_for_as_long_as_it_is_in_doubt(monkeypatch):
    def doubt(item, why):
        item.save(state=states.QUEUED, why=why, maybe_duplicate=True)

    monkeypatch.setattr(attempts, "doubt", doubt)
    assert "went out 3 times" in broken("dropped")


def test_a_message_that_goes_out_again_though_the_wish_was_refused(monkeypatch):
    usual = attempts.retry

    def again(item):
        usual(item)
        raise StoreError("store")

    monkeypatch.setattr(attempts, "retry", again)
    assert "went out 3 times" in broken("dropped")


def test_a_message_that_is_another_when_it_goes_out_again(monkeypatch):
    usual = outbox.Item.content

    def content(self, **changes):
        made = usual(self, **changes)
        if self.status["maybe_duplicate"]:
            made.readinto = _flipping(made.readinto, b"Hello")
        return made

    monkeypatch.setattr(outbox.Item, "content", content)
    assert "changed" in broken("dropped")


def test_an_automatic_attempt_that_is_not_made(monkeypatch):
    monkeypatch.setattr(setbacks, "retry_ms", lambda attempts, id: None)
    assert "given up" in broken("refused")


def test_a_message_that_is_accepted_while_alice_is_told_that_it_is_not(monkeypatch):
    usual = handset.Handset.send

    async def send(self, message):
        await usual(self, message)
        raise StoreError("store")

    monkeypatch.setattr(handset.Handset, "send", send)
    assert "alice was told that it was not" in broken("none")


def test_an_accepted_message_that_is_not_on_the_flash(monkeypatch):
    usual = store.Store.write

    def write(self, name, record):
        if not name.endswith(".o"):
            usual(self, name, record)

    monkeypatch.setattr(store.Store, "write", write)
    assert "lost" in broken("none")


def test_a_picture_that_is_changed_on_its_way(monkeypatch):
    usual = content.Content.readinto

    def readinto(self, buf):
        count = usual(self, buf)
        place = bytes(buf[:count]).find(b"\xff\xd8\xff")
        if place >= 0:
            buf[place + 5] ^= 1
        return count

    monkeypatch.setattr(content.Content, "readinto", readinto)
    assert "different" in broken("none")


def test_a_picture_that_is_changed_before_it_is_accepted(monkeypatch):
    usual = serial_camera.SerialCamera._read

    async def read(self, buf, first, octets):
        count = await usual(self, buf, first, octets)
        buf[count // 2] ^= 1
        return count

    monkeypatch.setattr(serial_camera.SerialCamera, "_read", read)
    assert "not one that the camera took" in broken("none")


def test_a_picture_that_was_taken_for_another_message(monkeypatch):
    usual, refused = draft.Draft.accept, []

    async def accept(self, *words):
        if not refused:
            refused.append(1)
            raise StoreError("store")
        await usual(self, *words)

    monkeypatch.setattr(draft.Draft, "accept", accept)
    monkeypatch.setattr(serial_camera, "_RESUME", b"\x00")  # stop
    assert "before it was wanted" in broken("none")


def test_a_message_that_is_changed_when_it_is_kept(monkeypatch):
    usual = arriving.receive

    async def receive(store, events, item, response, buffer, most):
        response.readinto = _flipping(response.readinto, b"Hello")
        return await usual(store, events, item, response, buffer, most)

    monkeypatch.setattr(arriving, "receive", receive)
    assert "deleted: the MMSC had" in broken("none")


@pytest.mark.parametrize("cut", ("in-header", "before-type", "between-parts", "in-part"))
def test_half_a_message_that_is_acknowledged(monkeypatch, cut):
    usual = retrieved.check

    async def check(store, item, name, media):
        try:
            return await usual(store, item, name, media)
        except (LinkError, PduError):
            return mm1.Pdu(mm1.RETRIEVE_CONF), [], len(oracles.whole(files.os.content("bob", name)))

    monkeypatch.setattr(retrieved, "check", check)
    monkeypatch.setattr(retrieved, "_is_short", lambda *_: False)
    assert "deleted: the MMSC had" in broken("mmsc-cut-" + cut)


def test_a_message_that_is_changed_when_the_mmsc_has_it_no_more(monkeypatch):
    usual = noting.note_acknowledged

    def changed(item):
        usual(item)
        disk, name = files.os, item.id + ".m"
        octets = oracles.whole(disk.content("bob", name)).replace(b"Hello", b"Jello")
        file = disk._files.open("/bob/" + name, "wb")
        file.write(octets + struct.pack(">II4s", len(octets), binascii.crc32(octets), b"mms1"))
        file.close()

    monkeypatch.setattr(noting, "note_acknowledged", changed)
    assert "what bob has is not what the MMSC got" in broken("none")


def test_a_text_that_nobody_keeps(monkeypatch):
    usual = entries.add

    def add(inbox, id, state, **more):
        if state != "text":
            return usual(inbox, id, state, **more)

    monkeypatch.setattr(entries, "add", add)
    monkeypatch.setattr(session, "BUDGET_MS", 600000)
    assert "0 texts" in broken("none")


def test_a_text_that_is_kept_whenever_it_comes(monkeypatch):
    monkeypatch.setattr(dedup, "find", lambda inbox, id, key, same: (id, None))
    assert "text: bob has it" in broken("sms-again")


def test_a_text_whose_reserved_coding_is_taken_for_another(monkeypatch):
    monkeypatch.setattr(tpdu, "alphabet_of", lambda dcs: dcs >> 2 & 3)
    monkeypatch.setattr(session, "BUDGET_MS", 600000)
    assert "0 texts" in broken("sms-odd")


def test_a_report_that_says_something_else(monkeypatch):
    monkeypatch.setattr(reports, "word", lambda status, read: "expired")
    assert "report: alice is told" in broken("none")


def test_a_message_that_goes_to_another_number(monkeypatch):
    usual = session.Message
    monkeypatch.setattr(session, "Message", lambda to, subject: usual("+447700900003", subject))
    monkeypatch.setattr(session, "BUDGET_MS", 600000)
    assert "late" in broken("none")


def test_an_error_that_has_no_type(monkeypatch):
    def handle(inbox, name):
        raise ValueError(name)

    monkeypatch.setattr(intake, "handle", handle)
    assert "untyped: bob ended with ValueError" in broken("none")


def test_an_error_that_has_no_type_and_is_kept_in_quarantine(monkeypatch):
    def handle(inbox, names):
        raise ValueError(names)

    monkeypatch.setattr(intake, "_handle", handle)
    assert "internal: ValueError" in broken("none")


def test_a_secret_in_an_event(monkeypatch):
    usual = bearer.Bearer.up

    async def up(self, *arguments, **more):
        await usual(self, *arguments, **more)
        self.modem.events.say("told", text=self.profile.password)

    monkeypatch.setattr(bearer.Bearer, "up", up)
    assert "secret" in broken("none")


def test_a_command_line_that_no_modem_knows(monkeypatch):
    usual = dialogue.fill
    monkeypatch.setattr(dialogue, "fill", lambda template, values: usual(template, values).replace("+CSQ", "+CS\x07Q"))
    assert "grammar" in broken("none")


def test_a_pin_that_is_wrong(monkeypatch):
    usual = sim800.Sim800.unlock
    monkeypatch.setattr(sim800.Sim800, "unlock", lambda self, pin: usual(self, pin[:4]))
    assert "PIN" in broken("none")


def test_a_watchdog_that_nobody_feeds(monkeypatch):
    async def work(self, watchdog):
        await asyncio.Event().wait()

    monkeypatch.setattr(supervisor.Supervisor, "work", work)
    monkeypatch.setattr(limits, "WATCHDOG_MS", 10000)
    assert "watchdog: that of" in broken("none")


def test_a_handset_that_never_rests(monkeypatch):
    monkeypatch.setattr(carrier.Carrier, "_pause", lambda self: 10)
    monkeypatch.setattr(session, "_OPERATIONS", 1000)
    assert "busy" in broken("coverage")


def test_everybody_waits_for_nobody():
    class Empty:
        now = 0

        def next(self):
            return None

    async def story():
        await asyncio.Event().wait()

    with pytest.raises(ticks.Deadlock):
        ticks.run(Empty(), story())
