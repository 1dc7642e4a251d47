"""A file system in memory: what `os` and `open` are to the store. Files are bytearrays, by their paths."""

_FILE = 0x8000  # the kind of a file, as os.stat gives it


class _File:
    def __init__(self, octets):
        self._octets, self._at = octets, 0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()

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


class Files:
    """Folders and the files in them; every method raises OSError 2 (ENOENT) for a path that is absent."""

    def __init__(self):
        self.files, self._folders = {}, set()

    def clear(self):
        """Forget all files; the folders stay."""
        self.files.clear()

    def _known(self, path, places):
        if path not in places:
            raise OSError(2, "")
        return path

    def open(self, path, mode="r"):
        """A file to read; with "wb" a new one to write, with "ab" one to go on with."""
        if mode == "wb":
            self._known(path.rpartition("/")[0], self._folders)
            self.files[path] = bytearray()
        return _File(self.files[self._known(path, self.files)])

    def mkdir(self, path):
        if path in self._folders:
            raise OSError(17, "")
        self._folders.add(path)

    def listdir(self, path):
        """The names of the files in a folder."""
        start = self._known(path, self._folders) + "/"
        return [name[len(start) :] for name in self.files if name.startswith(start)]

    def stat(self, path):
        """As os.stat gives it; only the kind of the file and its octets are true."""
        return (_FILE,) + (0,) * 5 + (len(self.files[self._known(path, self.files)]),) + (0,) * 3

    def remove(self, path):
        del self.files[self._known(path, self.files)]

    def rename(self, path, other):
        self.files[other] = self.files.pop(self._known(path, self.files))
