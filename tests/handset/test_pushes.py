"""Pushes: known by what they say they are, whatever port they come on; nothing in them acts by itself."""

import asyncio

from mms import limits
from mms.codec import mm1, provisioning
from mms.errors import StoreFull
from mms.handset import policy, rooms
from mms.handset.states import ACKNOWLEDGED, DEFERRED, EXPIRED, FAILED, NOTIFIED, RETRIEVED
from tests.kit.handset.inbox import ALICE, fresh, notification, receive
from tests.kit.handset.pushes import NOON, SETTINGS, pushed

SI = bytes.fromhex(  # http://www.example.com/mms, signal-high, created 2003-01-27T10:00:00Z
    "03056a0045c60d036578616d706c650085036d6d73001103616263406578616d706c652e636f6d00080ac30520030127"
    "100103596f75206861766520616e204f32206d65646961206d657373616765000101"
)
SL = bytes.fromhex("03066a00850c036578616d706c6500850378000501")


def announced(box, fields, **more):
    fixed = [(mm1.TRANSACTION_ID, "T1"), (mm1.VERSION, 0x12), (mm1.CONTENT_LOCATION, "http://mmsc.example/m/1")]
    pushed(box, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, fixed + fields), 4, **more)


def test_what_it_is_says_the_content_type_and_not_the_port():
    for ports in ((2948, 9200), (49999, 49154), (7, 7), None):
        box, said, _ = fresh()
        pushed(box, "application/vnd.wap.sic", SI, ports=ports)
        announced(box, [], ports=ports)
        assert said == ["link", "notified"]


def test_a_message_for_another_application_is_not_ours():
    box, said, _ = fresh()
    for application in (4, "x-wap-application:mms.ua", None, 7, "x-other"):
        fields = [(mm1.TRANSACTION_ID, "T%s" % application), (mm1.CONTENT_LOCATION, "http://mmsc.example/m/1")]
        pushed(box, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, fields), application)
    assert said == ["notified"] * 3 + ["quarantined"] * 2


def test_a_link_is_shown_and_the_newer_one_counts():
    box, said, _ = fresh()
    pushed(box, "application/vnd.wap.sic", SI)
    (item,) = box.items()
    assert (item.state, item.status["url"], item.status["sender"]) == ("link", "http://www.example.com/mms", "O2")
    assert item.status["text"] == "You have an O2 media message" and item.status["action"] == "signal-high"
    pushed(box, "application/vnd.wap.sic", SI)
    assert len(box.items()) == 1
    newer = b'<si><indication href="http://x.example/" si-id="abc@example.com" created="2004-01-27T10:00:00Z"/></si>'
    pushed(box, "text/vnd.wap.si", newer)
    pushed(box, "application/vnd.wap.sic", SI)
    (item,) = box.items()
    assert item.status["url"] == "http://x.example/"
    pushed(box, "application/vnd.wap.slc", SL, sender="+447700900666")
    assert len(box.items()) == 2


def test_a_link_can_be_taken_back_and_does_not_outlive_its_time():
    box, said, _ = fresh()
    pushed(box, "text/vnd.wap.si", b'<si><indication href="http://x.example/">news</indication></si>')
    assert len(box.items()) == 1
    pushed(box, "text/vnd.wap.si", b'<si><indication href="http://x.example/" action="delete"/></si>', time=NOON + 1)
    assert box.items() == []
    late = b'<si><indication href="http://x.example/" si-expires="2003-01-27T11:00:00Z">news</indication></si>'
    pushed(box, "text/vnd.wap.si", late)
    assert box.items() == [] and said[-1] == "expired"


def test_a_link_as_long_as_a_url_may_be_has_its_place():
    for octets in (limits.URL - 1, limits.URL, limits.URL + 1):
        box, said, _ = fresh()
        url = b"http://x.example/" + b"l" * (octets - 17)
        for _ in range(2):
            pushed(box, "text/vnd.wap.si", b'<si><indication href="' + url + b'">news</indication></si>')
        assert [item.status["url"] for item in box.items()] == [url.decode()] * (octets <= limits.URL)


def test_who_floods_us_with_links_displaces_only_links():
    box, _, store = fresh()
    announced(box, [])
    pushed(box, "text/vnd.wap.sl", b'<sl href="http://honest.example/"/>', sender="+447700900001")
    for number in range(limits.LINKS + 4):
        links = box.shelves["link"]
        assert len(links) == min(number + 1, limits.LINKS)
        body = b'<sl href="http://x.example/%d"/>' % number
        pushed(box, "text/vnd.wap.sl", body, time=NOON + number)
    urls = sorted(item.status["url"] for item in box.items() if item.state == "link")
    assert len(urls) == limits.LINKS and "http://x.example/0" not in urls and "http://x.example/19" in urls
    assert "http://honest.example/" in urls
    assert [item.state for item in box.items()].count(NOTIFIED) == 1


def test_settings_are_a_proposal_that_tells_no_secret():
    box, said, store = fresh()
    params = provisioning.mac("USERPIN", SETTINGS, pin="1234")
    pushed(box, provisioning.BINARY, SETTINGS, None, params, ports=(2948, 2948))
    (item,) = box.items()
    assert said == ["proposed"] and item.state == "proposal"
    assert item.status["proposed"]["apn"] == "wap.o2.co.uk" and "password" not in item.status["proposed"]
    pushed(box, provisioning.BINARY, b"\x03\x0b\x6a\x00\x45\x01")
    assert said[-1] == "quarantined"


