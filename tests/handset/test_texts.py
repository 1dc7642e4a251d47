"""Plain short messages: whole in the inbox, each part sent once, their arrival told when all parts arrived."""

import asyncio

from mms.codec import gsm7, segments, tpdu
from mms.errors import ModemError, UsageError
from mms.events import Events, masked
from mms.handset.receiving import entries, intake, short_messages
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending import texts
from mms.handset.sending.outbox import Outbox
from mms.handset.states import IN_DOUBT, LEAVING, QUEUED, SENT
from mms.handset.store.files import new_id
from mms.handset.store.store import Store
from tests.kit.checks import loaded, raises
from tests.kit.handset.inbox import ALICE, fresh, receive

BOB = "+447700900002"
LONG = "[{\u20ac}] " * 60


class Bearer:
    """A network that takes texts: `refusal` is raised instead, once so many were taken."""

    def __init__(self, refusal=None, after=0):
        self.modem = self
        self.taken = []
        self._refusal, self._after = refusal, after

    async def registered(self, item=None):
        pass

    async def send_sms(self, octets):
        if self._refusal and len(self.taken) == self._after:
            refusal, self._refusal = self._refusal, None
            raise refusal
        self.taken.append(bytes(octets))
        return len(self.taken)


def accepted(text, to=BOB):
    """(store, events said, Item) of a text that waits to be sent."""
    store, said, events = Store("build/tests/texts-%s" % new_id()), [], Events()
    events.listen(said.append)
    id = texts.accept(store, events, to, text, True)
    return store, said, loaded(Outbox(store, events)).item(id)


def report(reference, status=0, number="0c91447700090020"):
    tail = "30701221000000" * 2
    return bytes.fromhex("06%02x%s%s%02x" % (reference, number, tail, status))


def test_a_text_comes_whole_in_either_alphabet():
    for text in (
        "Hi {[~]}",
        LONG,
        "\u0417\u0434\u0440\u0430\u0432\u0441\u0442\u0432\u0443\u0439 " * 9,
        "a\U0001f600" * 50,
    ):
        box, said, store = fresh()
        parts = segments.deliver(ALICE, text, reference=7)
        receive(box, parts[1:] + parts[:1])
        (item,) = box.items()
        assert said == ["text"] and item.state == "text" and item.status["sender"] == ALICE
        with store.open(item.id + ".x") as blob:
            octets = bytearray(blob.octets)
            blob.readinto(octets)
        assert octets.decode() == text and store.names(".t") == []


def indication(dcs, text=b"", length=0):
    """A message of a message-waiting group (3GPP TS 23.038, clause 4) without user data, or with some."""
    return bytes.fromhex("0405812143f500") + bytes([dcs]) + bytes.fromhex("32114122310200") + bytes([length]) + text


def test_an_indication_that_a_voice_mail_waits_is_told_and_is_no_empty_text():
    for dcs in range(0xC0, 0xF0):
        box, said, store = fresh()
        heard = []
        box.events.listen(heard.append)
        receive(box, [indication(dcs)])
        assert said == ["messages_wait" if dcs & 8 else "messages_gone"] and box.items() == [] and store.names() == []
        kind = ("voice", "fax", "e-mail", "other")[dcs & 3]
        assert (heard[0]["kind"], heard[0]["sender"]) == (kind, "12345")
    box, said, _ = fresh()
    receive(box, [indication(0xC8, b"\x61\x00", 2), indication(0xE8, b"\x00a", 2), indication(0x00)])
    assert said == ["text"] * 3 and sorted(item.status["text"] for item in box.items()) == ["", "a", "a@"]


