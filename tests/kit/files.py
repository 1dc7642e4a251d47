"""The file system in memory under the store of a test: it can remember every path that is named to it."""

from mms.handset.store import files
from tools.sim.files import Files


class Memory(Files):
    """Stands in for `os` and `open` of the store inside `with`; spy: `touched` are the files that were named."""

    def __init__(self, spy=False):
        super().__init__()
        self.touched = set()
        self._spy = spy
        self._ids = 0

    def __enter__(self):
        self._usual = files.os, files.replace
        files.os, files.replace, files.open = self, self.rename, self.open
        return self

    def __exit__(self, kind, error, trace):
        files.os, files.replace = self._usual
        files.open = open

    def clear(self):
        super().clear()
        self.touched.clear()
        self._ids = 0

    def _known(self, path, places):
        if self._spy and places is self.files:
            self.touched.add(path)
        return super()._known(path, places)

    def open(self, path, mode="r"):
        if self._spy:
            self.touched.add(path)
        return super().open(path, mode)

    def mkdir(self, path):
        if self._spy:
            self.touched.add(path)
        super().mkdir(path)

    def rename(self, path, other):
        if self._spy:
            self.touched.add(other)
        super().rename(path, other)

    def urandom(self, count):
        """Octets that count up, so that every run gives the same ids."""
        self._ids += 1
        return self._ids.to_bytes(count, "big")
