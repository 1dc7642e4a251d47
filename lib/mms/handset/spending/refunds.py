"""A text by which the operator gives the price of a message back; loaded for a text that may be one.

Its form is that of tools/tariffs.py: "Refund GBP 0.40 for message ID", then a full stop or a further sentence. It
counts only when it comes from the operator's own number.
"""

import binascii

from mms import clock
from mms.errors import BearerError
from mms.handset import rooms


def parse(text):
    """(currency, amount in minor units, Message-ID) of a refund's text, or None."""
    words = text.split(" ")
    if len(words) < 6 or words[0] != "Refund" or words[3:5] != ["for", "message"]:
        return None
    if any([ord(letter) > 126 for letter in text]):
        return None
    amount, id = words[2].split("."), words[5]
    whole = len(amount) == 2 and len(amount[1]) == 2 and all([part.isdigit() for part in amount])
    if not whole or len(amount[0]) > 6 or len(words[1]) != 3:
        return None
    if id[-1:] == ".":
        id = id[:-1]
    return (words[1], int(amount[0]) * 100 + int(amount[1]), id) if id else None


def note(inbox, sender, text, date):
    """Count a refund, once for a message; whether the text is one. `date`: the stamp of the text, or None."""
    found = parse(text)
    if not found:
        return False
    currency, amount, id = found
    date = date or clock.told() or 0
    ledger = rooms.ledger.Ledger(inbox.store)
    home, tariff = _payer(ledger, sender, currency, date)
    if home is None:
        return False
    key = "r%08x" % (binascii.crc32(id.encode()) & 0xFFFFFFFF)
    items = [item for item in inbox.outbox.find(id) if item.status["message_id"] == id]
    if [item for item in items if item.status.get("refunded")]:
        return True  # the ledger forgets ids after a while
    if not ledger.add(key, home, rooms.prices.month(tariff, date), {4: amount}):
        return True
    for item in items:
        item.save(refunded=amount)
    inbox.events.say("refunded", message_id=id, minor=amount, currency=currency)
    return True


def _payer(ledger, sender, currency, date):
    """(home network, tariff) of the operator that has that number and was paid last; (None, None) without one."""
    for key in sorted(ledger.rows, key=lambda key: key[-7:], reverse=True):
        home = key[:-8]
        try:
            tariff = rooms.tariffs.find(home, "", date)
        except BearerError:
            break  # the file is damaged
        if tariff and (tariff["number"], tariff["currency"]) == (sender.lstrip("+"), currency):
            tariff["quarters"] = tariff.get("quarters", 0)  # a refund may come after the last tariff
            return home, tariff
    return None, None
