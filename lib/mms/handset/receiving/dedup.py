"""Ids made of content: what comes again, after a restart or from the network, gets the id that it has; loaded then."""

import binascii
import hashlib

from mms.handset.store import filenames


def find(inbox, id, key, same):
    """(id, Item or None) of the entry that `key`, octets, identifies: a hash of them is its id, so one look finds it.

    same(item) is whether an Item is that entry. If another message has the hash by chance, the new entry gets `id`.
    """
    made = binascii.hexlify(hashlib.sha256(key).digest()[:4]).decode()
    item = inbox.get(made) if inbox.store.has(made + filenames.ENTRY) else None
    if item and same(item):
        return made, item
    if item or inbox.store.has(made + filenames.ACCEPTED):
        return id, None
    return made, None