def test_what_says_wrong_things_of_its_parts_is_a_text_of_its_own():
    """Hostile and careless senders: the text is shown; nothing is waited for."""
    for header in ("050003070000", "050003070300", "050003070304", "06000407030200"):
        octets = bytes.fromhex(header)
        before = (len(octets) * 8 + 6) // 7
        data = octets + gsm7.pack(b"hello", before * 7 - len(octets) * 8)
        box, said, store = fresh()
        head = bytes.fromhex("4405812143f5000032114122310200")
        receive(box, [head + bytes([before + 5]) + data])
        assert said == ["text"] and [item.status["text"] for item in box.items()] == ["hello"], header
        assert store.names(".q") == [] and box.under_way == {}


def test_each_part_of_a_text_has_its_own_national_tables():
    """One part in Turkish, one in the default alphabet, one in Hindi: each says so for itself (23.040, 9.2.3.24.15)."""
    box, said, _ = fresh()
    for sequence, language, septets in (
        (1, b"\x25\x01\x01", b"\x0b"),
        (2, b"", b"\x0b"),
        (3, b"\x25\x01\x06", b"\x0b"),
    ):
        header = b"\x00\x03\x07\x03" + bytes([sequence]) + language
        header = bytes([len(header)]) + header
        before = (len(header) * 8 + 6) // 7
        data = header + gsm7.pack(septets, before * 7 - len(header) * 8)
        receive(box, [bytes.fromhex("4405812143f5000032114122310200") + bytes([before + 1]) + data])
    assert said == ["text"] and box.items()[0].status["text"] == "\u011e\u00d8\u090c"


def test_a_restart_after_the_last_part_makes_no_second_text():
    folder = "build/tests/inbox-%s" % new_id()
    box, _, store = fresh(folder)
    names = [box.keep(part) for part in segments.deliver(ALICE, LONG, reference=7)]
    store.remove = lambda name: None  # the power goes before
    for name in names:
        intake.handle(box, name)
    assert len(box.items()) == 1
    box, said, store = fresh(folder)
    assert len(box.items()) == 1 and store.names(".t") == []


def test_a_text_that_comes_again_after_a_power_cut_finds_itself_and_every_other_is_another():
    """The SIM still had it. Another sender, another time or another text, or no time at all, is no repetition."""
    later, timeless = bytearray(segments.deliver(ALICE, "ok")[0]), bytearray(segments.deliver(ALICE, "ok")[0])
    later[16] ^= 0x10  # a second of the service centre's
    timeless[12] = 0xFF
    assert tpdu.parse(bytes(later)).time != tpdu.parse(segments.deliver(ALICE, "ok")[0]).time
    assert tpdu.parse(bytes(timeless)).time is None
    box, said, store = fresh()
    receive(box, segments.deliver(ALICE, "ok"))
    (item,) = box.items()
    item.save(read=True)
    receive(box, segments.deliver(ALICE, "ok"))
    (item,) = box.items()
    assert item.status["read"] and said == ["text", "text"]
    receive(box, segments.deliver(BOB, "ok") + segments.deliver(ALICE, "OK") + [bytes(later)] + [bytes(timeless)] * 2)
    assert len(box.items()) == 6 == len(store.names(".x"))


def test_a_text_whose_id_is_taken_by_chance_keeps_the_one_that_it_has():
    for taken in (".n", ".o"):
        box, said, store = fresh()
        receive(box, segments.deliver(ALICE, "ok"))
        (item,) = box.items()
        box.delete(item.id)
        if taken == ".n":
            entries.add(box, item.id, "text", sender=BOB, text="else", octets=4, time=0)
        else:
            store.write(item.id + ".o", {})
        receive(box, segments.deliver(ALICE, "ok"))
        assert [one.status["text"] for one in box.items() if one.id != item.id] == ["ok"]


def test_a_part_that_comes_twice_is_one_and_one_that_says_else_begins_anew():
    box, said, store = fresh()
    first, second = segments.deliver(ALICE, "x" * 200, reference=7)
    other = segments.deliver(ALICE, "y" * 200, reference=7)
    receive(box, [first, first])
    assert len(store.names(".t")) == 1
    receive(box, [other[0], second])
    (item,) = box.items()
    assert said == ["incomplete", "text"] and item.status["text"].startswith("y")


