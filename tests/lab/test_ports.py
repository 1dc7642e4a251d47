"""The MMSC's ports without lines: messages out and in by another network, and the reports on them."""

import pytest

from mms.codec import mm1
from tests.kit.lab.mmsc_machine import ALICE, BOB, CAROL, EPOCH, RELATED, body
from tests.kit.lab.ports import CONTENT, DAVE, MAIL, Lab, envelope
from tools.lab.network.mmsc.contents import unpack
from tools.lab.network.mmsc.submissions import Refused

ASKED = (mm1.DELIVERY_REPORT, True)


def reports(lab):
    return [(to, pdu.get(mm1.STATUS)) for to, pdu in lab.pushed if pdu.type == mm1.DELIVERY_IND]


def retrieve(lab, number):
    """Get what the number was notified of, and say so."""
    notification = [pdu for to, pdu in lab.run(1) if to == number][0]
    found = lab.get(number, notification.get(mm1.CONTENT_LOCATION))
    tid = (mm1.TRANSACTION_ID, notification.get(mm1.TRANSACTION_ID))
    lab.answer(number, mm1.NOTIFYRESP_IND, tid, (mm1.VERSION, 0x12), (mm1.STATUS, mm1.RETRIEVED))
    return found


def test_each_recipient_goes_the_way_that_his_number_has():
    lab = Lab()
    lab.send((mm1.SUBJECT, "hi"), (mm1.CC, mm1.address(MAIL)), to=(BOB, DAVE))
    assert [to for to, _ in lab.run(1)] == [BOB]
    ((key, sent, recipient),) = lab.port("mm4").forwarded
    assert recipient == DAVE and (sent.sender, sent.to, sent.cc, sent.subject) == (ALICE, [BOB, DAVE], [MAIL], "hi")
    assert not sent.hidden and sent.expires == EPOCH + 259200 and sent.key == lab.said("submitted")[0]["message_id"]
    assert [part.octets for part in unpack(sent.content).parts] == [b"hello", bytes(range(256)) * 40]
    assert sent.content.endswith(body()) and [row[2] for row in lab.port("mm3").forwarded] == [MAIL]


def test_what_is_handed_on_waits_for_the_report_that_the_sender_wants():
    lab = Lab()
    lab.send(ASKED, to=(DAVE,))
    lab.run(1)
    ((key, _, _),) = lab.port("mm4").forwarded
    assert lab.relay.handed(key, lab.now) and not lab.pushed
    assert lab.relay.answered(key, "deferred", lab.now) and not lab.pushed
    assert lab.relay.answered(key, "Retrieved", lab.now)
    assert reports(lab) == [(ALICE, mm1.RETRIEVED)] and lab.relay.due is None
    assert not lab.relay.answered(key, "Retrieved", lab.now) and len(lab.said("stray")) == 1


@pytest.mark.parametrize("word, status", (("Expired", 0x80), ("Rejected", 0x82), ("Unrecognised", 0x84), ("?", 0x85)))
def test_a_report_in_words_reaches_the_handset_as_a_status(word, status):
    lab = Lab()
    lab.send(ASKED, to=(DAVE,))
    lab.run(1)
    lab.relay.answered(lab.port("mm4").forwarded[0][0], word, lab.now)
    assert reports(lab) == [(ALICE, status)]


def test_without_a_wish_for_a_report_handing_on_ends_the_delivery():
    lab = Lab()
    lab.send(to=(DAVE,))
    lab.run(1)
    assert lab.relay.handed(lab.port("mm4").forwarded[0][0], lab.now)
    assert lab.relay.due is None and not lab.pushed


@pytest.mark.parametrize("handed, seconds, status", ((False, 101, mm1.EXPIRED), (True, 701, 0x85)))
def test_a_port_that_says_no_more_leaves_the_delivery_to_its_expiry(handed, seconds, status):
    lab = Lab()
    lab.send(ASKED, (mm1.EXPIRY, ("relative", 100)), to=(DAVE,))
    lab.run(1)
    if handed:
        lab.relay.handed(lab.port("mm4").forwarded[0][0], lab.now)
    lab.run(seconds - 5)
    assert reports(lab) == []
    lab.run(5)
    assert reports(lab) == [(ALICE, status)]


