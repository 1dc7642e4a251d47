"""A whole handset: what is accepted arrives, what arrives is answered, and what ends it says why."""

import asyncio

from mms import clock, limits
from mms.advice import advice
from mms.codec import mm1, segments
from mms.errors import (
    CameraError,
    Damaged,
    ModemError,
    StoreError,
    StoreFull,
    UsageError,
)
from mms.handset import states
from mms.handset.sending import requests
from mms.handset.sending.message import Message
from mms.handset.states import ACKNOWLEDGED, FAILED, FORWARDED
from mms.handset.store.store import Store
from tests.kit.checks import raises
from tests.kit.handset.inbox import ALICE, notification
from tests.kit.handset.phone import MINUTE, SWEEP_MS, Camera, Phone, asking, confirmation, hello

OK = mm1.RESPONSE_STATUS, mm1.OK


def test_a_press_of_the_shutter_ends_at_the_mmsc():
    camera = Camera()
    phone = Phone(camera)

    async def story():
        message = Message(ALICE, "a subject")
        message.picture()
        message.file("assets/sounds/hello.amr")
        message.text("hello")
        id = await phone.handset.send(message)
        await clock.sleep(2 * MINUTE)
        return phone.handset.outbox.item(id)

    item = phone.live(story)
    assert item.state == states.SENT and item.status["message_id"] == "M1"
    ((method, path, pdu),) = phone.mmsc.heard
    assert (method, path, pdu.type, pdu.get(mm1.TRANSACTION_ID)) == ("POST", "/", mm1.SEND_REQ, item.id)
    assert camera.asked == [("VGA", 79)]
    names, sent = phone.names(), phone.told("sent")
    assert names.index("ready") < names.index("captured") < names.index("accepted") < names.index("confirmed")
    assert len(sent) > 3 and sent[-1]["octets"] <= sent[-1]["of"] == item.record["octets"]
    assert phone.store.names() == [item.id + ".o", item.id + ".s"]  # its parts have made room


def test_a_message_is_announced_retrieved_answered_and_gone_from_the_sim():
    phone = Phone()

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(2 * MINUTE)
        return phone.handset.inbox.items()

    (item,) = phone.live(story)
    assert item.state == ACKNOWLEDGED and phone.modem.sim_card == {}
    (get, answer) = phone.mmsc.heard
    assert get[:2] == ("GET", "/m/1") and answer[2].type == mm1.NOTIFYRESP_IND
    assert answer[2].get(mm1.STATUS) == mm1.RETRIEVED


def test_what_finds_no_room_stays_on_the_sim_until_there_is_some():
    phone = Phone()

    def full(name):
        raise StoreFull("store", 28, "the store is full")

    async def story():
        create, phone.store.create = phone.store.create, full
        phone.modem.arrives(*notification())
        await clock.sleep(MINUTE)
        kept = len(phone.modem.sim_card)
        phone.store.create = create
        await clock.sleep(SWEEP_MS)
        return kept

    assert phone.live(story) == 2 == len(phone.told("failed"))
    assert phone.told("failed")[0]["advice"] == "delete messages to make room"
    assert phone.modem.sim_card == {} and [item.state for item in phone.handset.inbox.items()] == [ACKNOWLEDGED]


def test_a_picture_of_no_size_or_quality_is_refused_at_once():
    for size, quality, text in (("HUGE", None, "size is one of"), (None, 0, "1 to 100"), ("VGA", 101, "1 to 100")):
        message = Message(ALICE)
        assert text in str(raises(UsageError, message.picture, size, quality)) and not message.parts
    message.picture("VGA", 100)
    message.picture("QQVGA", 1)
    assert [(part.size, part.quality) for part in message.parts] == [("VGA", 100), ("QQVGA", 1)]


def test_a_message_that_cannot_be_made_leaves_nothing():
    picture, absent = Message(ALICE), Message(ALICE)
    picture.picture("QVGA", 30)
    absent.text("hello")
    absent.file("build/no-such.jpg")
    large = Message(ALICE)
    large.parts = hello().parts * limits.PARTS
    for message, camera, error, text in (
        (picture, Camera(more=1), CameraError, "20004 octets of 20005"),
        (picture, None, UsageError, "this handset has no camera"),
        (absent, None, UsageError, "build/no-such.jpg cannot be read"),
        (large, None, UsageError, "more than 24 parts"),
        (hello([]), None, UsageError, "recipients"),
    ):
        phone = Phone(camera)

        async def story():
            await phone.handset.send(message)  # noqa: B023

        assert text in str(raises(error, phone.live, story))
        assert phone.store.names() == [] and phone.mmsc.heard == [] and "accepted" not in phone.names()


