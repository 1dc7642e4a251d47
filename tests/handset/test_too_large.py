"""What is too large is not fetched, or no further; a person is told what to do, and the MMSC where that is wanted."""

from mms import clock, limits
from mms.codec import mm1
from mms.handset.sending import requests
from mms.handset.states import ACKNOWLEDGED, DEFERRED, FAILED, REJECTED, REJECTING
from mms.handset.store.store import Store
from tests.kit.handset.inbox import message, notification
from tests.kit.handset.phone import OPERATOR, Mmsc, Modem, Phone

MINUTE = 60000
HOUR = 60 * MINUTE
HUGE = 1200000


class Huge(Mmsc):
    """Says that what is asked for is huge, `told` in its HTTP header or not, and sends no octet of it where it is."""

    told = True

    def __call__(self, request):
        if not request.startswith(b"GET"):
            return Mmsc.__call__(self, request)
        self.heard.append(("GET", request.split(b" ")[1].decode(), None))
        if self.told:
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % HUGE
        return b"HTTP/1.1 200 OK\r\n\r\n" + message(picture=self.octets)


def phone(mmsc=None, operator=None, **more):
    """A Phone with this MMSC, and these settings of its operator."""
    whole = dict(OPERATOR)
    whole.update(operator or {})
    made = Phone(operators={"23410": whole}, **more)
    if mmsc:
        made.mmsc = made.modem._mmsc = mmsc
    return made


def statuses(phone):
    """The Status of each M-NotifyResp.ind that the MMSC got."""
    return [pdu.get(mm1.STATUS) for _, _, pdu in phone.mmsc.heard if pdu]


def gets(phone):
    return sum(1 for method, _, _ in phone.mmsc.heard if method == "GET")


