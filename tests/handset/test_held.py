"""Nothing holds the loop of a board for longer than 20 ms: whole sessions, counted in octets and not in time.

An RP2040 that was emulated took 811 ms to read 300,000 octets from littlefs, to sum them and to find the parts in them,
at one go. So each octet that a piece of work reads or writes is charged 2.7 us; a piece of work is what a task does
between two awaits at which others go on. What an erase takes is not counted: nobody can interrupt that.
"""

import asyncio
import builtins
import contextlib
import json

import pytest

from mms import clock, limits
from mms.codec import mm1, multipart, push, segments
from mms.handset import rooms, states
from mms.handset.receiving import entries
from mms.handset.sending import requests
from mms.handset.sending.message import Message
from mms.handset.store import files
from tests.kit.handset.inbox import ALICE, notification
from tests.kit.handset.phone import OWN, Phone

NS_AN_OCTET = 811 * 1000000 // 300000
MOST_MS = 20
MINUTE = 60000


class Meter:
    """`worst`: (milliseconds, what it was) of the longest piece of work so far."""

    def __init__(self):
        self.octets, self.worst = 0, (0, None)

    def run(self, usual, handle):
        """One piece of work."""
        self.octets = 0
        usual(handle)
        ms = self.octets * NS_AN_OCTET / 1000000
        if ms > self.worst[0]:
            self.worst = ms, repr(handle)

    def open(self, path, mode="r"):
        """A file whose octets are charged."""
        return _File(builtins.open(path, mode), self)


class _File:
    def __init__(self, file, meter):
        self._file, self._meter = file, meter
        self.seek, self.close, self.flush, self.fileno = file.seek, file.close, file.flush, file.fileno

    def readinto(self, buffer):
        count = self._file.readinto(buffer)
        self._meter.octets += count
        return count

    def read(self, count=-1):
        octets = self._file.read(count)
        self._meter.octets += len(octets)
        return octets

    def write(self, view):
        self._meter.octets += len(view)
        return self._file.write(view)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@pytest.fixture
def meter(monkeypatch):
    """A Meter of all that happens."""
    meter, usual = Meter(), asyncio.Handle._run
    monkeypatch.setattr(asyncio.Handle, "_run", lambda handle: meter.run(usual, handle))
    monkeypatch.setattr(files, "open", meter.open, raising=False)
    monkeypatch.setattr(files, "sync", lambda file: None)
    return meter


def film(octets):
    """A retrieved message of so many octets: a text and a film."""
    fields = [(mm1.TRANSACTION_ID, "R1"), (mm1.VERSION, 0x12), (mm1.MESSAGE_ID, "M1"), (mm1.FROM, mm1.address(ALICE))]
    mixed = mm1.ContentType("application/vnd.wap.multipart.mixed", [])
    fields += [(mm1.TO, mm1.address(OWN)), (mm1.CONTENT_TYPE, mixed)]
    body = multipart.count(2) + multipart.entry("text/plain", 5) + b"hello" + multipart.entry("video/3gpp", octets)
    return mm1.build(mm1.RETRIEVE_CONF, fields) + body + bytes(octets)


def held(meter):
    """What the test says when something worked for too long."""
    return "%.1f ms: %s" % meter.worst


@pytest.mark.parametrize("octets", [300000, limits.MESSAGE - 2000])
def test_a_large_message_goes_out(meter, octets, tmp_path):
    phone, path = Phone(), tmp_path / "film.3gp"
    path.write_bytes(b"\0\0\0\x14ftyp3gp4" + bytes(octets - 12))

    async def story():
        message = Message(ALICE)
        message.text("hello")
        message.file(str(path))
        id = await phone.handset.send(message)
        await clock.sleep(60 * MINUTE)
        return phone.handset.outbox.item(id).state

    assert phone.live(story) == states.SENT
    assert meter.worst[0] <= MOST_MS, held(meter)


@pytest.mark.parametrize("octets", [300000, limits.MESSAGE - 2000])
def test_a_large_message_comes_is_read_written_out_answered_and_deleted(meter, octets, tmp_path):
    phone = Phone()

    async def story():
        phone.modem.arrives(*notification())
        phone.mmsc.then = [film(octets)]
        await clock.sleep(60 * MINUTE)
        (item,) = phone.handset.inbox.items()
        shown = await requests.read(phone.handset, item.id)
        files = await rooms.album.export(phone.handset.inbox.store, item.id, str(tmp_path))
        await requests.reply(phone.handset, item.id, "yes", True)
        requests.delete(phone.handset, item.id)
        return item.state, shown["text"], [file["octets"] for file in files]

    assert phone.live(story) == (states.ACKNOWLEDGED, "hello", [5, octets])
    assert meter.worst[0] <= MOST_MS, held(meter)


@contextlib.contextmanager
def unmeasured(meter):
    """What a test prepares is no work of the handset."""
    yield
    meter.octets, meter.worst = 0, (0, None)


