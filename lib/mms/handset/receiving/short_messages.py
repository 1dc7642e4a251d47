"""Plain short messages that were received, and the reports on those that were sent; loaded when one comes.

ID.x in the store is the whole text in UTF-8; its record has only the beginning.
"""

from mms import limits
from mms.codec import charset
from mms.errors import PduError
from mms.handset import rooms, states
from mms.handset.store import filenames
from mms.limits import const

SHOWN = 80  # characters of the text in its record
_SILENT = const(0x40)  # TP-PID of a message that is not to be shown (3GPP TS 23.040, 9.2.3.9)
_INDICATION = const((0xC0, 0xF0))  # coding schemes which say that other messages wait (3GPP TS 23.038, 4)
_WAITING = const(("voice", "fax", "e-mail", "other"))
_WORDS = (
    b"mms",
    b"multimedia",
    b"media message",
    b"picture message",
    b"photo message",
    b"video message",
    b"bildnachricht",
)
_LINKS = const((b"http://", b"https://", b"www."))


def store(inbox, id, message, data):
    """Store the text in `data`, whose last part is the TPDU `message`; raises PduError, StoreError."""
    if message.ports is not None:
        raise PduError(0, "a text for an application")
    if message.pid == _SILENT:
        raise PduError(0, "a message that asks not to be seen")
    text = charset.decode(data, charset.UTF_16BE)
    if not text and _INDICATION[0] <= message.dcs < _INDICATION[1]:
        event = "messages_wait" if message.dcs & 0x08 else "messages_gone"
        inbox.events.say(event, sender=message.originator, kind=_WAITING[message.dcs & 0x03])
        return
    octets, sender, url = text.encode(), message.originator, find_link(text)
    if message.time:  # without a time, an equal text may be another message
        key = ("%s %d " % (sender, message.time)).encode() + octets
        same = sender, message.time, len(octets)

        def is_same(item):
            return (item.status["sender"], item.status.get("time"), item.status["octets"]) == same

        id, _ = rooms.dedup.find(inbox, id, key, is_same)
    if not inbox.store.has(id + filenames.ENTRY):
        rooms.retention.make_room(inbox, states.TEXT, limits.TEXTS)
        with inbox.store.create(id + filenames.CONTENT) as writer:
            writer.write(octets)
        if text[:7] == "Refund " and rooms.has("refunds"):
            rooms.refunds.note(inbox, sender, text, message.time)
        shown = text[:SHOWN]
        rooms.entries.add(
            inbox, id, states.TEXT, sender=sender, text=shown, octets=len(octets), time=message.time, url=url
        )
    inbox.events.say("text", id=id, sender=sender, text=text, link=url)


def find_link(text):
    """The address in a text that an operator sends in place of a multimedia message; "" in any other text."""
    octets = text.encode()
    lower = octets.lower()
    if not any(word in lower for word in _WORDS):
        return ""
    first = max(lower.rfind(b" until "), 0) if lower.startswith(b"media message from ") else 0  # behind the sender
    for start in _LINKS:
        at = lower.find(start, first)
        if at >= 0:
            end = at
            while end < len(octets) and 0x21 <= octets[end] < 0x7F and octets[end] not in b'"<>':
                end += 1
            while octets[end - 1] in b".,;:!?)":
                end -= 1
            return octets[at:end].decode() if end > at + len(start) else ""
    return ""


def handle_report(outbox, report):
    """Record what an SMS-STATUS-REPORT says of a sent text: the text has arrived when all its parts have."""
    status = report.status
    word = "delivered" if status < 0x20 else "expired" if status == 0x46 else "failed"
    if 0x20 <= status < 0x40:
        return  # the SMS centre goes on trying
    for item in outbox.find(report.reference):
        references, arrived = item.status.get("references", ()), dict(item.status.get("arrived", {}))
        key = str(report.reference)
        same = rooms.numbers.same
        if report.reference in references and key not in arrived and same(item.record["to"][0], report.recipient):
            arrived[key] = word
            item.save(arrived=arrived)
            if word != "delivered" or len(arrived) == len(item.record["plan"]):
                rooms.reports.record(outbox, item, [report.recipient], word)
            return
    outbox.events.say("unknown_report", message_id="")
