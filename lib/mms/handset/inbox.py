"""Messages on their way in: raw SMS, reassembly, notification, retrieved message, acknowledgement; each step durable.

Files in the store: ID.t one raw TPDU; ID.n a notification and what has become of it; ID.m the retrieved PDU as it came;
ID.q a TPDU that nobody here understands, the newest few.
"""

from mms import clock, limits
from mms.codec import mm1, multipart, push, tpdu
from mms.errors import LinkError, PduError, UsageError
from mms.handset.store import Writer
from mms.limits import const

NOTIFIED = "notified"
DEFERRED = "deferred"  # answered so, waits for the user
WANTED = "wanted"  # the user asked for a deferred one
RETRIEVED = "retrieved"
ACKNOWLEDGED = "acknowledged"
FAILED = "failed"

_MMS = "application/vnd.wap.mms-message"
_QUARANTINE = const(16)
_SHORT = const(768)  # octets of nearly every header; a longer one is read again


class Item:
    """One notification: `fate` is durable at every `save`."""

    def __init__(self, store, events, id, fate=None):
        self._store = store
        self._events = events
        self.id = id
        self.fate = fate or store.read(id + ".n")

    @property
    def state(self):
        return self.fate["state"]

    def save(self, **changes):
        """Change the fate, durably."""
        self.fate.update(changes)
        self._store.write(self.id + ".n", self.fate)

    def retrieved(self, pdu, octets, parts):
        """It is here, whole and durable. A deferred one is answered by its own transaction id, if it has one."""
        answer = pdu.get(mm1.TRANSACTION_ID) or ""
        unanswered = answer or not self.fate["deferred"]
        message_id = pdu.get(mm1.MESSAGE_ID) or ""
        state = RETRIEVED if unanswered else ACKNOWLEDGED
        self.save(state=state, attempts=0, answer=answer, message_id=message_id, octets=octets, parts=parts)
        self._events.say("retrieved", id=self.id, octets=octets, parts=parts)

    def deferred(self):
        """The MMSC knows that the user will decide."""
        self.save(state=DEFERRED, attempts=0, deferred=True)
        self._events.say("deferred", id=self.id)

    def acknowledged(self):
        """The MMSC knows that it is here."""
        self.save(state=ACKNOWLEDGED, why="")
        self._events.say("acknowledged", id=self.id)

    def failed(self, error, enough):
        """An attempt failed."""
        self.save(state=FAILED if enough else self.state, why=str(error))

    def again(self):
        """Try again what waits for the user or failed; raises UsageError."""
        if self.state not in (DEFERRED, FAILED, NOTIFIED):
            raise UsageError("message %s is %s" % (self.id, self.state))
        whole = self._store.has(self.id + ".m")  # only the answer is missing
        self.save(state=RETRIEVED if whole else WANTED, attempts=0)

    def summary(self):
        """What a user wants to know of it."""
        shown = dict(self.fate)
        shown["id"] = self.id
        return shown


