"""Where a message lies: a location as notifications have it, and a host that has to be the operator's."""

from mms import clock
from mms.codec import mm1
from mms.handset.sending import requests
from mms.handset.states import ACKNOWLEDGED, DEFERRED, EXPIRED, FAILED, FORWARDED
from tests.kit.handset.inbox import ALICE, message, notification
from tests.kit.handset.phone import OPERATOR, Mmsc, Phone

MINUTE = 60000
HOUR = 60 * MINUTE


def located(url, **operator):
    """The Phone, and its only Item an hour after a message was announced that lies at `url`."""
    whole = dict(OPERATOR)
    whole.update(operator)
    phone = Phone(operators={"23410": whole})

    async def story():
        phone.modem.arrives(*notification(url=url))
        await clock.sleep(HOUR)
        return phone.handset.inbox.items()[0]

    return phone, phone.live(story)


def test_blanks_around_a_location_are_no_part_of_it():
    for url in (" http://mmsc.example/m/1", "http://mmsc.example/m/1 ", "  http://mmsc.example/m/1  "):
        phone, item = located(url)
        assert item.state == ACKNOWLEDGED and phone.mmsc.heard[0][1] == "/m/1"
        assert phone.told("failed") == []


def test_a_location_that_is_none_fails_at_once_and_for_good():
    for url in ("https://mmsc.example/m", "http://mmsc.example:0/m", "http://mmsc.example:x/m", "http:///m", "m"):
        phone, item = located(url)
        assert item.state == FAILED and phone.mmsc.heard == [], url
        (failed,) = phone.told("failed")
        assert failed["final"] and failed["step"] == "address" and "sender" in failed["advice"]


def test_a_message_beside_the_mmsc_is_fetched_and_one_elsewhere_is_not():
    mmsc = "http://mms1.mms.operator.example/"
    phone, item = located("http://fetch1.mms.operator.example/m", mmsc=mmsc)
    assert item.state == ACKNOWLEDGED
    phone, item = located("http://Messages.operator.example/m", mmsc=mmsc)
    (failed,) = phone.told("failed")
    assert item.state == FAILED and phone.mmsc.heard == [] and failed["final"]
    assert 'add "messages.operator.example" to operators.23410.hosts' in failed["advice"]
    phone, item = located("http://Messages.operator.example/m", mmsc=mmsc, hosts=["messages.operator.example"])
    assert item.state == ACKNOWLEDGED
    phone, item = located("http://Messages.operator.example/m", proxy="10.1.1.1:8080")
    assert item.state == ACKNOWLEDGED  # the proxy says what may be asked for


class Gone(Mmsc):
    """Has what is asked for no more."""

    def __call__(self, request):
        if request.startswith(b"GET"):
            self.heard.append(("GET", "", None))
            return b"HTTP/1.1 404 Not Found\r\n\r\n"
        return Mmsc.__call__(self, request)


def test_a_forwarded_message_can_be_fetched_where_the_mmsc_still_has_it():
    unfound = mm1.build(mm1.RETRIEVE_CONF, [(mm1.VERSION, 0x12), (mm1.DATE, 1), (mm1.RETRIEVE_STATUS, 0xE2)])
    for mmsc, answers, state in (
        (Mmsc(), [message()], ACKNOWLEDGED),
        (Gone(), [], FORWARDED),
        (Mmsc(), [unfound], FORWARDED),
    ):
        phone = Phone(retrieve={"home": "manual"})
        phone.mmsc = phone.modem._mmsc = mmsc

        async def story():
            phone.modem.arrives(*notification())  # noqa: B023
            await clock.sleep(MINUTE)
            (item,) = phone.handset.inbox.items()  # noqa: B023
            assert item.state == DEFERRED
            tid = requests.forward(phone.handset, item.id, [ALICE])  # noqa: B023
            done = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x12), (mm1.RESPONSE_STATUS, mm1.OK)]
            mmsc.then = [mm1.build(0x8A, done)]  # noqa: B023
            await clock.sleep(MINUTE)
            assert phone.handset.inbox.item(item.id).state == FORWARDED  # noqa: B023
            mmsc.then = list(answers)  # noqa: B023
            phone.handset.fetch(item.id)  # noqa: B023
            await clock.sleep(HOUR)
            return phone.handset.inbox.item(item.id)  # noqa: B023

        item = phone.live(story)
        assert item.state == state, state
        failed = phone.told("failed")
        assert [event["final"] for event in failed] == [True] * (state == FORWARDED)
        if failed:
            assert failed[0]["step"] == "retrieve" and "no more" in failed[0]["advice"] and item.status["why"]


def test_what_the_mmsc_has_no_more_has_expired():
    unfound = mm1.build(mm1.RETRIEVE_CONF, [(mm1.VERSION, 0x12), (mm1.DATE, 1), (mm1.RETRIEVE_STATUS, 0xE2)])
    for mmsc, answers in ((Gone(), []), (Mmsc(), [unfound])):
        phone = Phone()
        phone.mmsc = phone.modem._mmsc = mmsc
        mmsc.then = answers

        async def story():
            phone.modem.arrives(*notification())  # noqa: B023
            await clock.sleep(HOUR)
            return phone.handset.inbox.items()[0]  # noqa: B023

        assert phone.live(story).state == EXPIRED and len(phone.told("failed")) == 1
