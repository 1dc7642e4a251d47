"""The driver of a board whose handset is asked in JSON lines (docs/console.md), for labgrid.

It runs in build/labgrid, and in pytest with labgrid's plugin.
"""

import json
import select
import time

import attr
import serial
from labgrid.driver import Driver
from labgrid.factory import target_factory
from labgrid.protocol import ConsoleProtocol
from pexpect import TIMEOUT

LINE = 1 << 20  # octets of one line of the console, as for handsets on the same machine
_BLOCK = 4096
_POLL_S = 0.02


class BoardError(Exception):
    """A board has refused a command, or is silent: `step` names the command, `code` is its layer's, or None."""

    def __init__(self, step, text, code=None):
        super().__init__("%s: %s" % (step, text))
        self.step, self.code = step, code


class LineLost(Exception):
    """The line to the board has ended."""


@target_factory.reg_driver
@attr.s(eq=False)
class MmsBoardDriver(Driver):
    """Commands, replies and events of one handset.

    `listener(line)` gets every line of the board, octets without their end, that is not the reply to an `ask` of this
    driver. All of labgrid's drivers in a process are for one thread: they keep one list of the steps under way.
    """

    bindings = {"console": ConsoleProtocol}

    def __attrs_post_init__(self):
        super().__attrs_post_init__()
        self.listener = None
        self._rest = bytearray()
        self._lines = []

    def on_activate(self):
        """Forget what an earlier connection has left."""
        self._rest.clear()
        self._lines.clear()

    @Driver.check_active
    def tell(self, line):
        """Write one line, octets without their end; raises LineLost."""
        try:
            self.console.write(line + b"\n")
        except (OSError, serial.SerialException) as error:
            raise LineLost(str(error)) from None

    @Driver.check_active
    def pump(self):
        """Hand all lines that are there to the listener, without waiting for more; raises LineLost."""
        self._read()
        while self._lines:
            self._hear(self._lines.pop(0))

    @Driver.check_active
    def wait(self, seconds, *others):
        """Wait until the board may have said something, or one of other files can be read, or for so many seconds.

        The octets of a raw port wait in its socket, those of others in pyserial, which has to be asked.
        """
        port = getattr(self.console, "serial", None)
        if getattr(getattr(self.console, "port", None), "protocol", None) == "raw":
            select.select([port, *others], [], [], seconds)
            return
        end = time.monotonic() + seconds
        while time.monotonic() < end and not getattr(port, "in_waiting", 0):
            if select.select(others, [], [], _POLL_S)[0]:
                return

    def _read(self):
        """Read what there is; of a line longer than LINE the beginning is dropped, so it takes no more memory."""
        try:
            octets = self.console.read(size=_BLOCK, timeout=0)
        except TIMEOUT:
            return
        except (OSError, serial.SerialException) as error:
            raise LineLost(str(error)) from None
        *lines, rest = bytes(self._rest + octets).split(b"\n")
        self._lines += [line.rstrip(b"\r") for line in lines]
        self._rest[:] = rest[-LINE:]

    def ask(self, do, seconds, **arguments):
        """The reply to a command, a dict; raises BoardError when it is an error or late, LineLost."""
        self.tell(json.dumps(dict(arguments, do=do)).encode())
        reply = self._find(seconds, lambda said: said.get("reply") == do, hide=True)
        if reply is None:
            raise BoardError(do, "the board does not answer (%d s waited)" % seconds)
        if not reply.get("ok"):
            raise BoardError(reply.get("step") or do, reply.get("error") or "no reason given", reply.get("code"))
        return reply

    def seen(self, event, seconds, **fields):
        """The next event of that name with these fields, a dict; raises BoardError when it does not come, LineLost."""
        wanted = dict(fields, event=event)
        said = self._find(seconds, lambda said: all(said.get(key) == value for key, value in wanted.items()))
        if said is None:
            raise BoardError(event, "it did not happen (%d s waited)" % seconds)
        return said

    def _find(self, seconds, wanted, hide=False):
        end = time.monotonic() + seconds
        while True:
            self._read()
            while self._lines:
                line = self._lines.pop(0)
                said = read(line)
                found = bool(said) and wanted(said)
                if not (found and hide):
                    self._hear(line)
                if found:
                    return said
            left = end - time.monotonic()
            if left <= 0:
                return None
            self.wait(left)

    def _hear(self, line):
        if self.listener and line:
            self.listener(line)


def read(line):
    """The reply or event in a line, or an empty dict: boards print other things, too."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
