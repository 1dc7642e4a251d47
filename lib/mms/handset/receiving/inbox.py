"""Messages on their way in: raw SMS, reassembly, notification, retrieved message, acknowledgement; each step durable.

Files in the store: ID.t one raw TPDU, called ID.u while it is looked at, ID.v when the handset has ended in the middle
of that before, and ID.w when it has twice; ID.n a notification and what has become of it; ID.m the retrieved PDU as it
came (retrieved.py); ID.x what came without an MMSC: a short message, or settings; *.q some of what nobody here
understands, or is damaged.
"""

from mms import clock, flash, limits
from mms.errors import Damaged, PduError, StoreError, StoreFull, TooLarge, UsageError
from mms.handset import rooms, states
from mms.handset.receiving.waiting import Waiting
from mms.handset.store import filenames
from mms.handset.store.files import ABSENT
from mms.handset.store.records import shortened, shrink
from mms.limits import const

_GONE = (404, 410, 0xE2)  # HTTP statuses, and a Retrieve-Status
_HOUR = const(3600)
_BEGUN = {  # the ending of a raw TPDU while it is parsed, by its ending before
    filenames.TPDU: filenames.PARSED_ONCE,
    filenames.PARSED_ONCE: filenames.PARSED_TWICE,
    filenames.PARSED_TWICE: filenames.PARSED_THRICE,
}
WORDS = const(120)  # octets of a record for the first words of a retrieved message
_ROOM = const(1000)  # octets of a record for what comes later: three of store.TOLD, WORDS, numbers and flags


class Item:
    """One message of the inbox: `status`, a dict, is durable at every `save`."""

    def __init__(self, box, id, status=None):
        self._box = box
        self._store = box.store
        self._events = box.events
        self.id = id
        self.status = status or self._store.read(id + filenames.ENTRY)

    @property
    def state(self):
        return self.status["state"]

    def save(self, **changes):
        """Change the status, durably; what others changed since it was read stays as they left it."""
        if not self._store.has(self.id + filenames.ENTRY):
            return  # it was deleted meanwhile
        status = self._store.read(self.id + filenames.ENTRY)
        status.update(changes)
        self._store.write(self.id + filenames.ENTRY, status)
        self.status = status  # only now: what could not be noted is not so
        self._box.note(self)

    def deferred(self):
        """The MMSC knows that the user will decide."""
        self.save(state=self._wanted(states.DEFERRED), attempts=0, deferred=True)
        self._events.say("deferred", id=self.id)

    def forwarded(self):
        """The MMSC has passed it on, and may have it still; what is here, or failed, stays what it is."""
        unfetched = self.state in (states.NOTIFIED, states.DEFERRED)
        self.save(forwarded=True, state=states.FORWARDED if unfetched else self.state)

    def _wanted(self, state):
        """The `state` that an answer brings, or WANTED where the user has asked for it meanwhile."""
        return states.WANTED if (self._box.get(self.id) or self).state == states.WANTED else state

    def acknowledged(self, state=states.ACKNOWLEDGED):
        """The MMSC knows that it is here, or that it is REJECTED."""
        self.save(state=self._wanted(state), why="" if state == states.ACKNOWLEDGED else self.status["why"])
        self._events.say(state, id=self.id)
        self._leave()

    def hide(self):
        """It is deleted, but the MMSC does not know yet that it came, and would announce it again."""
        self.save(hidden=True)
        self._store.remove(self.id + filenames.MESSAGE)

    @property
    def hidden(self):
        return self.status.get("hidden", False)

    def _leave(self):
        if self.hidden:
            self._box.delete(self.id)

    def failed(self, error, final):
        """An attempt failed, the last one when `final`."""
        changes = {"state": self._end(error)} if final else {}  # else somebody may have asked for it meanwhile
        if isinstance(error, TooLarge):
            changes.update(too_large=True, attempts=0)
        self.save(why=shortened(str(error)), **changes)
        if final:
            self._leave()

    def _end(self, error):
        """The state after the last attempt; a message that was deferred cannot be rejected any more."""
        if self.state not in states.WAITING:
            return states.FAILED
        if self.status.get("forwarded"):
            return states.FORWARDED
        if isinstance(error, TooLarge):
            return states.REJECTING if self._box.rejects and not self.status["deferred"] else states.FAILED
        return states.EXPIRED if getattr(error, "code", None) in _GONE else states.FAILED

    def again(self):
        """Retrieve it, or answer for it, once more, because the user wants it; raises UsageError.

        What has expired, was forwarded or rejected the MMSC may still have: it says so, or not.
        """
        if self.state not in (states.NOTIFIED, states.DEFERRED, states.FORWARDED) + states.OVER:
            raise UsageError("message %s is %s" % (self.id, self.state))
        self.save(state=states.RETRIEVED if self._store.has(self.id + filenames.MESSAGE) else states.WANTED, attempts=0)

    def summary(self):
        """What a user wants to know of it."""
        shown = dict(self.status)
        shown["id"] = self.id
        return shown


