"""The MMSC without its lines: what handsets are told, and what the journal says of it."""

from mms.codec import mm1
from tests.kit.lab.mmsc_machine import ALICE, BOB, CAROL, PICTURE, RELATED, TEXT, Lab, body, sha256, submission
from tools.lab.network.mmsc.machine import Answer


def retrieved(lab, number=BOB):
    """Send, and take the message as far as the retrieval: the notification and what was got."""
    lab.send((mm1.DELIVERY_REPORT, True), (mm1.SUBJECT, "Gr\u00fc\u00dfe"))
    notification = lab.run(1)[0][1]
    return notification, lab.get(number, notification.get(mm1.CONTENT_LOCATION))


def test_a_submission_is_confirmed_with_its_transaction_and_a_message_id():
    lab = Lab()
    confirmation = lab.send(tid="T-9")
    assert confirmation.type == mm1.SEND_CONF
    assert confirmation.get(mm1.TRANSACTION_ID) == "T-9"
    assert confirmation.get(mm1.RESPONSE_STATUS) == 0x80
    assert confirmation.get(mm1.MESSAGE_ID)


def test_the_journal_has_the_hash_of_the_body_and_of_each_part():
    lab = Lab()
    octets = submission()
    lab.post(ALICE, octets)
    entry = lab.said("submitted")[0]
    assert entry["sha256"] == sha256(body()) and entry["pdu_sha256"] == sha256(octets)
    assert [part["sha256"] for part in entry["parts"]] == [sha256(TEXT), sha256(PICTURE)]
    assert [part["octets"] for part in entry["parts"]] == [len(TEXT), len(PICTURE)]
    assert (entry["sender"], entry["to"], entry["octets"]) == (ALICE, [BOB], len(octets))


def test_the_recipient_is_notified_with_what_is_waiting():
    lab = Lab()
    lab.send((mm1.SUBJECT, "hi"), (mm1.EXPIRY, ("relative", 3600)))
    [(number, notification)] = lab.run(1)
    assert (number, notification.type) == (BOB, mm1.NOTIFICATION_IND)
    assert mm1.number(notification.get(mm1.FROM)) == ALICE
    assert notification.get(mm1.SUBJECT) == "hi"
    form, seconds = notification.get(mm1.EXPIRY)
    assert form == "relative" and 3590 < seconds <= 3600
    _, octets = lab.get(BOB, notification.get(mm1.CONTENT_LOCATION))
    assert notification.get(mm1.MESSAGE_SIZE) == len(octets)
    assert not notification.warnings


def test_what_is_retrieved_is_what_was_sent_octet_for_octet():
    lab = Lab()
    _, (pdu, octets) = retrieved(lab)
    assert pdu.type == mm1.RETRIEVE_CONF and not pdu.warnings
    assert octets[pdu.body :] == body()
    assert mm1.number(pdu.get(mm1.FROM)) == ALICE
    assert pdu.all(mm1.TO) == [mm1.address(BOB)]
    assert pdu.get(mm1.SUBJECT) == "Gr\u00fc\u00dfe"
    assert pdu.get(mm1.CONTENT_TYPE).media == RELATED


def test_an_answer_to_the_notification_ends_it_and_is_reported():
    lab = Lab()
    notification, _ = retrieved(lab)
    tid = notification.get(mm1.TRANSACTION_ID)
    lab.answer(BOB, mm1.NOTIFYRESP_IND, (mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x12),
               (mm1.STATUS, mm1.RETRIEVED))  # fmt: skip
    assert len(lab.said("delivered")) == 1
    assert lab.run(7 * 86400) == []
    number, report = lab.pushed[-1]
    assert (number, report.type) == (ALICE, mm1.DELIVERY_IND)
    assert report.get(mm1.STATUS) == mm1.RETRIEVED
    assert report.get(mm1.TO) == mm1.address(BOB)
    assert report.get(mm1.MESSAGE_ID) == lab.said("submitted")[0]["message_id"]


def test_a_deferred_message_waits_in_silence_until_it_is_acknowledged():
    lab = Lab()
    lab.send()
    notification = lab.run(1)[0][1]
    tid = notification.get(mm1.TRANSACTION_ID)
    lab.answer(BOB, mm1.NOTIFYRESP_IND, (mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x12),
               (mm1.STATUS, mm1.DEFERRED))  # fmt: skip
    assert lab.run(86400) == []
    pdu, _ = lab.get(BOB, notification.get(mm1.CONTENT_LOCATION))
    lab.answer(BOB, mm1.ACKNOWLEDGE_IND, (mm1.TRANSACTION_ID, pdu.get(mm1.TRANSACTION_ID)),
               (mm1.VERSION, 0x12))  # fmt: skip
    assert len(lab.said("acknowledged")) == len(lab.said("delivered")) == 1
    assert lab.relay.due is None


def test_who_does_not_answer_is_notified_again_with_the_same_transaction():
    lab = Lab()
    retrieved(lab)
    again = lab.run(650)
    assert [pdu.type for _, pdu in again] == [mm1.NOTIFICATION_IND] * 2
    assert len({entry["tid"] for entry in lab.said("notified")}) == 1
    assert [entry["attempt"] for entry in lab.said("notified")] == [1, 2, 3]


def test_a_message_that_nobody_wants_expires_and_the_sender_is_told():
    lab = Lab()
    lab.send((mm1.DELIVERY_REPORT, True), (mm1.EXPIRY, ("relative", 100)))
    (_, notification), (number, report) = lab.run(200)
    assert (number, report.get(mm1.STATUS)) == (ALICE, mm1.EXPIRED)
    pdu, octets = lab.get(BOB, notification.get(mm1.CONTENT_LOCATION))
    assert pdu.get(mm1.RETRIEVE_STATUS) == 0xE2 and octets[pdu.body :] == b"Message not found"


