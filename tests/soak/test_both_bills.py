"""Ten thousand messages: what a handset says it spent is what the operator of the lab bills."""

import collections
import datetime
import json
import random
import types

import pytest

from mms import clock
from mms.handset import rooms, states
from tools.lab.network.billing import bills, tariffs
from tools.lab.network.billing.accounts import PREPAID, Accounts
from tools.lab.network.billing.charging import Charging

ROWS = tariffs.load()
SUBSCRIBERS = [(row.codes[-1], plan) for row in dict.fromkeys(ROWS.values()) for plan in ["", *row.plans]]
SUBSCRIBERS += [("310410", ""), ("22801", "")]  # operators without tariffs
MESSAGES = 10000
NUMBER = "+447700900001"
OCTETS = (1, 1023, 1024, 1025, 30719, 30720, 30721, 102400, 307200)
CREDIT = 10**9
DAY_S = 86400
FIRST, LAST = datetime.date(2002, 10, 25), datetime.date(2003, 4, 5)
EDGES = [(2002, 11, 1), (2002, 11, 8), (2003, 1, 1), (2003, 2, 1), (2003, 3, 1), (2003, 3, 30), (2003, 4, 1)]


class Store:
    """Records in memory, through JSON as on flash."""

    def __init__(self):
        self._records = {}

    def has(self, name):
        return name in self._records

    def read(self, name):
        return json.loads(self._records[name])

    def write(self, name, value):
        self._records[name] = json.dumps(value)


class Item:
    """A message of the outbox, as far as money is concerned."""

    def __init__(self, id, octets, recipients, abroad, box):
        self.id, self.abroad, self.box, self.state = id, abroad, box, states.QUEUED
        self.record = {"octets": octets, "to": recipients}
        self.status = {"message_id": "", "octets": octets, "maybe_duplicate": False}

    def save(self, **changes):
        self.status.update(changes)


class Outbox:
    """The messages of a handset, and its events."""

    def __init__(self):
        self.items, self.events = [], types.SimpleNamespace(say=self._say, fail=self._say)

    def find(self, message_id):
        return [item for item in self.items if item.status["message_id"] == message_id]

    def each(self):
        return (item for item in self.items if item.state != states.SENT)

    def _say(self, *what, **more):
        pass


class Handset:
    """The half of the handset: its card, its ledger, its outbox, the network in which it is."""

    def __init__(self, home, plan):
        self.sim = types.SimpleNamespace(home=home)
        self.store, self.outbox = Store(), Outbox()
        self.settings = {"spending": {"plan": plan}}
        self.modem = types.SimpleNamespace(registered="home")
        self.plmn, self.events = None, self.outbox.events

    async def network(self):
        return types.SimpleNamespace(mccmnc=self.plmn or self.sim.home)

    def home(self):
        return self.sim.home

    def travel(self, plmn):
        self.plmn, self.modem.registered = plmn, "roaming" if plmn else "home"