class Inbox:
    """All messages received or announced."""

    def __init__(self, store, events, outbox):
        self._store = store
        self._events = events
        self._outbox = outbox
        self._assembly = tpdu.Reassembler()
        self._segments = {}  # what a whole message will be made of: key -> names of raw TPDUs
        for name in store.names(".t"):
            self.digest(name)
        for name in store.names(".m"):
            if not store.has(name[:-2] + ".n") or self.item(name[:-2]).state in (
                NOTIFIED,
                DEFERRED,
                WANTED,
            ):
                store.remove(name)  # retrieved, but not yet looked at: the MMSC still has it

    def keep(self, octets):
        """Make a raw TPDU durable and return its name: after this the SIM or the network may forget it."""
        name = self._store.new_id() + ".t"
        with self._store.create(name) as writer:
            writer.write(octets)
        return name

    def digest(self, name):
        """Find out what a kept TPDU is; what nobody understands goes into quarantine."""
        with self._store.open(name) as blob:
            octets = bytearray(min(blob.octets, limits.TPDU))
            blob.readinto(octets)
        names = [name]
        try:
            message = tpdu.parse(bytes(octets))
            if not isinstance(message, tpdu.Deliver):
                raise PduError(0, "a report of a message that nobody sent")
            data, names = self._assemble(name, message)
            if data is None:
                return
            self._push(push.parse(data), data)
        except PduError as error:
            self._quarantine(name, str(error))
        for used in names:
            self._store.remove(used)

    def _assemble(self, name, message):
        if not message.concat:
            return self._assembly.add(message), [name]
        key = (message.originator, message.concat[0], message.concat[2])
        began, names = self._segments.setdefault(key, (clock.ticks(), []))
        names.append(name)
        data = self._assembly.add(message)
        if data is not None:
            del self._segments[key]
        return data, names

    def expire(self):
        """Give up on messages whose other parts never came: the MMSC will notify again."""
        self._assembly.expire()
        for key in list(self._segments):
            began, names = self._segments[key]
            if clock.since(began) > limits.ASSEMBLY_MS:
                del self._segments[key]
                self._events.say("incomplete", parts=len(names), of=key[2])
                for name in names:
                    self._store.remove(name)

    def _quarantine(self, name, why):
        self._events.say("quarantined", why=why)
        self._store.rename(name, name[:-2] + ".q")
        for old in self._store.names(".q")[:-_QUARANTINE]:
            self._store.remove(old)

    def _push(self, message, data):
        if message.media != _MMS:
            raise PduError(0, "a push of %s" % message.media)
        pdu = mm1.parse(data[message.body :])
        if pdu.type == mm1.NOTIFICATION_IND:
            self._notified(pdu)
        elif pdu.type == mm1.DELIVERY_IND:
            recipient = mm1.number(pdu.get(mm1.TO) or "")
            self._outbox.reported(pdu.get(mm1.MESSAGE_ID), recipient, pdu.get(mm1.STATUS))
        else:
            raise PduError(0, "a push of a PDU that no MMSC pushes")

    def _notified(self, pdu):
        tid, url = pdu.get(mm1.TRANSACTION_ID), pdu.get(mm1.CONTENT_LOCATION)
        if not tid or not url:
            raise PduError(0, "a notification without transaction id or location")
        for item in self.items():
            if item.fate["tid"] == tid and item.fate["url"] == url:
                if item.state == ACKNOWLEDGED:
                    item.save(state=RETRIEVED, attempts=0)  # the MMSC did not see the answer: say it again
                self._events.say("notified_again", id=item.id)
                return
        fate = {
            "state": NOTIFIED,
            "tid": tid,
            "url": url,
            "sender": mm1.number(pdu.get(mm1.FROM) or ""),
            "subject": pdu.get(mm1.SUBJECT) or "",
            "octets": pdu.get(mm1.MESSAGE_SIZE) or 0,
            "expiry": list(pdu.get(mm1.EXPIRY) or ()),
            "received": clock.now(),
            "attempts": 0,
            "deferred": False,
            "answer": "",  # the transaction id of the retrieval, for an M-Acknowledge.ind
            "message_id": "",
            "parts": 0,
            "why": "",
        }
        item = Item(self._store, self._events, self._store.new_id(), fate)
        item.save()
        self._events.say("notified", id=item.id, sender=fate["sender"], octets=fate["octets"])

    def item(self, id):
        """The Item; raises UsageError when there is none."""
        if not self._store.has(id + ".n"):
            raise UsageError("no message %s in the inbox" % id)
        return Item(self._store, self._events, id)

    def items(self):
        """All Items."""
        return [self.item(name[:-2]) for name in self._store.names(".n")]

    async def take(self, item, response, buffer):
        """Store a retrieved PDU while it arrives, then check it.

        Raises LinkError when it is another thing, PduError, StoreFull.
        """
        name = item.id + ".m"
        most = limits.MESSAGE + limits.PDU_HEADER
        with self._store.create(name) as writer:
            while True:
                count = await response.readinto(buffer)
                if not count:
                    break
                if writer.octets + count > most:
                    raise LinkError("retrieve", None, "more than %d octets" % most)
                writer.write(memoryview(buffer)[:count])
                self._events.say(
                    "received",
                    id=item.id,
                    octets=writer.octets,
                    of=response.octets or item.fate["octets"],
                )
        try:
            self._check(item, writer.octets, response.media)
        except (PduError, LinkError):
            self._store.remove(name)
            raise

    def _check(self, item, octets, media):
        pdu, parts = self.parts(item.id)
        if pdu.type != mm1.RETRIEVE_CONF:
            raise LinkError("retrieve", None, "the MMSC sent another PDU (%s)" % media)
        status = pdu.get(mm1.RETRIEVE_STATUS, mm1.OK)
        if status != mm1.OK:
            raise LinkError(
                "retrieve",
                status,
                pdu.get(mm1.RETRIEVE_TEXT) or "the MMSC could not give the message",
            )
        item.retrieved(pdu, octets, len(parts))

    def parts(self, id):
        """The parsed header and the Parts of a retrieved message, with `offset` from the start of its blob."""
        with self._store.open(id + ".m") as blob:
            pdu = _head(blob, _SHORT)
            if pdu.body is None and pdu.type == mm1.RETRIEVE_CONF:
                pdu = _head(blob, limits.PDU_HEADER)
            parts = _walk(blob, pdu) if pdu.body is not None else []
        return pdu, parts

    def export(self, id, folder):
        """Write the parts of a retrieved message as plain files under names of ours.

        Returns a list of {"name", "type", "octets", "path"}; `name` is the sender's label, never a path.
        """
        from mms.handset.message import ending

        if not self._store.has(id + ".m"):
            raise UsageError("message %s is not retrieved" % id)
        pdu, parts = self.parts(id)
        files = []
        buffer = bytearray(512)
        with self._store.open(id + ".m") as blob:
            for index in range(len(parts)):
                part = parts[index]
                path = "%s/%s-%d.%s" % (folder, id, index, ending(part.media))
                blob.seek(part.offset)
                with Writer(path, plain=True) as writer:
                    while writer.octets < part.octets:
                        room = min(part.octets - writer.octets, len(buffer))
                        writer.write(memoryview(buffer)[: blob.readinto(memoryview(buffer)[:room])])
                name = part.location or part.name or ""
                files.append({"name": name, "type": part.media, "octets": part.octets, "path": path})
        return files

    def delete(self, id):
        """Forget a message for good."""
        self.item(id)
        self._store.remove(id + ".n")
        self._store.remove(id + ".m")


def _head(blob, octets):
    blob.seek(0)
    head = bytearray(min(blob.octets, octets))
    blob.readinto(head)
    return mm1.parse(head)


def _walk(blob, pdu):
    top = pdu.get(mm1.CONTENT_TYPE)
    if "multipart" not in top.media:
        part = multipart.Part()
        part.media, part.offset, part.octets = top.media, pdu.body, blob.octets - pdu.body
        return [part]
    parser = multipart.Parser()
    parts = []
    buffer = bytearray(512)
    blob.seek(pdu.body)
    while True:
        count = blob.readinto(buffer)
        if not count:
            break
        for what, value in parser.feed(memoryview(buffer)[:count]):
            if what == multipart.PART:
                if len(parts) == limits.PARTS:
                    raise PduError(value.offset, "more than %d parts" % limits.PARTS)
                value.offset += pdu.body
                parts.append(value)
    parser.close()
    return parts
