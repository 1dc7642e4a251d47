"""Commands of the user on messages: text, reply, forward, read, delete; loaded for each.

`phone` is what phone.pyi declares. Each function raises UsageError for a request that cannot be met, and StoreError.
"""

from mms import clock, flash
from mms.errors import PduError, StoreError, StoreFull, UsageError
from mms.handset import policy, rooms, states
from mms.handset.store import filenames
from mms.limits import const

_FORWARD_REQ = const(0x89)
_FORWARD_CONF = const(0x8A)
_READ = const(0x80)
_DELETED = const(0x81)  # deleted without being read


async def send_text(phone, to, text):
    """Accept a plain short message to one number; returns its id."""
    digits = rooms.numbers.recipient(to, phone.number)
    if "@" in digits or not text:
        raise UsageError("a number and a text, please")
    id = rooms.texts.accept(phone.inbox.store, phone.events, digits, text, phone.settings["delivery_report"])
    phone.wake()
    return id


def reply(phone, id, text, everybody=False):
    """Answer a message with a text, by a short message when it was one; returns an awaitable of the answer's id.

    The caller awaits it, so that this module is gone from memory while the answer is accepted.
    """
    item = phone.inbox.item(id)
    own = phone.number
    sender = _address(item.status["sender"], own)
    whole = phone.inbox.store.has(id + filenames.MESSAGE)
    if not item.status["tid"]:  # only a multimedia message has a transaction id
        return send_text(phone, sender, text)
    message = rooms.message.Message([sender] if sender else [], _subject(item.status["subject"]))
    if everybody:
        if not whole:
            raise UsageError("message %s is not retrieved: nobody knows yet who else got it" % id)
        _add_others(message, rooms.contents.outline(phone.inbox.store, id)[0], own)
    if not message.to:
        raise UsageError("message %s does not say who sent it" % id)
    message.text(text)
    return phone.send(message)


def _address(address, own):
    """The number or address in "Name <address>", without its type; `own` completes a national number."""
    numbers = rooms.numbers
    return numbers.e164(numbers.person(address)[1], own)


def _subject(subject):
    if not subject or subject[:3].lower() == "re:":
        return subject
    return "Re: " + subject


def _add_others(message, pdu, own):
    """Add the other recipients of a message to its answer: each once, and not ourselves."""
    numbers, mm1 = rooms.numbers, rooms.mm1
    known = list(message.to) + ([own] if own else [])
    message.wishes["cc"] = []
    for field, recipients in ((mm1.TO, message.to), (mm1.CC, message.wishes["cc"])):
        for address in pdu.all(field):
            address = _address(address, own)
            if not any(numbers.same(address, other) for other in known):
                known.append(address)
                recipients.append(address)


def forward(phone, id, to, wishes=None):
    """Ask the MMSC to pass on a message that waits there, which is not fetched; returns an id of the outbox."""
    item = phone.inbox.item(id)
    if item.state not in states.WAITING:
        raise UsageError("message %s is %s: only what waits at the MMSC is forwarded there" % (id, item.state))
    message = rooms.message.Message(to)
    message.wishes = wishes or {}
    recipients, wishes = rooms.wishes.resolve(phone, message)
    if wishes["version"] < 0x11:
        raise UsageError("MMS 1.0 knows no forwarding: set version to 1.1 or more")
    store, now = phone.inbox.store, clock.now()
    tid = store.new_id()
    octets = rooms.mm1.build(_FORWARD_REQ, _forward_fields(tid, recipients, wishes, now, item.status["url"]))
    room = rooms.accepted
    plan = room.store_pieces(store, tid, (octets,))
    record = {"id": tid, "to": recipients + wishes["cc"] + wishes["bcc"], "date": now}
    record.update(subject=item.status["subject"], octets=len(octets), parts=[], plan=plan)
    record.update(answer=_FORWARD_CONF, forwards=id)
    room.write(store, phone.events, record, 0)
    phone.wake()
    return tid


def _forward_fields(tid, recipients, wishes, now, url):
    """The fields of an M-Forward.req (OMA-TS-MMS_ENC, 6.4) for the message at `url`."""
    room, mm1 = rooms.wishes, rooms.mm1
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, wishes["version"])]
    if now is not None:
        fields.append((mm1.DATE, now))
    fields.append((mm1.FROM, None))
    for field, addresses in ((mm1.TO, recipients), (mm1.CC, wishes["cc"]), (mm1.BCC, wishes["bcc"])):
        fields.extend((field, mm1.address(one)) for one in addresses)
    for field, key in ((mm1.DELIVERY_REPORT, "delivery_report"), (mm1.READ_REPORT, "read_report")):
        fields.append((field, room.flag(wishes, key)))
    return fields + [(mm1.CONTENT_LOCATION, url)]


async def read(phone, id):
    """Mark a message as read and return its contents: {"sender", "subject", "to", "cc", "date", "text", "parts"}.

    A read report goes to its sender, if the sender asks for one and the settings allow it.
    """
    box = phone.inbox
    item = box.item(id)
    contents = await rooms.album.read(box.store, item)
    await flash.quiet()
    try:
        if box.store.has(id + filenames.MESSAGE):
            _report(phone, item, _READ)
        item.save(read=True)
    except StoreFull as error:
        phone.events.fail(error, id=id, final=False)  # the user can read the message all the same
    return contents


def delete(phone, id):
    """Delete a message for good, sent or received; the sender of an unread one gets a read report as from `read`."""
    box = phone.inbox
    if not box.store.has(id + filenames.ENTRY):
        phone.outbox.delete(id)
        phone.abort(id)
        return
    item = box.item(id)
    if box.store.has(id + filenames.MESSAGE):
        try:
            _report(phone, item, _DELETED)
        except (PduError, StoreError):
            pass  # the message cannot be read, or there is no room for a report: it is deleted all the same
    if item.state in states.ANSWERABLE:
        item.hide()
        return
    phone.abort(id)
    box.delete(id)


def _report(phone, item, status):
    """Accept an M-Read-Rec.ind, which MMS has since 1.1, if it is wanted, allowed, and not sent yet.

    Raises PduError, StoreError.
    """
    version = policy.version(phone.settings)
    allowed = phone.settings["read_report_allowed"] and not item.status["read"] and item.status["message_id"]
    if not allowed or version < 0x11:
        return
    mm1, pdu = rooms.mm1, rooms.contents.outline(phone.inbox.store, item.id)[0]
    sender = pdu.get(mm1.FROM)
    if not pdu.get(mm1.READ_REPORT) or not sender:
        return
    fields = [
        (mm1.VERSION, version),
        (mm1.MESSAGE_ID, item.status["message_id"]),
        (mm1.TO, mm1.address(_address(sender, phone.number))),
        (mm1.FROM, None),
    ]
    now = clock.now()
    if now is not None:
        fields.append((mm1.DATE, now))
    octets = mm1.build(mm1.READ_REC_IND, fields + [(mm1.READ_STATUS, status)])
    rooms.errands.accept(phone.inbox.store, phone.events, "read_reported", item.id, octets)
    phone.wake()