def filled(phone, texts=limits.TEXTS):
    """Fill the phone's store with all that has a place there."""
    store = phone.store
    status = {"state": states.SENT, "attempts": 1, "why": "", "maybe_duplicate": False, "readings": {}}
    status["reports"] = {str(at): "retrieved" for at in range(20)}
    for number in range(limits.SENT):
        id = "%08x" % number
        record = {"id": id, "to": [ALICE] * 20, "subject": "s" * 40, "date": number, "octets": 30000}
        record.update(parts=[["image/jpeg", "picture.jpg", 30000]], plan=[[id + ".h", 0, 500]])
        store.write(id + ".o", record)
        store.write(id + ".s", dict(status, message_id="M%d" % number))
    box = phone.handset.inbox
    for number in range(texts):
        id = "%08x" % (0x10000 + number)
        with store.create(id + ".x") as writer:
            writer.write(b"t" * 400)
        entries.add(
            box, id, "text", sender="+4477009%05d" % number, text="t" * 80, octets=400, time=1700000000 + number, url=""
        )
    for number in range(limits.WAITING):
        url = "http://mmsc.example/%s%d" % ("m" * 450, number)
        entries.add(
            box, "%08x" % (0x20000 + number), states.DEFERRED, tid="T%d" % number, url=url, expiry=86400, deferred=True
        )


def test_a_handset_begins_with_a_full_store_and_a_message_that_nobody_had_looked_at_and_sends_one(meter):
    phone = Phone()
    filled(phone)
    item = entries.add(
        phone.handset.inbox, "00030000", states.NOTIFIED, tid="L", url="http://mmsc.example/l", octets=300000
    )
    with phone.store.create(item.id + ".k") as writer:
        writer.write(film(300000))
    with unmeasured(meter):
        phone.begin()

    async def story():
        message = Message(ALICE)
        message.text("hello")
        id = await phone.handset.send(message)
        await clock.sleep(10 * MINUTE)
        handset = phone.handset
        return handset.inbox.item(item.id).state, handset.outbox.item(id).state, len(handset.outbox.ids())

    assert phone.live(story) == (states.ACKNOWLEDGED, states.SENT, limits.SENT)
    assert meter.worst[0] <= MOST_MS, held(meter)


def test_a_full_sim_is_looked_through_when_the_store_is_full_of_texts(meter):
    phone = Phone()
    with unmeasured(meter):
        filled(phone)
        phone.begin()

    async def story():
        for number in range(50):
            phone.modem.arrives(*segments.deliver("+447700911%03d" % number, "a text of this one %d" % number))
        await clock.sleep(10 * MINUTE)
        return len(phone.told("text"))

    assert phone.live(story) == 50
    assert meter.worst[0] <= MOST_MS, held(meter)


def test_a_link_comes_anew_and_a_message_is_cancelled_when_the_store_is_full(meter):
    phone = Phone()
    with unmeasured(meter):
        filled(phone)
        box = phone.handset.inbox
        for number in range(limits.LINKS):
            url = "http://x.example/%s%d" % ("l" * 450, number)
            more = {"sender": "%d" % number, "text": "t" * 400, "key": "", "created": 0, "time": number}
            entries.add(box, "%08x" % (0x40000 + number), "link", url=url, **more)
        entries.add(box, "00050000", states.ACKNOWLEDGED, tid="A", message_id="M-cancelled")
        box.waiting.prove("+447700900999")
        phone.begin()

    text = '<si><indication href="http://x.example/" created="2024-01-0%dT10:00:00Z">new</indication></si>'
    cancel = mm1.build(0x96, [(mm1.TRANSACTION_ID, "C"), (mm1.VERSION, 0x13), (0x3E, "M-cancelled")])

    async def story():
        for body in (text % 1, text % 2, cancel):
            media, octets = (mm1.MEDIA, body) if body is cancel else ("text/vnd.wap.si", body.encode())
            phone.modem.arrives(*segments.deliver("+447700900999", push.build(1, media, octets), ports=(2948, 9200)))
            await clock.sleep(MINUTE)

    phone.live(story)
    assert meter.worst[0] <= MOST_MS, held(meter)
    urls = [item.status["url"] for item in phone.handset.inbox.items() if item.state == "link"]
    assert (len(urls), urls.count("http://x.example/")) == (limits.LINKS, 1)
    assert len(phone.told("link")) == 2 and len(phone.told("cancelled")) == 1


def test_a_console_lists_all_that_there_is(meter):
    phone = Phone()
    with unmeasured(meter):
        filled(phone)
        phone.begin()
    said = []

    class Stream:
        lines = [b'{"do": "mode", "mode": "json"}\n', b'{"do": "inbox"}\n', b'{"do": "outbox"}\n']

        async def readinto(self, buf):
            await clock.sleep(MINUTE)
            line = self.lines.pop(0) if self.lines else b""
            buf[: len(line)] = line
            return len(line)

        async def write(self, octets):
            said.append(bytes(octets))

    from mms.handset.console.console import Console

    async def story():
        await clock.sleep(10 * MINUTE)

    phone.live(story, Console(Stream(), phone.handset, phone.events))
    replies = [json.loads(line) for line in b"".join(said).split(b"\n") if line.startswith(b'{"reply')]
    assert [len(reply["messages"]) for reply in replies[1:3]] == [limits.TEXTS + limits.WAITING, limits.SENT]
    assert meter.worst[0] <= MOST_MS, held(meter)
