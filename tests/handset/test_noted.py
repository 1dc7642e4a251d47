"""What could not be noted, or told, decides nothing: a message that is gone is not sent again without its flag."""

import json

from mms import clock
from mms.codec import mm1, push, segments
from mms.errors import StoreError, UsageError
from mms.handset import states
from mms.handset.console.console import Console
from mms.handset.receiving import inbox
from mms.handset.sending import requests
from mms.handset.sending.message import Message
from tests.kit.checks import raises
from tests.kit.handset.inbox import ALICE, notification
from tests.kit.handset.outbox import accept
from tests.kit.handset.phone import FULL, MINUTE, Phone, confirmation, one_sent, refused

ODD = "M" + "\x01" * 400  # six octets each in a record


def short():
    """A Phone in which memory may be short."""
    phone = Phone()
    phone._world.stray = lambda error: None
    return phone


def submissions(phone):
    return sum(1 for _, _, pdu in phone.mmsc.heard if pdu and pdu.type == mm1.SEND_REQ)


def test_a_confirmation_that_could_not_be_noted_at_once_is_doubt():
    for error in (FULL, StoreError("store", 5, "the file system says no"), MemoryError()):
        phone = short()
        with refused(lambda name, record: name.endswith(".s") and record["state"] == states.SENT, error, 1):
            item = one_sent(phone)
        assert (item.state, item.status["maybe_duplicate"], submissions(phone)) == (states.SENT, True, 2)


def test_a_part_of_a_text_that_could_not_be_noted_is_doubt():
    phone = short()

    async def story():
        id = await requests.send_text(phone.handset, ALICE, "x" * 200)
        await clock.sleep(10 * MINUTE)
        return phone.handset.outbox.item(id)

    with refused(lambda name, record: len(record.get("references", ())) == 2, MemoryError(), 1):
        item = phone.live(story)
    assert (item.state, item.status["maybe_duplicate"], len(phone.modem.sent)) == (states.SENT, True, 3)


def test_what_an_mmsc_says_of_a_message_always_fits_into_its_record():
    phone = Phone()
    answer = phone.mmsc.answer
    odd = [(mm1.RESPONSE_STATUS, mm1.OK), (mm1.MESSAGE_ID, ODD)]
    no = [(mm1.RESPONSE_STATUS, 0xC0), (mm1.RESPONSE_TEXT, ODD)]

    def odd_answer(method, pdu):
        if pdu is not None and pdu.type == mm1.SEND_REQ:
            return confirmation(pdu.get(mm1.TRANSACTION_ID), *(no if submissions(phone) == 1 else odd))
        return answer(method, pdu)

    phone.mmsc.answer = odd_answer
    item = one_sent(phone)
    assert (item.state, submissions(phone), item.status["message_id"]) == (states.SENT, 2, "")


def test_what_a_message_says_of_itself_always_fits_into_its_record():
    head = [(mm1.TRANSACTION_ID, ODD), (mm1.VERSION, 0x12), (mm1.MESSAGE_ID, ODD)]
    head += [(mm1.CONTENT_TYPE, mm1.ContentType("text/plain", []))]
    refusal = [(mm1.VERSION, 0x12), (mm1.RETRIEVE_STATUS, 0xC0), (mm1.RETRIEVE_TEXT, ODD), head[-1]]
    phone = Phone()

    async def story():
        phone.modem.arrives(*notification(url="http://mmsc.example/" + "m" * 480))
        phone.mmsc.then = [mm1.build(mm1.RETRIEVE_CONF, fields) + b"hi" for fields in (refusal, head)]
        await clock.sleep(5 * MINUTE)
        return phone.handset.inbox.items()

    (item,) = phone.live(story)
    assert item.state == states.ACKNOWLEDGED and [one[0] for one in phone.mmsc.heard] == ["GET", "GET", "POST"]


def test_texts_of_any_script_fit_into_a_record():
    """What JSON leaves as it is has fewer characters than octets."""
    words = "\u0436" * 250
    head = [(mm1.TRANSACTION_ID, "R1"), (mm1.VERSION, 0x12), (mm1.SUBJECT, words)]
    head += [(mm1.FROM, words), (mm1.MESSAGE_ID, "m" * 100)]
    head += [(mm1.CONTENT_TYPE, mm1.ContentType("text/plain", [("charset", 106)]))]
    refusal = [(mm1.VERSION, 0x12), (mm1.RETRIEVE_STATUS, 0xC0), (mm1.RETRIEVE_TEXT, words), head[-1]]
    announced = [(mm1.TRANSACTION_ID, "T"), (mm1.VERSION, 0x12), (mm1.SUBJECT, words), (mm1.MESSAGE_SIZE, 600)]
    announced += [(mm1.CONTENT_LOCATION, "http://mmsc.example/" + "m" * 400)]
    body = push.build(1, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, announced))
    phone = Phone()

    async def story():
        phone.modem.arrives(*segments.deliver("+447700900999", body, ports=(2948, 9200)))
        phone.mmsc.then = [
            mm1.build(mm1.RETRIEVE_CONF, refusal),
            mm1.build(mm1.RETRIEVE_CONF, head) + words.encode(),
        ]
        await clock.sleep(5 * MINUTE)
        return phone.handset.inbox.items()

    (item,) = phone.live(story)
    assert item.state == states.ACKNOWLEDGED and item.status["subject"] and item.status["text"]
    assert set(item.status["subject"] + item.status["text"] + item.status["why"]) == {"\u0436"}


