"""The picture that an event is about, as a file to be read."""

from mms.errors import PduError, StoreError, UsageError
from mms.handset import rooms
from mms.handset.store import filenames
from mms.handset.store.files import user_file
from mms.limits import const

_JPEG = const("image/jpeg")
_SOI = const(b"\xff\xd8")  # how a JPEG picture begins


async def find(phone, event):
    """A function that opens the picture of an event `pressed`, `accepted` or `retrieved`; None where it has none."""
    if event["event"] == "pressed":
        path = event["path"]
        return lambda: user_file(path)
    id = event["id"]
    try:
        if event["event"] == "accepted":
            return _sent(phone.outbox, id)
        for index in range(len((await rooms.album.read(phone.inbox.store, phone.inbox.item(id)))["parts"])):
            media, pieces = await rooms.album.part(phone.inbox.store, id, index, True)
            if media == _JPEG:
                return lambda: _Pieces(pieces)
    except (PduError, StoreError, UsageError):
        pass  # the message was deleted meanwhile, or has no picture that can be read
    return None


def _sent(outbox, id):
    head = bytearray(2)
    for index in range(len(outbox.item(id).record["parts"])):
        with outbox.store.open(filenames.part(id, index)) as blob:
            blob.readinto(head)
        if head == _SOI:
            return lambda: outbox.store.open(filenames.part(id, index))
    return None


class _Pieces:
    """Pieces of octets as a file."""

    def __init__(self, pieces):
        self._pieces, self._rest = pieces, memoryview(b"")

    def readinto(self, view):
        """Fill `view` as far as there are octets: how many, 0 at the end."""
        while not len(self._rest):
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(bytes(piece))
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._pieces.close()
