"""Puts a set of files on a board so that it has the old set or the new one, wherever the cable is pulled.

Each file that differs goes to NAME.new. When all of these are whole, switch_over.py is renamed into its place: from
there on each start of the board renames what is left to be renamed (starter.py), and before it the old program starts.
"""

import hashlib
import pathlib
import struct
import zlib

from mpremote.transport import TransportExecError

from tools.board.flash.line import FAST, USUAL, FlashError, broken

ONBOARD = pathlib.Path(__file__).with_name("onboard.py")
NEW = ".new"
SWITCH = "switch_over.py"
OURS = ("lib/mms/", "lib/drivers/", "lib/construct/")  # folders in which there is nothing but the handset
FOLDERS = (*(folder[:-1] for folder in OURS), "lib/assets", "lib/microdot")  # in which files of the handset lie
OUR_MAINS = ("Starts the handset.", "Ground plan: settings, board, handset, run.")  # how docstrings of main.py begin
BLOCK = 256  # octets that a board's serial input can keep while it is busy (its ring has 260)
WATCHDOG_MS = {"esp32": 30000, "rp2": 8388}  # the most that an RP2040's counts to
_PACKED_MOST = 16384  # octets of packed content, which a board keeps in memory
_WINDOW = 10  # as in onboard.py
_ROUNDS = 3  # of sending files that did not arrive whole
_HEAD = "<HIB"  # as in onboard.py
_HASH = 32  # digits
_UNTOUCHED = ": its program is as it was. Plug it in and begin again: what is there already is not sent twice"
_SWITCH_CODE = '''"""Puts the files of an update in their places; main.py runs it until all are there."""
import os
try:
    feed()  # of the watchdog, while a PC flashes
except NameError:
    def feed():
        pass
for folder, names in (
%s):
    for name in names.split():
        try:
            os.rename(folder + name + ".new", folder + name)
        except OSError:
            pass  # it was renamed before
        feed()
for name in (
%s):
    try:
        os.remove(name)
    except OSError:
        pass  # it was removed before
os.remove("switch_over.py")
'''
# Whether the module mms lies in the firmware and not in /lib; frozen files win over those on the flash.
_IS_FROZEN = """try:
    import mms
    print(mms.__file__.lstrip("/")[:4] != "lib/")
except Exception as error:
    print(isinstance(error, AttributeError))"""
_FINISH = 'exec(open("%s").read())' % SWITCH  # in the REPL, which has `feed`


def digest(octets):
    """As many digits of the SHA-256 as the board shows."""
    return hashlib.sha256(octets).hexdigest()[:_HASH]


