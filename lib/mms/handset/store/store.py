"""Records and blobs that survive a power cut, in one folder.

A record is a JSON object, a blob is octets of any length (blobs.py); a file has its name only when it is whole. Blobs
leave a reserve free, which only records may use, so a full store still notes what becomes of its messages.
"""

import json

from mms import limits
from mms.errors import Damaged, StoreError
from mms.handset.store import files
from mms.handset.store.blobs import Blob, Writer
from mms.handset.store.filenames import QUARANTINE, UNFINISHED


class Store:
    """The folder. `damaged` has the names of files that were found to be damaged, until an event tells of them.

    `claim(folder)` is called before anything in it is touched: it raises what ends a second handset on one store.
    """

    written = 0  # octets of all blobs so far: two that are written at once share what is free

    def __init__(self, folder, claim=None):
        self.damaged = []
        self._folder = folder
        files.make_folder(folder)
        if claim:
            claim(folder)
        for name in [name for name in files.names(folder) if name.endswith(UNFINISHED)]:
            self.remove(name)

    def _path(self, name):
        return self._folder + "/" + name

    def names(self, ending=""):
        """The sorted names of all whole files with that ending."""
        names = files.names(self._folder)
        return sorted([name for name in names if name.endswith(ending) and not name.endswith(UNFINISHED)])

    def has(self, name):
        """Whether a whole file has that name."""
        return files.has(self._path(name))

    def create(self, name):
        """A Writer, to be used in a `with` block; raises StoreFull when only the reserve is left, StoreError."""
        return Writer(self._path(name), store=self)

    def promised(self):
        """How many records will be written for what is stored already, a block each; the outbox replaces this."""
        return 0

    def room(self, path):
        """The most that `written` may be before a file of that path uses the reserve; None if nothing tells."""
        free = files.free(path)
        if free is None:
            return None
        return self.written + free[0] * (free[1] - self.promised()) - limits.STORE_RESERVE

    def holds(self, octets):
        """Whether a blob of so many octets would leave the reserve free; True where nothing tells."""
        room = self.room(self._path(""))
        return room is None or self.written + octets <= room

    def open(self, name):
        """A Blob; raises StoreError when it is absent, Damaged when it is not whole."""
        return Blob(self._path(name))

    def write(self, name, record):
        """Make a record durable, in place of an older one of that name; raises StoreFull, StoreError."""
        octets = json.dumps(record).encode()
        if len(octets) > limits.RECORD:
            raise StoreError("store", None, "a record of %d octets" % len(octets))
        with Writer(self._path(name)) as writer:
            writer.write(octets)

    def read(self, name):
        """A record as it was written; raises StoreError when it is absent, Damaged."""
        with self.open(name) as blob:
            if blob.octets > limits.RECORD:
                raise Damaged("store", None, "a record of %d octets" % blob.octets)
            octets = bytearray(blob.octets)
            blob.readinto(octets)
            blob.verify()
        return json.loads(bytes(octets).decode())

    def remove(self, name):
        """Delete a file; nothing happens when it is absent."""
        files.remove(self._path(name))

    def rename(self, name, other):
        """Give a whole file another name."""
        files.rename(self._path(name), self._path(other))

    def set_aside(self, name, error):
        """Note that reading a file ended in `error`, unless the file is gone; one that is Damaged becomes NAME.q.

        Under that name no other room reads it, and a person can look at it.
        """
        if error.code == files.ABSENT:
            return
        self.found(name)
        if isinstance(error, Damaged):
            try:
                self.rename(name, name + QUARANTINE)
            except StoreError:
                pass  # it will be met again

    def found(self, name):
        """Note that a file is damaged."""
        if name not in self.damaged:
            self.damaged.append(name)

    def new_id(self):
        """Eight hexadecimal digits with which no name in the folder begins, not 0 to 9 alone: events mask numbers."""
        while True:
            name = files.new_id()
            if not name.isdigit() and not any(other.startswith(name) for other in files.names(self._folder)):
                return name
