"""Accepts a message: the only place that writes its record, ID.o, and says `accepted`; loaded for each new one."""

from mms.handset.store import filenames
from mms.handset.store.records import octets_of
from mms.limits import RECORD

SHOWN = 80  # characters of a text in its record, and of a subject where the record is full


def store_pieces(store, id, pieces):
    """Write octets that are sent one piece after the other into ID.h; their plan: [[file, offset, octets]].

    Raises StoreError.
    """
    plan = []
    with store.create(id + filenames.HEAD) as writer:
        for octets in pieces:
            plan.append([id + filenames.HEAD, writer.octets, len(octets)])
            writer.write(octets)
    return plan


def fits(record):
    """Whether a record is small enough to be written."""
    return octets_of(record) <= RECORD


def write(store, events, record, parts):
    """Write the record of a message whose ID.h and parts are stored: from here on it is durable. Raises StoreError.

    `record` has the `id`, the recipients `to`, the `subject`, the `date` and the `octets` to send, and either `heads`
    and `parts` or a `plan` (outbox.Item). `parts` is the number that the event tells.
    """
    store.write(record["id"] + filenames.ACCEPTED, record)
    events.say("accepted", id=record["id"], tid=record["id"], octets=record["octets"], parts=parts)
