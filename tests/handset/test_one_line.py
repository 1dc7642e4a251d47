"""No control character leaves in a text of a PDU, through whichever door it came in: strict MMSCs refuse the PDU."""

import json

from mms import clock
from mms.codec import mm1, push, segments
from mms.handset.console.console import Console
from mms.handset.sending.message import Message
from tests.kit.handset.console import Line as LineInMemory
from tests.kit.handset.inbox import ALICE
from tests.kit.handset.phone import OPERATOR, Camera, Phone

EVIL = "a\nb\r\nc\rd\x01\x7f\x80\x9f\x85\u2028\u2029e"
PLAIN = "a b c d       e"
MINUTE = 60000


class Line(LineInMemory):
    """Ends when all that was typed is done."""

    async def readinto(self, buf):
        count = await super().readinto(buf)
        if not count:
            await clock.sleep(5 * MINUTE)
        return count


def texts(value):
    """All texts in a value of a header field."""
    if isinstance(value, str):
        return [value]
    return sum([texts(one) for one in value], []) if isinstance(value, (tuple, list)) else []


def is_one_line(text):
    codes = [ord(character) for character in text]
    return not [code for code in codes if code < 0x20 or 0x7F <= code < 0xA0 or code in (0x2028, 0x2029)]


def sent(phone, *types):
    """What the MMSC got, of these types, in order; each is in one line, and nothing but that came."""
    pdus = [pdu for _, _, pdu in phone.mmsc.heard if pdu is not None]
    assert tuple([pdu.type for pdu in pdus]) == types
    for pdu in pdus:
        for number, value, _ in pdu.fields:
            assert all([is_one_line(text) for text in texts(value)]), (pdu.type, number, value)
    return pdus


def console(phone, *commands):
    """What these commands make the MMSC hear of, in JSON."""

    async def story():
        line = Line("".join([json.dumps(one) + "\n" for one in ({"do": "mode", "mode": "json"},) + commands]).encode())
        await Console(line, phone.handset, phone.events).serve()
        return line.written

    written = phone.live(story)
    assert written.count(b'"ok": true') == len(commands) + 1, written


def retrieval():
    """An M-Retrieve.conf whose every text is evil."""
    fields = [(mm1.TRANSACTION_ID, "R" + EVIL), (mm1.VERSION, 0x12), (mm1.MESSAGE_ID, "M" + EVIL)]
    fields += [(mm1.DATE, 1700000000), (mm1.FROM, "Bob" + EVIL), (mm1.SUBJECT, EVIL), (mm1.TO, EVIL)]
    fields += [(mm1.READ_REPORT, True), (mm1.CONTENT_TYPE, mm1.ContentType("text/plain", []))]
    return mm1.build(mm1.RETRIEVE_CONF, fields) + b"hi"


def announced(subject=EVIL, tid="T1", version=0x12):
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, version), (mm1.FROM, mm1.address(ALICE))]
    fields += [(mm1.SUBJECT, subject), (mm1.MESSAGE_CLASS, 0x80), (mm1.MESSAGE_SIZE, 100)]
    fields += [(mm1.EXPIRY, ("relative", 3600)), (mm1.CONTENT_LOCATION, "http://mmsc.example/m/1")]
    body = push.build(1, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, fields))
    return segments.deliver("+447700900999", body, push.PORTS)


def test_a_subject_at_the_console_and_in_the_settings():
    phone = Phone(Camera(), press={"to": [ALICE], "subject": "a\x7f\x80\u2028b"})
    console(phone, {"do": "send", "to": [ALICE], "subject": EVIL + "\0", "text": "one\ntwo"}, {"do": "press"})
    first, second = sent(phone, mm1.SEND_REQ, mm1.SEND_REQ)
    subjects = [first.get(mm1.SUBJECT), second.get(mm1.SUBJECT)]
    assert sorted(subjects) == ["a   b", PLAIN + " "]
    assert sorted([item.record["subject"] for item in phone.handset.outbox.each()]) == sorted(subjects)


def test_a_subject_of_a_library_message_and_its_files():
    phone = Phone()
    path = "build/tests/odd\x01\nname.txt"
    with open(path, "w") as file:
        file.write("hello")

    async def story():
        message = Message(ALICE, EVIL)
        message.file(path)
        await phone.handset.send(message)
        await clock.sleep(5 * MINUTE)

    phone.live(story)
    (pdu,) = sent(phone, mm1.SEND_REQ)
    assert pdu.get(mm1.SUBJECT) == PLAIN


def test_the_subject_of_a_reply_is_the_strangers():
    phone = Phone()
    phone.modem.arrives(*announced())

    async def story():
        await clock.sleep(5 * MINUTE)
        (item,) = phone.handset.inbox.items()
        assert item.status["subject"] == EVIL
        line = Line(b"reply %s thanks\n" % item.id.encode())
        await Console(line, phone.handset, phone.events).serve()

    phone.live(story)
    assert sent(phone, mm1.NOTIFYRESP_IND, mm1.SEND_REQ)[1].get(mm1.SUBJECT) == "Re: " + PLAIN


def test_what_answers_repeat_of_what_came():
    """A transaction id, a Message-ID and a sender with controls: the answers and the read report are in one line."""
    phone = Phone(read_report_allowed=True)
    phone.mmsc.answer = lambda method, pdu: retrieval() if method == "GET" else b""
    phone.modem.arrives(*announced(tid="T" + EVIL))
    phone.modem.arrives(*announced(tid="U" + EVIL, version=0x20))

    async def story():
        await clock.sleep(5 * MINUTE)
        ids = [item.id for item in phone.handset.inbox.items()]
        line = Line("".join(['{"do": "read", "id": "%s"}\n' % id for id in ids]).encode())
        console = Console(line, phone.handset, phone.events)
        console.set_json(True)
        await console.serve()

    phone.live(story)
    pdus = [pdu for _, _, pdu in phone.mmsc.heard if pdu is not None]
    assert sorted([pdu.type for pdu in pdus]) == [mm1.NOTIFYRESP_IND, mm1.NOTIFYRESP_IND, mm1.READ_REC_IND]
    for pdu in sent(phone, *[pdu.type for pdu in pdus]):
        assert pdu.get(mm1.TRANSACTION_ID) or pdu.get(mm1.MESSAGE_ID) == "M" + PLAIN


def test_every_pdu_of_a_handset_is_in_one_line_and_an_mmscs_is_as_it_was_given():
    for type in range(0x80, 0x98):
        fields = [(mm1.TRANSACTION_ID, EVIL), (mm1.SUBJECT, EVIL), (mm1.FROM, EVIL), (0x20, (1, EVIL))]
        found = mm1.build(type, fields)
        ours = type in (0x80, 0x83, 0x85, 0x87, 0x89, 0x8B, 0x8D, 0x8F, 0x91, 0x94, 0x97)
        wanted = mm1.build(0x82, [(0x18, PLAIN), (0x16, PLAIN), (0x09, PLAIN), (0x20, (1, PLAIN))])[2:]
        assert (found[2:] == wanted) == ours, type


def test_addresses_and_the_user_agent_are_refused_where_they_come_in():
    for wrong in ({"press": {"to": ["+4477009\n00002"]}}, {"operators": {"23410": dict(OPERATOR, user_agent="a\nb")}}):
        try:
            Phone(**wrong)
        except Exception as error:
            assert type(error).__name__ == "SettingsError"
        else:
            raise AssertionError(wrong)
