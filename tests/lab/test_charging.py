"""What an operator charges: reservations, refunds, retries, months, and one record for each amount."""

import datetime
import json
import random
import subprocess
import sys
import zoneinfo

import pytest

from tools.lab.network.billing import bills, tariffs
from tools.lab.network.billing.accounts import PREPAID, Accounts
from tools.lab.network.billing.charging import Charging
from tools.lab.network.mmsc.submissions import Refused

ALICE, BOB, CAROL = "+447700900001", "+447700900002", "+447700900101"
HANS = "+4917604069000"
ENDLESS = """
import sys
from tools.lab.network.billing import tariffs
from tools.lab.network.billing.accounts import Accounts
from tools.lab.network.billing.charging import Charging
charging = Charging(Accounts(sys.argv[1]), tariffs.load(), "23410", "mms.example")
for count in range(1000000):
    charging.accept(sys.argv[2], ["+447700900002", "+447700900101"], 1000, int(sys.argv[3]), "m%d" % count)
    print(count, flush=True)
"""
LONDON = zoneinfo.ZoneInfo("Europe/London")


def at(text, zone="UTC"):
    """Seconds since 1970 of a local time."""
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=zoneinfo.ZoneInfo(zone)).timestamp())


FEBRUARY = at("2003-02-03 09:00")


class World:
    """One operator's accounts and charging; `plmn` is the network in which everybody is."""

    def __init__(self, code="23410", path=":memory:"):
        self.plmn = None
        self.accounts = Accounts(path)
        self.charging = Charging(self.accounts, tariffs.load(), code, "mms.example", lambda number: self.plmn)
        self.keys = 0

    def send(self, *to, sender=ALICE, octets=1000, date=FEBRUARY, **more):
        """One submission that is accepted; its Message-ID."""
        self.keys += 1
        key = "m%d" % self.keys
        self.charging.accept(sender, list(to) or [BOB], octets, date, key, **more)
        self.charging.confirm(key)
        return key

    def amounts(self, number=ALICE):
        """What each record of a subscriber says."""
        return [(record["record"], record["minor"]) for record in bills.entries(self.accounts, number)]

    def balance(self, number=ALICE):
        return self.accounts.account(number).balance


@pytest.fixture
def world():
    return World()


def test_each_recipient_has_a_record_with_the_fields_of_an_mms_cdr(world):
    world.plmn = "20820"
    world.send(BOB, CAROL, octets=27411, tid="T1", media="application/vnd.wap.multipart.related")
    records = [json.loads(line) for line in world.accounts.records()]
    assert [record["to"] for record in records] == [[BOB], [CAROL]]
    assert [record["sequence"] for record in records] == [1, 2]
    assert records[0] == {
        "record": "MMO1S", "sequence": 1, "mmsc": "mms.example", "id": "m1", "from": ALICE, "to": [BOB], "size": 27411,
        "kind": "postpaid", "tariff": "o2uk-2003-02-01", "currency": "GBP", "minor": 40,
        "time": "2003-02-03T09:00:00Z", "plmn": "20820", "party": "sender", "submitted": "2003-02-03T09:00:00Z",
        "status": 0, "class": "Personal", "type": "application/vnd.wap.multipart.related", "delivery_report": False,
    }  # fmt: skip


def test_a_prepaid_account_pays_before_the_confirmation_and_is_refused_when_short(world):
    world.accounts.open(ALICE, PREPAID, balance=100)
    world.send(BOB, CAROL)
    with pytest.raises(Refused, match="Credit of 0.20 is less than 0.40") as caught:
        world.send(BOB)
    assert caught.value.status == 0xEB
    assert world.balance() == 20 and world.amounts() == [("MMO1S", 40)] * 2


def test_a_message_that_reached_no_recipient_is_refunded_once_with_a_text(world):
    world.accounts.open(ALICE, PREPAID, balance=100)
    key = world.send(BOB, CAROL)
    world.charging.ended(key, BOB, "Expired", FEBRUARY)
    assert world.balance() == 20 and not world.accounts.texts()
    for _ in range(2):
        world.charging.ended(key, CAROL, "Unrecognised", FEBRUARY)
    assert world.balance() == 100 and world.amounts()[2:] == [("refund", -40)] * 2
    assert world.accounts.texts() == [(1, ALICE, "Refund GBP 0.80 for message m1. It reached no recipient.")]
    assert bills.sums(bills.entries(world.accounts, ALICE)) == {"GBP": 0}


