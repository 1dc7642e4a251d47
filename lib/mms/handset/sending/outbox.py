"""Sent messages. Accepted means durable: from then on every attempt is octet for octet the same.

store/filenames.py names the files of a message. The record that makes it accepted is written last (accepted.py).
"""

import binascii

from mms import limits
from mms.errors import Damaged, StoreError, UsageError
from mms.handset import rooms, states
from mms.handset.store import filenames
from mms.handset.store.records import fitting


class Item:
    """One accepted message, as the carrier sends it (carrying.Item): `record` never changes, `status` is saved."""

    def __init__(self, box, store, events, id):
        self.box = box
        self._store = store
        self.events = events
        self.id = id
        self.record = _planned(store.read(id + filenames.ACCEPTED))
        self.status = {
            "state": states.QUEUED,
            "attempts": 0,
            "maybe_duplicate": False,
            "message_id": "",
            "why": "",
            "reports": {},  # index of recipient -> delivery status
            "readings": {},  # index of recipient -> read status
        }
        self._load()

    def _load(self):
        """Read the saved state. A damaged one counts as leaving, or as sent when the parts are gone already."""
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
                pass  # the next reader finds it damaged again

    @property
    def state(self):
        return self.status["state"]

    def save(self, **changes):
        """Change the saved fields `changes`; fields that another Item of this message has saved meanwhile are kept."""
        if not self._store.has(self.id + filenames.ACCEPTED):
            return  # it was deleted meanwhile
        status = dict(self.status)
        if self._store.has(self.id + filenames.STATUS):
            status.update(self._store.read(self.id + filenames.STATUS))
        status.update(changes)
        self._store.write(self.id + filenames.STATUS, status)
        self.status = status  # after the write: a change that could not be written does not count
        if "message_id" in changes or "references" in changes:
            self.box.index(self)

    def content(self, **changes):
        """The encoded message as the content of a request.

        Before the last octets are sent its state is LEAVING, and `changes` are saved, too.
        """
        return rooms.content.Content(
            self._store, self.record["plan"], lambda: self.save(state=states.LEAVING, **changes)
        )

    def confirm(self, message_id, **changes):
        """The MMSC has confirmed the message under its `message_id`: `changes` are saved, the parts are removed."""
        self.save(state=states.SENT, message_id=fitting(message_id), why="", **changes)
        self.events.say("confirmed", id=self.id, message_id=message_id)
        self.remove_parts()

    def failed(self, error, final):
        """Save that an attempt failed, the last one when `final`."""
        rooms.attempts.fail(self, error, final)

    def remove_parts(self):
        """Remove the files of the parts; the record stays. ID.h is removed last: while it exists, parts may, too."""
        for index in range(len(self.record["parts"])):
            self._store.remove(filenames.part(self.id, index))
        self._store.remove(self.id + filenames.HEAD)

    def summary(self):
        """The fields that `outbox` shows, a dict."""
        summary = dict(self.status)
        for key in ("id", "to", "subject", "octets", "date"):
            summary[key] = self.record[key]
        summary["text"] = self.record.get("text") or self.record.get("words", "")
        for key in ("reports", "readings"):
            summary[key] = _by_recipient(self.record["to"], self.status[key])
        return summary


def _by_recipient(numbers, status):
    return {numbers[int(at)]: status[at] for at in status}


def _planned(record):
    """A record with its `plan`, the pieces of the message in their order: (file, offset, octets).

    A message with parts has `heads` and `parts` instead, the octets before each part, which lie in ID.h one after the
    other, and the octets of each part: a record has no room for the plan of as many parts as a message may have.
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
    """All accepted messages. `hold_doubtful`: a message in doubt waits for the user."""

    def __init__(self, store, events, hold_doubtful=False):
        self.hold_doubtful = hold_doubtful
        self.store = store
        store.promised = self._promised
        self.events = events
        self._index = b""  # four octets made of each name under which reports come, then four of the message's id

    async def load(self):
        """Index the store, once, before anything is sent or received.

        A message that was leaving when the power failed is in doubt, the parts of one that was sent are removed, and
        so is a draft that was never accepted.
        """
        await rooms.upkeep.load(self)

    def _promised(self):
        """How many accepted messages have no status yet, which will want a block of the reserve."""
        return len(self.ids()) - len(self.store.names(filenames.STATUS))

    def index(self, item):
        """Index the names under which reports on an Item come: its Message-ID, or the references of a text.

        An Item of the inbox has a Message-ID, too, under which it can be cancelled.
        """
        for name in [item.status["message_id"]] + list(item.status.get("references", ())):
            row = _key(name) + binascii.unhexlify(item.id)
            if name != "" and row not in self._index:
                self._index += row

    def find(self, name):
        """The Items that a report under `name` may be about, one after the other; no other record is read."""
        for id in self.find_ids(name):
            item = self.get(id) if self.store.has(id + filenames.ACCEPTED) else None
            if item:
                yield item

    def find_ids(self, name):
        """The ids in outbox and inbox that may have that name: two names can share their four octets."""
        key, at, found = _key(name), -1, []
        while True:
            at = self._index.find(key, at + 1)
            if at < 0:
                return found
            if at % 8 == 0:
                found.append(binascii.hexlify(self._index[at + 4 : at + 8]).decode())

    def get(self, id):
        """The Item; None when it was deleted, or is damaged and therefore set aside."""
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
            item = self.get(id)
            if item:  # it was not deleted meanwhile
                yield item

    def items(self):
        """A list of all Items."""
        return list(self.each())

    def delete(self, id):
        """Delete a message for good; raises UsageError when there is none, or while its last octets go."""
        item = self.item(id)
        if item.state == states.LEAVING:
            raise UsageError("message %s is leaving: in a moment" % id)
        self.store.remove(id + filenames.ACCEPTED)
        self.store.remove(id + filenames.STATUS)
        item.remove_parts()
        self.unindex(id)

    def unindex(self, id):
        """Remove all names of a message from the index."""
        rows, mine = self._index, binascii.unhexlify(id)
        self._index = b"".join([rows[at : at + 8] for at in range(0, len(rows), 8) if rows[at + 4 : at + 8] != mine])

    async def evict(self):
        """Delete the oldest of the messages that were sent, until limits.SENT are left."""
        if len(self.ids()) > limits.SENT:
            await rooms.upkeep.evict(self)
