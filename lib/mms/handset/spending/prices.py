"""The price of a message: before it is accepted, before it goes, and once the MMSC has it; loaded for each.

A price in a record is [amount, fee, currency], in minor units; None is an unknown one. The format of
assets/tariffs.bin (tools/tariffs.py) says how one is made. `bearer` is a Bearer, whose SIM tells the home network.
"""

from mms import clock, flash
from mms.errors import BearerError, Coverage, ModemError, StoreError, UsageError
from mms.handset import rooms, states
from mms.limits import const

_ALL = const(65535)  # included messages: every one
_KILOBYTE = const(1024)
_DAY = const(86400)
_QUARTER = const(900)
_MESSAGE = const("this message costs %s, and spending.message is %s")
_MONTH = const("this message costs %s, %s are spent in %s or on their way, and spending.month is %s")
_NO_TARIFFS = const("there are no tariffs of this operator")
_HELD = const("the price is unknown: %s, and the settings have a bound for it (spending)")


def cost(tariff, octets, recipients, abroad, before):
    """(amount, fee) of an M-Send.req of so many octets for so many recipients, `before` that many of the month."""
    one = tariff["over"] if tariff["edge"] and octets >= tariff["edge"] else tariff["price"]
    paid = 0 if tariff["included"] == _ALL else min(max(before + recipients - tariff["included"], 0), recipients)
    amount = one * paid
    if abroad:
        amount += tariff["sending"] * kilobytes(octets) * recipients
    return amount, 0 if before else tariff["fee"]


def kilobytes(octets):
    """Those that are begun."""
    return (octets + _KILOBYTE - 1) // _KILOBYTE


