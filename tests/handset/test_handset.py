"""A whole handset: what is accepted arrives, what arrives is answered, and what ends it says why."""

import asyncio

from mms import clock, limits
from mms.advice import advice
from mms.codec import mm1, tpdu
from mms.errors import (
    BearerError,
    CameraError,
    Coverage,
    Damaged,
    LineLost,
    ModemError,
    SimError,
    StoreError,
    StoreFull,
    UsageError,
)
from mms.handset import states
from mms.handset.console.console import Console
from mms.handset.sending import requests
from mms.handset.sending.message import Message
from mms.handset.states import ACKNOWLEDGED, DEFERRED, FAILED, FORWARDED, NOTIFIED
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
    assert camera.asked == [("VGA", 54)]
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


def test_without_coverage_a_message_waits_and_goes_when_there_is_some():
    phone = Phone()
    phone.modem.faults = {"register": [Coverage("register", 2, "no network") for _ in range(4)]}

    async def story():
        id = await phone.handset.send(hello())
        await clock.sleep(MINUTE // 2)
        waiting = phone.handset.outbox.item(id).state
        await clock.sleep(20 * MINUTE)
        return waiting, phone.handset.outbox.item(id).state

    assert phone.live(story) == (states.QUEUED, states.SENT)
    assert all("coverage" in event["advice"] for event in phone.told("failed"))


def test_a_modem_that_was_reset_is_started_again_and_again():
    phone = Phone()

    async def story():
        phone.modem.faults = {"start": [ModemError("modem")] * 3}
        phone.events.say("modem_reset")
        await clock.sleep(MINUTE)
        id = await phone.handset.send(hello())
        await clock.sleep(MINUTE)
        return phone.handset.outbox.item(id).state

    assert phone.live(story) == states.SENT and phone.modem.log.count("start") == 5


def test_a_line_that_was_pulled_out_is_waited_for_as_long_as_it_takes():
    for first in (True, False):
        phone = Phone()
        gone = {"start": [LineLost("line", None, "the line was pulled out") for _ in range(3)]}
        if first:
            phone.modem.faults = gone

        async def story(phone=phone, gone=gone, first=first):
            if not first:
                phone.modem.faults = gone
                phone.events.say("modem_reset")
            for hours in (1, 5, 1):
                await clock.sleep(hours * 60 * MINUTE)
                phone.events.say("line_back")
            await clock.sleep(MINUTE)
            id = await phone.handset.send(hello())
            await clock.sleep(MINUTE)
            return phone.handset.outbox.item(id).state

        assert phone.live(story) == states.SENT
        assert phone.modem.log.count("start") == (4 if first else 5) and not phone.told("failed")


def test_a_message_goes_as_soon_as_the_line_is_back():
    phone = Phone()

    async def story():
        phone.modem.faults["register"] = [LineLost("line", None, "the line was pulled out") for _ in range(99)]
        phone.events.say("line_lost")
        id = await phone.handset.send(hello())
        await clock.sleep(20 * MINUTE)
        state, tries = phone.handset.outbox.item(id).state, phone.modem.log.count("register")
        phone.modem.faults.clear()
        phone.events.say("line_back")
        await clock.sleep(2000)
        return state, tries, phone.handset.outbox.item(id).state

    state, tries, after = phone.live(story)
    assert (state, after) == (states.QUEUED, states.SENT) and tries < 12
    assert all("plug it in" in event["advice"] for event in phone.told("failed"))


def test_a_modem_that_never_comes_back_ends_the_handset_and_so_does_a_sim_that_says_no():
    for error, starts in ((ModemError("modem"), 6), (SimError("sim", 10, "no SIM"), 2)):
        phone = Phone()

        async def story():
            phone.modem.faults = {"start": [error] * 9}  # noqa: B023
            phone.events.say("modem_reset")  # noqa: B023
            await clock.sleep(10 * MINUTE)

        raised = raises(type(error), phone.live, story)
        assert raised is error and phone.modem.log.count("start") == starts


def test_what_keeps_a_handset_from_starting_ends_it():
    phone = Phone(operators={})
    assert "add operators.23410" in str(phone.dies())
    phone = Phone()
    phone.modem.faults = {"start": [ModemError("modem")]}
    assert phone.dies().step == "modem"


def test_a_context_that_nobody_uses_is_let_go():
    phone = Phone()

    async def story():
        await clock.sleep(MINUTE)
        early = "release" in phone.modem.log
        await clock.sleep(3 * MINUTE)
        return early, phone.modem.log.count("release")

    assert phone.live(story) == (False, 1)
    phone = Phone()
    phone.modem.faults = {"release": [ModemError("modem")]}
    assert phone.live(story) == (False, 1) and phone.told("failed")[0]["step"] == "modem"


def test_abroad_a_message_waits_for_its_user():
    phone = Phone()
    phone.modem.where.status = "roaming"

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(MINUTE)
        (item,) = phone.handset.inbox.items()
        before = item.state
        phone.handset.fetch(item.id)
        await clock.sleep(MINUTE)
        return before, phone.handset.inbox.item(item.id).state

    assert phone.live(story) == (DEFERRED, ACKNOWLEDGED)
    (deferred, get, answer) = phone.mmsc.heard
    assert deferred[2].get(mm1.STATUS) == mm1.DEFERRED and get[0] == "GET"
    assert (answer[2].type, answer[2].get(mm1.TRANSACTION_ID)) == (mm1.ACKNOWLEDGE_IND, "R1")


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


def test_a_person_stops_a_message_and_sends_it_after_all():
    phone = Phone()

    async def story():
        phone.modem.faults = {"open": [ModemError("connect")] * 2}
        id = await phone.handset.send(hello())
        await clock.sleep(10000)
        phone.handset.cancel(id)
        await clock.sleep(20 * MINUTE)
        stopped = phone.handset.outbox.item(id).state
        phone.handset.retry(id)
        await clock.sleep(1000)
        return stopped, phone.handset.outbox.item(id).state

    assert phone.live(story) == (states.FAILED, states.SENT)


def test_who_stops_or_deletes_what_is_under_way_stops_it():
    large = "x" * 20000  # twenty seconds on the way

    def up(phone, id):
        return phone.handset.outbox.item(id).state

    for verb in ("cancel", "delete"):
        phone = Phone()

        async def story():
            message = Message("+447700900001")
            message.text(large)
            id = await phone.handset.send(message)  # noqa: B023
            await clock.sleep(5000)
            if verb == "cancel":  # noqa: B023
                phone.handset.cancel(id)  # noqa: B023
            else:
                requests.delete(phone.handset, id)  # noqa: B023
            await clock.sleep(MINUTE)
            other = await phone.handset.send(hello())  # noqa: B023
            await clock.sleep(MINUTE)
            return id, up(phone, other)  # noqa: B023

        id, other = phone.live(story)
        assert len(phone.mmsc.heard) == 1 and other == states.SENT and phone.told("failed") == []
        left = [name for name in phone.store.names() if name[:8] == id]
        assert (verb == "cancel") == bool(left) and (not left or up(phone, id) == states.FAILED)


def test_a_message_whose_last_octets_leave_cannot_be_deleted_in_that_moment():
    phone = Phone()

    async def story():
        id = await phone.handset.send(hello())
        phone.handset.outbox.item(id).save(state=states.LEAVING)
        verbs = requests.delete, type(phone.handset).cancel
        refused = [str(raises(UsageError, verb, phone.handset, id)) for verb in verbs]
        await clock.sleep(10 * MINUTE)
        return refused, phone.handset.outbox.item(id).state

    refused, state = phone.live(story)
    assert all("is leaving" in text for text in refused) and state == states.SENT


def test_a_message_that_is_deleted_while_it_comes_or_is_answered_stays_deleted():
    for before in ("open", "open again"):
        phone = Phone()
        times = [0]

        async def story():
            usual = phone.modem.open  # noqa: B023

            async def slow(host, port):
                times[0] += 1  # noqa: B023
                if times[0] == (1 if before == "open" else 2):  # noqa: B023
                    await clock.sleep(20000)
                return await usual(host, port)  # noqa: B023

            phone.modem.open = slow  # noqa: B023
            phone.modem.arrives(*notification())  # noqa: B023
            await clock.sleep(10000)
            (item,) = phone.handset.inbox.items()  # noqa: B023
            requests.delete(phone.handset, item.id)  # noqa: B023
            await clock.sleep(10 * MINUTE)
            return item.id

        id = phone.live(story)
        assert [name for name in phone.store.names() if name[:8] == id] == [] and phone.told("failed") == []


def test_where_a_network_is_searched_for_hours_nothing_fails():
    phone = Phone()

    async def story():
        async def search(seconds):
            await clock.sleep(70000)
            raise Coverage("register", 2, "no network")

        found, phone.modem.register = phone.modem.register, search
        text = await requests.text(phone.handset, "+447700900001", "hello")
        await clock.sleep(2 * 60 * MINUTE)
        phone.modem.register = found
        await clock.sleep(10 * MINUTE)
        return phone.handset.outbox.item(text).state

    assert phone.live(story) == states.SENT
    assert {event["final"] for event in phone.told("failed")} == {False}


def test_whether_a_message_is_fetched_abroad_is_asked_when_the_network_is_known():
    phone = Phone()
    phone.modem.where.status = "searching"

    async def story():
        async def register(seconds):
            phone.modem.where.status = "roaming"

        phone.modem.register = register
        phone.modem.arrives(*notification())
        await clock.sleep(MINUTE)
        return phone.handset.inbox.items()[0].state

    assert phone.live(story) == DEFERRED
    assert phone.told("failed") == []
    phone = Phone()
    phone.modem.where.status = "unknown"  # a garbled answer

    async def story():
        phone.modem.arrives(*notification())
        await clock.sleep(10000)
        before = phone.handset.inbox.items()[0].state
        phone.modem.where.status = "home"
        await clock.sleep(5 * MINUTE)
        return before, phone.handset.inbox.items()[0].state

    assert phone.live(story) == (NOTIFIED, ACKNOWLEDGED)


def test_a_short_message_needs_no_context():
    phone = Phone()

    async def story():
        await clock.sleep(1000)
        phone.modem.log.clear()
        id = await requests.text(phone.handset, "07700900001", "hello")
        await clock.sleep(1000)
        return phone.handset.outbox.item(id).state

    assert phone.live(story) == states.SENT and phone.modem.log == ["register", "send_sms"]
    sent = tpdu.parse(phone.modem.sent[0], False)
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


class Typist:
    """A person who types a line at once, and then one every ten seconds."""

    def __init__(self, *lines):
        self._lines, self._pause, self.said = list(lines), 0, ""

    async def readinto(self, buf):
        await clock.sleep(self._pause)
        line, self._pause = self._lines.pop(0).encode() + b"\n", 10000
        buf[: len(line)] = line
        return len(line)

    async def write(self, buf):
        self.said += bytes(buf).decode()


def test_a_person_asks_where_the_handset_stands_and_quits():
    phone = Phone()
    phone.modem.slow_ms = 5000
    typist = Typist("status", "check", "status", "outbox", "quit")

    async def story():
        await clock.sleep(2 * MINUTE)

    phone.live(story, Console(typist, phone.handset, phone.events))
    starting, ready, rest = typist.said.partition("* ready")
    assert starting == "! the modem is still starting\n" and ready
    steps = [row.split(":")[0] for row in rest.split("\n") if row.startswith("* checked")]
    assert steps == ["* checked, modem", "* checked, register", "* checked, context", "* checked, connect"]
    assert "network:  23410, home, GSM, -79 dBm\n" in rest and "a SIM of 23410\n" in rest
    assert rest.endswith("outbox: nothing\ngoodbye\n")


def test_a_check_ends_at_the_first_step_that_fails_and_says_what_to_do():
    phone = Phone()
    phone.modem.faults["attach"] = [BearerError("context", 148, "")] * 9
    typist = Typist("help", "check", "quit")

    async def story():
        await clock.sleep(2 * MINUTE)

    phone.live(story, Console(typist, phone.handset, phone.events))
    _, _, rest = typist.said.partition("* checked, register")
    assert "! context: error 148; %s\n" % advice(BearerError("context", 148, "")) in rest and "checked, c" not in rest


def test_a_handset_knows_its_number_from_the_settings_or_from_the_sim():
    assert Phone(number=ALICE).handset.number == ALICE
    phone = Phone()
    assert phone.handset.number is None

    async def story():
        return phone.handset.number

    assert phone.live(story) == "+447700900002"


def test_asking_for_what_is_not_there_is_said_so():
    handset = Phone().handset
    for verb in (handset.retry, handset.cancel, handset.fetch):
        assert "00000000" in str(raises(UsageError, verb, "00000000"))


def test_a_file_that_is_not_what_its_name_says_is_not_sent():
    from mms.handset.store.store import make_folder

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
