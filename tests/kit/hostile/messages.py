"""Short messages: from the lines in which a modem says them, through the driver, into the inbox."""

import binascii

from drivers.modem import sim800
from mms.codec import mm1
from mms.events import Events
from mms.handset import rooms
from mms.handset.receiving import intake
from mms.handset.receiving.inbox import Inbox
from mms.handset.sending.outbox import Outbox
from mms.handset.store.store import Store
from tests.kit.codec import golden
from tests.kit.codec.mutants import mutant
from tests.kit.files import Memory
from tests.kit.hostile.talk import OK, SAID, feed

_driver = sim800.Sim800(None, Events())


def door(octets):
    """From the serial line into the inbox; refused by the driver (0), as no message (1), or it waits for more (2)."""
    with Memory() as memory:
        said, events = [], Events()
        events.listen(lambda event: said.append((event["event"], event.get("why", ""))))
        store = Store("store")
        box = Inbox(store, events, Outbox(store, events))
        tpdus = _received(octets)
        for tpdu_octets in tpdus:
            intake.handle(box, box.keep(tpdu_octets))
        told = [(item.state, item.status["sender"], item.status["url"], item.status["tid"]) for item in box.each()]
        assert len(memory.files) <= 2 * len(tpdus), "more than came"
        assert not [why for _, why in said if why.startswith("internal:")], "an error without a type"
    depth = None if told else 0 if not tpdus else 1 if "quarantined" in [what for what, _ in said] else 2
    return depth, (tpdus, told, said)


def _received(octets):
    """The TPDUs that the driver makes of what a modem says."""
    dialogue, messages = _driver.dialogue, _driver.sms

    def heard(digester, kind):
        dialogue._handle(kind, digester)

    feed(dialogue.digester, octets, heard, 60)
    found = [sms.tpdu for sms in messages._waiting if not isinstance(sms, tuple)]
    messages.clear()
    feed(dialogue.digester, OK + OK, heard)  # whatever was left open is over
    return found


def _messages():
    """Lists of TPDUs; the rooms that make them do not stay, as in a handset."""
    segments, push = rooms.segments, rooms.push
    ports = (2948, 9200)
    yield segments.deliver("+447700900002", golden.PUSH, ports, 3)
    yield segments.deliver("+447700900002", golden.PUSH + b"\0" * 130, ports, 3)
    for media, body in ((0xAE, golden.SI), (0xB0, golden.SL), (0xB6, golden.PROVISIONING)):
        yield segments.deliver("O2", b"\x01\x06\x01" + bytes([media]) + body, ports, 3)
    who, date = mm1.address("+447700900003"), (mm1.DATE, 1700000000)
    about = [(mm1.VERSION, 0x12), (mm1.MESSAGE_ID, "M1"), (mm1.TO, who)]
    for type, fields in (
        (mm1.DELIVERY_IND, about + [date, (mm1.STATUS, 0x81)]),
        (mm1.READ_ORIG_IND, about + [(mm1.FROM, who), date, (mm1.READ_STATUS, 0x80)]),
        (mm1.CANCEL_REQ, [(mm1.TRANSACTION_ID, "T1"), (mm1.VERSION, 0x13), (mm1.CANCEL_ID, "M1")]),
    ):
        yield segments.deliver("MMSC", push.build(1, mm1.MEDIA, mm1.build(type, fields)), ports, 3)
    yield segments.deliver("Orange", "Grüße, {alle} €", None, 3)
    yield segments.deliver("12345", "☺ 😀 www.example.com/mms ist eine Bildnachricht", None, 3)
    yield [b"\x02\x07\x04\x81\x21\x43\x22\x20\x11\x11\x11\x11\x00\x22\x20\x11\x11\x11\x11\x00\x00"]


_MESSAGES = tuple(_messages())


def hostile(chance):
    """A message as a modem says it, damaged before or after it was put into lines."""
    messages = _MESSAGES[chance.below(len(_MESSAGES))]
    said = b""
    early = chance.below(4)
    for octets in messages:
        octets = mutant(octets, chance) if early else octets
        length = len(octets) if chance.below(50) else chance.below(300)
        said += b"\r\n+CMT: ,%d\r\n00%s\r\n" % (length, binascii.hexlify(octets))
    return said if early else mutant(said, chance, SAID)
