"""A relay that charges: from M-Send.req to bill, with what the sender's handset is told."""

import datetime
import zoneinfo

from mms.codec import mm1
from tests.kit.lab.mmsc_machine import ALICE, BOB, CAROL, EPOCH, Lab, submission
from tools.lab.network.billing import bills, tariffs
from tools.lab.network.billing.accounts import PREPAID, Accounts
from tools.lab.network.billing.charging import Charging

FEBRUARY = int(datetime.datetime(2003, 2, 3, 9, tzinfo=datetime.UTC).timestamp())
HIDE = (mm1.SENDER_VISIBILITY, 0x80)
DAY_S = 86400


class Charged(Lab):
    """A relay of O2 UK on 3 February 2003, whose subscriber ALICE has a prepaid account."""

    def __init__(self, credit=1000, code="23410", **settings):
        super().__init__(**settings)
        self.accounts = Accounts()
        self.accounts.open(ALICE, PREPAID, "", credit)
        self.plmn = None
        self.relay.charging = Charging(self.accounts, tariffs.load(), code, "mms.example", lambda number: self.plmn)
        self.relay.calendar.set(FEBRUARY)

    @property
    def credit(self):
        return self.accounts.account(ALICE).balance

    def texts(self):
        return [words for _, number, words in self.accounts.texts() if number == ALICE]

    def fetch(self, number):
        """Retrieve and acknowledge what a subscriber was notified of last; the octets of the M-Retrieve.conf."""
        notification = [pdu for to, pdu in self.run(1) if to == number][-1]
        _, octets = self.get(number, notification.get(mm1.CONTENT_LOCATION))
        tid = (mm1.TRANSACTION_ID, notification.get(mm1.TRANSACTION_ID))
        self.answer(number, mm1.NOTIFYRESP_IND, tid, (mm1.VERSION, 0x12), (mm1.STATUS, mm1.RETRIEVED))
        return len(octets)


def test_money_is_reserved_before_the_confirmation_and_a_short_account_gets_nothing_through():
    lab = Charged(credit=100)
    assert lab.send(to=(BOB, CAROL)).get(mm1.RESPONSE_STATUS) == mm1.OK and lab.credit == 20
    refusal = lab.send(tid="t2")
    assert refusal.get(mm1.RESPONSE_STATUS) == 0xEB
    assert refusal.get(mm1.RESPONSE_TEXT) == "Credit of 0.20 is less than 0.40"
    assert lab.send(tid="t3", version=0x10).get(mm1.RESPONSE_STATUS) == 0x82  # MMS 1.0 has no word for it
    assert [to for to, _ in lab.run(1)] == [BOB, CAROL] and len(lab.said("submitted")) == 1 and lab.credit == 20


def test_a_submission_that_is_refused_for_another_reason_costs_nothing():
    lab = Charged(octets=5000)
    assert lab.send().get(mm1.RESPONSE_STATUS) == 0xE5
    lab.relay.refuse_the_next(0xE1)
    assert lab.send().get(mm1.RESPONSE_STATUS) == 0xE1 and lab.credit == 1000 and not lab.accounts.records()


def test_a_retry_after_a_lost_confirmation_is_delivered_twice_charged_once_and_told():
    lab = Charged()
    lab.relay.drop_the_next_answer()
    assert lab.send() is None and lab.send().get(mm1.RESPONSE_STATUS) == mm1.OK
    assert lab.credit == 960 and len(lab.said("submitted")) == 2
    (told,) = lab.said("repeated")
    assert (told["sender"], told["tid"]) == (ALICE, "t1")
    lab.run(DAY_S)
    lab.send()
    assert lab.credit == 920 and len(lab.said("repeated")) == 1


def test_a_message_that_expires_at_its_only_recipient_is_refunded_in_words_with_its_id():
    lab = Charged()
    key = lab.send().get(mm1.MESSAGE_ID)
    lab.run(4 * DAY_S)
    assert lab.credit == 1000
    assert lab.texts() == ["Refund GBP 0.40 for message %s. It reached no recipient." % key]


def test_a_number_that_does_not_exist_is_refunded_at_once_and_one_recipient_who_got_it_is_enough():
    lab = Charged()
    lab.send(to=("+447700900999",))
    assert lab.credit == 1000
    lab.send(to=("+447700900999", BOB), tid="t2")
    lab.fetch(BOB)
    assert lab.credit == 920 and len(lab.texts()) == 1


def test_passing_a_message_on_from_its_notification_costs_nothing():
    lab = Charged()
    lab.send()
    notification = lab.run(1)[0][1]
    fields = [(number, notification.get(number)) for number in (mm1.TRANSACTION_ID, mm1.VERSION)]
    fields += [(mm1.FROM, None), (mm1.TO, mm1.address(CAROL))]
    fields.append((mm1.CONTENT_LOCATION, notification.get(mm1.CONTENT_LOCATION)))
    assert lab.post(BOB, mm1.build(0x89, fields)).get(mm1.RESPONSE_STATUS) == mm1.OK
    lab.fetch(CAROL)
    assert len(lab.said("forwarded")) == 1 and bills.entries(lab.accounts, BOB) == []


def test_receiving_abroad_costs_by_the_octets_of_the_retrieved_message():
    lab = Charged(code="26207")
    lab.relay.calendar.set(EPOCH)
    lab.plmn = "23410"
    lab.post(BOB, submission(HIDE, to=(ALICE,)))
    octets = lab.fetch(ALICE)
    assert lab.credit == 1000 - 3 * -(-octets // 1024)
    bill = bills.lines(lab.accounts, ALICE, "alice", zoneinfo.ZoneInfo("Europe/Berlin"))
    assert "message from a hidden sender retrieved, {:,} octets".format(octets) in bill[1] and BOB not in "".join(bill)


def test_the_price_is_that_of_the_date_at_which_the_message_is_accepted():
    lab = Charged()
    for text, credit in (("2003-01-31T23:59:59", 1000), ("2003-02-01T00:00:00", 960)):
        lab.relay.calendar.set(int(datetime.datetime.fromisoformat(text + "+00:00").timestamp()), lab.now)
        lab.send(tid=text)
        assert lab.credit == credit