class Inbox:
    """All messages received or announced."""

    def __init__(self, store, events, outbox, rejects=False, own=None):
        self.store = store
        self.events = events
        self.outbox = outbox
        self.rejects = rejects  # whether the MMSC shall know that a message is too large, and may delete it
        self.own = own or (lambda: None)  # tells our own number, or None
        self.waiting = Waiting(store)
        self.unanswered = []  # ids of messages that are here, or rejected, which the MMSC does not know yet
        self.shelves = {}  # ids of links and proposals
        self.chosen = {}  # who makes room on a shelf that is full (shelf.py)
        self.under_way = {}  # what a whole message will be made of (assembly.py)
        self._again = []  # names of raw TPDUs for which there was no room
        self._dropped = {}  # how many had no place since it was told last, by kind
        self._quarantined = 0  # since then

    async def load(self):
        """Know what the store holds, and go on where the handset ended: once, before anything comes or goes."""
        await rooms.recovery.recover(self)

    def note(self, item):
        """Know of an Item what is often asked for."""
        id, state = item.id, item.state
        here = state in (states.ACKNOWLEDGED, states.FORWARDED, states.RETRIEVED)
        here = here or state == states.FAILED and self.store.has(id + filenames.MESSAGE)
        self._forget(id, state)
        if state in states.SHELVED:
            shelf = self.shelves.setdefault(state, [])
            if id not in shelf:
                shelf.append(id)
        elif not here and item.status["tid"]:
            self.waiting.note(id, state, item.status.get("origin", ""))
        else:
            self.waiting.forget(id)
        if state in states.ANSWERABLE and id not in self.unanswered:
            self.unanswered.append(id)
        self.outbox.index(item)  # a cancellation names it

    def _forget(self, id, state=None):
        if state not in states.ANSWERABLE and id in self.unanswered:
            self.unanswered.remove(id)
        for kind in self.shelves:
            if kind != state and id in self.shelves[kind]:
                self.shelves[kind].remove(id)
        if state is None:
            self.waiting.forget(id)
            self.outbox.unindex(id)

    def drop(self, kind):
        """Count one that has no place here; `expire` tells how many there were."""
        self._dropped[kind] = self._dropped.get(kind, 0) + 1

    def keep(self, octets):
        """Make a raw TPDU durable and return its name: after this the SIM or the network may forget it."""
        name = self.store.new_id() + filenames.TPDU
        try:
            self._write(name, octets)
        except StoreFull:
            if not rooms.retention.thin(self):
                raise
            self._write(name, octets)
        return name

    def _write(self, name, octets):
        with self.store.create(name) as writer:
            writer.write(octets)

    def digest(self, name):
        """Find out what a kept TPDU is, and tell whether that is news; what nobody understands goes into quarantine.

        Its name says how often that was begun before anybody looks: it may end the handset, but not for ever. Raises
        MemoryError the first time that there is not enough for it.
        """
        names, dropped = [name], dict(self._dropped)
        try:
            begun = name[:8] + _BEGUN[name[8:]]
            self.store.rename(name, begun)
            names = [begun]
            return self._take(names) and dropped == self._dropped
        except MemoryError:
            if names[0][8:] == filenames.PARSED_ONCE:
                self._again.extend(names[1:] + names[:1])
                raise
            self.quarantine(names, "not enough memory")
        except (PduError, Damaged) as error:
            self.quarantine(names, str(error))
        except StoreError as error:  # full, or something passes
            self.events.fail(error, id=None, final=False)
            if error.code != ABSENT:
                self._again.extend([self._harmless(one) for one in names])
        except Exception as error:  # a fault of ours is no reason to stop
            self.quarantine(names, "internal: %s" % type(error).__name__)
        return False

    def _take(self, names):
        """Do what the message asks for whose last TPDU is names[0], and add the others; False while some miss."""
        name = names[0]
        message = rooms.tpdu.parse(self.raw(name))  # and nobody keeps the room: what comes needs it
        if hasattr(message, "status"):
            rooms.short_messages.handle_report(self, message)
        else:
            data = rooms.assembly.add(self, names, message) if message.concat else message.data
            if data is None:
                return False
            self._route(min(names)[:8], message, data)
        for used in names:
            self.store.remove(used)
        return True

    def later(self, name):
        """Look at a raw TPDU once more when the handset has run for a while: all that comes meanwhile comes first."""
        self._again.append(name)

    def raw(self, name):
        """The octets of a kept TPDU; raises StoreError."""
        with self.store.open(name) as blob:
            octets = bytearray(min(blob.octets, limits.TPDU))
            blob.readinto(octets)
            blob.verify()
        return bytes(octets)

    def _harmless(self, name):
        """The name of a raw TPDU that did no harm, and waits."""
        try:
            self.store.rename(name, name[:8] + filenames.TPDU)
        except StoreError:
            return name
        return name[:8] + filenames.TPDU

    def _route(self, id, message, data):
        """Ports say nothing of what it is: octets are a push or nobody's, a text is for people."""
        if message.text is None:
            more = rooms.pushes.take(self, id, message, data)
            if more:
                getattr(rooms, more[0]).take(self, id, message, *more[1:])
        else:
            rooms.short_messages.handle(self, id, message, data)

    async def expire(self):
        """Give up on what was never whole, and on notifications whose time is over; tell what had no place.

        Their age is counted while we run, from their reception on: a clock may be wrong, and who asks too late is
        told so by the MMSC.
        """
        await flash.quiet()
        if self.under_way:
            rooms.assembly.expire(self)
        for name in list(self._again):
            await rooms.retention.prepare(self)
            await flash.quiet()
            self._again.remove(name)
            self.digest(name)
        for id, passed in self.waiting.ages():
            await clock.sleep(0)
            await flash.quiet()
            try:
                item = self.get(id)
                if item:
                    self._age(item, passed)
            except StoreError as error:
                self.events.fail(error, id=id, final=False)
        self.tell()

    def tell(self):
        """Say what had no place, in one event however much it was, and what was found to be damaged."""
        dropped, self._dropped, self._quarantined = self._dropped, {}, 0
        if dropped:
            self.events.say("flooded", dropped=sum(dropped.values()), **dropped)
        while self.store.damaged:
            name = self.store.damaged.pop()
            self.events.say("damaged", id=name[:8], file=name)

    def _age(self, item, since):
        status = item.status
        if status["expiry"] is None:
            return
        if status["age"] + since >= status["expiry"]:
            item.save(state=states.EXPIRED)
            self.events.say("expired", id=item.id)
        elif since >= _HOUR:
            item.save(age=status["age"] + since)
            self.waiting.renew(item.id)

    def quarantine(self, names, why):
        """Keep what nobody understands, for somebody to look at, in place of older such."""
        self._quarantined += 1
        if self._quarantined <= limits.QUARANTINE:
            self.events.say("quarantined", why=why)
        others = self.store.names(filenames.QUARANTINE)
        for name in names:
            try:
                self.store.rename(name, name[:8] + filenames.QUARANTINE)
            except StoreError:
                pass  # it is gone, or will be met again
        for old in others[: max(len(others) + len(names) - limits.QUARANTINE, 0)]:
            self.store.remove(old)
            self.drop("quarantined")

    def add(self, id, state, **more):
        """A new Item, durable: a notification, or something else that came.

        What is only shown is shortened until it fits; raises PduError when that does not help, StoreError.
        """
        status = {
            "state": state,
            "tid": "",
            "url": "",
            "sender": "",
            "origin": "",  # the number from which a notification came
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
        status.update(more)
        if not shrink(status, limits.RECORD - _ROOM):
            raise PduError(0, "more than a record holds")
        item = Item(self, id, status)
        self.store.write(id + filenames.ENTRY, status)
        self.note(item)
        return item

    def item(self, id):
        """The Item; raises UsageError when there is none, or none that can be read."""
        item = self.get(id)
        if item is None or item.hidden:
            raise UsageError("no message %s in the inbox" % id)
        return item

    def get(self, id):
        """The Item, if need be made again from what lies beside it; None when it is gone."""
        try:
            return Item(self, id)
        except StoreError as error:
            item = rooms.recovery.mended(self, id, error)
        if item is None:
            self._forget(id)
        return item

    def each(self):
        """All Items, one after the other: they would not fit into memory at once."""
        for name in self.store.names(filenames.ENTRY):
            item = self.get(name[:-2])
            if item:
                yield item

    def items(self):
        """A list of all Items."""
        return list(self.each())

    async def publish(self, item, media):
        """Check the PDU that arriving.py has stored: the message is here; raises LinkError, PduError, StoreError."""
        await rooms.retrieved.publish(self, item, media)

    async def parts(self, id):
        """The parsed header and the Parts of a retrieved message, with `offset` from the start of its blob."""
        return await rooms.contents.parts(self, id)

    def delete(self, id):
        """Forget a message for good; raises UsageError when there is none."""
        if not self.store.has(id + filenames.ENTRY):
            raise UsageError("no message %s in the inbox" % id)
        self._forget(id)
        self.store.remove(id + filenames.ENTRY)  # without it the rest belongs to nothing, and goes with the next start
        for name in self.store.names():
            if name[:9] == id + ".":
                self.store.remove(name)
