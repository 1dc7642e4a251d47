"""What may come again, after a restart or from the network, has an id made of what it says; loaded when it comes."""

import binascii
import hashlib

from mms.handset.store import filenames


def known(box, id, told, same):
    """(id, Item or None) of what the octets `told` say: they make its id, so that one look finds it.

    same: tells of an Item whether it is that. Where another has the id that was made, by chance, it keeps `id`.
    """
    made = binascii.hexlify(hashlib.sha256(told).digest()[:4]).decode()
    item = box.get(made) if box.store.has(made + filenames.ENTRY) else None
    if item and same(item):
        return made, item
    if item or box.store.has(made + filenames.ACCEPTED):
        return id, None
    return made, None
