"""What a network or a store refuses once, and for how long: nothing is lost, and nothing is asked for ever."""

from mms import clock, limits
from mms.codec import mm1
from mms.errors import BearerError, ModemError, PduError
from mms.handset import rooms, states
from mms.handset.receiving import entries
from mms.handset.store import filenames, files
from tests.kit.checks import raises
from tests.kit.handset.inbox import fresh
from tests.kit.handset.phone import MINUTE, Network, Phone, hello

NOT_ALLOWED = 107  # +CME: until the modem was switched off (TS 24.008, 4.7.3.1.4)


def refused(phone, times, minutes=40, error=None):
    """(times that the modem was switched off, the state of a message) where the attach is refused so often."""
    cycled = []

    async def power_cycle():
        cycled.append(phone.modem.where.mccmnc)
        if error:
            raise error

    async def story():
        id = await phone.handset.send(hello())
        await clock.sleep(minutes * MINUTE)
        return phone.handset.outbox.item(id).state

    phone.modem.power_cycle = power_cycle
    phone.modem.faults = {"attach": [BearerError("attach", NOT_ALLOWED, "no data service") for _ in range(times)]}
    return cycled, phone.live(story)


def test_a_refusal_that_lasts_until_the_modem_was_off_has_it_switched_off_once_on_a_network():
    phone = Phone()
    assert refused(phone, 6, 90) == (["23410"], states.SENT)
    assert len(phone.told("modem_reset")) == 1 and phone.modem.log.count("start") == 2


def test_a_modem_that_cannot_be_switched_off_is_started_anew_all_the_same():
    phone = Phone()
    assert refused(phone, 3, error=ModemError("modem")) == (["23410"], states.SENT)
    assert phone.modem.log.count("start") == 2


def test_abroad_the_first_refusal_is_the_networks_own():
    class Abroad(Network):
        mccmnc, status = "26201", "roaming"

    phone = Phone(roaming={"send": "yes"})
    phone.modem.where = Abroad()
    assert refused(phone, 3) == ([], states.SENT) and not phone.told("modem_reset")


def cancelling(about, tid="C"):
    """An M-Cancel.req, parsed."""
    return mm1.parse(mm1.build(0x96, [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, 0x13), (0x3E, about)]))


def test_a_cancellation_deletes_the_message_it_names_unless_it_was_read_and_is_answered_either_way():
    box, said, store = fresh()
    box.waiting.prove("+447700900999")
    for id, about, read in (("00050000", "M1", False), ("00050001", "M2", True)):
        entries.add(box, id, states.ACKNOWLEDGED, tid=id, message_id=about)
        box.get(id).save(read=read)
    for about, left in (("M3", 2), ("M2", 2), ("M1", 1)):
        rooms.errands.cancel(box, cancelling(about), "+447700900999")
        assert len(store.names(filenames.ENTRY)) == left, about
    assert said.count("cancelled") == 1 and len(store.names(filenames.ERRAND)) == 3
    raises(PduError, rooms.errands.cancel, box, cancelling("M2", ""), "+447700900999")
    raises(PduError, rooms.errands.cancel, box, cancelling("M2"), "+447700900998")


def test_where_too_many_answers_wait_neither_a_cancellation_nor_an_unknown_notification_is_answered():
    box, said, store = fresh()
    box.waiting.prove("+447700900999")
    for _ in range(limits.ERRANDS + 1):
        rooms.errands.unrecognised(box, "T")
    entries.add(box, "00050000", states.ACKNOWLEDGED, tid="A", message_id="M1")
    rooms.errands.cancel(box, cancelling("M1"), "+447700900999")
    assert len(store.names(filenames.ERRAND)) == limits.ERRANDS and store.has("00050000" + filenames.ENTRY)


def test_what_may_never_end_is_no_file_of_the_users():
    for path in ("/dev/zero", "lib", "absent"):
        raises(OSError, files.user_file, path)
    files.user_file("LICENSE").close()
