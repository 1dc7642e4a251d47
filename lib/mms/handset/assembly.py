"""Long messages under way: which raw TPDUs of the store belong together.

Their octets stay in the store; memory knows the names of limits.ASSEMBLIES times limits.SEGMENTS of them at most, and
nothing that they say of themselves decides how much is allocated.
"""

from mms import clock, limits
from mms.errors import PduError
from mms.handset.waiting import crowding


class Assembly:
    """What has come of messages that are not whole: ID.t for each of their segments."""

    def __init__(self, box):
        self._box = box
        self._store = box.store
        self._under_way = {}  # key -> (ticks, {sequence: id})

    def add(self, names, message, parse):
        """The data to which the TPDU names[0] belongs, all their names in `names`; None while parts are missing.

        Of a part that comes again the newer one counts, and when it says something else, so does what came with it.
        Raises PduError, StoreError.
        """
        if not message.concat:
            return message.data
        reference, bits, total, sequence = message.concat
        if not 1 <= sequence <= total or total > limits.SEGMENTS:
            raise PduError(0, "part %d of %d" % (sequence, total))
        key = (message.originator, reference, bits, total, message.ports)
        known = self._under_way.get(key, (0, {}))[1]
        if sequence in known:
            if parse(raw(self._store, known[sequence] + ".t")).data == message.data:
                self._store.remove(names[0])
                return None
            self._give_up(key)
            known = {}
        if len(known) + 1 < total:
            self._put(key, known, sequence, names[0])
            return None
        self._under_way.pop(key, None)
        names.extend([id + ".t" for id in known.values()])
        pieces = {at: parse(raw(self._store, known[at] + ".t")).data for at in known}
        pieces[sequence] = message.data
        return b"".join([pieces[at + 1] for at in range(total)])

    def _put(self, key, known, sequence, name):
        if not known and not self._room(key):
            self._store.remove(name)
            return
        self._store.rename(name, name[:8] + ".t")  # it did no harm
        known[sequence] = name[:8]
        self._under_way[key] = (clock.ticks(), known)

    def _room(self, key):
        """Whether there is room for one more message: who has most under way makes it."""
        if len(self._under_way) < limits.ASSEMBLIES:
            return True
        rows = dict(self._under_way)
        rows[key] = (clock.ticks(), {0: ""})
        origins = [row[0] for row in rows]

        def unwelcome(one):
            since, known = rows[one]
            crowded = crowding(one[0], origins, self._box.waiting.proven)
            return crowded + (-len(known), one != key, clock.since(since))

        worst = max(rows, key=unwelcome)
        self._box.drop("segments")
        if worst == key:
            return False
        self._remove(worst)
        return True

    def _remove(self, key):
        ids = self._under_way.pop(key)[1].values()
        for id in ids:
            self._store.remove(id + ".t")
        return len(ids)

    def _give_up(self, key):
        self._box.events.say("incomplete", parts=self._remove(key), of=key[3])

    def expire(self):
        """Give up on what has got no part for a long time."""
        for key in list(self._under_way):
            if clock.since(self._under_way[key][0]) > limits.ASSEMBLY_MS:
                self._give_up(key)


def raw(store, name):
    """The octets of a kept TPDU; raises StoreError."""
    with store.open(name) as blob:
        octets = bytearray(min(blob.octets, limits.TPDU))
        blob.readinto(octets)
        blob.verify()
    return bytes(octets)