def test_an_expiry_counts_from_the_reception_whatever_the_clock_says():
    for expiry, kept in (
        (("relative", 3600), 3600),
        (("absolute", NOON + 3600), 3600),
        (("absolute", NOON - 1), None),
        (None, None),
    ):
        box, said, _ = fresh()
        announced(box, [(mm1.EXPIRY, expiry)] if expiry else [])
        (item,) = box.items()
        assert item.status["expiry"] == kept
        item.save(age=3599)
        asyncio.run(box.expire())
        assert item.state == NOTIFIED and said == ["notified"]
        item.save(age=3600)
        asyncio.run(box.expire())
        assert box.items()[0].state == (EXPIRED if kept else NOTIFIED)


def test_a_version_that_nobody_speaks_is_answered_so():
    box, said, store = fresh()
    fields = [(mm1.TRANSACTION_ID, "T9"), (mm1.VERSION, 0x20), (mm1.CONTENT_LOCATION, "http://mmsc.example/m/9")]
    pushed(box, mm1.MEDIA, mm1.build(mm1.NOTIFICATION_IND, fields), 4)
    assert box.items() == []
    (name,) = store.names(".a")
    answer = mm1.parse(rooms.errands.Errand(store, box.events, name[:-2]).octets)
    assert (answer.type, answer.get(mm1.TRANSACTION_ID)) == (mm1.NOTIFYRESP_IND, "T9")
    assert answer.get(mm1.STATUS) == mm1.UNRECOGNISED


def test_a_cancelled_message_goes_only_while_nobody_has_read_it():
    for read in (False, True):
        box, said, store = fresh()
        announced(box, [])
        item = box.items()[0]
        item.save(state=ACKNOWLEDGED, message_id="M1", read=read)
        fields = [(mm1.TRANSACTION_ID, "C1"), (mm1.VERSION, 0x13), (0x3E, "M1")]
        pushed(box, mm1.MEDIA, mm1.build(0x96, fields), 4, sender="+15551234567")
        assert len(box.items()) == 1 and store.names(".a") == [] and said[-1] == "quarantined"
        box.waiting.prove("O2")
        pushed(box, mm1.MEDIA, mm1.build(0x96, fields), 4)
        assert len(box.items()) == int(read)
        (name,) = store.names(".a")
        answer = mm1.parse(rooms.errands.Errand(store, box.events, name[:-2]).octets)
        assert (answer.type, answer.get(mm1.TRANSACTION_ID), answer.get(0x3F)) == (0x97, "C1", 0x80)


def test_a_notification_that_comes_again_is_answered_again_or_retrieved_after_all():
    ended = policy.ATTEMPTS + 1  # the handset did not survive it so often
    for state, attempts, here, then in (
        (ACKNOWLEDGED, 1, True, RETRIEVED),
        (FAILED, 6, True, RETRIEVED),
        (DEFERRED, 1, False, NOTIFIED),
        (FAILED, 6, False, NOTIFIED),
        (EXPIRED, 1, False, NOTIFIED),
        (FAILED, ended, False, FAILED),
    ):
        box, _, store = fresh()
        receive(box, notification())
        (item,) = box.items()
        item.save(state=state, attempts=attempts, age=1000000)
        if here:
            with store.create(item.id + ".m") as writer:
                writer.write(b"message")
        receive(box, notification())
        asyncio.run(box.expire())
        (item,) = box.items()
        assert item.state == then and item.status["attempts"] == (attempts if then == FAILED else 0)


def test_the_longest_of_everything_still_fits_its_record():
    box, said, store = fresh()
    announced(box, [(mm1.SUBJECT, "\U0001f600" * 60), (mm1.FROM, "x" * 200)])
    assert said == ["notified"]
    box.items()[0].save(message_id="m" * 200, answer="r" * 200)


def test_what_finds_no_room_is_digested_when_there_is_some():
    box, said, store = fresh()
    write, full = store.write, [True]

    def refuse(name, record):
        if full[0]:
            raise StoreFull("store", 28, "the store is full")
        write(name, record)

    store.write = refuse
    receive(box, notification())
    assert box.items() == [] and said == ["failed"] and len(store.names(".t")) == 2
    asyncio.run(box.expire())
    assert box.items() == []
    full[0] = False
    asyncio.run(box.expire())
    assert len(box.items()) == 1 and store.names(".t") == []


def test_a_report_that_nobody_waits_for_does_no_harm():
    box, said, store = fresh()
    receive(box, [bytes.fromhex("062a0c91447700090020307012210000003070122100000000")])
    for type, status in ((mm1.DELIVERY_IND, (mm1.STATUS, 0x81)), (mm1.READ_ORIG_IND, (mm1.READ_STATUS, 0x80))):
        fields = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, "M7"), (mm1.TO, mm1.address(ALICE)), (mm1.DATE, NOON), status]
        pushed(box, mm1.MEDIA, mm1.build(type, fields), 4)
    assert said == ["unknown_report"] * 3 and store.names() == []
