"""MM4 between message centres, as machines in virtual time: transactions, repetitions, reports, agreements."""

import pytest

from mms.codec import mm1
from tests.kit.lab.mm4 import ALICE, BOB, CAROL, CONTENT, DAVE, O2, ORANGE, T_MOBILE, Network
from tests.kit.lab.mmsc_machine import EPOCH
from tools.lab.network.mm4 import reading
from tools.lab.network.mm4.machine import Peer
from tools.lab.network.mm4.messages import DELIVERY_REPORT, FORWARD, READ_REPORT, Report, Response
from tools.lab.network.mmsc import contents

REPORTED = ((mm1.DELIVERY_REPORT, True), (mm1.READ_REPORT, True))
MINUTE = 60


def statuses(network):
    """The Status of each M-Delivery.ind at alice, with the number in its To."""
    found = network.o2.shown(ALICE, mm1.DELIVERY_IND)
    return [(mm1.number(pdu.get(mm1.TO)), pdu.get(mm1.STATUS)) for pdu in found]


def read_report(network, key, number, centre):
    fields = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, key), (mm1.TO, mm1.address(ALICE))]
    centre.post(number, mm1.READ_REC_IND, *fields, (mm1.FROM, None), (mm1.READ_STATUS, 0x80))


def test_a_message_crosses_and_both_reports_come_back_to_the_sender():
    network = Network()
    key = network.send(*REPORTED, (mm1.SUBJECT, "Grüße"))
    network.run(5)
    notification, retrieved, _ = network.retrieve(network.orange, CAROL)
    assert mm1.number(retrieved.get(mm1.FROM)) == ALICE and retrieved.get(mm1.SUBJECT) == "Grüße"
    network.run(5)
    assert statuses(network) == [(CAROL, mm1.RETRIEVED)]
    assert network.o2.shown(ALICE, mm1.DELIVERY_IND)[0].get(mm1.MESSAGE_ID) == key
    read_report(network, retrieved.get(mm1.MESSAGE_ID), CAROL, network.orange)
    network.run(5)
    (read,) = network.o2.shown(ALICE, mm1.READ_ORIG_IND)
    assert (read.get(mm1.MESSAGE_ID), read.get(mm1.READ_STATUS)) == (key, 0x80)
    assert network.o2.store.all("mm4") == {}, "nothing is left to be done"


def test_parts_cross_octet_for_octet():
    network = Network()
    network.send()
    network.run(5)
    _, _, octets = network.retrieve(network.orange, CAROL)
    pdu = mm1.parse(octets)
    at = next(offset for number, _, offset in pdu.fields if number == mm1.CONTENT_TYPE)
    assert contents.unpack(octets[at:]) == CONTENT


def test_twenty_recipients_in_to_are_each_delivered_once():
    """Trap: a RCPT is a delivery, To is for show."""
    network = Network()
    network.send(to=(CAROL, DAVE, BOB, *["+4477009005%02d" % at for at in range(17)]))
    network.run(5)
    mails = [reading.read(octets, 0) for domain, octets in network.mails if domain in (ORANGE, T_MOBILE)]
    assert [len(mail.envelope.to) for mail in mails] == [20, 20]
    for centre, number in ((network.orange, CAROL), (network.t_mobile, DAVE), (network.o2, BOB)):
        assert len(centre.shown(number, mm1.NOTIFICATION_IND)) == 1


def test_the_250_of_smtp_is_not_the_peers_answer():
    network = Network()
    network.fault = lambda centre, mail: (250, "queued") if centre is network.o2 else None
    network.send(*REPORTED)
    network.run(14 * MINUTE)
    assert not network.o2.said("handed") and len(network.o2.said("sending")) == 1
    network.fault = lambda centre, mail: None
    network.run(2 * MINUTE)
    first, second = network.o2.said("sending")
    assert (second["ms"] - first["ms"]) // 60000 == 15 and second["tid"] == first["tid"]
    assert len(network.o2.said("handed")) == 1
    assert len(network.orange.shown(CAROL, mm1.NOTIFICATION_IND)) == 1


