"""A file system in memory that can remember what was asked of it: `os`, `open` and rename for mms.handset.store."""

from mms.handset.store import files


class _File:
    def __init__(self, octets):
        self._octets, self._at = octets, 0

    def write(self, view):
        self._octets.extend(view)
        return len(view)

    def readinto(self, buffer):
        piece = self._octets[self._at : self._at + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def read(self, count=-1):
        end = len(self._octets) if count < 0 else self._at + count
        piece = bytes(self._octets[self._at : end])
        self._at += len(piece)
        return piece

    def seek(self, offset):
        self._at = offset

    def flush(self):
        pass

    def fileno(self):
        return 0

    def close(self):
        pass


class Memory:
    """Files by path; with `spy`, `touched` are all the paths that anybody named. Put in place with `with`."""

    def __init__(self, spy=False):
        self.files = {}
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
        """Begin anew."""
        self.files.clear()
        self.touched.clear()
        self._ids = 0

    def _touch(self, path):
        if self._spy:
            self.touched.add(path)

    def _named(self, path):
        self._touch(path)
        if path not in self.files:
            raise OSError(2, "")
        return path

    def open(self, path, mode="r"):
        if mode == "wb":
            self.files[path] = bytearray()
        return _File(self.files[self._named(path)])

    def listdir(self, folder):
        return [path[len(folder) + 1 :] for path in self.files if path.startswith(folder + "/")]

    def stat(self, path):
        return (0,) * 6 + (len(self.files[self._named(path)]),) + (0,) * 3

    def remove(self, path):
        del self.files[self._named(path)]

    def rename(self, path, other):
        self._touch(other)
        self.files[other] = self.files.pop(self._named(path))

    def mkdir(self, path):
        self._touch(path)

    def urandom(self, count):
        self._ids += 1
        return self._ids.to_bytes(count, "big")