@pytest.mark.parametrize("status", ["Retrieved", "Forwarded", "Indeterminate"])
def test_a_message_that_reached_one_recipient_or_may_have_is_paid(world, status):
    key = world.send(BOB, CAROL)
    world.charging.ended(key, BOB, status, FEBRUARY)
    world.charging.ended(key, CAROL, "Expired", FEBRUARY)
    assert world.amounts() == [("MMO1S", 40)] * 2


def test_a_transaction_id_that_comes_again_within_a_day_is_charged_once(world):
    assert world.charging.accept(ALICE, [BOB], 1000, FEBRUARY, "a", tid="T1")
    assert not world.charging.accept(ALICE, [BOB], 1000, FEBRUARY + 86399, "b", tid="T1")
    assert world.amounts() == [("MMO1S", 40)]
    for sender, octets, date in ((CAROL, 1000, FEBRUARY), (ALICE, 1001, FEBRUARY), (ALICE, 1000, FEBRUARY + 86400)):
        assert world.charging.accept(sender, [BOB], octets, date, "c%d%d" % (octets, date), tid="T1")


def test_a_retry_is_refunded_only_when_neither_copy_reached_anybody(world):
    world.accounts.open(ALICE, PREPAID, balance=40)
    first, second = world.send(tid="T1"), world.send(tid="T1")
    world.charging.ended(first, BOB, "Expired", FEBRUARY)
    assert world.balance() == 0
    world.charging.ended(second, BOB, "Expired", FEBRUARY)
    assert world.balance() == 40
    assert not world.charging.accept(ALICE, [BOB], 1000, FEBRUARY, "third", tid="T1") and world.balance() == 40


def test_the_tariff_ends_at_local_midnight_and_not_at_utcs():
    world = World("26207")
    for date in (at("2003-01-31 23:59:59", "Europe/Berlin"), at("2003-02-01 00:00", "Europe/Berlin")):
        world.send(HANS, sender=HANS, date=date)
    assert world.amounts(HANS) == [("MMO1S", 39), ("MMO1S", None)]  # no row has a price of February
    assert at("2003-02-01", "Europe/Berlin") == at("2003-01-31 23:00")
    free = World()
    free.send(date=at("2003-01-31 23:59:59"))
    free.send(date=at("2003-02-01 00:00"))
    assert free.amounts() == [("MMO1S", 0), ("MMO1S", 40)]


def test_messages_of_a_bolt_on_are_counted_by_the_month_of_local_time(world):
    world.accounts.open(ALICE, plan="bolt10")
    for _ in range(3):
        world.send(BOB, CAROL, BOB + "1", date=at("2003-02-28 23:59:59"))
    assert world.amounts() == [("MMO1S", 0), ("fee", 350)] + [("MMO1S", 0)] * 8
    world.send(BOB, CAROL, date=at("2003-02-28 23:59:59"))
    assert world.amounts()[10:] == [("MMO1S", 0), ("MMO1S", 40)]
    world.send(date=at("2003-03-01 00:00"))
    assert world.amounts()[12:] == [("MMO1S", 0), ("fee", 350)]
    world.send(date=at("2003-03-31 22:59:59"))
    world.send(date=at("2003-03-31 23:00"))  # April in summer time, of which no tariff is known
    assert world.amounts()[14:] == [("MMO1S", 0), ("MMO1S", None)]


def test_a_refund_keeps_the_fee_and_the_message_still_counts(world):
    world.accounts.open(ALICE, PREPAID, "bolt10", balance=1000)
    key = world.send()
    world.charging.ended(key, BOB, "Expired", FEBRUARY)
    assert world.balance() == 650 and not world.accounts.texts()
    assert [world.send() and world.balance() for _ in range(10)] == [650] * 9 + [610]


def test_abroad_in_january_a_german_pays_for_kilobytes_both_ways():
    world = World("26207")
    january = at("2003-01-31 12:00")
    for world.plmn in ("26201", "20801"):  # a network of the home country is not abroad
        world.send(sender=HANS, octets=30720, date=january)
        world.charging.retrieved("in" + world.plmn, BOB, HANS, 2049, january)
        world.charging.retrieved("in" + world.plmn, BOB, HANS, 2049, january)
    assert world.amounts(HANS) == [("MMO1S", 99), ("MMR1Rt", 0), ("MMO1S", 99 + 90), ("MMR1Rt", 9)]