def test_a_peer_that_is_asked_for_no_response_has_the_message_with_the_250():
    network = Network({ORANGE: {"no-acknowledgement"}})
    network.send()
    network.run(5)
    assert len(network.o2.said("handed")) == 1 and not network.orange.said("sending")


def test_a_peer_that_is_down_gets_it_after_1_5_15_and_60_minutes_and_every_4_hours():
    network = Network()
    network.fault = lambda centre, mail: (None, "connection refused")
    network.send(*REPORTED)
    network.run(12 * 60 * MINUTE)
    moments = [entry["ms"] // 1000 for entry in network.o2.said("sending")]
    pauses = [after - before for before, after in zip(moments, moments[1:], strict=False)]
    assert [round(pause / MINUTE) for pause in pauses] == [1, 5, 15, 60, 240, 240]
    assert len({entry["tid"] for entry in network.o2.said("sending")}) == 1
    network.fault = lambda centre, mail: None
    network.run(4 * 60 * MINUTE)
    assert len(network.orange.said("accepted")) == 1


def test_a_message_for_a_peer_that_never_comes_back_expires():
    network = Network()
    network.fault = lambda centre, mail: (421, "closed for the holidays")
    network.send(*REPORTED, (mm1.EXPIRY, ("relative", 7200)))
    network.run(3 * 60 * MINUTE)
    assert statuses(network) == [(CAROL, mm1.EXPIRED)]
    assert network.o2.store.all("mm4") == {} and network.o2.mm4.due is None


def test_a_request_that_comes_twice_is_delivered_once_and_answered_twice():
    network = Network()
    network.send()
    network.run(5)
    domain, octets = network.mails[0]
    sender = "%s/TYPE=PLMN@%s" % (ALICE, O2)
    assert network.give(domain, sender, ["%s/TYPE=PLMN@%s" % (CAROL, ORANGE)], octets)[0] == 250
    network.run(5)
    assert len(network.orange.said("accepted")) == len(network.orange.said("repeated")) == 1
    assert [entry["kind"] for entry in network.orange.said("sending")] == [FORWARD, FORWARD]
    assert [entry["status"] for entry in network.o2.said("responded") + network.o2.said("stray")] == ["Ok", "Ok"]


def test_a_response_that_could_not_be_sent_goes_at_once_when_the_peer_asks_again():
    network = Network()
    network.fault = lambda centre, mail: (None, "down") if centre is network.orange else None
    network.send()
    network.run(14 * MINUTE)
    tries = len(network.orange.said("sending"))
    assert tries == 3 and not network.o2.said("handed")
    network.fault = lambda centre, mail: None
    network.run(2 * MINUTE)  # the RES itself would be due after 21 minutes
    assert len(network.o2.said("handed")) == len(network.orange.said("accepted")) == 1
    assert len(network.orange.said("sending")) == tries + 1


def test_a_response_to_an_earlier_attempt_may_come_while_a_mail_is_under_way():
    network, held = Network(), []

    def fault(centre, mail):
        if centre is network.orange:
            held.append((mail.sender, [mail.mailbox], mail.build()))
            return None, "down"
        if not held:
            network._carry(mail)
            return None, "cut off after DATA"
        network.give(O2, *held[0])
        return None

    network.fault = fault
    network.send(*REPORTED)
    network.run(2 * MINUTE)
    assert held and len(network.o2.said("sending")) == 2
    assert len(network.o2.said("handed")) == len(network.orange.said("accepted")) == 1


def test_a_request_for_another_recipient_with_the_same_transaction_is_for_him_too():
    """A mail relay may split one mail to two recipients into two."""
    network = Network()
    network.numbers[BOB] = ORANGE
    network.send()
    network.run(5)
    octets = network.mails[0][1]
    for number in (BOB, CAROL):
        network.give(ORANGE, "x@" + O2, ["%s/TYPE=PLMN@%s" % (number, ORANGE)], octets)
    network.run(5)
    assert [entry["to"] for entry in network.orange.said("arrived")] == [[CAROL], [BOB]]


@pytest.mark.parametrize(
    "code, status",
    [(550, 0x85), (552, mm1.REJECTED), (554, mm1.REJECTED)],
)
def test_a_refusal_of_smtp_ends_the_delivery_with_a_report(code, status):
    network = Network()
    network.fault = lambda centre, mail: (code, "no")
    network.send(*REPORTED)
    network.run(60 * MINUTE)
    assert statuses(network) == [(CAROL, status)] and len(network.o2.said("sending")) == 1


@pytest.mark.parametrize(
    "word, status",
    [
        ("Error-service-denied", mm1.REJECTED),
        ("error-content-not-accepted", mm1.REJECTED),
        ("Error-unsupported-message", 0x84),
        ("Error-network-problem", 0x85),
        ("Error-unspecified", 0x85),
        ("whatever", 0x85),
    ],
)
def test_an_error_response_ends_the_delivery_with_a_report(word, status):
    network = Network()
    network.fault = lambda centre, mail: (250, "queued")
    network.send(*REPORTED)
    network.run(5)
    tid = network.o2.said("sending")[0]["tid"]
    network.o2.mm4.received("", [], Response(FORWARD, '"%s"' % tid.upper(), "", word), network.now)
    network.run(60 * MINUTE)
    assert statuses(network) == [(CAROL, status)] and len(network.o2.said("sending")) == 1


def test_a_response_to_nothing_is_taken_and_told_in_the_journal():
    network = Network()
    for kind in (FORWARD, DELIVERY_REPORT, READ_REPORT):
        assert network.o2.mm4.received("<>", [], Response(kind, "t9", "", "Ok"), 0)[0] == 250
    assert [entry["tid"] for entry in network.o2.said("stray")] == ["t9"] * 3


def test_a_response_of_another_kind_is_not_the_one_that_is_waited_for():
    network = Network()
    network.fault = lambda centre, mail: (250, "queued")
    network.send(*REPORTED)
    network.run(5)
    tid = network.o2.said("sending")[0]["tid"]
    network.o2.mm4.received("", [], Response(READ_REPORT, tid, "", "Ok"), network.now)
    assert network.o2.said("stray") and not network.o2.said("handed")


def test_a_deferred_message_is_told_as_such_and_reported_when_it_is_retrieved():
    network = Network()
    key = network.send(*REPORTED)
    network.run(5)
    for status in ("Deferred", "Retrieved", "Retrieved"):
        report = Report(DELIVERY_REPORT, "r" + status, key, CAROL, ALICE, status, 0)
        assert network.o2.mm4.received("x@" + ORANGE, [], report, network.now)[0] == 250
    network.run(5)
    assert statuses(network) == [(CAROL, mm1.RETRIEVED)] and len(network.o2.said("deferred")) == 1


def test_a_report_on_an_unknown_message_or_recipient_is_answered_as_not_found():
    network = Network()
    key = network.send(*REPORTED)
    network.run(5)
    for id, recipient in ((key, DAVE), ("m999", CAROL)):
        report = Report(DELIVERY_REPORT, "r" + id, id, recipient, ALICE, "Retrieved", 0, system="x@" + ORANGE)
        assert network.o2.mm4.received("x@" + ORANGE, [], report, network.now)[0] == 250
    network.run(5)
    answers = [reading.read(octets, 0) for domain, octets in network.mails if domain == ORANGE][1:]
    assert [answer.status for answer in answers] == ["Error-message-not-found"] * 2
    assert not statuses(network)


def test_a_message_centre_that_sends_from_elsewhere_than_agreed_is_refused():
    network = Network()
    peer = network.o2.mm4.peers[ORANGE]
    network.o2.mm4.peers[ORANGE] = Peer(peer.address, peer.profile, ("127.0.4.33",))
    report = Report(DELIVERY_REPORT, "r1", "m1", CAROL, ALICE, "Retrieved", 0)
    assert network.o2.mm4.received("x@" + ORANGE, [], report, 0, "127.0.4.33")[0] == 250
    code, text = network.o2.mm4.received("x@" + ORANGE, [], report, 0, "127.0.0.1")
    assert (code, text[:5]) == (550, "5.7.1") and network.o2.said("refused")[-1]["what"] == "not from 127.0.0.1"


def test_a_message_stays_deliverable_when_the_calendar_is_set_a_month_on():
    network = Network()
    network.send(*REPORTED)
    network.run(5)
    for centre in network.centres.values():
        centre.relay.calendar.set(EPOCH + 30 * 86400, network.now)
    network.run(5)
    network.retrieve(network.orange, CAROL)
    network.run(5)
    assert statuses(network) == [(CAROL, mm1.RETRIEVED)]


def test_nobody_is_asked_for_reports_that_nobody_wants():
    network = Network()
    network.send()
    network.run(5)
    _, retrieved, _ = network.retrieve(network.orange, CAROL)
    read_report(network, retrieved.get(mm1.MESSAGE_ID), CAROL, network.orange)
    network.run(MINUTE)
    assert [reading.read(octets, 0).kind for _, octets in network.mails] == [FORWARD, FORWARD]
    assert not network.o2.shown(ALICE, mm1.DELIVERY_IND)


def test_a_report_that_only_the_message_centre_wants_is_not_for_the_handset():
    network = Network({ORANGE: {"centre-report"}})
    network.send()
    network.run(5)
    network.retrieve(network.orange, CAROL)
    network.run(5)
    (report,) = [mail for mail in (reading.read(octets, 0) for _, octets in network.mails) if mail.kind != FORWARD][:1]
    assert (report.status, report.shown, report.recipient, report.originator) == ("Retrieved", False, CAROL, ALICE)
    assert not network.o2.shown(ALICE, mm1.DELIVERY_IND)


def test_a_ported_number_goes_to_the_network_that_serves_it():
    """Trap: prefixes lie."""
    network = Network()
    network.numbers[CAROL] = T_MOBILE
    for centre in network.centres.values():
        centre.start()
    network.send()
    network.run(5)
    assert network.t_mobile.shown(CAROL, mm1.NOTIFICATION_IND) and not network.orange.journal


def test_a_hidden_sender_stays_hidden_from_the_recipient():
    network = Network()
    network.send((mm1.SENDER_VISIBILITY, 0x80), *REPORTED)
    network.run(5)
    notification, retrieved, octets = network.retrieve(network.orange, CAROL)
    assert not notification.get(mm1.FROM) and not retrieved.get(mm1.FROM)
    assert ALICE[1:].encode() not in octets
    assert not any(ALICE[1:] in entry["tid"] for entry in network.o2.said("sending"))
    network.run(5)
    assert statuses(network) == [(CAROL, mm1.RETRIEVED)]


def test_an_agreement_counts_on_both_sides():
    network = Network()
    network.agreements.refused.add((ORANGE, O2, "in"))
    network.send(*REPORTED)
    network.run(5)
    assert network.orange.said("refused")[0]["status"] == "Error-service-denied"
    assert statuses(network) == [(CAROL, mm1.REJECTED)]
    network.agreements.refused = {(O2, T_MOBILE, "out")}
    network.send(*REPORTED, to=(DAVE,))
    network.run(5)
    assert statuses(network)[1:] == [(DAVE, mm1.REJECTED)] and not network.t_mobile.journal


def test_a_message_over_the_size_of_the_agreement_is_denied():
    network = Network()
    network.agreements.octets = 100
    network.send(*REPORTED)
    network.run(5)
    assert statuses(network) == [(CAROL, mm1.REJECTED)]


def test_a_restart_at_any_moment_loses_nothing_and_delivers_once():
    for moment in range(0, 700, 25):
        network = Network()
        network.send(*REPORTED)
        network.run(moment / 1000)
        network.under_way.clear()
        for centre in network.centres.values():
            centre.start()
            centre.relay.resume(network.now)
        network.run(30 * MINUTE)
        assert len(network.orange.said("accepted")) == 1, moment
        network.retrieve(network.orange, CAROL)
        network.under_way.clear()
        for centre in network.centres.values():
            centre.start()
            centre.relay.resume(network.now)
        network.run(30 * MINUTE)
        assert statuses(network) == [(CAROL, mm1.RETRIEVED)], moment
