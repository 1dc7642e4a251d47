"""Reports: they count for the recipient whom they are about, in whichever field an MMSC says who that is."""

import asyncio

from mms.codec import mm1
from mms.handset.sending.outbox import Outbox
from mms.handset.states import LEAVING, SENT
from tests.kit.handset.inbox import ALICE, fresh
from tests.kit.handset.outbox import accept
from tests.kit.handset.outbox import fresh as fresh_store
from tests.kit.handset.pushes import NOON, pushed

BOB, CAROL, DAVE = "+447700900002", "+447700900003", "+447700900004"


def reported(to, fields, read=False, own=ALICE):
    """What is known of each recipient in `to` after a report in which From and To, each perhaps twice, say who."""
    box, said, _ = fresh()
    box.own_number = lambda: own
    store = fresh_store()
    id = accept(store)
    record = store.read(id + ".o")
    record["to"] = to
    store.write(id + ".o", record)
    box.outbox = Outbox(store, box.events)
    box.outbox.item(id).save(state=SENT, message_id="M7")
    status = (mm1.READ_STATUS, 0x80) if read else (mm1.STATUS, 0x81)
    whole = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, "M7")]
    whole += [(field, mm1.address(who)) for field, who in fields] + [(mm1.DATE, NOON), status]
    pushed(box, mm1.MEDIA, mm1.build(mm1.READ_ORIG_IND if read else mm1.DELIVERY_IND, whole), 4)
    assert said == ["read" if read else "delivered"]
    return box.outbox.item(id).summary()["readings" if read else "reports"]


def test_a_report_counts_for_the_recipient_on_whichever_side_it_stands():
    for read in (False, True):
        word = "read" if read else "retrieved"
        recipient, sender = (mm1.FROM, mm1.TO) if read else (mm1.TO, mm1.FROM)
        for to, fields, who in (
            ([BOB, CAROL], [(recipient, CAROL)], CAROL),
            ([BOB, CAROL], [(recipient, CAROL), (sender, ALICE)], CAROL),
            ([BOB, CAROL], [(recipient, ALICE), (sender, CAROL)], CAROL),  # the two are swapped
            ([ALICE, CAROL], [(recipient, ALICE), (sender, CAROL)], CAROL),  # and we sent it to ourselves, too
            ([ALICE, CAROL], [(recipient, CAROL), (sender, ALICE)], CAROL),
            ([ALICE, CAROL], [(recipient, ALICE)], ALICE),
            ([BOB, CAROL], [(recipient, "07700900003")], CAROL),
            ([BOB, CAROL], [(recipient, "07700900001"), (sender, "07700900003")], CAROL),
            ([BOB, "c@mail.example"], [(recipient, "Carol <C@mail.example>")], "c@mail.example"),
            ([BOB], [(recipient, ALICE)], BOB),  # for whom else
            ([BOB], [], BOB),
        ):
            assert reported(to, fields, read) == {who: word}, (to, fields)


def test_a_report_that_overtakes_the_confirmation_counts_once_that_is_there():
    box, said, _ = fresh()
    store = fresh_store()
    id = accept(store)
    box.outbox = Outbox(store, box.events)
    whole = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, "M7"), (mm1.TO, mm1.address(BOB)), (mm1.DATE, NOON)]
    report = mm1.build(mm1.DELIVERY_IND, whole + [(mm1.STATUS, 0x81)])
    box.outbox.item(id).save(state=LEAVING)
    box.waiting.busy = id
    pushed(box, mm1.MEDIA, report, 4)
    assert said == [] and len(box.postponed) == 1
    box.outbox.item(id).save(state=SENT, message_id="M7")
    asyncio.run(box.expire())
    assert said == ["delivered"] and box.postponed == [] and box.store.names(".t") == []
    box.outbox.item(id).save(state=LEAVING, message_id="M8")
    for _ in range(20):  # those of strangers fill neither memory nor store
        pushed(box, mm1.MEDIA, report, 4)
    assert len(box.postponed) == 8 and len(box.store.names(".t")) == 8


def test_a_report_about_somebody_else_counts_for_nobody():
    for read in (False, True):
        recipient, sender = (mm1.FROM, mm1.TO) if read else (mm1.TO, mm1.FROM)
        for to, fields in (
            ([BOB], [(recipient, DAVE)]),
            ([BOB], [(recipient, DAVE), (sender, ALICE)]),
            ([BOB], [(recipient, "07700900004")]),
            ([BOB, CAROL], [(recipient, ALICE)]),
            ([BOB, CAROL], []),
        ):
            assert reported(to, fields, read) == {}, (to, fields)


def test_without_a_number_of_our_own_a_swapped_report_still_finds_its_recipient():
    assert reported([BOB, CAROL], [(mm1.TO, ALICE), (mm1.FROM, CAROL)], own=None) == {CAROL: "retrieved"}
    assert reported([BOB, CAROL], [(mm1.TO, ALICE)], own=None) == {}
