"""Charging of one operator's messages: what a Relay calls when it accepts a message, and when a delivery ends.

Each recipient of a submission is one message. Its price is that of the M-Send.req as encoded, by the date of its
acceptance where the home operator is. Records have the fields of MMS CDRs (3GPP TS 32.298, clause 5.2.3).
"""

import datetime

from tools.lab.network.billing import tariffs
from tools.lab.network.billing.accounts import PREPAID, Account, Charge
from tools.lab.network.billing.tariffs import TariffError
from tools.lab.network.mmsc.submissions import Refused

LACK_OF_PREPAID = 0xEB  # Response-Status Error-permanent-lack-of-prepaid (OMA-TS-MMS_ENC, 7.3.48)
REFUND = "Refund %s %s for message %s. It reached no recipient."
_REPEATED_S = 86400  # a transaction id that comes again within this time is a retry
_FAILED = ("Expired", "Rejected", "Unrecognised")  # the others reached their recipient, or may have


def told(minor):
    """An amount in major units, with the two decimals of the lab's currencies."""
    return "%s%d.%02d" % ("-" if minor < 0 else "", *divmod(abs(minor), 100))


class Charging:
    """The charging of the operator with the network `code`, whose MMSC is called `mmsc`.

    `accounts` keeps everything, `rows` are tariffs.load's. `visited(number)` tells in which network, by its code, a
    subscriber is, or None.
    """

    def __init__(self, accounts, rows, code, mmsc, visited=lambda number: None):
        self._accounts, self._rows, self._code, self._mmsc = accounts, rows, code, mmsc
        self._visited = visited
        self._operator = rows.get(code)

    def accept(self, sender, recipients, octets, date, key, tid="", **fields):
        """Reserve what a submission costs, once for each recipient; whether the submission is charged for.

        `octets` of the M-Send.req, `date` in seconds since 1970, `key` its Message-ID, `tid` its transaction id, or ""
        where it has none. `fields` of the records: `media`, `message_class`, `expires`, `report`. A retry, which has
        the same transaction id, size and recipients within 24 hours, is not charged again. Raises Refused when a
        prepaid account has too little.
        """
        account = self._accounts.account(sender) or Account(sender)
        with self._accounts.change():
            before = self._before(sender, recipients, octets, date, tid)
            for recipient, charge in before.items():
                self._accounts.add_copy(key, recipient, charge)
            if not before:
                self._charge(account, recipients, octets, date, key, tid, fields)
        return not before

    def confirm(self, key):
        """The message is durable: what it costs is charged."""
        with self._accounts.change():
            for charge in self._accounts.charges("message = ? AND state = 'reserved'", key):
                self._accounts.set_state(charge, "charged")

    def recover(self, kept):
        """After a restart: charge the reserved messages that are durable by `kept(key)`, and free the others.

        A handset that did not get its confirmation repeats such a message, and is charged then.
        """
        with self._accounts.change():
            for charge in self._accounts.charges("state = 'reserved'"):
                durable = kept(charge.message)
                self._accounts.set_state(charge, "charged" if durable else "released")
                if not durable:
                    self._give_back(charge, charge.sum, "released", charge.date)

    def offer(self, number, date):
        """The price of one more message of a subscriber for each recipient, in words: "GBP 0.40", "free"."""
        account, operator = self._accounts.account(number) or Account(number), self._operator
        plmn = self._visited(number)
        try:
            day = tariffs.find(self._rows, self._code).local(date).date()
            tariff = tariffs.valid(operator, day, account.plan)
            small, large = (self._sending(account, day, octets, None, 0) for octets in (0, tariff.edge))
        except TariffError:
            return "price unknown"
        words = "%s %s" % (small.currency, told(small.minor)) if small.minor or large.minor else "free"
        if large.minor != small.minor:
            words += ", from %s octets on %s %s" % (format(tariff.edge, ","), large.currency, told(large.minor))
        if tariff.sending and tariffs.abroad(self._code, plmn):
            words += ", and %s %s for each 1,024 octets abroad" % (small.currency, told(tariff.sending))
        if small.fee:
            words += ", after the fee of this month, %s %s" % (small.currency, told(small.fee))
        return words

    def cost(self, key):
        """The price of a message for its sender: "GBP 0.80", "free", "refunded", "price unknown", or "" without one."""
        charges = self._accounts.charges("message = ? AND kind = 'sent' AND state != 'released'", key)
        if any(charge.state == "refunded" for charge in charges):
            return "refunded"
        if any(charge.minor is None for charge in charges):
            return "price unknown"
        minor = sum(charge.minor for charge in charges)
        return "%s %s" % (charges[0].currency, told(minor)) if minor else "free" if charges else ""

    def ended(self, key, recipient, status, date):
        """A delivery ended with a status of TS 23.140; when the last one did and none was reached, all is refunded."""
        with self._accounts.change():
            if not self._accounts.end_copy(key, recipient, status):
                return
            charges = self._accounts.together(key)
            if any(status not in _FAILED for _, statuses in charges for status in statuses):
                return
            back = [charge for charge, _ in charges if charge.minor and charge.state in ("reserved", "charged")]
            for charge in back:
                self._accounts.set_state(charge, "refunded")
                self._give_back(charge, charge.minor, "refund", date)
            if back:
                amount = back[0].currency, told(sum(charge.minor for charge in back)), back[0].message
                self._accounts.add_text(back[0].number, REFUND % amount)

    def retrieved(self, key, sender, recipient, octets, date):
        """A subscriber has a message, whose M-Retrieve.conf has so many octets: abroad that may cost something."""
        account = self._accounts.account(recipient) or Account(recipient)
        plmn = self._visited(recipient)
        charge = Charge(recipient, "received", key, "", sender, date, octets, state="charged")
        with self._accounts.change():
            if self._accounts.charges("message = ? AND number = ? AND kind = 'received'", key, recipient):
                return  # a message that was retrieved twice
            roaming = tariffs.abroad(self._code, plmn)
            self._price(
                charge, lambda day: tariffs.receiving(self._rows, self._code, day, octets, roaming, account.plan)
            )
            self._take(account, charge)
            self._record(charge, account, "MMR1Rt", date, plmn=plmn, party="recipient", retrieved=_utc(date))

    def transferred(self, record, key, sender, recipient, octets, date):
        """Keep a record of a message between MMSCs, where no subscriber pays: MMO4FRq, MMO4FRs, MMR4F, MMO4D."""
        with self._accounts.change():
            self._accounts.record(
                record=record,
                mmsc=self._mmsc,
                id=key,
                **{"from": sender},
                to=[recipient],
                size=octets,
                party="neither",
                minor=0,
                time=_utc(date),
            )

    def _before(self, sender, recipients, octets, date, tid):
        """{recipient: Charge} of the submission of which this one is a retry; empty for a new one."""
        found = {}
        if tid:
            where = "number = ? AND tid = ? AND kind = 'sent' AND octets = ? AND date > ? AND state != 'released'"
            for charge in self._accounts.charges(where, sender, tid, octets, date - _REPEATED_S):
                found[charge.other] = charge
        return found if sorted(found) == sorted(recipients) else {}

    def _charge(self, account, recipients, octets, date, key, tid, fields):
        plmn = self._visited(account.number)
        charges = []
        for place, recipient in enumerate(recipients):
            charge = Charge(account.number, "sent", key, tid, recipient, date, octets)
            self._price(charge, lambda day, place=place: self._sending(account, day, octets, plmn, place))
            charges.append(charge)
        need = sum(charge.sum for charge in charges)
        if account.kind == PREPAID and need > account.balance:
            raise Refused(LACK_OF_PREPAID, "Credit of %s is less than %s" % (told(account.balance), told(need)))
        for charge in charges:
            self._take(account, charge)
            self._accounts.add_copy(key, charge.other, charge)
            self._record(charge, account, "MMO1S", date, plmn=plmn, party="sender", **_submission(date, fields))
            if charge.fee:
                self._record(charge, account, "fee", date, charge.fee, party="sender")

    def _sending(self, account, day, octets, plmn, place):
        """The Price of the recipient in that place of a submission."""
        first, last = tariffs.month(day)
        months = [tariffs.begins(self._operator, one) for one in (first, last + datetime.timedelta(days=1))]
        so_far = self._accounts.sent(account.number, *months) + place
        roaming = tariffs.abroad(self._code, plmn)
        return tariffs.price(self._rows, self._code, day, octets, roaming, account.plan, so_far)

    def _price(self, charge, ask):
        """Let a Charge have the price that `ask(local day)` gives; an unknown one stays None, and is not charged."""
        if self._operator:
            try:
                price = ask(self._operator.local(charge.date).date())
            except TariffError:
                return
            charge.tariff, charge.currency = price.tariff, price.currency
            charge.minor, charge.fee = price.minor, price.fee

    def _take(self, account, charge):
        self._accounts.add(charge)
        if account.kind == PREPAID:
            self._accounts.pay(account.number, -charge.sum)

    def _give_back(self, charge, minor, record, date):
        account = self._accounts.account(charge.number) or Account(charge.number)
        if account.kind == PREPAID:
            self._accounts.pay(account.number, minor)
        self._record(charge, account, record, date, -minor, party="sender")

    def _record(self, charge, account, record, date, minor=None, **fields):
        """Keep a record of a Charge, with its price or another amount."""
        ends = (charge.number, charge.other) if charge.kind == "sent" else (charge.other, charge.number)
        self._accounts.record(
            record=record,
            mmsc=self._mmsc,
            id=charge.message,
            **{"from": ends[0]},
            to=[ends[1]],
            size=charge.octets,
            kind=account.kind,
            tariff=charge.tariff,
            currency=charge.currency,
            minor=charge.minor if minor is None else minor,
            time=_utc(date),
            **fields,
        )


def _submission(date, fields):
    """The fields of an MMO1S record that are known of a submission."""
    found = {"submitted": _utc(date), "status": 0, "class": fields.get("message_class", "Personal")}
    if fields.get("media"):
        found["type"] = fields["media"]
    if fields.get("expires"):
        found["expires"] = _utc(fields["expires"])
    return {**found, "delivery_report": fields.get("report", False)}


def _utc(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