def pack(octets):
    """(octets of a file deflated, True), or (the octets, False) where that gains nothing or takes too much memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -_WINDOW)
    packed = packer.compress(octets) + packer.flush()
    return (packed, True) if len(packed) < min(len(octets), _PACKED_MOST) else (octets, False)


class Program:
    """The program on a board: `files` is {path: digits of its SHA-256} of all that may be the handset's.

    `is_frozen` tells that the firmware itself has the handset.
    """

    def __init__(self, board):
        self._board = board
        with broken(board.port, _UNTOUCHED):
            board.load(ONBOARD)
            if board.platform in WATCHDOG_MS:
                board.ask("arm(%d)" % WATCHDOG_MS[board.platform])
            self.is_frozen = board.ask(_IS_FROZEN) == "True"
            self._packs = board.ask("print(DeflateIO is not None)") == "True"
            self.files = self._list()
            if SWITCH in self.files:
                board.ask(_FINISH)
                self.files = self._list()

    def _list(self, end=""):
        calls = ['show("%s", "%s", False)' % (folder, end) for folder in ("", "lib")]
        calls += ['show("%s", "%s")' % (folder, end) for folder in FOLDERS]
        files, folder = {}, ""
        for row in self._board.ask("; ".join(calls)).splitlines():
            if row.startswith("/"):
                folder = row[1:] + "/" if row[1:] else ""
            else:
                sha, _, name = row.partition(" ")
                files[folder + name] = sha
        return files

    def read(self, path):
        """The octets of a file on the board, None without it."""
        if path not in self.files:
            return None
        with broken(self._board.port):
            return bytes.fromhex(self._board.ask("print(binascii.hexlify(open(%r, 'rb').read()).decode())" % path))

    def difference(self, wanted):
        """(files to be sent, those that are whole as NAME.new, paths to be removed) for the wanted {path: octets}."""
        changed = {path: octets for path, octets in wanted.items() if self.files.get(path) != digest(octets)}
        whole = {path for path, octets in changed.items() if self.files.get(path + NEW) == digest(octets)}
        send = {path: octets for path, octets in changed.items() if path not in whole}
        keep = set(wanted) | {path + NEW for path in whole}
        old = [path for path in self.files if path not in keep and (path.startswith(OURS) or path.endswith(NEW))]
        return send, whole, old

    def wire(self, octets):
        """(octets of a file as they are sent, whether they are packed)."""
        return pack(octets) if self._packs else (octets, False)

    def check_room(self, send, spare=16384):
        """Raises FlashError when the files do not fit beside those of the program that is there."""
        with broken(self._board.port):
            free, block = (int(word) for word in self._board.ask("room()").split())
        needed = spare + sum((len(octets) // block + 1) * block for octets in send.values())
        needed -= sum(block for path in send if path + NEW in self.files)
        if needed > free:
            raise FlashError(
                "%s: no space: %d kB are needed and %d kB free. Delete messages, or files of yours"
                % (self._board.port, needed // 1000, free // 1000)
            )

    def update(self, wanted, advance, fast=FAST):
        """Bring the board from its files to the wanted ones; returns (octets of the files sent, paths removed).

        advance(octets) is called for each block that the board has, with its octets on the line. Raises FlashError;
        the board then has the program that it had, unless all was there.
        """
        send, whole, old = self.difference(wanted)
        names = [*send, *whole]
        if not names and not old:
            return 0, []
        self.check_room(send)
        with broken(self._board.port, _UNTOUCHED):
            self._keep_main(names)
            self._send(send, advance, fast)
            switch = switch_code(names, [path for path in old if path.removesuffix(NEW) not in names])
            self._send({SWITCH: switch}, lambda octets: None, None)
            self._board.ask('os.rename("%s%s", "%s")' % (SWITCH, NEW, SWITCH))
        with broken(self._board.port, ": the new program is whole on the board, and starts when it is switched on"):
            self._board.ask(_FINISH)
            self.files = self._list()
        left = [path for path, octets in wanted.items() if self.files.get(path) != digest(octets)]
        if left:
            raise FlashError("%s: the flash does not keep what is written: %s" % (self._board.port, ", ".join(left)))
        return sum(map(len, send.values())), old

    def replace(self, path, octets):
        """Write one file so that the board has the old one or the new one, whole; raises FlashError."""
        with broken(self._board.port, _UNTOUCHED):
            self._send({path: octets}, lambda octets: None, None)
            self._board.ask("os.rename(%r, %r)" % (path + NEW, path))

    def _keep_main(self, names):
        """Copy a main.py that is not the handset's, so that it is not lost."""
        main = self.read("main.py") if "main.py" in names else None
        if main is None or main.decode("utf-8", "replace").lstrip('"').startswith(OUR_MAINS):
            return
        self._board.ask('f = open("main.before.py", "wb"); f.write(open("main.py", "rb").read()); f.close()')

    def _send(self, files, advance, fast):
        """Send files as NAME.new until the board's copies are whole: at the fast speed first, where the line has it."""
        board, usual = self._board, self._board.baud
        if files and fast and fast > usual and board.has_speed:
            board.set_speed(fast)
        for _ in range(_ROUNDS):
            if not files:
                return
            try:
                self._send_once(files, advance)
            except _Silent:
                board.recover(BLOCK, usual)
            there = self._list(NEW)
            files = {path: octets for path, octets in files.items() if there.get(path + NEW) != digest(octets)}
        if files:
            raise FlashError("%s: octets are lost on the line, %d times in a row%s" % (board.port, _ROUNDS, _UNTOUCHED))

    def _send_once(self, files, advance):
        board = self._board
        board.begin("take(%d)" % BLOCK)
        try:
            for path, octets in files.items():
                name = (path + NEW).encode()
                content, is_packed = self.wire(octets)
                whole = struct.pack(_HEAD, len(name), len(content), is_packed) + name + content
                ahead = 1 if is_packed and board.baud <= USUAL else 0  # blocks that the board does not have yet
                for at in range(0, len(whole) + ahead * BLOCK, BLOCK):
                    board.write(whole[at : at + BLOCK])
                    done = at - ahead * BLOCK
                    if done >= 0:
                        self._await_done()
                        advance(len(whole[done : done + BLOCK]))
            board.write(struct.pack(_HEAD, 0, 0, 0))
            board.end()
        except TransportExecError as error:
            if "EINVAL" in error.error_output:  # packed content was damaged on the line
                return
            raise FlashError("%s: the board cannot write: %s" % (board.port, _reason(error))) from None

    def _await_done(self):
        answer = self._board.read(1)
        if answer == b"\x04":  # the end of the output, and a traceback behind it
            self._board.fail()
        if answer != b"\x06":
            raise _Silent


class _Silent(Exception):
    """The board did not acknowledge: octets were lost on the line."""


def _reason(error):
    last = error.error_output.strip().splitlines()[-1:] or [""]
    return "no space is left on its flash" if "28" in last[0] or "ENOSPC" in last[0] else last[0]


def switch_code(names, old):
    """The source of switch_over.py, which renames NAME.new to each name, main.py first, and removes old files."""
    folders = {}
    for path in sorted(names, key=lambda path: path != "main.py"):
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder + "/" if folder else "", []).append(name)
    rows = "".join("    (%r, %r),\n" % (folder, " ".join(found)) for folder, found in folders.items())
    return (_SWITCH_CODE % (rows, "".join("    %r,\n" % path for path in old))).encode()
