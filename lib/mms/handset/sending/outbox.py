"""Messages on their way out. Accepted means durable: from then on every attempt is octet for octet the same.

Files of one message in the store: ID.0, ID.1 ... the parts; ID.h the encoded header and part headers; ID.o the record
that makes it accepted (written last); ID.s what has become of it.
"""

import binascii

from mms import clock, flash, limits
from mms.errors import Damaged, Refused, StoreError, UsageError
from mms.handset import states
from mms.handset.store import filenames
from mms.handset.store.records import fitting, shortened


class Content:
    """The content of a request (see mms.link.http): an accepted message's octets in order, read from the store.

    `note()` notes durably that the MMSC may have the message; `octets` is how many octets there are.
    """

    def __init__(self, store, plan, note):
        self._note = note
        self._store = store
        self._plan = list(plan)
        self._blob = None
        self._left = 0
        self._whole = False  # whether the piece being read is a whole file
        self._more = self.octets = sum(piece[2] for piece in plan)

    def readinto(self, buf):
        """Fill `buf`; returns how many octets, 0 at the end. Raises StoreError.

        What is Damaged is so before the last of its octets are given: nobody takes it for whole.
        """
        view = memoryview(buf)
        filled = 0
        while filled < len(view) and self._more:
            if not self._left:
                self._next()
            room = min(self._left, len(view) - filled)
            count = self._blob.readinto(view[filled : filled + room])
            if not count:
                raise StoreError("store", None, "a part is shorter than it was")
            filled += count
            self._left -= count
            self._more -= count
            if self._whole and not self._left:
                self._blob.verify()
        return filled

    async def completing(self):
        """The last octets are about to be sent: from here on the MMSC may have the message."""
        await flash.quiet()
        self._note()

    def _next(self):
        self.close()
        name, offset, self._left = self._plan.pop(0)
        self._blob = self._store.open(name)
        self._whole = self._left == self._blob.octets
        if not offset and not self._whole:
            self._blob.verify()  # the other pieces of it follow
        self._blob.seek(offset)

    def close(self):
        """Let go of the file that is open."""
        if self._blob:
            self._blob.close()
            self._blob = None


class Item:
    """One accepted message: `record` as accepted, `state` and its circumstances, durable at every `save`."""

    def __init__(self, box, store, events, id):
        self._box = box
        self._store = store
        self._events = events
        self.id = id
        self.record = _planned(store.read(id + filenames.ACCEPTED))
        self.status = {
            "state": states.QUEUED,
            "attempts": 0,
            "maybe_duplicate": False,
            "message_id": "",
            "why": "",
            "reports": {},  # what became of it, and whether it was read: by number of recipient
            "readings": {},
        }
        self._recall()

    def _recall(self):
        """What became of it so far. Where that is damaged, it may have gone; its parts go only when it was sent."""
        name = self.id + filenames.STATUS
        if not self._store.has(name):
            return
        try:
            self.status.update(self._store.read(name))
        except Damaged:
            self._store.found(name)
            self.status["state"] = states.LEAVING if self._store.has(self.id + filenames.HEAD) else states.SENT
            try:
                self._store.write(name, self.status)
            except StoreError:
                pass  # the next who looks finds it damaged again

    @property
    def state(self):
        return self.status["state"]

    def save(self, **changes):
        """Change the status, durably; what others changed since it was read stays as they left it."""
        if not self._store.has(self.id + filenames.ACCEPTED):
            return  # it was deleted meanwhile
        status = dict(self.status)
        if self._store.has(self.id + filenames.STATUS):
            status.update(self._store.read(self.id + filenames.STATUS))
        status.update(changes)
        self._store.write(self.id + filenames.STATUS, status)
        self.status = status  # only now: what could not be noted is not so
        if "message_id" in changes or "references" in changes:
            self._box.note(self)

    def content(self):
        """The encoded message as the Content of a request; its state is `leaving` before the last octets are sent."""
        return Content(self._store, self.record["plan"], lambda: self.save(state=states.LEAVING))

    def sent(self, message_id):
        """The MMSC confirmed it: the parts may go."""
        self.save(state=states.SENT, message_id=fitting(message_id), why="")
        self._events.say("confirmed", id=self.id, message_id=message_id)
        self.forget_parts()

    def failed(self, error, enough):
        """An attempt failed; when the last octets were leaving and nobody refused them, it is in doubt.

        Where that is noted, that it was sent, what failed was something else.
        """
        if self.state == states.LEAVING and not isinstance(error, Refused):
            self.doubt(str(error))
        elif self.state != states.SENT:
            self.save(state=states.FAILED if enough else states.QUEUED, why=shortened(str(error)))

    def doubt(self, why):
        """The MMSC may have it: one more attempt, flagged, unless it was that or the user wants to decide."""
        why = shortened(why)
        if self._box.hold_doubtful or self.status["maybe_duplicate"]:
            self.save(state=states.IN_DOUBT, why=why)
        else:
            self.save(state=states.QUEUED, why=why, maybe_duplicate=True)
        self._events.say("in_doubt", id=self.id, why=why)

    def again(self):
        """Try again what failed or is in doubt; raises UsageError."""
        if self.state not in (states.FAILED, states.IN_DOUBT, states.QUEUED):
            raise UsageError("message %s is %s" % (self.id, self.state))
        doubtful = self.status["maybe_duplicate"] or self.state == states.IN_DOUBT
        self.save(state=states.QUEUED, attempts=0, maybe_duplicate=doubtful)

    def cancel(self):
        """Do not try again; raises UsageError."""
        if self.state != states.QUEUED:
            raise UsageError("message %s is %s" % (self.id, self.state))
        self.save(state=states.FAILED, why="cancelled")

    def forget_parts(self):
        """Make room: the record stays. ID.h goes last: as long as it is there, so may others."""
        for index in range(len(self.record["parts"])):
            self._store.remove(filenames.part(self.id, index))
        self._store.remove(self.id + filenames.HEAD)

    def summary(self):
        """What a user wants to know of it."""
        shown = dict(self.status)
        for key in ("id", "to", "subject", "octets", "date"):
            shown[key] = self.record[key]
        shown["text"] = self.record.get("text") or self.record.get("words", "")  # the first of them
        for key in ("reports", "readings"):
            shown[key] = _by_recipient(self.record["to"], self.status[key])
        return shown