def test_a_read_report_finds_its_message_when_the_delivery_has_ended():
    lab = Lab()
    lab.send((mm1.READ_REPORT, True), to=(DAVE,))
    lab.run(1)
    ((key, sent, _),) = lab.port("mm4").forwarded
    lab.relay.handed(key, lab.now)
    for name in (key, sent.key):
        assert lab.relay.read_by(name, DAVE, "Deleted without being read", lab.now)
    read = [pdu.get(mm1.READ_STATUS) for to, pdu in lab.pushed if to == ALICE and pdu.type == mm1.READ_ORIG_IND]
    assert read == [0x81, 0x81]
    assert not lab.relay.read_by("nothing", DAVE, "Read", lab.now) and not lab.relay.read_by(key, BOB, "Read", lab.now)


def test_a_message_from_outside_reaches_the_handset_and_its_reports_go_back():
    lab = Lab()
    previously = [(CAROL, EPOCH - 60)]
    message = envelope(delivery_report=True, read_report=True, previously=previously, priority="High", cc=[MAIL])
    key = lab.relay.accept(message, [BOB], "mm4", {"tid": "t7"}, lab.now)
    pdu, octets = retrieve(lab, BOB)
    assert octets.endswith(CONTENT) and not pdu.warnings
    assert (pdu.get(mm1.MESSAGE_ID), mm1.number(pdu.get(mm1.FROM)), pdu.get(mm1.SUBJECT)) == (key, DAVE, "hi")
    assert (pdu.get(mm1.PRIORITY), pdu.get(0x20), pdu.all(mm1.CC)) == (0x82, (1, mm1.address(CAROL)), [MAIL])
    read = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, key), (mm1.TO, mm1.address(DAVE)), (mm1.FROM, None)]
    lab.answer(BOB, mm1.READ_REC_IND, *read, (mm1.READ_STATUS, 0x80))
    assert lab.port("mm4").reports == [({"tid": "t7"}, BOB, "Retrieved")]
    assert lab.port("mm4").read == [({"tid": "t7"}, BOB, "Read")]
    assert [to for to, _ in lab.pushed] == [BOB]


def test_a_hidden_sender_is_told_to_ports_only_and_is_in_no_pdu():
    lab = Lab()
    lab.relay.accept(envelope(hidden=True), [BOB], "mm4", None, lab.now)
    pdu, octets = retrieve(lab, BOB)
    assert not pdu.has(mm1.FROM) and DAVE.encode() not in octets
    lab.send((mm1.SENDER_VISIBILITY, 0x80), to=(DAVE,))
    lab.run(1)
    assert lab.port("mm4").forwarded[0][1].hidden


@pytest.mark.parametrize(
    "more, to, status",
    (
        ({"content": CONTENT[:-3]}, BOB, 0xE2),
        ({"content": b""}, BOB, 0xE2),
        ({"content": CONTENT + bytes(400000)}, BOB, 0xE5),
        ({"hops": 9}, BOB, 0xE1),
        ({}, "+447700900999", 0xE3),
        ({}, DAVE, 0xE3),  # it came in by mm4: it does not go out again there
        ({}, MAIL, 0xE3),
    ),
)
def test_what_cannot_be_taken_from_outside_is_refused_and_leaves_nothing(more, to, status):
    lab = Lab()
    with pytest.raises(Refused) as refusal:
        lab.relay.accept(envelope(**more), [to], "mm4", None, lab.now)
    assert refusal.value.status == status
    assert lab.relay.due is None and lab.relay.store.all("message") == {} and not lab.journal


def test_a_port_outside_whose_way_is_not_there_is_no_way():
    lab = Lab()
    del lab.relay.ports["mm4"]
    lab.send(ASKED, to=(DAVE,))
    assert reports(lab) == [(ALICE, 0x85)]


