"""Long messages under way: which raw TPDUs of the store belong together; loaded when a part of one comes.

Their octets stay in the store; memory knows the names of limits.ASSEMBLIES times limits.SEGMENTS of them at most, and
nothing that they say of themselves decides how much is allocated. In `box.under_way`: key -> (ticks, {sequence: id}).
"""

from mms import clock, limits
from mms.errors import PduError
from mms.handset import rooms
from mms.handset.store import filenames

parse = rooms.tpdu.parse


def add(box, names, message):
    """The data to which `message`, the TPDU names[0], belongs; None while parts are missing.

    The names of the others are added to `names`. Of a part that comes again the newer one counts, and when it says
    something else, so does what came with it. Raises PduError, StoreError.
    """
    reference, bits, total, sequence = message.concat
    if total > limits.SEGMENTS:
        raise PduError(0, "part %d of %d" % (sequence, total))
    key = (message.originator, reference, bits, total, message.ports)
    known = box.under_way.get(key, (0, {}))[1]
    if sequence in known:
        if _data(box, known[sequence]) == message.data:
            box.store.remove(names[0])
            return None
        _give_up(box, key)
        known = {}
    if len(known) + 1 < total:
        _put(box, key, known, sequence, names[0])
        return None
    box.under_way.pop(key, None)
    names.extend([id + filenames.TPDU for id in known.values()])
    pieces = {at: _data(box, known[at]) for at in known}
    pieces[sequence] = message.data
    return b"".join([pieces[at + 1] for at in range(total)])


def _data(box, id):
    return parse(box.raw(id + filenames.TPDU)).data


def _put(box, key, known, sequence, name):
    if not known and not _room(box, key):
        box.store.remove(name)
        return
    box.store.rename(name, name[:8] + filenames.TPDU)  # it did no harm
    known[sequence] = name[:8]
    box.under_way[key] = (clock.ticks(), known)


def _room(box, key):
    """Whether there is room for one more message: who has most under way makes it."""
    if len(box.under_way) < limits.ASSEMBLIES:
        return True
    rows = dict(box.under_way)
    rows[key] = (clock.ticks(), {0: ""})
    origins, crowd = [row[0] for row in rows], rooms.eviction

    def unwelcome(one):
        since, known = rows[one]
        crowding = crowd.crowding(one[0], origins, box.waiting.proven)
        return crowding + (-len(known), one != key, clock.since(since))

    worst = max(rows, key=unwelcome)
    box.drop("segments")
    if worst == key:
        return False
    _remove(box, worst)
    return True


def _remove(box, key):
    ids = box.under_way.pop(key)[1].values()
    for id in ids:
        box.store.remove(id + filenames.TPDU)
    return len(ids)


def _give_up(box, key):
    box.events.say("incomplete", parts=_remove(box, key), of=key[3])


def expire(box):
    """Give up on what has got no part for a long time."""
    for key in list(box.under_way):
        if clock.since(box.under_way[key][0]) > limits.ASSEMBLY_MS:
            _give_up(box, key)
