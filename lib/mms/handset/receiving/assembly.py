"""Long messages: which stored TPDUs are segments of one message; loaded when a segment comes.

The octets of a segment stay in the store. Memory holds the ids of limits.ASSEMBLIES times limits.SEGMENTS of them at
most, in `inbox.under_way`: key -> (ticks, {sequence: id}). Nothing in a segment decides how much is allocated.
"""

from mms import clock, limits
from mms.errors import PduError
from mms.handset import rooms
from mms.handset.store import filenames


def add(inbox, names, message, parse):
    """The data of the long message that the segment `message`, the TPDU names[0], completes; None while some miss.

    `parse` parses a TPDU. The names of the other segments are added to `names`. Of a segment that comes twice the newer
    one counts; when the two differ, what came with the older one is given up. Raises PduError, StoreError.
    """
    reference, bits, total, sequence = message.concat
    if total > limits.SEGMENTS:
        raise PduError(0, "part %d of %d" % (sequence, total))
    key = (message.originator, reference, bits, total, message.ports)
    known = inbox.under_way.get(key, (0, {}))[1]
    if sequence in known:
        if _data(inbox, known[sequence], parse) == message.data:
            inbox.store.remove(names[0])
            return None
        _give_up(inbox, key)
        known = {}
    if len(known) + 1 < total:
        _keep(inbox, key, known, sequence, names[0])
        return None
    inbox.under_way.pop(key, None)
    names.extend([id + filenames.TPDU for id in known.values()])
    pieces = {at: _data(inbox, known[at], parse) for at in known}
    pieces[sequence] = message.data
    return b"".join([pieces[at + 1] for at in range(total)])


def _data(inbox, id, parse):
    return parse(inbox.read_tpdu(id + filenames.TPDU)).data


def _keep(inbox, key, known, sequence, name):
    if not known and not _make_room(inbox, key):
        inbox.store.remove(name)
        return
    inbox.store.rename(name, name[:8] + filenames.TPDU)  # parsing it did not crash the handset
    known[sequence] = name[:8]
    inbox.under_way[key] = (clock.ticks(), known)


def _make_room(inbox, key):
    """Whether there is room for the message `key`; the number with most messages under way makes it."""
    if len(inbox.under_way) < limits.ASSEMBLIES:
        return True
    rows = dict(inbox.under_way)
    rows[key] = (clock.ticks(), {0: ""})
    origins, crowding = [row[0] for row in rows], rooms.eviction.crowding

    def unwelcome(one):
        since, known = rows[one]
        return crowding(one[0], origins, inbox.waiting.proven) + (-len(known), one != key, clock.since(since))

    worst = max(rows, key=unwelcome)
    inbox.count_dropped("segments")
    if worst == key:
        return False
    _remove(inbox, worst)
    return True


def _remove(inbox, key):
    ids = inbox.under_way.pop(key)[1].values()
    for id in ids:
        inbox.store.remove(id + filenames.TPDU)
    return len(ids)


def _give_up(inbox, key):
    inbox.events.say("incomplete", parts=_remove(inbox, key), of=key[3])


def expire(inbox):
    """Give up messages of which no segment has come for limits.ASSEMBLY_MS."""
    for key in list(inbox.under_way):
        if clock.since(inbox.under_way[key][0]) > limits.ASSEMBLY_MS:
            _give_up(inbox, key)
