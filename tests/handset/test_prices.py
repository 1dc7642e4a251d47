"""Prices on the handset: unknown without a date, told before sending, bounded, kept, refunded once; on both Pythons."""

import sys

from mms import clock
from mms.codec import segments
from mms.errors import UsageError
from mms.handset import rooms, states
from mms.handset.store.files import make_folder
from tests.kit.handset.phone import MINUTE, Phone, hello, refused

JANUARY = 1043658000, b"Mon, 27 Jan 2003 09:00:00 GMT"
LAST = 1044057599, b"Fri, 31 Jan 2003 23:59:59 GMT"  # in London
FEBRUARY = 1044057600, b"Sat, 01 Feb 2003 00:00:00 GMT"
REFUND = "Refund GBP 0.40 for message M1. It reached no recipient."
O2 = "21202"  # the operator's own number, in assets/tariffs.toml


def phone_at(date, **spending):
    """A Phone of O2 UK whose MMSC has that date, and that has heard it where `date` has seconds."""
    clock._told = None
    phone = Phone(spending=spending)
    seconds, phone.mmsc.date = date
    phone.tell = seconds
    return phone


def told(phone, story):
    """The result of `story(handset)`, once the network has told the date."""

    async def whole():
        if phone.tell:
            clock.tell(phone.tell)
        return await story(phone.handset)

    return phone.live(whole)


def send(handset, minutes=1):
    """Send a message and wait: its Item."""

    async def story(handset):
        id = await handset.send(hello())
        await clock.sleep(minutes * MINUTE)
        return handset.outbox.item(id)

    return story(handset)


async def price(handset, **command):
    command["do"] = "price"
    return await rooms.verbs.do_price(handset, command)


def month(phone):
    """The row of the only month that something was spent in."""
    (row,) = rooms.ledger.Ledger(phone.store).rows.values()
    return row


def test_the_price_is_unknown_until_the_network_has_told_the_date():
    async def story(handset):
        before = await price(handset)
        item = await send(handset)
        return before, item, await price(handset)

    before, item, after = told(phone_at((None, FEBRUARY[1])), story)
    assert not before["known"] and before["text"] == "price unknown: the network has not told the date yet"
    assert item.record["price"] is None and item.status["paid"] == [40, 0, "GBP"]  # the answer told the date
    assert after["known"] and after["price"] == 40 and "2003-02: 1 messages 0.40 GBP" in after["text"]


def test_a_date_behind_the_last_tariff_makes_the_price_unknown_and_a_bound_refuses_it():
    late = 1700000000, b"Tue, 14 Nov 2023 22:13:20 GMT"
    phone = phone_at(late)
    item = told(phone, send)
    assert item.state == states.SENT and item.status["paid"] is None and not phone.store.has("spent.r")
    error = told(phone_at(late, month=100), failing)
    assert "the price is unknown: there is no tariff of O2 UK for this date" in error


async def failing(handset):
    """The words by which a message is refused."""
    try:
        await handset.send(hello())
    except UsageError as error:
        return str(error)


def test_the_last_second_of_january_is_free_and_the_next_one_costs():
    for date, expected in ((JANUARY, 0), (LAST, 0), (FEBRUARY, 40)):
        phone = phone_at(date)
        item = told(phone, send)
        assert item.record["price"] == item.status["paid"] == [expected, 0, "GBP"], date
        assert month(phone)[:2] == [1, expected]


def test_a_plan_takes_its_fee_once_and_counts_what_is_included():
    async def story(handset):
        for _ in range(11):
            item = await send(handset)
        return (await price(handset)), item

    phone = phone_at(FEBRUARY, plan="bolt10")
    known, item = told(phone, story)
    assert month(phone) == [11, 40, 350, 0, 0] and item.status["paid"] == [40, 0, "GBP"]
    assert known["left"] == 0 and "plan bolt10, 3.50 GBP a month: 0 more are included" in known["text"]


def test_a_message_above_a_bound_is_refused_with_the_numbers_before_anything_is_sent():
    phone = phone_at(FEBRUARY, message=30)
    assert told(phone, failing) == "this message costs 0.40 GBP, and spending.message is 0.30 GBP"
    assert phone.mmsc.heard == [] and phone.handset.outbox.ids() == []

    async def story(handset):
        return await send(handset), await send(handset, 0), await failing(handset)

    phone = phone_at(FEBRUARY, month=100)
    _, _, why = told(phone, story)
    assert why == (
        "this message costs 0.40 GBP, 0.80 GBP are spent in 2003-02 or on their way, and spending.month is 1.00 GBP"
    )