class Pair:
    """A subscriber's handset and his operator; `disagreed` are the messages of which they say different things."""

    def __init__(self, code, plan, dice):
        self.code, self.dice = code, dice
        self.handset = Handset(code, plan)
        self.accounts = Accounts()
        self.accounts.open(NUMBER, PREPAID, plan, CREDIT)
        self.charging = Charging(self.accounts, ROWS, code, "mms.example", lambda number: self.handset.plmn)
        self.doubts, self.read, self.disagreed, self.kinds = [], 0, [], collections.Counter()
        self.count = 0

    def play(self, date):
        """One message at a date, or one retry."""
        clock.tell(date, True)
        self._texts(date)
        self.handset.travel(self.dice.choice((None, None, None, "20820", "310410", self.code[:3] + "99")))
        while self.doubts and date - self.doubts[0][1] >= DAY_S:
            self.doubts.pop(0)[0].state = states.FAILED  # a retry would be another message
        if self.doubts and self.dice.random() < 0.5:
            return self._retry(self.doubts.pop(0)[0], date)
        if self.dice.random() < 0.15:
            return self._receive(date)
        return self._send(date)

    def end(self, date):
        """Read all texts."""
        clock.tell(date, True)
        self._texts(date)

    def _send(self, date):
        self.count += 1
        recipients = ["+4477009001%02d" % number for number in range(self.dice.choice((1, 1, 1, 2, 3)))]
        octets = self.dice.choice((*OCTETS, self.dice.randrange(1, 307200)))
        abroad = tariffs.abroad(self.code, self.handset.plmn)
        item = Item("i%d" % self.count, octets, recipients, abroad, self.handset.outbox)
        self.handset.outbox.items.append(item)
        kind = self.dice.choices(("confirmed", "refused", "lost", "unheard", "given up"), (73, 5, 14, 4, 4))[0]
        self.kinds[kind] += 1
        item.save(perhaps=_now(rooms.prices.permit(self.handset, item)))
        if kind not in ("refused", "unheard"):
            self._accepted(item, date)
        if kind == "confirmed":
            self._confirm(item)
        elif kind == "refused":
            item.state = states.FAILED
        else:  # the confirmation is lost, or the MMSC has not even got the message
            item.state = states.QUEUED
            item.save(maybe_duplicate=True)
        if kind == "lost":
            self.doubts.append((item, date))
        elif kind == "unheard":
            self._retry(item, date)
        elif kind == "given up":
            item.state = states.FAILED

    def _accepted(self, item, date):
        """The MMSC takes a submission, and later delivers it or does not."""
        key = "%s-%d" % (item.id, self.dice.randrange(10**9))
        new = self.charging.accept(NUMBER, item.record["to"], item.record["octets"], date, key, item.id)
        self.charging.confirm(key)
        item.key, item.first = key, item.first if hasattr(item, "first") else key
        failed = self.dice.random() < 0.15 and new
        for recipient in item.record["to"]:
            status = self.dice.choice(("Expired", "Rejected", "Unrecognised")) if failed else "Retrieved"
            if self.dice.random() < 0.9 or not failed:
                self.charging.ended(key, recipient, status, date)

    def _retry(self, item, date):
        """A message in doubt goes again, with the same transaction id, and is confirmed."""
        item.save(perhaps=_now(rooms.prices.permit(self.handset, item)))
        self._accepted(item, date)
        self.kinds["retried"] += 1
        self._confirm(item)

    def _confirm(self, item):
        paid = rooms.prices.charge(self.handset, self.handset.events, item)
        item.save(message_id=item.key, paid=paid, perhaps=None)
        item.state = states.SENT
        charges = self.accounts.charges("message = ? AND kind = 'sent'", item.first)
        if charges[0].minor is None:
            billed = None
        else:
            amounts = sum(charge.minor for charge in charges), sum(charge.fee for charge in charges)
            billed = [*amounts, charges[0].currency]
        if paid != billed:
            self.disagreed.append((self.code, item.record, paid, billed))

    def _receive(self, date):
        self.count += 1
        self.kinds["received"] += 1
        item = Item("r%d" % self.count, self.dice.choice(OCTETS), [], False, self.handset.outbox)
        _now(rooms.prices.receive(self.handset, self.handset.events, item))
        self.charging.retrieved(item.id, "+447700900900", NUMBER, item.status["octets"], date)

    def _texts(self, date):
        """The handset reads the operator's texts, some of them twice."""
        for key, _, words in self.accounts.texts():
            for _ in range(self.dice.choice((1, 2))):
                assert rooms.refunds.note(self._inbox(), ROWS[self.code].number, words, date), words
            self.accounts.drop_text(key)
            self.read += 1

    def _inbox(self):
        handset = self.handset
        return types.SimpleNamespace(
            home=handset.home, store=handset.store, outbox=handset.outbox, events=handset.events
        )

    def sums(self):
        """(what the handset spent, with "perhaps", what the operator billed, what left the account), in minor units."""
        rows = rooms.ledger.Ledger(self.handset.store).rows.values()
        spent = sum(sum(row[1:4]) - row[4] for row in rows)
        spent += sum(one["amount"] for one in _now(rooms.bill._perhaps(self.handset.outbox)))
        billed = sum(bills.sums(bills.entries(self.accounts, NUMBER)).values())
        return spent, billed, CREDIT - self.accounts.account(NUMBER).balance


def _now(story):
    """The result of a coroutine that gives way, and waits for nothing."""
    while True:
        try:
            story.send(None)
        except StopIteration as result:
            return result.value


def dates(code, dice, count):
    """So many dates in order, many of them at the edges of months and tariffs in local time."""
    zone = ROWS[code].zone if code in ROWS else datetime.UTC
    first, last = (datetime.datetime.combine(day, datetime.time(), zone).timestamp() for day in (FIRST, LAST))
    edges = [int(datetime.datetime(*edge, tzinfo=zone).timestamp()) for edge in EDGES]
    chosen = [
        dice.choice(edges) + dice.choice((-3601, -2, -1, 0, 1, 3600))
        if dice.random() < 0.3
        else dice.randrange(int(first), int(last))
        for _ in range(count)
    ]
    return sorted(chosen)


@pytest.fixture(scope="module")
def pairs():
    dice, found = random.Random(26), []
    for code, plan in SUBSCRIBERS:
        pair = Pair(code, plan, dice)
        for date in dates(code, dice, -(-MESSAGES // len(SUBSCRIBERS))):
            pair.play(date)
        pair.end(int(datetime.datetime(2003, 4, 6, tzinfo=datetime.UTC).timestamp()))
        found.append(pair)
    clock._told = None
    return found


def test_each_confirmed_message_costs_on_the_handset_what_the_operator_charged(pairs):
    kinds = sum((pair.kinds for pair in pairs), collections.Counter())
    assert kinds["confirmed"] > 5000 and min(kinds.values()) > 200, kinds
    assert [row for pair in pairs for row in pair.disagreed] == []


def test_after_all_texts_are_read_the_sums_differ_in_none(pairs):
    assert sum(pair.read for pair in pairs) > 100
    assert [(pair.code, *pair.sums()) for pair in pairs if len(set(pair.sums())) > 1] == []
