"""The inbox: what an MMSC has announced, and what came without one. Each step of a message is durable."""

from mms import flash, limits, memory
from mms.errors import StoreError, StoreFull, UsageError
from mms.handset import rooms, states
from mms.handset.receiving.waiting import Waiting
from mms.handset.store import filenames


class Item:
    """One message of the inbox: `status`, a dict, is durable at every `save`."""

    def __init__(self, box, id, status=None):
        self.box = box
        self._store = box.store
        self.id = id
        self.status = status or self._store.read(id + filenames.ENTRY)

    @property
    def state(self):
        return self.status["state"]

    def save(self, **changes):
        """Change the status, durably; changes that another Item has made since it was read stay."""
        if not self._store.has(self.id + filenames.ENTRY):
            return  # it was deleted meanwhile
        status = self._store.read(self.id + filenames.ENTRY)
        status.update(changes)
        self._store.write(self.id + filenames.ENTRY, status)
        self.status = status  # after the write: a change that could not be stored is none
        self.box.note(self)

    def hide(self):
        """Delete the message, but keep its record: until the MMSC knows that it came, it would announce it again."""
        self.save(hidden=True)
        self._store.remove(self.id + filenames.MESSAGE)

    @property
    def hidden(self):
        return self.status.get("hidden", False)

    def failed(self, error, final):
        """Note that an attempt failed, and whether that was the last one."""
        rooms.noting.note_failed(self, error, final)

    def summary(self):
        """Its status and id, as a list shows them."""
        shown = dict(self.status)
        shown["id"] = self.id
        return shown


class Inbox:
    """All messages received or announced; receiving/__init__.py says which attributes are for which room."""

    def __init__(self, store, events, outbox, rejects=False, own_number=None):
        self.store = store
        self.events = events
        self.outbox = outbox
        self.rejects = rejects  # whether the MMSC is told that a message is too large, and may delete it
        self.own_number = own_number or (lambda: None)  # returns the number of the handset, or None
        self.waiting = Waiting(store)
        self.unanswered = []  # ids of messages of which the MMSC is to be told
        self.shelves = {}  # state -> ids of links and of proposals
        self.chosen = {}  # state -> the row of the one that is deleted next
        self.under_way = {}  # segments of messages that are not whole
        self.postponed = []  # names of raw TPDUs to be handled later
        self.dropped = {}  # kind -> how many were dropped since the last report
        self.quarantined = 0  # since then

    async def load(self):
        """Index what the store holds, and go on where the handset ended: once, before anything comes or goes."""
        await rooms.recovery.recover(self)

    def put(self, id, status):
        """Store the record of a new Item and return the Item; raises StoreError."""
        item = Item(self, id, status)
        self.store.write(id + filenames.ENTRY, status)
        self.note(item)
        return item

    def note(self, item):
        """Index an Item whose status is new."""
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
        self.outbox.index(item)  # an M-Cancel.req names it by its Message-ID

    def _forget(self, id, state=None):
        """Remove an id from the indexes of all states but `state`."""
        if state not in states.ANSWERABLE and id in self.unanswered:
            self.unanswered.remove(id)
        for kind in self.shelves:
            if kind != state and id in self.shelves[kind]:
                self.shelves[kind].remove(id)
        if state is None:
            self.waiting.forget(id)
            self.outbox.unindex(id)

    def count_dropped(self, kind):
        """Count one that had no place; `report` says how many there were."""
        self.dropped[kind] = self.dropped.get(kind, 0) + 1

    def keep(self, octets):
        """Make a raw TPDU durable and return its name: after this the SIM or the network may forget it."""
        name = self.store.new_id() + filenames.TPDU
        try:
            self._write(name, octets)
        except StoreFull:
            if not rooms.retention.free_text(self):
                raise
            self._write(name, octets)
        return name

    def _write(self, name, octets):
        with self.store.create(name) as writer:
            writer.write(octets)

    def read_tpdu(self, name):
        """The octets of a kept TPDU; raises StoreError."""
        with self.store.open(name) as blob:
            octets = bytearray(min(blob.octets, limits.TPDU))
            blob.readinto(octets)
            blob.verify()
        return bytes(octets)

    async def expire(self, bearer=None):
        """Give up what has become too old, handle what was postponed, and report."""
        await flash.quiet()
        if self.under_way or self.postponed or self.waiting.rows:
            await rooms.expiry.expire(self, bearer)
        self.report()

    def report(self):
        """Say what was dropped since the last report, and which files were found to be damaged."""
        if self.dropped or self.quarantined or self.store.damaged:
            rooms.losses.report(self)

    def item(self, id):
        """The Item; raises UsageError when there is none, or none that can be read."""
        item = self.get(id)
        if item is None or item.hidden:
            raise UsageError("no message %s in the inbox" % id)
        return item

    def get(self, id):
        """The Item, if need be restored from the other files of it; None when it is gone."""
        try:
            return Item(self, id)
        except StoreError as error:
            item = rooms.recovery.restore(self, id, error)
        if item is None:
            self._forget(id)
        return item

    def each(self):
        """Yield all Items, one after the other: they would not fit into memory at once."""
        for name in self.store.names(filenames.ENTRY):
            item = self.get(name[:-2])
            if item:
                yield item

    def items(self):
        """A list of all Items."""
        return list(self.each())

    async def publish(self, item, media):
        """Check the PDU that arriving.py has stored: the message is here; raises LinkError, PduError, StoreError."""
        memory.collect()  # the connection is gone, and with it a tenth of the heap
        await rooms.retrieved.publish(self, item, media)

    def delete(self, id):
        """Delete a message; raises UsageError when there is none."""
        if not self.store.has(id + filenames.ENTRY):
            raise UsageError("no message %s in the inbox" % id)
        self._forget(id)
        self.store.remove(id + filenames.ENTRY)  # first: files without a record are deleted at the next start
        for name in self.store.names():
            if name[:9] == id + ".":
                self.store.remove(name)