def test_with_a_bound_a_message_waits_for_the_date_which_the_stamp_of_a_text_tells():
    async def story(handset):
        item = await send(handset, 20)
        before, heard = item.state, list(phone.mmsc.heard)
        phone.modem.arrives(*segments.deliver("+447700900009", "hello", time=FEBRUARY[0]))
        await clock.sleep(20 * MINUTE)
        return before, heard, handset.outbox.item(item.id)

    phone = phone_at((None, FEBRUARY[1]), month=100)
    before, heard, item = told(phone, story)
    assert (before, heard) == (states.QUEUED, []) and item.state == states.SENT
    (held,) = phone.told("held")
    assert "the network has not told the date yet" in held["why"] and phone.told("failed") == []


def test_a_message_in_doubt_costs_perhaps_and_then_once():
    async def story(handset):
        phone.mmsc.then.append(b"?")  # no confirmation
        item = await send(handset, 0)
        while not phone.told("in_doubt"):
            await clock.sleep(100)
        perhaps = await price(handset)
        await clock.sleep(20 * MINUTE)
        return item.id, perhaps, await price(handset), handset.outbox.item(item.id)

    phone = phone_at(FEBRUARY)
    id, perhaps, after, item = told(phone, story)
    assert perhaps["perhaps"] == [{"id": id, "amount": 40}] and perhaps["months"] == []
    assert "perhaps 0.40 GBP for message %s" % id in perhaps["text"]
    assert after["perhaps"] == [] and item.status["paid"] == [40, 0, "GBP"] and month(phone) == [1, 40, 0, 0, 0]


def test_a_handset_that_ends_between_sum_and_record_counts_the_message_once():
    phone = phone_at(FEBRUARY)
    with refused(lambda name, record: record.get("state") == states.SENT, times=1):
        item = told(phone, lambda handset: send(handset, 30))
    assert item.state == states.SENT and item.status["maybe_duplicate"]
    assert month(phone) == [1, 40, 0, 0, 0]


def test_a_refund_counts_once_and_from_the_operators_own_number_only():
    async def story(handset):
        item = await send(handset)
        for sender, text in (
            ("+447700900009", REFUND),
            (O2, "Refund GBP 0.4x for message M1."),
            (O2, REFUND),
            (O2, REFUND + " Again."),
        ):
            phone.modem.arrives(*segments.deliver(sender, text, time=FEBRUARY[0]))
            await clock.sleep(MINUTE)
        return handset.outbox.item(item.id)

    phone = phone_at(FEBRUARY)
    item = told(phone, story)
    assert item.status["refunded"] == 40 and month(phone) == [1, 40, 0, 0, 40]
    assert [event["minor"] for event in phone.told("refunded")] == [40] and len(phone.told("text")) == 4


def test_a_damaged_table_of_tariffs_makes_the_price_unknown_and_the_message_goes():
    folder = "build/tests/damaged-tariffs"
    make_folder(folder)
    make_folder(folder + "/assets")
    with open(folder + "/assets/tariffs.bin", "wb") as file:
        file.write(b"MMST" + bytes(508))
    sys.path.insert(0, folder)
    try:
        known, item = told(phone_at(FEBRUARY), both)
    finally:
        sys.path.pop(0)
    assert "assets/tariffs.bin is damaged" in known["text"] and item.state == states.SENT


async def both(handset):
    return await price(handset), await send(handset)


def test_the_price_of_so_many_octets_and_a_limit_under_the_edge_of_a_tariff():
    germany = {"price": 39, "over": 99, "edge": 30720, "included": 0, "sending": 3, "receiving": 3, "fee": 0}
    cost = rooms.prices.cost
    assert [cost(germany, octets, 1, False, 5) for octets in (30719, 30720)] == [(39, 0), (99, 0)]
    assert [cost(germany, octets, 2, True, 0) for octets in (1024, 1025)] == [(84, 0), (90, 0)]

    class Bearer:
        class sim:
            home = "26207"

        settings, store = {}, None

    class Handset:
        bearer = Bearer

        def limit(self):
            return 300000

    clock._told = None
    clock.tell(JANUARY[0])
    assert rooms.prices.limit_under(Handset(), "tier")() == 30719
    for tier, date, why in (("floor", JANUARY[0], 'under is "tier"'), ("tier", 1700000000, "the price is unknown")):
        clock.tell(date)
        try:
            rooms.prices.limit_under(Handset(), tier)
            raise AssertionError(tier)
        except UsageError as error:
            assert why in str(error)


def test_a_board_without_the_rooms_of_prices_sends_and_receives_and_refuses_bounds():
    usual = rooms._load

    def load(name):
        if name.startswith("mms.handset.spending."):
            raise UsageError(name + " was left out when it was flashed")
        return usual(name)

    async def story(handset):
        return await send(handset), await failing_price(handset)

    async def failing_price(handset):
        try:
            await price(handset)
        except UsageError as error:
            return str(error)

    rooms._load = load
    try:
        item, error = told(phone_at(FEBRUARY), story)
        assert item.state == states.SENT and "price" not in item.record and "paid" not in item.status
        assert "was left out when it was flashed" in error
        assert "was left out when it was flashed" in told(phone_at(FEBRUARY, month=100), failing)
    finally:
        rooms._load = usual
