"""The octets of an accepted message, read from the store while they are sent; loaded for each message."""

from mms import flash
from mms.errors import StoreError


class Content:
    """The content of a request (mms.link.http): the pieces of `plan` in order, each (file, offset, octets).

    `note()` records durably that the MMSC may have the message.
    """

    def __init__(self, store, plan, note):
        self._note = note
        self._store = store
        self._plan = list(plan)
        self._blob = None
        self._left = 0  # octets of the current piece
        self._whole = False  # whether the current piece is a whole file
        self._more = self.octets = sum(piece[2] for piece in plan)

    def readinto(self, buf):
        """Fill `buf`; returns how many octets, 0 at the end. Raises StoreError.

        A file is verified before its last octets are given, so a damaged message never goes out as a whole one.
        """
        view = memoryview(buf)
        filled = 0
        while filled < len(view) and self._more:
            if not self._left:
                self._next()
            room = min(self._left, len(view) - filled)
            count = self._blob.readinto(view[filled : filled + room])
            if not count:
                raise StoreError("store", None, "a part is shorter than it was")
            filled += count
            self._left -= count
            self._more -= count
            if self._whole and not self._left:
                self._blob.verify()
        return filled

    async def completing(self):
        """Record that the MMSC may have the message: the last octets are about to be sent."""
        await flash.quiet()
        self._note()

    def _next(self):
        self.close()
        name, offset, self._left = self._plan.pop(0)
        self._blob = self._store.open(name)
        self._whole = self._left == self._blob.octets
        if not offset and not self._whole:
            self._blob.verify()  # the first piece of a file that has several
        self._blob.seek(offset)

    def close(self):
        """Close the file that is open."""
        if self._blob:
            self._blob.close()
            self._blob = None