class Charging:
    def __init__(self, money):
        self.money, self.accepted, self.confirmed, self.over = money, [], [], []

    def accept(self, sender, recipients, octets, date, key, tid, **fields):
        if not self.money:
            raise Refused(0xEB, "out of credit")
        self.money -= 1
        self.accepted.append((sender, recipients, octets, date, key, tid, fields))
        return tid not in [row[5] for row in self.accepted[:-1]]

    def confirm(self, key):
        self.confirmed.append(key)

    def ended(self, key, recipient, status, date):
        self.over.append((key, recipient, status))

    def retrieved(self, key, sender, recipient, octets, date):
        self.over.append((key, recipient, octets))

    def transferred(self, record, key, sender, recipient, octets, date):
        self.over.append((record, sender, recipient))


def test_charging_hears_of_each_message_and_of_what_became_of_it():
    lab = Lab()
    charging = lab.relay.charging = Charging(2)
    nobody = "+447700900999"
    key = lab.send(to=(BOB, DAVE, nobody), tid="t5").get(mm1.MESSAGE_ID)
    own = lab.relay.accept(envelope(sender=BOB), [DAVE], "portal", None, lab.now)
    lab.relay.accept(envelope(), [BOB], "mm4", None, lab.now)
    octets = lab.said("submitted")[0]["octets"]
    assert charging.accepted[0][:6] == (ALICE, [BOB, DAVE, nobody], octets, EPOCH, key, "t5")
    fields = {"media": RELATED, "message_class": "Personal", "report": False, "expires": EPOCH + 259200}
    assert charging.accepted[0][6] == fields
    assert charging.confirmed == [key, own] and charging.accepted[1][:2] == (BOB, [DAVE])
    _, octets = retrieve(lab, BOB)
    lab.relay.handed(lab.port("mm4").forwarded[0][0], lab.now)
    transferred = [("MMR4F", DAVE, BOB), ("MMO4FRq", ALICE, DAVE), ("MMO4FRq", BOB, DAVE), ("MMO4FRs", ALICE, DAVE)]
    assert [row for row in charging.over if row[0][:2] == "MM"] == transferred
    ended = [(nobody, "Unrecognised"), (BOB, "Retrieved"), (BOB, len(octets)), (DAVE, "Forwarded")]
    assert [row for row in charging.over if row[0] == key] == [(key, *row) for row in ended]
    assert lab.send(tid="poor").get(mm1.RESPONSE_STATUS) == 0xEB and len(lab.said("submitted")) == 1
    assert len(charging.confirmed) == 2


def test_the_notification_tells_the_size_of_what_was_made_to_fit():
    lab = Lab()
    lab.relay.fit = lambda recipient, envelope: envelope.content[:-10000]
    lab.send()
    (_, notification) = lab.run(1)[0]
    _, octets = lab.get(BOB, notification.get(mm1.CONTENT_LOCATION))
    assert len(octets) == notification.get(mm1.MESSAGE_SIZE) < 1000
    assert len(lab.said("adapted")) == 1


def test_what_cannot_be_made_to_fit_goes_to_the_page():
    lab = Lab()
    lab.relay.fit = lambda recipient, envelope: None
    lab.send(ASKED)
    assert lab.run(1) == []
    ((key, sent, recipient),) = lab.port("page").forwarded
    assert recipient == BOB and sent.content.endswith(body())
    lab.relay.handed(key, lab.now)
    lab.relay.answered(key, "Retrieved", lab.now)
    assert reports(lab) == [(ALICE, mm1.RETRIEVED)]


def test_fitting_takes_its_time_beside_the_relay():
    lab, waiting = Lab(), []
    lab.relay.work = lambda function, done, now: waiting.append((function, done))
    lab.relay.fit = lambda recipient, envelope: envelope.content
    lab.send()
    assert lab.run(30) == [] and len(waiting) == 1
    function, done = waiting[0]
    done(function(), lab.now)
    assert [to for to, _ in lab.pushed] == [BOB] and not lab.said("adapted")