def test_who_listens_does_not_decide_what_becomes_of_a_message():
    for name in ("accepted", "confirmed"):
        phone, left = short(), [1]

        def short_of_memory(event, name=name, left=left):
            if event["event"] == name and left:
                left.pop()
                raise MemoryError()

        phone.events.listen(short_of_memory)
        item = one_sent(phone)
        assert not left and (item.state, submissions(phone)) == (states.SENT, 1)


def test_a_forwarding_that_was_confirmed_is_over_whether_it_can_be_noted_or_not():
    phone = Phone(retrieve={"home": "manual"})

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(2 * MINUTE)
        (item,) = phone.handset.inbox.items()
        tid = requests.forward(phone.handset, item.id, [ALICE])
        done = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x12), (mm1.RESPONSE_STATUS, mm1.OK), (mm1.MESSAGE_ID, "M9")]
        before, phone.mmsc.then = len(phone.mmsc.heard), [mm1.build(0x8A, done)]
        await clock.sleep(60 * MINUTE)
        return phone.handset.outbox.item(tid).state, len(phone.mmsc.heard) - before

    with refused(lambda name, record: record.get("state") == states.FORWARDED):
        assert phone.live(story) == (states.SENT, 1)
    assert not phone.told("failed")[-1]["final"]


def test_a_message_that_ends_the_handset_each_time_is_not_sent_for_ever():
    phone = Phone()
    phone.handset.outbox.item(accept(phone.store)).save(attempts=12)

    async def story():
        await clock.sleep(2 * MINUTE)
        return phone.handset.outbox.items()[0].state

    assert phone.live(story) == states.FAILED and phone.mmsc.heard == []
    assert phone.told("failed")[-1]["final"]


def test_more_recipients_and_parts_than_a_record_holds_are_refused_in_words():
    phone = Phone()
    long = Message(["someone.%s.%02d@mail.organisation.example.org" % ("x" * 60, at) for at in range(20)], "s")
    long.text("x")

    async def story():
        await phone.handset.send(long)

    assert "recipients" in str(raises(UsageError, phone.live, story)) and phone.store.names() == []


class Slow:
    """A connection over which an octet comes in a millisecond: the message, or an answer to what is posted."""

    acked, _head, _more = 0, b"", 0
    head = [(mm1.TRANSACTION_ID, "R1"), (mm1.VERSION, 0x12), (mm1.CONTENT_TYPE, mm1.ContentType("text/plain", []))]
    told = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.wap.mms-message\r\nContent-Length: %d\r\n\r\n"
    octets = 200000

    async def write(self, buf):
        if bytes(buf[:3]) == b"GET":
            head = mm1.build(mm1.RETRIEVE_CONF, self.head)
            self._head, self._more = self.told % (len(head) + self.octets) + head, self.octets
        elif not self._more:
            self._head = self.told % 0

    async def drain(self):
        pass

    async def readinto(self, buf):
        piece, self._head = self._head[: len(buf)], self._head[len(buf) :]
        if not piece:
            piece = bytes(min(len(buf), self._more))
            self._more -= len(piece)
        await clock.sleep(len(piece))
        buf[: len(piece)] = piece
        return len(piece)

    def close(self):
        pass


def test_a_message_larger_than_was_said_gets_the_time_that_it_takes():
    async def opened(host, port):
        return Slow()

    for octets, failures in ((None, 0), (300, 1)):
        phone = Phone()
        phone.modem.open = opened

        async def story(phone=phone, octets=octets):
            phone.modem.arrives(*notification(octets=octets))
            await clock.sleep(10 * MINUTE)
            return phone.handset.inbox.items()[0].state

        assert phone.live(story) == states.ACKNOWLEDGED and len(phone.told("failed")) == failures


class Line:
    """A program that asks something each minute, and then nothing more."""

    def __init__(self, *asked):
        self._asked, self.said = list(asked), b""

    async def readinto(self, buf):
        await clock.sleep(MINUTE if self._asked else 60 * MINUTE)
        line = json.dumps(self._asked.pop(0)).encode() + b"\n"
        buf[: len(line)] = line
        return len(line)

    async def write(self, buf):
        self.said += bytes(buf)


def test_a_console_that_was_short_of_memory_says_so_and_goes_on():
    phone, summary, left = short(), inbox.Item.summary, [1]
    line = Line({"do": "mode", "mode": "json"}, {"do": "inbox"}, {"do": "status"})

    def starved(item):
        if left:
            left.pop()
            raise MemoryError()
        return summary(item)

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(5 * MINUTE)

    inbox.Item.summary = starved
    try:
        phone.live(story, Console(line, phone.handset, phone.events))
    finally:
        inbox.Item.summary = summary
    told = [json.loads(one) for one in line.said.decode().split("\n") if one[-1:] == "}"]
    told = [one for one in told if "reply" in one]
    assert [(one["reply"], one["ok"]) for one in told] == [("mode", True), ("console", False), ("status", True)]
    assert told[1]["step"] == "memory"
