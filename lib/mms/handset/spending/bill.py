"""Prices in force and the sums of what was spent, for the user; loaded for that."""

from mms import clock
from mms.errors import UsageError
from mms.handset import rooms
from mms.limits import const

_SHOWN = const(("price", "edge", "over", "fee", "included", "sending", "receiving", "plan"))
_NOT_TOLD = const("price unknown: the operator of this SIM is in no table of tariffs")


async def describe(phone, octets=None, recipients=1):
    """The result of the command `price`, a dict: docs/console.md has its keys. Raises UsageError."""
    for number in (recipients,) if octets is None else (octets, recipients):
        if not isinstance(number, int) or not 0 < number <= 1100000 or number is True:
            raise UsageError("octets and recipients are whole numbers, and more than 0")
    bearer, prices = phone.bearer, rooms.prices
    tariff, date = prices.find(bearer), clock.told()
    found = {"known": bool(tariff) and tariff["known"], "date": date, "why": (tariff or {}).get("why", "")}
    for key in ("name", "currency"):
        found[key] = (tariff or {}).get(key)
    ledger = rooms.ledger.Ledger(bearer.store)
    home = bearer.sim.home if bearer.sim else ""
    found["months"] = [_month(key, ledger.rows[key]) for key in sorted(ledger.rows) if key[:-8] == home]
    found["perhaps"] = await _perhaps(phone.outbox)
    if found["known"]:
        for key in _SHOWN:
            found[key] = tariff[key]
        row = ledger.row(home, prices.month(tariff, date))
        found["left"] = None if tariff["included"] == 65535 else max(tariff["included"] - row[0], 0)
        found["abroad"] = await prices.is_abroad(bearer)
        if octets is not None:
            found["amount"], found["due"] = prices.cost(tariff, octets, recipients, found["abroad"], row[0])
    found["text"] = "\n".join(_rows(found, octets, prices.words)) if tariff else _NOT_TOLD
    return found


def _month(key, row):
    return dict(zip(("count", "sent", "fees", "received", "refunded"), row), month=key[-7:])  # noqa: B905


async def _perhaps(outbox):
    """[{"id", "amount"}] of the messages that the MMSC may have, without a confirmation."""
    found = []
    for item in outbox.each():
        price = item.status.get("perhaps")
        if price and rooms.prices.is_doubtful(item):
            found.append({"id": item.id, "amount": price[0] + price[1]})
        await clock.sleep(0)
    return found


def _rows(found, octets, words):
    """Yield the rows for people."""
    currency = found["currency"]
    if not found["known"]:
        yield "price unknown: " + found["why"]
    else:
        yield "%s, a message to one recipient: %s" % (found["name"], words(found["price"], currency))
        if found["edge"]:
            yield "  from %d octets on: %s" % (found["edge"], words(found["over"], currency))
        if found["plan"]:
            left = "all are included" if found["left"] is None else "%d more are included" % found["left"]
            yield "  plan %s, %s a month: %s" % (found["plan"], words(found["fee"], currency), left)
        if found["sending"] or found["receiving"]:
            told = words(found["sending"], currency), words(found["receiving"], currency)
            yield "  abroad, each 1,024 octets more: sending %s, receiving %s" % told
        if octets is not None:
            yield "  one of %d octets just now: %s" % (octets, words(found["amount"] + found["due"], currency))
    for row in found["months"]:
        told = [row["month"], row["count"]] + [words(row[key], currency) for key in ("sent", "fees", "received")]
        yield "%s: %d messages %s, fees %s, received %s" % tuple(told)
        if row["refunded"]:
            yield "%s: refunded %s" % (row["month"], words(row["refunded"], currency))
    for one in found["perhaps"]:
        yield "perhaps %s for message %s, which is not confirmed" % (words(one["amount"], currency), one["id"])


def of(phone, id):
    """{"price", "currency", "cost"} of a message that was just accepted; `cost` ends the words of an answer."""
    price = phone.outbox.item(id).record.get("price")
    if price:
        return {"price": price[0] + price[1], "currency": price[2], "cost": ": " + rooms.prices.told(price)}
    return {"price": None, "cost": ": price unknown" if rooms.prices.find(phone.bearer) else ""}