def test_what_is_not_for_eyes_is_not_shown():
    box, said, _ = fresh()
    receive(box, segments.deliver(ALICE, "vcard", ports=(9204, 0)))
    silent = bytearray(segments.deliver(ALICE, "psst")[0])
    silent[9] = 0x40
    receive(box, [bytes(silent)])
    assert said == ["quarantined"] * 2 and box.items() == []


def test_the_operators_words_for_a_message_that_cannot_be_shown_give_its_address():
    for text, link in (
        (
            "You have a media message. See it at http://www.o2.example/mms/7. Password: abc",
            "http://www.o2.example/mms/7",
        ),
        ("New Picture Message! Go to www.vodafone.example/p (PIN 1234)", "www.vodafone.example/p"),
        ("MMS: HTTPS://m.example/x?y=1, valid for 14 days", "HTTPS://m.example/x?y=1"),
        ("Look at http://cats.example/ - lovely", ""),
        (
            "Media message from +447700900001. See it until 3 Feb: https://v.o2.example/7K3M9QXW2FHT code 48213907",
            "https://v.o2.example/7K3M9QXW2FHT",
        ),
        (
            "Media message from http://evil@x.example. See it until 3 Feb: http://127.0.4.1:8080/7K3M9QXW2FHT code 4",
            "http://127.0.4.1:8080/7K3M9QXW2FHT",
        ),
        ("You have a media message.", ""),
        ("mms http:// ", ""),
    ):
        assert short_messages.find_link(text) == link


def test_a_text_is_sent_part_by_part_and_told_when_all_have_arrived():
    store, said, item = accepted(LONG)
    bearer = Bearer()
    asyncio.run(texts.send(item, store, bearer))
    assert item.state == SENT and len(bearer.taken) == 5
    parts = [segments.parse_submit(part) for part in bearer.taken]
    assert all(part.report and part.recipient == BOB for part in parts)
    assert "".join(part.text for part in parts) == LONG
    events = Events()
    events.listen(said.append)
    box = loaded(Inbox(store, events, Outbox(store, events)))
    receive(box, [report(number) for number in (2, 5, 1, 4)] + [report(3, 0x30), report(3, 0, "0a817700090030")])
    assert said[-1]["event"] == "unknown_report"
    receive(box, [report(3, 0, "0b817007900000f2")])
    assert said[-1]["event"] == "delivered" and said[-1]["recipient"] == masked(BOB)
    assert item.summary()["reports"] == {} and box.outbox.item(item.id).summary()["reports"] == {BOB: "delivered"}


def test_what_the_network_refuses_is_tried_again_and_what_it_took_is_not():
    store, _, item = accepted(LONG)
    bearer = Bearer(ModemError("sms", 500, "unknown"), 2)
    raises(ModemError, asyncio.run, texts.send(item, store, bearer))
    assert item.state == QUEUED and len(bearer.taken) == 2
    asyncio.run(texts.send(item, store, bearer))
    assert item.state == SENT and len(bearer.taken) == 5 and len(set(bearer.taken)) == 5


def test_a_silence_after_a_part_has_left_is_in_doubt():
    store, _, item = accepted("hello")
    raises(ModemError, asyncio.run, texts.send(item, store, Bearer(ModemError("sms"))))
    assert item.state == LEAVING
    item = loaded(Outbox(store, Events(), True)).item(item.id)
    assert item.state == IN_DOUBT


def test_what_is_too_long_or_goes_nowhere_is_refused():
    store, events = Store("build/tests/texts-%s" % new_id()), Events()
    for to, text in ((BOB, "x" * 1300), ("+" + "1" * 30, "hello")):
        raises(UsageError, texts.accept, store, events, to, text, True)
    assert store.names() == []