def test_the_operators_limit_is_kept_before_anything_is_sent():
    phone = Phone(Camera(), operators={"23410": {"apn": "a", "mmsc": "http://m/", "octets": 10000}})

    async def story():
        message = Message(ALICE)
        message.picture()
        await phone.handset.send(message)

    assert "the operator takes 10000" in str(raises(UsageError, phone.live, story))
    assert phone.store.names() == []


def test_a_message_on_a_host_that_nobody_vouches_for_is_not_fetched():
    phone = Phone()

    async def story():
        phone.modem.arrives(*notification(url="http://evil.example/m/1"))
        await clock.sleep(MINUTE)
        return phone.handset.inbox.items()[0].state

    assert phone.live(story) == FAILED and phone.mmsc.heard == []


def test_an_answer_that_is_no_confirmation_is_told_as_what_it_is():
    for answer, text in (
        (b"<html>log in here</html>", "no M-Send.conf"),
        (bytes(limits.CONFIRMATION + 1), "more than 2048 octets"),
        (confirmation("somebody-elses"), "something else"),
        (confirmation(None, (mm1.RESPONSE_STATUS, 0xE4)), "message-not-found (228)"),
    ):
        phone = Phone()
        phone.mmsc.then = [answer]

        async def story():
            await phone.handset.send(hello())  # noqa: B023
            await clock.sleep(MINUTE // 2)

        phone.live(story)
        assert phone.told("failed")[0]["step"] == "confirmation" and text in phone.told("failed")[0]["text"], text


def test_what_an_mmsc_says_of_a_number_is_told_without_it_and_what_waits_is_told_so():
    for status, name, waits in ((0xE1, "(225)", False), (0xC0, "(192)", True)):
        phone = Phone()
        words = mm1.RESPONSE_TEXT, "no subscriber +447700900001 nor 4477009"
        phone.mmsc.then = [confirmation(None, (mm1.RESPONSE_STATUS, status), words)]

        async def story():
            await phone.handset.send(hello())  # noqa: B023
            await clock.sleep(1000)

        phone.live(story)
        failed = phone.told("failed")[0]
        assert failed["text"] == "confirmation: no subscriber +**********01 nor 4477009 " + name
        over = "ask the operator whether the subscription has MMS"
        assert failed["advice"] == ("the message waits" if waits else over) and failed["final"] != waits


def test_who_cannot_make_room_is_not_told_to():
    assert advice(StoreFull("store", 28, "the store is full")) == "delete messages to make room"
    for error in (StoreError("store", 5, "the flash"), Damaged("store", None, "a file is damaged")):
        assert advice(error) and "room" not in advice(error)


def test_a_short_message_needs_no_context():
    phone = Phone()

    async def story():
        await clock.sleep(1000)
        phone.modem.log.clear()
        id = await requests.send_text(phone.handset, "07700900001", "hello")
        await clock.sleep(1000)
        return phone.handset.outbox.item(id).state

    assert phone.live(story) == states.SENT and phone.modem.log == ["register", "send_sms"]
    sent = segments.parse_submit(phone.modem.sent[0])
    assert (sent.recipient, sent.text) == (ALICE, "hello")


def test_who_wants_to_know_whether_his_message_was_read_is_told():
    phone = Phone(read_report_allowed=True)

    async def story():
        phone.modem.arrives(*notification())
        phone.mmsc.then = [asking()]
        await clock.sleep(MINUTE)
        await requests.read(phone.handset, phone.handset.inbox.items()[0].id)
        phone.modem.faults = {"open": [ModemError("connect")]}
        await clock.sleep(MINUTE)

    phone.live(story)
    told = phone.mmsc.heard[-1][2]
    assert (told.type, told.get(mm1.READ_STATUS)) == (mm1.READ_REC_IND, 0x80)
    assert phone.told("read_reported") and phone.store.names(".a") == []


def test_a_report_that_the_mmsc_never_takes_is_given_up():
    phone = Phone(read_report_allowed=True)

    async def story():
        phone.modem.arrives(*notification())
        phone.mmsc.then = [asking()]
        await clock.sleep(MINUTE)
        await requests.read(phone.handset, phone.handset.inbox.items()[0].id)
        phone.modem.faults = {"open": [ModemError("connect")] * 9}
        await clock.sleep(60 * MINUTE)

    phone.live(story)
    assert phone.store.names(".a") == [] and phone.told("failed")[-1]["final"]


def test_what_could_not_be_noted_for_want_of_room_is_in_doubt_and_sent_again_with_a_flag():
    phone, write = Phone(), Store.write
    full = [True]

    def refuse(self, name, record):
        if full[0] and name.endswith(".s") and (record["state"] == states.SENT or record["why"]):
            raise StoreFull("store", 28, "the store is full")
        write(self, name, record)

    async def story():
        id = await phone.handset.send(hello())
        await clock.sleep(5 * MINUTE)
        before = phone.handset.outbox.item(id).state, len(phone.mmsc.heard)
        full[0] = False
        await clock.sleep(5 * MINUTE)
        return before, phone.handset.outbox.item(id)

    Store.write = refuse
    try:
        before, item = phone.live(story)
    finally:
        Store.write = write
    assert before == (states.LEAVING, 1)
    assert (item.state, item.status["maybe_duplicate"], len(phone.mmsc.heard)) == (states.SENT, True, 2)


def test_what_was_forwarded_at_the_mmsc_is_no_longer_fetched():
    phone = Phone(retrieve={"home": "manual"})

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(MINUTE)
        (item,) = phone.handset.inbox.items()
        tid = requests.forward(phone.handset, item.id, ["+447700900003"])
        phone.mmsc.then = [
            mm1.build(0x8A, [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x12), OK, (mm1.MESSAGE_ID, "M9")])
        ]
        await clock.sleep(MINUTE)
        return phone.handset.outbox.item(tid).state, phone.handset.inbox.item(item.id).state

    assert phone.live(story) == (states.SENT, FORWARDED)


