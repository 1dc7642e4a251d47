"""The MMSC's younger half without its lines: forwarding, read reports, cancelling, delayed delivery."""

from mms.codec import mm1
from tests.kit.lab.mmsc_machine import ALICE, BOB, CAROL, Lab

FORWARD_REQ, FORWARD_CONF, CANCEL_REQ, CANCEL_CONF = 0x89, 0x8A, 0x96, 0x97


def notified(lab, seconds=60):
    """The notification among what is pushed meanwhile: (number, Pdu)."""
    (found,) = [(number, pdu) for number, pdu in lab.run(seconds) if pdu.type == mm1.NOTIFICATION_IND]
    return found


def forward(lab, number, url, *fields, to=CAROL):
    head = [(mm1.TRANSACTION_ID, "f1"), (mm1.VERSION, 0x12), (mm1.FROM, None), (mm1.TO, mm1.address(to))]
    return lab.post(number, mm1.build(FORWARD_REQ, head + list(fields) + [(mm1.CONTENT_LOCATION, url)]))


def entries(lab, event):
    return [entry for entry in lab.journal if entry["event"] == event]


def test_who_was_notified_passes_the_message_on_as_it_is():
    lab = Lab()
    lab.send((mm1.DELIVERY_REPORT, True))
    _, notification = notified(lab)
    url = notification.get(mm1.CONTENT_LOCATION)
    _, first = lab.get(BOB, url)
    before = len(lab.pushed)
    answer = forward(lab, BOB, url, (mm1.DELIVERY_REPORT, True))
    assert (answer.type, answer.get(mm1.RESPONSE_STATUS)) == (FORWARD_CONF, mm1.OK)
    lab.run(60)
    pushed = lab.pushed[before:]
    assert [(number, pdu.type) for number, pdu in pushed] == [
        (ALICE, mm1.DELIVERY_IND),
        (CAROL, mm1.NOTIFICATION_IND),
    ]
    assert pushed[0][1].get(mm1.STATUS) == 0x86 and mm1.number(pushed[1][1].get(mm1.FROM)) == BOB
    pdu, second = lab.get(CAROL, pushed[1][1].get(mm1.CONTENT_LOCATION))
    assert second[pdu.body :] == first[-(len(second) - pdu.body) :]
    assert pdu.get(0x20) == (1, mm1.address(ALICE)) and pdu.get(0x21)[0] == 1
    (entry,) = entries(lab, "forwarded")
    assert entry["sender"] == BOB and entry["to"] == [CAROL]


def test_nobody_forwards_what_is_not_his_or_not_there():
    lab = Lab()
    lab.send()
    _, notification = notified(lab)
    url = notification.get(mm1.CONTENT_LOCATION)
    assert forward(lab, CAROL, url).get(mm1.RESPONSE_STATUS) == 0xE1
    assert forward(lab, BOB, url + "x").get(mm1.RESPONSE_STATUS) == 0xE4
    assert entries(lab, "forwarded") == []


def test_a_read_report_reaches_the_sender_who_asked_for_it():
    for asked in (True, False):
        lab = Lab()
        key = lab.send((mm1.READ_REPORT, asked)).get(mm1.MESSAGE_ID)
        lab.run(60)
        fields = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, key), (mm1.TO, mm1.address(ALICE)), (mm1.FROM, None)]
        lab.answer(BOB, mm1.READ_REC_IND, *fields + [(mm1.READ_STATUS, 0x80)])
        lab.answer(CAROL, mm1.READ_REC_IND, *fields + [(mm1.READ_STATUS, 0x80)])
        heard = [(number, pdu) for number, pdu in lab.pushed if pdu.type == mm1.READ_ORIG_IND]
        assert len(heard) == int(asked) and len(entries(lab, "read")) == len(entries(lab, "stray")) == 1
        for number, pdu in heard:
            assert number == ALICE and mm1.number(pdu.get(mm1.FROM)) == BOB and pdu.get(mm1.MESSAGE_ID) == key


def test_a_cancelled_message_is_recalled_from_all_who_got_it():
    lab = Lab()
    key = lab.send(to=(BOB, CAROL)).get(mm1.MESSAGE_ID)
    lab.relay.cancel(key, lab.now)
    asked = [(number, pdu) for number, pdu in lab.pushed if pdu.type == CANCEL_REQ]
    assert [number for number, _ in asked] == [BOB, CAROL] and asked[0][1].get(0x3E) == key
    tid = asked[0][1].get(mm1.TRANSACTION_ID)
    lab.answer(BOB, CANCEL_CONF, (mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x13), (0x3F, 0x80))
    (entry,) = entries(lab, "cancelled")
    assert (entry["sender"], entry["tid"], entry["status"]) == (BOB, tid, 0x80)


def test_a_delivery_time_holds_the_notification_back():
    for when in (("relative", 600), ("absolute", 1043668800 + 600)):
        lab = Lab()
        lab.send((mm1.DELIVERY_TIME, when))
        assert lab.run(599) == []
        assert notified(lab, 2)[0] == BOB
