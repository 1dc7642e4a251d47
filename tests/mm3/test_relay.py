"""The MMSC's own relay with the port of e-mail: from MM1 to mail and back, and across a restart."""

import pytest

from mms.codec import mm1
from tests.kit.lab.mmsc_machine import ALICE, BOB, PICTURE, TEXT, Lab
from tests.kit.mm3.messages import DOMAIN, YOU, mail
from tools.lab.network.mm3 import machine, mapping, reports
from tools.lab.network.mmsc.store import Memory

BOX = "%s@%s" % (BOB, DOMAIN)


class Network(Lab):
    """A relay whose way to addresses of mail is the port; `going` has the mails that were started."""

    def __init__(self, store=None, bodies=None):
        super().__init__(store=store or Memory(), seed=b"s")
        self.relay.bodies = {} if bodies is None else bodies
        self.relay.route = lambda sender, to, now, octets=0: "mm3" if "@" in to else None if to in (ALICE, BOB) else ""
        self.going = []
        knows = (ALICE, BOB).__contains__
        self.port = self.relay.ports["mm3"] = machine.Mail(self.relay, DOMAIN, knows, self.going.append, lambda: None)
        self.relay.resume(0)

    def run(self, seconds):
        pushed = super().run(seconds)
        self.port.advance(self.now)
        return pushed

    def restarted(self):
        """A relay and a port on the store and the bodies that this one leaves."""
        return Network(self.relay.store, self.relay.bodies)

    def arrives(self, octets, mail_from=YOU, notify=(), to=BOX):
        arrival = machine.read(octets, mail_from, DOMAIN, self.relay.date(self.now))
        return self.port.take(arrival, mail_from, [(to, notify, "")], "e1", self.now)

    def dsn(self, status):
        asked = reports.Asked("x@" + DOMAIN, envid=self.going[0].message)
        return reports.build_dsn(asked, status, YOU, "mail.example", 0).as_bytes()

    def mdn(self):
        asked = reports.Asked("x@" + DOMAIN, mapping.message_id(self.going[0].message, DOMAIN))
        return reports.build_mdn(asked, reports.READ, YOU, "mail.example", 0).as_bytes()


def reported(pushed):
    """(number, type, status) of the reports among what was pushed."""
    fields = {mm1.DELIVERY_IND: mm1.STATUS, mm1.READ_ORIG_IND: mm1.READ_STATUS}
    return [(number, pdu.type, pdu.get(fields[pdu.type])) for number, pdu in pushed if pdu.type in fields]


def test_a_handset_gets_the_delivery_and_the_read_report_of_a_mail():
    net = Network()
    assert (
        net.send((mm1.DELIVERY_REPORT, True), (mm1.READ_REPORT, True), to=[YOU, BOB]).get(mm1.RESPONSE_STATUS) == 0x80
    )
    net.run(1)
    (going,) = net.going
    octets = net.port.octets(going)
    assert going.recipient == YOU and TEXT in octets and b"image/jpeg" in octets
    net.port.sent(going, True, net.now)
    net.arrives(net.dsn("Retrieved"), "")
    net.arrives(net.mdn(), "")
    assert reported(net.pushed) == [(ALICE, mm1.DELIVERY_IND, mm1.RETRIEVED), (ALICE, mm1.READ_ORIG_IND, 0x80)]


@pytest.mark.parametrize("status, number", [("Rejected", 0x82), ("Expired", 0x80), ("Indeterminate", 0x85)])
def test_a_handset_learns_what_became_of_its_mail(status, number):
    net = Network()
    net.send((mm1.DELIVERY_REPORT, True), to=[YOU])
    net.run(1)
    net.port.sent(net.going[0], True, net.now)
    net.arrives(net.dsn(status), "")
    assert reported(net.pushed) == [(ALICE, mm1.DELIVERY_IND, number)]


def test_a_mail_that_waits_is_sent_once_after_a_restart():
    net = Network()
    net.send((mm1.DELIVERY_REPORT, True), to=[YOU])
    net.run(1)
    net.port.failed(net.going[0], "nobody there", net.now)
    again = net.restarted()
    again.run(1)
    again.run(600)
    (going,) = again.going
    again.port.sent(going, True, again.now)
    third = again.restarted()
    third.run(600)
    assert third.going == []
    third.going = [going]
    third.arrives(third.dsn("Retrieved"), "")
    assert reported(third.pushed) == [(ALICE, mm1.DELIVERY_IND, mm1.RETRIEVED)]


def test_a_mail_without_an_answer_of_its_server_until_it_expires_ends_as_expired():
    net = Network()
    net.send((mm1.DELIVERY_REPORT, True), (mm1.EXPIRY, ("relative", 3600)), to=[YOU])
    for _ in range(80):
        net.run(60)
        for going in net.going:
            if going.busy:
                net.port.failed(going, "nobody there", net.now)
    assert reported(net.pushed) == [(ALICE, mm1.DELIVERY_IND, mm1.EXPIRED)] and net.port.due is None


def test_a_mail_is_notified_retrieved_and_reported():
    net = Network()
    octets = mail(("image/jpeg", b"\xff\xd8\xff" + PICTURE, "hill.jpg"), Disposition_Notification_To=YOU)
    assert net.arrives(octets, notify=("SUCCESS",)).startswith("250")
    ((number, notification),) = net.run(1)
    assert number == BOB and notification.get(mm1.FROM) == YOU
    pdu, whole = net.get(BOB, notification.get(mm1.CONTENT_LOCATION))
    assert (pdu.get(mm1.FROM), pdu.get(mm1.READ_REPORT)) == (YOU, True) and b"\xff\xd8\xff" + PICTURE in whole
    net.answer(
        BOB, mm1.NOTIFYRESP_IND, (mm1.TRANSACTION_ID, notification.get(mm1.TRANSACTION_ID)),
        (mm1.VERSION, 0x12), (mm1.STATUS, mm1.RETRIEVED),
    )  # fmt: skip
    key = pdu.get(mm1.MESSAGE_ID)
    net.answer(
        BOB, mm1.READ_REC_IND, (mm1.VERSION, 0x12), (mm1.MESSAGE_ID, key), (mm1.TO, YOU),
        (mm1.FROM, mm1.address(BOB)), (mm1.READ_STATUS, 0x80),
    )  # fmt: skip
    again = net.restarted()  # the reports are durable
    again.run(1)
    told = [reports.read(mapping.parse(again.port.octets(going)))[0] for going in again.going]
    assert [(row.status, row.read) for row in told] == [("Retrieved", False), ("Read", True)]
    assert {going.recipient for going in again.going} == {YOU}


def test_a_number_that_is_gone_is_refused():
    net = Network()
    net.relay.route = lambda sender, to, now, octets=0: ""
    assert net.arrives(mail()).startswith("550 5.1.1") and not net.relay.store.all("message")


def test_mail_is_no_way_back_to_mail():
    net = Network()
    net.relay.route = lambda sender, to, now, octets=0: "mm3"
    assert net.arrives(mail()).startswith("550")