def test_asking_for_what_is_not_there_is_said_so():
    handset = Phone().handset
    for verb in (handset.retry, handset.cancel, handset.fetch):
        assert "00000000" in str(raises(UsageError, verb, "00000000"))


def test_a_file_that_is_not_what_its_name_says_is_not_sent():
    from mms.handset.store.files import make_folder

    make_folder("build/tests")
    jpeg, amr = b"\xff\xd8\xff\xe0JFIF\xff\xd9", b"#!AMR\n\x3c"
    for name, octets, said in (
        ("a.jpg", b"", "it is empty"),
        ("a.txt", b"", "it is empty"),
        ("a.jpg", amr, "it is no image/jpeg but audio/amr"),
        ("a.amr", jpeg, "it is no audio/amr but image/jpeg"),
        ("a.png", b"GIF89a", "it is no image/png but image/gif"),
        ("a.mid", b"nothing", "it is no audio/midi"),
        ("a.txt", jpeg, "it is no text/plain but image/jpeg"),
        ("a.jpg", jpeg, ""),
        ("a.amr", amr, ""),
        ("a.txt", b"hello", ""),
        ("a.png", b"\x89PNG\r\n\x1a\n", ""),
        ("a.gif", b"GIF87a", ""),
        ("a.mid", b"MThd\0\0", ""),
        ("a.wav", b"RIFF\0\0\0\0WAVEfmt ", ""),
        ("a.3gp", b"\0\0\0\x18ftyp3gp4", ""),
    ):
        path = "build/tests/" + name
        with open(path, "wb") as file:
            file.write(octets)
        phone = Phone()
        message = Message([ALICE])
        message.file(path)
        if said:
            error = raises(UsageError, asyncio.run, phone.handset.send(message))
            assert str(error) == "%s: %s" % (path, said) and phone.handset.outbox.items() == []
            assert phone.handset.outbox.store.names() == []
        else:
            phone.live(lambda: phone.handset.send(message))  # noqa: B023
            assert len(phone.handset.outbox.items()) == 1
