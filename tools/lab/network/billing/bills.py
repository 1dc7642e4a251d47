"""The bill of one subscriber, out of the records: a line for each amount, and the sums."""

import collections
import datetime
import json

from tools.lab.network.billing.accounts import PREPAID
from tools.lab.network.billing.charging import told

_TRAILER = 12  # octets behind a record of a handset's store
_TITLES = {
    "MMO1S": "message to %(to)s, %(size)s octets",
    "MMR1Rt": "message from %(from)s retrieved, %(size)s octets",
    "fee": "the month's fee",
    "refund": "refund for the message to %(to)s",
    "released": "message to %(to)s was not accepted after all",
}


def entries(accounts, number):
    """The records that a subscriber pays for, or is paid, oldest first."""
    found = []
    for line in accounts.records():
        record = json.loads(line)
        payer = {"sender": record["from"], "recipient": record["to"][0]}.get(record["party"])
        if payer == number:
            found.append(record)
    return found


def sums(records):
    """{currency: minor units} of records; those whose price is unknown cost nothing."""
    found = collections.Counter()
    for record in records:
        if record["currency"]:
            found[record["currency"]] += record["minor"] or 0
    return dict(found)


def lines(accounts, number, name, zone):
    """The bill of the subscriber `name` as lines of text, its times in the `zone` of the operator, None: UTC."""
    account = accounts.account(number)
    records = entries(accounts, number)
    found = ["%s, %s, %s%s" % (name, number, account.kind, ", plan " + account.plan if account.plan else "")]
    found.extend(_line(record, zone) for record in records)
    found.extend("sum: %s %s" % (currency, told(minor)) for currency, minor in sorted(sums(records).items()))
    if not records:
        found.append("nothing was charged")
    if account.kind == PREPAID:
        found.append("credit left: %s" % told(account.balance))
    return found


def spent(store, home):
    """{month: [messages, sent, fees, received, refunded]} as a handset has it in the folder `store`, in minor units.

    Its record is spent.r, JSON with a trailer of 12 octets (docs/store.md). Raises ValueError for a damaged one.
    """
    try:
        octets = (store / "spent.r").read_bytes()
    except OSError:
        return {}
    return {key[-7:]: row for key, row in json.loads(octets[:-_TRAILER])["rows"].items() if key[:-8] == home}


def handset(store, home, billed):
    """The lines about what a handset says it spent, beside the sum that was `billed`."""
    try:
        months = spent(store, home)
        total = sum(sum(row[1:4]) - row[4] for row in months.values())
    except (ValueError, KeyError, TypeError, AttributeError):
        return ["the handset's own sums in %s cannot be read" % store]
    found = [
        "the handset in %s: %d messages %s, fees %s, received %s, refunded %s"
        % (month, months[month][0], *map(told, months[month][1:]))
        for month in sorted(months)
    ]
    if total == billed:
        return [*found, "the handset's own sum is the same"]
    return [*found, "the handset's own sum is %s: the difference is %s" % (told(total), told(abs(total - billed)))]


def _line(record, zone):
    when = datetime.datetime.fromisoformat(record["time"]).astimezone(zone or datetime.UTC)
    names = {"from": record["from"] or "a hidden sender", "to": record["to"][0], "size": "{:,}".format(record["size"])}
    title = _TITLES[record["record"]] % names
    amount = "price unknown" if record["minor"] is None else "%s %s" % (record["currency"], told(record["minor"]))
    return "    %s  %s: %s" % (when.strftime("%Y-%m-%d %H:%M"), title, amount)
