"""What a user asks for beside a new message: reply, forward, read, a plain text; loaded when asked.

Each of them raises UsageError for what cannot be done, StoreError.
"""

from mms import clock, flash
from mms.codec import mm1
from mms.errors import PduError, StoreError, StoreFull, UsageError
from mms.handset import policy, rooms, states
from mms.handset.store import filenames

_FORWARD_REQ = 0x89
_FORWARD_CONF = 0x8A
_READ = 0x80
_DELETED = 0x81  # without being read


async def text(handset, to, words):
    """Accept a plain short message to one number; its id."""
    digits = rooms.numbers.recipient(to, handset.number)
    if "@" in digits or not words:
        raise UsageError("a number and a text, please")
    id = rooms.texts.accept(handset.inbox.store, handset.events, digits, words, handset.settings["delivery_report"])
    handset.wake()
    return id


def reply(handset, id, words, everybody=False):
    """Answer a message with a text, the way in which it came: what is to be awaited for its id.

    The caller awaits it, so that this room is gone while the answer is accepted.
    """
    item = handset.inbox.item(id)
    own = handset.number
    sender = _plain(item.status["sender"], own)
    whole = handset.inbox.store.has(id + filenames.MESSAGE)
    if not item.status["tid"]:  # it came as a short message
        return text(handset, sender, words)
    message = rooms.message.Message([sender] if sender else [], _subject(item.status["subject"]))
    if everybody:
        if not whole:
            raise UsageError("message %s is not retrieved: nobody knows yet who else got it" % id)
        _others(message, rooms.contents.outline(handset.inbox, id)[0], own)
    if not message.to:
        raise UsageError("message %s does not say who sent it" % id)
    message.text(words)
    return handset.send(message)


def _plain(address, own):
    """The number or address in "Name <address>", and without its type."""
    numbers = rooms.numbers
    return numbers.e164(numbers.person(address)[1], own)


def _subject(subject):
    if not subject or subject[:3].lower() == "re:":
        return subject
    return "Re: " + subject


def _others(message, pdu, own):
    """Add to whom it went besides: each once, and not ourselves."""
    numbers = rooms.numbers
    known = list(message.to) + ([own] if own else [])
    message.wishes["cc"] = []
    for field, into in ((mm1.TO, message.to), (mm1.CC, message.wishes["cc"])):
        for address in pdu.all(field):
            who = _plain(address, own)
            if not any(numbers.same(who, other) for other in known):
                known.append(who)
                into.append(who)


def forward(handset, id, to, wishes=None):
    """Ask the MMSC to pass on a message that waits there, without fetching it; the id in the outbox."""
    item = handset.inbox.item(id)
    if item.state not in states.WAITING:
        raise UsageError("message %s is %s: only what waits at the MMSC is forwarded there" % (id, item.state))
    message = rooms.message.Message(to)
    message.wishes = wishes or {}
    room = rooms.wishes
    recipients, wishes = room.checked(handset, message)
    if wishes["version"] < 0x11:
        raise UsageError("MMS 1.0 knows no forwarding: set version to 1.1 or more")
    store, tid, now = handset.inbox.store, handset.inbox.store.new_id(), clock.now()
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, wishes["version"])]
    if now is not None:
        fields.append((mm1.DATE, now))
    fields.append((mm1.FROM, None))
    for field, who in ((mm1.TO, recipients), (mm1.CC, wishes["cc"]), (mm1.BCC, wishes["bcc"])):
        fields.extend((field, mm1.address(one)) for one in who)
    for field, key in ((mm1.DELIVERY_REPORT, "delivery_report"), (mm1.READ_REPORT, "read_report")):
        fields.append((field, room.flag(wishes, key)))
    fields.append((mm1.CONTENT_LOCATION, item.status["url"]))
    octets = mm1.build(_FORWARD_REQ, fields)
    with store.create(tid + filenames.HEAD) as writer:
        writer.write(octets)
    record = {
        "id": tid,
        "to": recipients + wishes["cc"] + wishes["bcc"],
        "subject": item.status["subject"],
        "date": now,
    }
    record.update(octets=len(octets), parts=[], plan=[[tid + filenames.HEAD, 0, len(octets)]])
    record.update(answer=_FORWARD_CONF, forwards=id)
    store.write(tid + filenames.ACCEPTED, record)
    handset.events.say("accepted", id=tid, tid=tid, octets=len(octets), parts=0)
    handset.wake()
    return tid


async def read(handset, id):
    """What is in a message, as {"sender", "subject", "to", "cc", "date", "text", "parts"}; from now on it is read.

    Its sender is told so where he asks for it and the settings allow it.
    """
    box = handset.inbox
    item = box.item(id)
    shown, pdu = await rooms.album.shown(box, item)
    await flash.quiet()
    try:
        if pdu is not None:
            _report(handset, item, pdu, _READ)
        item.save(read=True)
    except StoreFull as error:
        handset.events.fail(error, id=id, final=False)  # it is read all the same
    return shown


def delete(handset, id):
    """Forget a message for good, sent or received; the sender of one that nobody read is told as `read` tells him."""
    box = handset.inbox
    if not box.store.has(id + filenames.ENTRY):
        handset.outbox.delete(id)
        handset.leave_off(id)
        return
    item = box.item(id)
    if box.store.has(id + filenames.MESSAGE):
        try:
            _report(handset, item, rooms.contents.outline(box, id)[0], _DELETED)
        except (PduError, StoreError):
            pass  # nobody could have read it, or there is no room to tell of it
    if item.state in states.ANSWERABLE:
        item.hide()
        return
    handset.leave_off(id)
    box.delete(id)


def _report(handset, item, pdu, status):
    """Accept an M-Read-Rec.ind, which MMS has since 1.1, if one is wanted, allowed, and not yet made."""
    version, sender = policy.version(handset.settings), pdu.get(mm1.FROM)
    wanted = pdu.get(mm1.READ_REPORT) and handset.settings["read_report_allowed"] and not item.status["read"]
    if not wanted or version < 0x11 or not sender or not item.status["message_id"]:
        return
    fields = [
        (mm1.VERSION, version),
        (mm1.MESSAGE_ID, item.status["message_id"]),
        (mm1.TO, mm1.address(_plain(sender, handset.number))),
        (mm1.FROM, None),
    ]
    now = clock.now()
    if now is not None:
        fields.append((mm1.DATE, now))
    octets = mm1.build(mm1.READ_REC_IND, fields + [(mm1.READ_STATUS, status)])
    rooms.errands.accept(handset.inbox.store, handset.events, "read_reported", item.id, octets)
    handset.wake()
