"""The promises that hold after every power cut. Each function gives a list of those that are broken, in words."""

import binascii

from mms.errors import StoreError
from mms.handset import states
from tools.power.outside import BOB, LARGER, message
from tools.power.workload import encoded

PROVEN = "proven.r"  # the numbers from which messages came

_HERE = (states.RETRIEVED, states.ACKNOWLEDGED)
_REFUSED = (states.REJECTING, states.REJECTED)
_NO_STATUS = {"state": states.QUEUED, "maybe_duplicate": False}
_MAY_HAVE_LEFT = (states.LEAVING, states.IN_DOUBT, states.SENT)


def on_disk(outside, store):
    """Before recovery: each visible file is whole, and all that the others were told was durable before."""
    broken = []
    for name in store.names():
        try:
            with store.open(name) as blob:
                if _crc(blob) != blob.crc:
                    raise StoreError("store")
        except StoreError:
            broken.append("torn: %s is visible and not whole" % name)
    if broken:
        return broken
    for id in outside.accepted:
        gone = not store.has(id + ".o")
        if gone and id not in outside.deleted:
            broken.append("lost: %s was accepted" % id)
        if outside.submitted.get(id) and not gone:
            status = store.read(id + ".s") if store.has(id + ".s") else _NO_STATUS
            if status["state"] not in _MAY_HAVE_LEFT and not status["maybe_duplicate"]:
                broken.append("unmarked: the MMSC has %s and the handset says %s" % (id, status["state"]))
    here, refused = [], []
    for name in store.names(".n"):
        status = store.read(name)
        if status["state"] in _REFUSED:
            refused.append(status["tid"])
        if status["state"] in _HERE and _is_here(store, name[:-2], status["tid"]):
            here.append(status["tid"])
    for tid in outside.answered:
        if tid not in here and tid not in outside.deleted:
            broken.append("early: %s was acknowledged before it was here" % tid)
        if tid == LARGER and outside.served[tid] < 2:
            broken.append("hasty: less of %s came than was announced, and it was not fetched again" % tid)
    for tid in outside.rejected:
        if tid not in refused:
            broken.append("early: %s was rejected, and the handset does not know" % tid)
    return broken


def _crc(blob):
    crc, buffer = 0, bytearray(2048)
    while True:
        count = blob.readinto(buffer)
        if not count:
            return crc & 0xFFFFFFFF
        crc = binascii.crc32(memoryview(buffer)[:count], crc)


def after_start(outside, life):
    """After recovery: each message that is listed can be sent or read, and every file belongs to one."""
    broken, owned = [], []
    for item in life.outbox.items():
        owned.append(item.id)
        if item.state == states.SENT:
            parts = [name for name in life.store.names() if name[:9] == item.id + "." and name[9:] not in "os"]
            if parts:
                broken.append("left: %s is sent and keeps %s" % (item.id, parts))
        elif encoded(life.store, item) is None:
            broken.append("torn: %s cannot be sent" % item.id)
        elif outside.accepted.get(item.id, encoded(life.store, item)) != encoded(life.store, item):
            broken.append("changed: %s is not what was accepted" % item.id)
        if outside.deleted.get(item.id):
            broken.append("back: %s was deleted" % item.id)
    for id in outside.accepted:
        if id not in owned and id not in outside.deleted:
            broken.append("lost: %s was accepted and is not shown" % id)
    for item in life.inbox.items():
        owned.append(item.id)
        if item.state in _HERE and not _is_here(life.store, item.id, item.status["tid"]):
            broken.append("torn: %s is said to be here" % item.id)
        if outside.deleted.get(item.status["tid"]):
            broken.append("back: %s was deleted" % item.id)
    for name in life.files():
        if name[:8] not in owned and name[8:] not in (".t", ".q", ".v") and name != PROVEN or name[-1] == "~":
            broken.append("left: %s belongs to nothing" % name)
    return broken


def _is_here(store, id, tid):
    try:
        with store.open(id + ".m") as blob:
            return _crc(blob) == binascii.crc32(message(tid))
    except StoreError:
        return False


def at_the_end(outside, life):
    """When nothing is left to carry: every message has arrived, once, or twice and flagged as a duplicate."""
    broken = after_start(outside, life) + ["untyped: %s" % why for why in life.untyped]
    items = {item.id: item for item in life.outbox.items()}
    for id in items:
        item, times = items[id], outside.submitted.get(id, [])
        if not times:
            if item.state != states.IN_DOUBT or not item.status["maybe_duplicate"]:  # in doubt twice: the user decides
                broken.append("lost: %s was never sent (%s)" % (id, item.state))
        elif len(times) > 2 or len(times) == 2 and not item.status["maybe_duplicate"]:
            broken.append("again: %s was sent %d times, and the user does not know" % (id, len(times)))
        elif item.state not in (states.SENT, states.IN_DOUBT):
            broken.append("undecided: %s is %s" % (id, item.state))
        if any(crc != outside.accepted.get(id, crc) for crc in times):
            broken.append("changed: another message was sent than %s" % id)
        if id in outside.reported and item.summary()["reports"] != {BOB: "retrieved"}:
            broken.append("unreported: %s was delivered and the handset does not know" % id)
    items = life.inbox.items()
    for tid in outside.announced:
        found = [item.state for item in items if item.status["tid"] == tid]
        gone = not found and tid in outside.deleted
        told = found == [states.ACKNOWLEDGED] or found == [states.REJECTED] and tid in outside.rejected
        if not told and not gone or outside.announced[tid]:
            broken.append("unanswered: %s was announced and is %s" % (tid, found))
    if outside.sim:
        broken.append("kept: the SIM still has %d messages" % len(outside.sim))
    return broken