def _by_recipient(numbers, status):
    return {numbers[int(at)]: status[at] for at in status}


def _planned(record):
    """A record with its `plan`, the pieces of the message in their order: (file, offset, octets).

    That of a message with parts is told by the octets of its `heads`, which lie in ID.h one after the other, and those
    of its `parts`: so that a record holds as many of them as a message may have.
    """
    if "heads" in record:
        plan, offset, id = [], 0, record["id"]
        for index, octets in enumerate(record["heads"]):
            if index:
                plan.append([id + filenames.HEAD, offset, octets])
                plan.append([filenames.part(id, index - 1), 0, record["parts"][index - 1]])
            else:
                plan.append([id + filenames.HEAD, 0, octets])
            offset += octets
        record["plan"] = plan
    return record


def _key(name):
    return (binascii.crc32(str(name).encode()) & 0xFFFFFFFF).to_bytes(4, "big")


class Outbox:
    """All accepted messages."""

    def __init__(self, store, events, hold_doubtful=False):
        self.hold_doubtful = hold_doubtful
        self.store = store
        self.events = events
        store.promised = self._promised
        self._known = b""  # for each name under which reports come: four octets made of it, four of the message's id

    async def load(self):
        """Know what the store holds: once, before anything comes or goes.

        What was leaving when power went is in doubt, what was sent lets go of its parts, and a draft that was never
        accepted is removed.
        """
        store = self.store
        accepted = self.ids()
        for name in store.names():
            piece = name[8:9] == "." and name[9:].isdigit() or name[8:] in (filenames.HEAD, filenames.STATUS)
            if piece and name[:8] not in accepted:
                store.remove(name)
        for item in self.each():
            self.note(item)
            try:
                if item.state == states.LEAVING:
                    item.doubt("the power or the program ended")
                elif item.state == states.SENT and store.has(item.id + filenames.HEAD):
                    item.forget_parts()
            except StoreError:
                pass  # the carrier doubts it, and the next start makes room
            await clock.sleep(0)

    def _promised(self):
        """How many accepted messages have no status yet, which will want a block of the reserve."""
        return len(self.ids()) - len(self.store.names(filenames.STATUS))

    def note(self, item):
        """Know what the MMSC will call an Item, one of the inbox, too: its Message-ID, or the references of a text."""
        for name in [item.status["message_id"]] + list(item.status.get("references", ())):
            row = _key(name) + binascii.unhexlify(item.id)
            if name != "" and row not in self._known:
                self._known += row

    def about(self, name):
        """The Items that a report may be about, one after the other: no other record is read for it."""
        for id in self.named(name):
            item = self.look(id) if self.store.has(id + filenames.ACCEPTED) else None
            if item:
                yield item

    def named(self, name):
        """The ids of what may have that name, in outbox and inbox."""
        key, at, found = _key(name), -1, []
        while True:
            at = self._known.find(key, at + 1)
            if at < 0:
                return found
            if at % 8 == 0:
                found.append(binascii.hexlify(self._known[at + 4 : at + 8]).decode())

    def look(self, id):
        """The Item; None when it is gone, or set aside because it is damaged."""
        try:
            return Item(self, self.store, self.events, id)
        except StoreError as error:
            self.store.set_aside(id + filenames.ACCEPTED, error)
            return None

    def item(self, id):
        """The Item; raises UsageError when there is none."""
        if not self.store.has(id + filenames.ACCEPTED):
            raise UsageError("no message %s in the outbox" % id)
        return Item(self, self.store, self.events, id)

    def ids(self):
        """The ids of all messages."""
        return [name[:-2] for name in self.store.names(filenames.ACCEPTED)]

    def each(self):
        """All Items, one after the other: they would not fit into memory at once."""
        for id in self.ids():
            item = self.look(id)
            if item:  # nobody has deleted it meanwhile
                yield item

    def items(self):
        """A list of all Items."""
        return list(self.each())

    def delete(self, id):
        """Forget a message for good; raises UsageError when there is none."""
        item = self.item(id)
        if item.state == states.LEAVING:
            raise UsageError("message %s is leaving: in a moment" % id)
        self.store.remove(id + filenames.ACCEPTED)
        self.store.remove(id + filenames.STATUS)
        item.forget_parts()
        self.forget(id)

    def forget(self, id):
        """Know no name of it any more."""
        rows, mine = self._known, binascii.unhexlify(id)
        self._known = b"".join([rows[at : at + 8] for at in range(0, len(rows), 8) if rows[at + 4 : at + 8] != mine])

    async def thin(self):
        """Let the oldest go of what was sent, where there are more than limits.SENT."""
        if len(self.ids()) <= limits.SENT:
            return
        sent = []
        for item in self.each():
            if item.state == states.SENT:
                sent.append((item.record["date"] or 0, item.id))
            await clock.sleep(0)
            await flash.quiet()  # what is damaged is set aside
        for _, id in sorted(sent)[: max(len(sent) - limits.SENT, 0)]:
            await flash.quiet()
            if self.store.has(id + filenames.ACCEPTED):
                self.delete(id)
            await clock.sleep(0)
