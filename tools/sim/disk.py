"""The handsets' flash, with its faults. `Disk` stands in for `os` and `open` in mms.handset.store.

On MicroPython it is littlefs (VfsLfs2) on a block device in memory, on CPython a file system in memory (files.py).
A path is HANDSET.LIFE/NAME: the tasks of a program that was killed get an error for each operation.
"""

import sys

if sys.implementation.name == "micropython":
    import vfs

    _BLOCK, _BLOCKS, _RESERVED = 512, 400, 0

    class _Ram:
        def __init__(self):
            self.octets = bytearray(_BLOCK * _BLOCKS)

        def readblocks(self, block, buffer, offset=0):
            start = block * _BLOCK + offset
            buffer[:] = memoryview(self.octets)[start : start + len(buffer)]

        def writeblocks(self, block, buffer, offset=0):
            start = block * _BLOCK + offset
            self.octets[start : start + len(buffer)] = buffer

        def ioctl(self, request, argument):
            return _BLOCKS if request == 4 else _BLOCK if request == 5 else 0

    _ram = _Ram()  # one for all Disks, since it is large

    class _Files:
        """littlefs, freshly made."""

        def __init__(self):
            sizes = {"readsize": 128, "progsize": 128, "lookahead": 64, "mtime": False}
            vfs.VfsLfs2.mkfs(_ram, **sizes)
            self._fs = vfs.VfsLfs2(_ram, **sizes)
            for name in ("listdir", "open", "rename", "remove", "mkdir", "stat", "statvfs"):
                if hasattr(self._fs, name):
                    setattr(self, name, getattr(self._fs, name))

        def listdir(self, path):
            return [entry[0] for entry in self._fs.ilistdir(path)]

else:
    from tools.sim.files import Files as _Files


class _Handle:
    """An open file of one life of a program; octets that are not yet written are lost with that life."""

    def __init__(self, disk, life, file, writes):
        self._disk, self._life, self._file, self._writes = disk, life, file, writes
        self._room = 0  # octets that the block holds that was erased last
        self.readinto, self.read, self.seek = file.readinto, file.read, file.seek

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()

    def write(self, view):
        self._disk.enter(self._life)
        self._disk.refuse()
        while self._room < len(view):
            self._room += _SECTOR
            self._disk.erase(self._life)
        self._room -= len(view)
        return self._file.write(view)

    def flush(self):
        pass

    def fileno(self):
        return 0

    def close(self):
        opened = self._disk.opened
        if self in opened:
            opened.remove(self)
        try:
            if self._writes:
                self._disk.enter(self._life)
                self._disk.commit(self._life)
        finally:
            self._file.close()

    def torn(self):
        """Close the file as a power cut does: nothing more is written."""
        self._file.close()


_SECTOR, _COMMITS = 4096, 4  # octets that are erased together; changes of folders from one erase to the next


class Disk:
    """Has the functions of `os`, and `open`, for the store. `lives` is {handset: its life that may still write}."""

    def __init__(self, dice):
        self._dice, self._files = dice, _Files()
        self.lives = {}
        self.operations = 0  # of all programs
        self.full = None  # [how many writes still succeed, the errno of all others]
        self.starving = {}  # handset: how many of its next operations find no memory
        self.struck = None  # called with the name of each fault that strikes
        self.cut_after = {}  # handset: operations until its power is cut
        self.cut = None  # called with the handset whose power is cut so
        self.erased = lambda handset: None  # called when a handset's flash erases a sector
        self._commits = 0
        self.opened = []  # open files; the garbage collector cannot close a file of littlefs

    def enter(self, life):
        """Count one operation of a program's life; raises OSError when that life is over, or ends here."""
        name = life.split(".")[0]
        self.operations += 1
        if self.lives.get(name) != life:
            raise OSError(5, "")
        left = self.cut_after.get(name)
        if left is not None:
            self.cut_after[name] = left - 1
            if left <= 0:
                del self.cut_after[name]
                self.end(name)
                self.cut(name)
                raise OSError(5, "")

    def erase(self, life):
        """Note that a sector is erased."""
        self.erased(life.split(".")[0])

    def commit(self, life):
        """Count a change of a folder: littlefs appends it to a sector, and erases a fresh one when that is full."""
        self._commits += 1
        if self._commits % _COMMITS == 0:
            self.erase(life)

    def refuse(self):
        """Raise the OSError of `full`, once its writes that still succeed are used up."""
        if self.full is not None:
            self.full[0] -= 1
            if self.full[0] < 0:
                self.struck("store full" if self.full[1] != 5 else "bad block")
                raise OSError(self.full[1], "")

    def starve(self, name):
        """Raise MemoryError, if the handset's next operations find no memory."""
        if self.starving.get(name):
            self.starving[name] -= 1
            self.struck("no memory")
            raise MemoryError

    def end(self, name):
        """End the life that a handset leads: its open files are closed as they are."""
        life = self.lives.pop(name, None)
        self.starving.pop(name, None)
        for handle in [handle for handle in self.opened if handle._life == life]:
            self.opened.remove(handle)
            handle.torn()

    def _at(self, path):
        life, _, name = path.partition("/")
        self.enter(life)
        folder = "/" + life.split(".")[0]
        return folder + "/" + name if name else folder

    # for the store

    def open(self, path, mode="r"):
        where = self._at(path)
        self.starve(path.split(".")[0])
        if mode == "wb":
            self.refuse()
        handle = _Handle(self, path.split("/")[0], self._files.open(where, mode), mode == "wb")
        self.opened.append(handle)
        return handle

    def listdir(self, path):
        return self._files.listdir(self._at(path))

    def stat(self, path):
        return self._files.stat(self._at(path))

    def remove(self, path):
        self._files.remove(self._at(path))
        self.commit(path)

    def rename(self, path, other):
        self._files.rename(self._at(path), self._at(other))
        self.commit(path)

    def mkdir(self, path):
        self._files.mkdir(self._at(path))
        self.commit(path)

    def fsync(self, number):
        pass

    def urandom(self, count):
        return self._dice.octets(count)

    # for the oracles

    def names(self, handset):
        """The names of a handset's files."""
        try:
            return sorted(self._files.listdir("/" + handset))
        except (OSError, KeyError):
            return []

    def content(self, handset, name):
        """The octets of a file, or None when there is none."""
        try:
            file = self._files.open("/%s/%s" % (handset, name), "rb")
        except OSError:
            return None
        octets = file.read()
        file.close()
        return octets