def test_a_price_that_is_unknown_is_charged_nothing_and_the_bill_says_so(world):
    world.accounts.open(ALICE, PREPAID, balance=10)
    world.send(date=at("2003-04-01 12:00"))
    assert world.balance() == 10
    assert bills.lines(world.accounts, ALICE, "alice", LONDON) == [
        "alice, +447700900001, pre-paid",
        "    2003-04-01 13:00  message to +447700900002, 1,000 octets: price unknown",
        "credit left: 0.10",
    ]
    nobody = World("99999")
    nobody.send()
    assert nobody.amounts() == [("MMO1S", None)]


def test_messages_between_mmscs_have_records_and_no_payer(world):
    world.charging.transferred("MMO4FRq", "m1", ALICE, CAROL, 1000, FEBRUARY)
    record = json.loads(world.accounts.records()[0])
    assert (record["record"], record["party"], record["minor"]) == ("MMO4FRq", "neither", 0)
    assert bills.entries(world.accounts, ALICE) == bills.entries(world.accounts, CAROL) == []


def test_a_reservation_outlives_a_restart_and_is_freed_when_its_message_does_not(tmp_path):
    world = World(path=tmp_path / "billing.sqlite")
    world.accounts.open(ALICE, PREPAID, "bolt10", balance=1000)
    world.charging.accept(ALICE, [BOB], 1000, FEBRUARY, "kept", tid="T1")
    world.charging.accept(ALICE, [BOB], 1000, FEBRUARY, "lost", tid="T2")
    world.accounts.close()
    world = World(path=tmp_path / "billing.sqlite")
    world.charging.recover(lambda key: key == "kept")
    assert world.balance() == 650 and world.amounts()[-1] == ("released", 0)
    assert not world.charging.accept(ALICE, [BOB], 1000, FEBRUARY, "again", tid="T1")
    assert world.charging.accept(ALICE, [BOB], 1000, FEBRUARY, "anew", tid="T2")


def test_a_change_that_fails_leaves_nothing_behind(world):
    world.accounts.open(ALICE, PREPAID, balance=100)
    with pytest.raises(RuntimeError), world.accounts.change():
        world.accounts.pay(ALICE, -40)
        world.accounts.record(record="MMO1S")
        raise RuntimeError("a fault")
    assert world.balance() == 100 and not world.accounts.records()


def test_a_process_that_is_killed_leaves_money_and_records_that_agree(tmp_path):
    path = str(tmp_path / "billing.sqlite")
    accounts = Accounts(path)
    accounts.open(ALICE, PREPAID, balance=10**9)
    accounts.close()
    child = subprocess.Popen([sys.executable, "-c", ENDLESS, path, ALICE, str(FEBRUARY)], stdout=subprocess.PIPE)
    try:
        told = [int(child.stdout.readline()) for _ in range(random.randrange(5, 50))]
    finally:
        child.kill()
        child.communicate()
    world = World(path=path)
    amounts = world.amounts()
    assert len(amounts) >= 2 * len(told) and len(amounts) % 2 == 0
    assert 10**9 - world.balance() == sum(minor for _, minor in amounts) == 40 * len(amounts)


@pytest.mark.parametrize(
    "code, plan, plmn, date, said",
    [
        ("23410", "", None, "2003-01-31 23:59:59", "free"),
        ("23410", "", None, "2003-02-01 00:00", "GBP 0.40"),
        ("23410", "bolt25", None, "2003-02-01 00:00", "free, after the fee of this month, GBP 6.50"),
        ("26207", "", None, "2003-01-27 09:00", "EUR 0.39, from 30,720 octets on EUR 0.99"),
        (
            "26207",
            "",
            "23410",
            "2003-01-27 09:00",
            "EUR 0.39, from 30,720 octets on EUR 0.99, and EUR 0.03 for each 1,024 octets abroad",
        ),
        ("23410", "", None, "2004-02-01 00:00", "price unknown"),
        ("99999", "", None, "2003-02-01 00:00", "price unknown"),
    ],
)
def test_a_subscriber_is_told_the_price_of_the_next_message(code, plan, plmn, date, said):
    world = World(code)
    world.accounts.open(ALICE, plan=plan)
    world.plmn = plmn
    assert world.charging.offer(ALICE, at(date, "Europe/London")) == said
