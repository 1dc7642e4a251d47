"""Messages on their way in: raw SMS, reassembly, notification, retrieved message, acknowledgement; each step durable.

Files in the store: ID.t one raw TPDU; ID.n a notification and what has become of it; ID.m the retrieved PDU as it came;
ID.x what came without an MMSC: a short message, or settings; ID.q a TPDU that nobody here understands, the newest few.
"""

import json

from mms import clock, limits
from mms.codec import mm1
from mms.errors import LinkError, PduError, Refused, StoreError, StoreFull, UsageError
from mms.handset import visit
from mms.limits import const

NOTIFIED = "notified"
DEFERRED = "deferred"  # answered so, waits for the user
WANTED = "wanted"  # the user asked for a deferred one
RETRIEVED = "retrieved"
ACKNOWLEDGED = "acknowledged"
FAILED = "failed"
EXPIRED = "expired"
FORWARDED = "forwarded"

_WAITING = (NOTIFIED, DEFERRED, WANTED)
_HOUR = const(3600)
_ROOM = const(500)  # octets of a record that what comes later may need
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
        """Change the fate, durably; what others changed since it was read stays as they left it."""
        if self._store.has(self.id + ".n"):
            self.fate.update(self._store.read(self.id + ".n"))
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
        if self.state not in (DEFERRED, FAILED, NOTIFIED, EXPIRED):  # whether it has expired the MMSC knows
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
        self.store = store
        self.events = events
        self.outbox = outbox
        self._segments = {}  # what a whole message will be made of: key -> [ticks, names of raw TPDUs by sequence]
        self._again = []  # names of raw TPDUs for which there was no room
        self._ages = {}  # id -> ticks since when it has grown older
        for item in self.each():
            if item.state in _WAITING:
                self._ages[item.id] = clock.ticks()
        for name in store.names(".t"):
            self.digest(name)
        for name in store.names():
            if name[8:] in (".m", ".x") and (not store.has(name[:-2] + ".n") or self.item(name[:-2]).state in _WAITING):
                store.remove(name)  # not yet looked at: the MMSC, or a raw TPDU, still has it

    def keep(self, octets):
        """Make a raw TPDU durable and return its name: after this the SIM or the network may forget it."""
        name = self.store.new_id() + ".t"
        with self.store.create(name) as writer:
            writer.write(octets)
        return name

    def digest(self, name):
        """Find out what a kept TPDU is; what nobody understands goes into quarantine."""
        names = [name]
        try:
            parse = visit("tpdu", "mms.codec").parse
            message = parse(self._raw(name))
            if hasattr(message, "status"):
                visit("texts").reported(self, message)
            else:
                data, names = self._assemble(name, message, parse)
                if data is None:
                    return
                self._route(min(names)[:-2], message, data)
        except StoreFull as error:
            self.events.fail(error, id=None, final=False)
            self._again.extend(names)
            return
        except MemoryError:
            self._again.extend(names)
            raise
        except (PduError, StoreError) as error:
            self._quarantine(names, str(error))
        for used in names:
            self.store.remove(used)

    def _raw(self, name):
        with self.store.open(name) as blob:
            octets = bytearray(min(blob.octets, limits.TPDU))
            blob.readinto(octets)
        return bytes(octets)

    def _assemble(self, name, message, parse):
        """(data, names of the TPDUs that they came in); no data while parts are missing. Raises PduError.

        Of a part that comes again the newer one counts, and when it says something else, so does what came with it.
        """
        if not message.concat:
            return message.data, [name]
        reference, bits, total, sequence = message.concat
        if not 1 <= sequence <= total or total > limits.SEGMENTS:
            raise PduError(0, "part %d of %d" % (sequence, total))
        key = (message.originator, reference, bits, total, message.ports)
        known = self._segments.get(key, (0, {}))[1]
        if sequence in known:
            if parse(self._raw(known[sequence])).data == message.data:
                self.store.remove(name)
                return None, []
            self._forget(key)
            known = {}
        elif not known and len(self._segments) >= limits.ASSEMBLIES:
            self._forget(min(self._segments, key=lambda other: len(self._segments[other][1])))
        known[sequence] = name
        self._segments[key] = (clock.ticks(), known)
        if len(known) < total:
            return None, []
        del self._segments[key]
        names = [known[at + 1] for at in range(total)]
        return b"".join([parse(self._raw(part)).data for part in names]), names

    def _forget(self, key):
        names = self._segments.pop(key)[1].values()
        self.events.say("incomplete", parts=len(names), of=key[3])
        for name in names:
            self.store.remove(name)

    def _route(self, id, message, data):
        """Ports say nothing of what it is: octets are a push or nobody's, a text is for people."""
        if message.text is None:
            visit("pushes").take(self, id, message, data)
        else:
            visit("texts").take(self, id, message, data)

    def expire(self):
        """Give up on what was never whole, and on notifications whose time is over.

        Their age is counted while we run, from their reception on: a clock may be wrong, and who asks too late is
        told so by the MMSC.
        """
        for key in list(self._segments):
            if clock.since(self._segments[key][0]) > limits.ASSEMBLY_MS:
                self._forget(key)
        for name in list(self._again):
            self._again.remove(name)
            self.digest(name)
        for id in list(self._ages):
            if not self.store.has(id + ".n") or not self._age(self.item(id)):
                del self._ages[id]

    def _age(self, item):
        """Whether it goes on growing older."""
        fate, passed = item.fate, clock.since(self._ages[item.id]) // 1000
        if item.state not in _WAITING or fate["expiry"] is None:
            return False
        if fate["age"] + passed >= fate["expiry"]:
            item.save(state=EXPIRED)
            self.events.say("expired", id=item.id)
            return False
        if passed >= _HOUR:
            item.save(age=fate["age"] + passed)
            self._ages[item.id] = clock.ticks()
        return True

    def _quarantine(self, names, why):
        self.events.say("quarantined", why=why)
        for name in names:
            self.store.rename(name, name[:-2] + ".q")
        for old in self.store.names(".q")[:-_QUARANTINE]:
            self.store.remove(old)

    def add(self, id, state, **more):
        """A new Item, durable: a notification, or something else that came.

        What is only shown is shortened until it fits; raises PduError when that does not help, StoreError.
        """
        fate = {
            "state": state,
            "tid": "",
            "url": "",
            "sender": "",
            "subject": "",
            "octets": 0,
            "expiry": None,  # seconds from the reception on
            "age": 0,  # seconds of it that are known to have passed
            "received": clock.now(),
            "attempts": 0,
            "deferred": False,
            "answer": "",  # the transaction id of the retrieval, for an M-Acknowledge.ind
            "message_id": "",
            "parts": 0,
            "read": False,
            "why": "",
        }
        fate.update(more)
        while len(json.dumps(fate)) > limits.RECORD - _ROOM:
            key = "text" if len(fate.get("text", "")) > len(fate["subject"]) else "subject"
            if not fate[key]:
                raise PduError(0, "more than a record holds")
            fate[key] = fate[key][: len(fate[key]) // 2]
        item = Item(self.store, self.events, id, fate)
        item.save()
        self._ages[id] = clock.ticks()
        return item

    def item(self, id):
        """The Item; raises UsageError when there is none."""
        if not self.store.has(id + ".n"):
            raise UsageError("no message %s in the inbox" % id)
        return Item(self.store, self.events, id)

    def each(self):
        """All Items, one after the other: they would not fit into memory at once."""
        for name in self.store.names(".n"):
            if self.store.has(name):  # nobody has deleted it meanwhile
                yield self.item(name[:-2])

    def items(self):
        """A list of all Items."""
        return list(self.each())

    async def take(self, item, response, buffer):
        """Store a retrieved PDU while it arrives, then check it.

        Raises LinkError when it is another thing, PduError, StoreFull.
        """
        name = item.id + ".m"
        most = limits.MESSAGE + limits.PDU_HEADER
        with self.store.create(name) as writer:
            while True:
                count = await response.readinto(buffer)
                if not count:
                    break
                if writer.octets + count > most:
                    raise LinkError("retrieve", None, "more than %d octets" % most)
                writer.write(memoryview(buffer)[:count])
                self.events.say(
                    "received",
                    id=item.id,
                    octets=writer.octets,
                    of=response.octets or item.fate["octets"],
                )
        try:
            self._check(item, writer.octets, response.media)
        except (PduError, LinkError):
            self.store.remove(name)
            raise

    def _check(self, item, octets, media):
        pdu, parts = self.parts(item.id)
        if pdu.type != mm1.RETRIEVE_CONF:
            raise LinkError("retrieve", None, "the MMSC sent another PDU (%s)" % media)
        status = pdu.get(mm1.RETRIEVE_STATUS, mm1.OK)
        if status != mm1.OK:
            name, kind = visit("names", "mms.codec").status(mm1.RETRIEVE_STATUS, status)
            raise Refused("retrieve", status, pdu.get(mm1.RETRIEVE_TEXT) or name, kind == "permanent")
        item.retrieved(pdu, octets, len(parts))

    def parts(self, id):
        """The parsed header and the Parts of a retrieved message, with `offset` from the start of its blob."""
        with self.store.open(id + ".m") as blob:
            pdu = _head(blob, _SHORT)
            if pdu.body is None and pdu.type == mm1.RETRIEVE_CONF:
                pdu = _head(blob, limits.PDU_HEADER)
            parts = _walk(blob, pdu) if pdu.body is not None else []
        return pdu, parts

    def delete(self, id):
        """Forget a message for good."""
        self.item(id)
        self.store.remove(id + ".n")  # without it the rest belongs to nothing, and goes with the next start
        for name in self.store.names():
            if name[:9] == id + ".":
                self.store.remove(name)


def _head(blob, octets):
    blob.seek(0)
    head = bytearray(min(blob.octets, octets))
    blob.readinto(head)
    return mm1.parse(head)


def _walk(blob, pdu):
    """The Parts of a message, those in its parts as if they were its own."""
    room = visit("multipart", "mms.codec")
    top = pdu.get(mm1.CONTENT_TYPE)
    if "multipart" not in top.media:
        part = room.Part()
        part.media, part.offset, part.octets = top.media, pdu.body, blob.octets - pdu.body
        return [part]
    parts = _parts(blob, pdu, room.Parser(), room.PART)
    if any("multipart" in part.media for part in parts):
        parser = visit("nested", "mms.codec").Parser()
        parts = [part for part in _parts(blob, pdu, parser, room.PART) if "multipart" not in part.media]
    return parts


def _parts(blob, pdu, parser, begins):
    parts = []
    buffer = bytearray(512)
    blob.seek(pdu.body)
    while True:
        count = blob.readinto(buffer)
        if not count:
            break
        for what, value in parser.feed(memoryview(buffer)[:count]):
            if what == begins:
                if len(parts) == limits.PARTS:
                    raise PduError(value.offset, "more than %d parts" % limits.PARTS)
                value.offset += pdu.body
                parts.append(value)
    parser.close()
    return parts