def announced(phone, octets, fetch=False, minutes=120):
    """The only Item, two hours after it was announced, twice, and asked for by the user in between or not."""

    async def story():
        phone.modem.arrives(*notification(octets=octets))
        await clock.sleep(minutes * MINUTE // 2)
        phone.modem.arrives(*notification(octets=octets, reference=1))
        await clock.sleep(MINUTE)
        if fetch:
            phone.handset.fetch(phone.handset.inbox.items()[0].id)
        await clock.sleep(minutes * MINUTE // 2)
        return phone.handset.inbox.items()[0]

    return phone.live(story)


def test_what_is_announced_as_too_large_is_not_fetched():
    for settings, octets, advice in (
        ({}, HUGE, "smaller"),
        ({"proxy": "wsp://10.1.1.1"}, 400000, "smaller"),  # than a WAP gateway carries
        ({"receive_octets": 50000}, 60000, "receive_octets"),
        ({"octets": 10000}, 60000, None),  # which bounds what is sent only
        ({"receive_octets": 50000}, 50000 + limits.PDU_HEADER, None),
    ):
        handset = phone(operator=settings)
        handset.mmsc.then = [message(), message()]
        item = announced(handset, octets)
        if advice is None:
            assert item.state == ACKNOWLEDGED
            continue
        assert (item.state, gets(handset), statuses(handset)) == (FAILED, 0, [])
        (failed,) = handset.told("failed")
        assert failed["final"] and failed["step"] == "size" and advice in failed["advice"]
        assert "notified_again" in handset.names()


def test_the_largest_size_that_can_be_announced_is_told_in_digits():
    handset = phone()
    announced(handset, 0xFFFFFFFF)
    (failed,) = handset.told("failed")
    assert "at least 9999999 octets" in failed["text"] and failed["final"]


def test_what_turns_out_to_be_too_large_is_fetched_once_and_its_body_not_read():
    for told, octets in ((True, 0), (False, 11000 + limits.PDU_HEADER)):
        mmsc = Huge()
        mmsc.told, mmsc.octets = told, octets
        handset = phone(mmsc, {"receive_octets": 10000})
        item = announced(handset, 2000)
        assert (item.state, gets(handset), statuses(handset)) == (FAILED, 1, [])
        (failed,) = handset.told("failed")
        assert failed["final"] and failed["step"] == "size" and "closed" not in failed["text"]
        assert [name for name in handset.store.names() if name[8:] not in (".n",)] == []


def test_what_an_mmsc_announces_as_too_large_and_is_not_comes_when_the_user_asks():
    handset = phone()
    handset.mmsc.then = [message()] * 3
    item = announced(handset, HUGE, fetch=True)
    assert (item.state, statuses(handset)) == (ACKNOWLEDGED, [mm1.RETRIEVED])
    assert gets(handset) == 2  # for it is less than was announced


def test_the_mmsc_is_told_once_where_the_settings_say_so():
    for mmsc, octets, asked in ((None, HUGE, 0), (Huge(), 2000, 1)):
        handset = phone(mmsc, too_large="reject")
        item = announced(handset, octets)
        assert (item.state, gets(handset), statuses(handset)) == (REJECTED, asked, [mm1.REJECTED])
        assert [event["final"] for event in handset.told("failed")] == [True]
        assert handset.told("rejected")[0]["id"] == item.id and "large" not in item.state
    handset = phone(too_large="reject")
    item = announced(handset, 2000)
    assert (item.state, statuses(handset)) == (ACKNOWLEDGED, [mm1.RETRIEVED, mm1.RETRIEVED])  # as it was said again


def test_what_was_deferred_is_rejected_no_more():
    handset = phone(Huge(), too_large="reject", retrieve={"home": "manual"})

    async def story():
        handset.modem.arrives(*notification(octets=2000))
        await clock.sleep(MINUTE)
        (item,) = handset.handset.inbox.items()
        assert item.state == DEFERRED
        handset.handset.fetch(item.id)
        await clock.sleep(HOUR)
        return handset.handset.inbox.items()[0]

    item = handset.live(story)
    assert (item.state, gets(handset), statuses(handset)) == (FAILED, 1, [mm1.DEFERRED])


def test_a_rejection_outlives_the_power():
    handset = phone(too_large="reject")

    async def silent(item):
        await clock.sleep(HOUR)

    async def story():
        handset.handset._carrier._answer = silent
        handset.modem.arrives(*notification(octets=HUGE))
        await clock.sleep(MINUTE)
        assert handset.handset.inbox.items()[0].state == REJECTING

    handset.live(story)
    handset.modem = Modem(handset.mmsc)
    handset.begin()

    async def later():
        await clock.sleep(MINUTE)
        return handset.handset.inbox.items()[0]

    assert handset.live(later).state == REJECTED and statuses(handset) == [mm1.REJECTED] and gets(handset) == 0


def test_what_is_deleted_before_the_mmsc_knows_is_rejected_all_the_same():
    handset = phone(too_large="reject")
    refused = [b"HTTP/1.1 503 Not now\r\n\r\n"]
    usual = handset.mmsc.__call__

    def busy(request):
        return refused.pop() if refused else usual(request)

    handset.modem._mmsc = busy

    async def story():
        handset.modem.arrives(*notification(octets=HUGE))
        await clock.sleep(500)
        (item,) = handset.handset.inbox.items()
        requests.delete(handset.handset, item.id)
        await clock.sleep(HOUR)
        return handset.handset.inbox.items()

    assert handset.live(story) == [] and statuses(handset) == [mm1.REJECTED]


def test_what_finds_no_room_is_fetched_when_the_user_has_made_some():
    handset, holds, free = phone(), Store.holds, [0]

    async def story():
        handset.modem.arrives(*notification(octets=2000))
        await clock.sleep(HOUR)
        (item,) = handset.handset.inbox.items()
        assert (item.state, gets(handset)) == (FAILED, 0)
        handset.handset.fetch(item.id)
        await clock.sleep(HOUR)  # nothing was announced about how long it really is: the answer says it
        assert gets(handset) == 1
        free[0] = 10000
        handset.handset.fetch(item.id)
        await clock.sleep(HOUR)
        return handset.handset.inbox.items()[0]

    Store.holds = lambda store, octets: octets <= free[0]
    try:
        item = handset.live(story)
    finally:
        Store.holds = holds
    assert item.state == ACKNOWLEDGED and item.status["octets"] == len(message())
    assert [event["step"] for event in handset.told("failed")] == ["room", "room"]
    assert all("delete" in event["advice"] and event["final"] for event in handset.told("failed"))