def test_a_refusal_and_a_number_out_of_reach_are_reported():
    lab = Lab()
    lab.send((mm1.DELIVERY_REPORT, True), to=(BOB, "+447700900099"))
    lab.run(1)
    tid = lab.said("notified")[0]["tid"]
    lab.answer(BOB, mm1.NOTIFYRESP_IND, (mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x12),
               (mm1.STATUS, mm1.REJECTED))  # fmt: skip
    reports = [(to, pdu.get(mm1.STATUS)) for to, pdu in lab.pushed if pdu.has(mm1.STATUS)]
    assert reports == [(ALICE, 0x85), (ALICE, mm1.REJECTED)]


def test_nobody_reads_or_answers_for_somebody_else():
    lab = Lab()
    notification, (pdu, octets) = retrieved(lab, CAROL)
    assert pdu.get(mm1.RETRIEVE_STATUS) == 0xE1 and TEXT not in octets
    tid = notification.get(mm1.TRANSACTION_ID)
    lab.answer(CAROL, mm1.NOTIFYRESP_IND, (mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x12),
               (mm1.STATUS, mm1.REJECTED))  # fmt: skip
    assert len(lab.said("stray")) == 1 and lab.relay.due is not None


def test_a_submission_that_comes_twice_is_two_messages():
    lab = Lab()
    first, second = lab.send(), lab.send()
    assert first.get(mm1.MESSAGE_ID) != second.get(mm1.MESSAGE_ID)
    assert len(lab.run(1)) == 2


def test_what_a_real_mmsc_refuses_is_refused_with_its_status():
    lab = Lab(octets=len(submission()))
    fields = [(mm1.TRANSACTION_ID, "x"), (mm1.VERSION, 0x12), (mm1.FROM, None)]
    content = [(mm1.CONTENT_TYPE, mm1.ContentType(RELATED, []))]
    bare = mm1.build(mm1.SEND_REQ, fields + [(mm1.TO, BOB)] + content) + body()
    nobody = mm1.build(mm1.SEND_REQ, fields + content) + body()
    for number, octets, status in (
        (None, submission(), 0xE3),
        (BOB, submission(sender=mm1.address(ALICE)), 0xE3),
        (ALICE, bare, 0xE3),
        (ALICE, nobody, 0xE2),
        (ALICE, submission()[:-1], 0xE2),
        (ALICE, submission() + b"\x00", 0xE5),
        (ALICE, submission(version=0x10) + b"\x00", 0x87),
        (ALICE, submission(version=0x20), 0x88),
    ):
        refusal = lab.post(number, octets)
        assert refusal.get(mm1.RESPONSE_STATUS) == status, (status, refusal.fields)
        assert refusal.get(mm1.RESPONSE_TEXT)
    assert lab.said("submitted") == [] and lab.relay.due is None
    assert lab.send().get(mm1.RESPONSE_STATUS) == 0x80


def test_a_control_character_in_a_header_field_is_refused_as_strict_mmscs_do():
    lab = Lab()
    good = submission((mm1.SUBJECT, "one_two"))
    for control in (b"\n", b"\r", b"\x01", b"\x7f"):
        refusal = lab.post(ALICE, good.replace(b"one_two", b"one" + control + b"two"))
        assert refusal.get(mm1.RESPONSE_STATUS) == 0xE2 and "ontrol character" in refusal.get(mm1.RESPONSE_TEXT)
    assert lab.said("submitted") == [] and lab.post(ALICE, good).get(mm1.RESPONSE_STATUS) == 0x80


def test_a_short_code_is_a_recipient_like_any_other():
    lab = Lab()
    assert lab.send(to=("25286", BOB)).get(mm1.RESPONSE_STATUS) == 0x80
    assert lab.said("submitted")[0]["to"] == ["25286", BOB]
    assert [entry["recipient"] for entry in lab.said("undelivered")] == ["25286"]  # nobody there is ours


def test_bcc_recipients_get_the_message_and_nobody_sees_them():
    lab = Lab()
    lab.send((mm1.BCC, mm1.address(CAROL)))
    for number, notification in lab.run(1):
        _, octets = lab.get(number, notification.get(mm1.CONTENT_LOCATION))
        assert CAROL.encode() not in octets
    assert [entry["recipient"] for entry in lab.said("notified")] == [BOB, CAROL]


def test_a_hidden_sender_is_in_no_pdu():
    lab = Lab()
    lab.send((mm1.SENDER_VISIBILITY, 0x80))
    notification = lab.run(1)[0][1]
    pdu, _ = lab.get(BOB, notification.get(mm1.CONTENT_LOCATION))
    assert not notification.has(mm1.FROM) and not pdu.has(mm1.FROM)


def test_each_fault_strikes_one_submission():
    lab = Lab()
    lab.relay.drop_the_next_answer()
    lab.relay.refuse_the_next(0xC0)
    lab.relay.answer_the_next(Answer(b"<html>", 503, "text/html"))
    assert lab.send() is None
    assert lab.send().get(mm1.RESPONSE_STATUS) == 0xC0
    assert lab.send().status == 503
    assert lab.send().get(mm1.RESPONSE_STATUS) == 0x80
    assert len(lab.said("submitted")) == 2


def test_octets_that_are_no_pdu_are_answered_and_do_no_harm():
    lab = Lab()
    whole = submission()
    for end in range(0, len(whole), 97):
        lab.post(ALICE, whole[:end])
    for octets in (b"", b"<html>", b"\x8c", b"\x8c\x80", b"\x8c\xff", whole[1:]):
        assert lab.post(ALICE, octets).status == 400
    assert lab.relay.get(BOB, "/", 0).status == 404
    assert lab.said("submitted") == []