def month(tariff, date):
    """The month at `date` in the operator's local time, such as "2003-02"."""
    days = (date + tariff["quarters"] * _QUARTER) // _DAY + 719468  # since 1 March of the year 0
    era = days // 146097
    day = days - era * 146097
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    at = (5 * (day - 365 * year - year // 4 + year // 100) + 2) // 153  # months since March
    return "%04d-%02d" % (year + era * 400 + at // 10, (at + 2) % 12 + 1)


def words(minor, currency):
    """An amount for people, such as "0.40 GBP"."""
    return "%d.%02d %s" % (minor // 100, minor % 100, currency)


def told(price):
    """A price for people."""
    return "price unknown" if price is None else words(price[0] + price[1], price[2])


def find(bearer, date=None):
    """The tariff of the bearer's SIM at `date`, without one at that of the network: see tariffs.find."""
    if bearer.sim is None:
        return None
    plan = bearer.settings.get("spending", {}).get("plan", "")
    try:
        return rooms.tariffs.find(bearer.sim.home, plan, date or clock.told())
    except BearerError as error:
        return {"known": False, "why": str(error)}


async def is_abroad(bearer):
    """Whether the handset is in another country than its home network; one that is not registered is not.

    The network is asked: the status that the modem told last may be that of another country.
    """
    if not getattr(bearer.modem, "registered", None):
        return False
    try:
        where = (await bearer.network()).mccmnc
    except ModemError:
        return False
    return bool(where) and where[:3] != bearer.sim.home[:3]


async def quote(bearer, outbox, octets, recipients, item=None):
    """(price or None, tariff or None) of a message that would go just now.

    `item`, if it is accepted already, gets `roams`, whether that is abroad, and `doubts`, how many messages of the
    month are in doubt: the MMSC most likely has charged them before.
    """
    tariff = find(bearer)
    if not tariff or not tariff["known"]:
        return None, tariff
    abroad, name = tariff["sending"] > 0 and await is_abroad(bearer), month(tariff, clock.told())
    doubts = await _doubts(outbox, name, item) if tariff["fee"] or tariff["included"] else 0
    if item:
        item.roams, item.doubts = abroad, doubts
    before = rooms.ledger.Ledger(bearer.store).row(bearer.sim.home, name)[0] + doubts
    return list(cost(tariff, octets, recipients, abroad, before)) + [tariff["currency"]], tariff


async def _doubts(outbox, name, item):
    """How many recipients the messages of a month have that are in doubt, but `item`."""
    count = 0
    for other in outbox.each():
        perhaps = other.status.get("perhaps")
        if perhaps and perhaps[3] == name and is_doubtful(other) and not (item and other.id == item.id):
            count += len(other.record["to"])
        await clock.sleep(0)
        await flash.quiet()
    return count


def is_doubtful(item):
    """Whether the MMSC may have a message that it has not confirmed."""
    doubtful = item.state in (states.LEAVING, states.IN_DOUBT) or item.status["maybe_duplicate"]
    return doubtful and item.state != states.SENT


async def accept(handset, octets, recipients):
    """The price of a message that is to be accepted; raises UsageError where the settings do not allow it."""
    bearer, why = handset.bearer, ""
    price, tariff = await quote(bearer, handset.outbox, octets, recipients)
    if price:
        why = await _above(bearer, handset.outbox, price, tariff)
    elif bearer.sim is not None and clock.told() is not None:  # without a date, the message waits for one
        why = _unknown(bearer, tariff)
    if why:
        raise UsageError(why)
    return price


async def permit(bearer, item):
    """The price of an accepted message that is about to go; raises Coverage, step "price", where it has to wait.

    It ends with the month, is empty without a tariff for the date, and None without a date. One in doubt keeps that of
    its first attempt, by which the MMSC charged it if it has the message.
    """
    item.roams, item.doubts = False, 0
    if bearer.sim is None:
        return None
    if item.status["maybe_duplicate"] and item.status.get("perhaps") is not None:
        return item.status["perhaps"]
    price, tariff = await quote(bearer, item.box, item.record["octets"], len(item.record["to"]), item)
    why = await _above(bearer, item.box, price, tariff, item.id) if price else _unknown(bearer, tariff)
    if why:
        raise Coverage("price", None, why)
    if price:
        return price + [month(tariff, clock.told())]
    return None if clock.told() is None else []


def _unknown(bearer, tariff):
    """The reason for which a message of unknown price does not go, or "": the settings have no bound."""
    bounds = bearer.settings.get("spending", {})
    if "message" not in bounds and "month" not in bounds:
        return ""
    return _HELD % (tariff or {}).get("why", _NO_TARIFFS)


async def _above(bearer, outbox, price, tariff, id=""):
    """The reason for which a price is above the bounds of the settings, or ""."""
    bounds = bearer.settings.get("spending", {})
    amount, fee, currency = price
    most = bounds.get("message")
    if most is not None and amount > most:
        return _MESSAGE % (words(amount, currency), words(most, currency))
    most = bounds.get("month")
    if most is None:
        return ""
    name = month(tariff, clock.told())
    row = rooms.ledger.Ledger(bearer.store).row(bearer.sim.home, name)
    open_amount, open_fee = await pending(outbox, id)
    spent = sum(row[1:4]) - row[4] + open_amount
    fee = max(fee, open_fee)  # which is due once
    if spent + amount + fee <= most:
        return ""
    return _MONTH % (words(amount + fee, currency), words(spent, currency), name, words(most, currency))


async def pending(outbox, id=""):
    """(amounts, the highest fee) of the accepted messages, but that of `id`, that may be charged yet."""
    amount = fee = 0
    for item in outbox.each():
        if item.id != id and item.state in (states.QUEUED, states.LEAVING, states.IN_DOUBT):
            price = item.status.get("perhaps") or item.record.get("price") or (0, 0)
            amount, fee = amount + price[0], max(fee, price[1])
        await clock.sleep(0)
        await flash.quiet()  # reading a damaged record writes: it is set aside
    return amount, fee


def charge(bearer, events, item):
    """Add a message, which the MMSC has just confirmed, to what was spent: its price, None for an unknown one.

    The sum lacks it when memory is short: a message that goes twice for the sake of a sum would be worse.
    """
    try:
        return _charge(bearer, events, item)
    except MemoryError:
        return None


def _charge(bearer, events, item):
    if bearer.sim is None:
        return None
    ledger, home, recipients = rooms.ledger.Ledger(bearer.store), bearer.sim.home, len(item.record["to"])
    perhaps = item.status.get("perhaps") if item.status["maybe_duplicate"] else None
    if perhaps is None:
        tariff = find(bearer)
        if not tariff or not tariff["known"]:
            return None
        name = month(tariff, clock.told())
        before = ledger.row(home, name)[0] + item.doubts
        perhaps = list(cost(tariff, item.record["octets"], recipients, item.roams, before)) + [tariff["currency"], name]
    if not perhaps:
        return None
    amount, fee, currency, name = perhaps
    _add(ledger, events, item.id, home, name, {0: recipients, 1: amount, 2: fee})
    return [amount, fee, currency]


async def receive(bearer, events, item):
    """Add what receiving a message costs abroad to what was spent, and return it; None where that is nothing."""
    date, tariff = clock.told(), find(bearer)
    if not tariff or not tariff["known"] or not tariff["receiving"] or not await is_abroad(bearer):
        return None
    amount = tariff["receiving"] * kilobytes(item.status["octets"])
    ledger = rooms.ledger.Ledger(bearer.store)
    _add(ledger, events, item.id, bearer.sim.home, month(tariff, date), {3: amount})
    return [amount, 0, tariff["currency"]]


def _add(ledger, events, id, home, name, changes):
    try:
        ledger.add(id, home, name, changes)
    except StoreError as error:  # the message is with the MMSC: that counts more than a sum
        events.fail(error, id=None, final=False)


def limit_under(handset, tier):
    """A function that tells the most octets of a message under the edge of the tariff; raises UsageError.

    tier: the wish `under`. Without an edge it is the most that the operator takes.
    """
    if tier != "tier":
        raise UsageError('under is "tier"')

    def limit():
        tariff = find(handset.bearer) or {"known": False, "why": _NO_TARIFFS}
        if not tariff["known"]:
            raise UsageError("the price is unknown: %s, so no picture can be made to fit a lower one" % tariff["why"])
        most = handset.limit()
        return min(most, tariff["edge"] - 1) if tariff["edge"] else most

    limit()
    return limit
