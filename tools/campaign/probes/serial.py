"""Probes on serial lines: boards that run the handset, at a port of this machine or at a URL of pyserial.

`socket://HOST:PORT` is a line that another machine gives over TCP. A line that is pulled out comes back by the same
path.
"""

import asyncio
import errno
import hashlib
import os
import pathlib
import tempfile
import threading

import serial

from tools import alone
from tools.campaign.plan import PlanError
from tools.campaign.probes.probe import Gone, Probe

LINE = 1 << 16  # octets of the longest line of a console; what is longer is noise
_LOOK_S = 0.2  # until the reader notices that the line is to be closed
_WRITE_S = 10
_SAYS = {
    errno.ENOENT: ("there is no %s", "plug the board in, or look for its name with: make flash"),
    errno.EACCES: ("%s may not be opened by this user", "add yourself to the group that owns it (dialout)"),
    errno.EAGAIN: ("another program has %s", "end it: a board serves one campaign at a time"),
    errno.EBUSY: ("another program has %s", "end it: a board serves one campaign at a time"),
}


def _hold(line):
    """The lock by which one process at a time has a line by its URL; files of ports pyserial locks. Raises Gone."""
    name = hashlib.sha256(line.encode()).hexdigest()[:16]
    try:
        return alone.hold(pathlib.Path(tempfile.gettempdir()) / ("campaign-%d" % os.getuid()) / name)
    except alone.Taken:
        raise _gone(line, OSError(errno.EBUSY, "")) from None


def _gone(line, error):
    code = getattr(error, "errno", None)
    text, advice = _SAYS.get(code, ("%s cannot be opened", "is that a serial line, or a URL of pyserial?"))
    return Gone("probe", code, text % line, advice)


def _open_port(line, baud):
    port = serial.serial_for_url(line, baud, timeout=_LOOK_S, write_timeout=_WRITE_S, do_not_open=True)
    if "://" not in line:
        port.exclusive = True
    port.open()
    return port


class SerialProbe(Probe):
    """The handset of a board at `line`; a thread reads it, and takes the time of each line when its octets arrive."""

    kind = "serial"

    def __init__(self, row, clock):
        super().__init__(row["name"], clock, row["role"], row["number"])
        self._line, self._baud = row["line"], row["baud"]
        self.facts["model"] = row["modem"]
        self._port = self._reader = self._loop = self._lock = None

    async def _open(self):
        self._loop = asyncio.get_running_loop()
        if "://" in self._line and self._lock is None:
            self._lock = _hold(self._line)
        try:
            self._port = await asyncio.to_thread(_open_port, self._line, self._baud)
        except (OSError, ValueError) as error:
            raise _gone(self._line, error) from None
        self._reader = threading.Thread(target=self._read, args=(self._port,), daemon=True)
        self._reader.start()
        await self._write(b"\n")  # ends the half of a line that may be in the console

    async def _close(self):
        port, self._port = self._port, None
        if port is not None:
            await asyncio.to_thread(self._reader.join)
            await asyncio.to_thread(port.close)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def _write(self, octets):
        try:
            await asyncio.to_thread(self._port.write, octets)
        except (OSError, TypeError, AttributeError):  # the last ones: pyserial on a line that was closed meanwhile
            self._lose_line()
            raise self._gone(self._conversation.ended) from None

    def _lose_line(self):
        self.lose("%s was pulled out, or went away" % self._line)

    def _read(self, port):
        """Read lines until the port is closed or goes away; runs in a thread of its own."""
        rest = b""
        while port is self._port:
            try:
                octets = port.read(port.in_waiting or 1)
            except (OSError, TypeError, AttributeError):
                if port is self._port:
                    self._loop.call_soon_threadsafe(self._lose_line)
                return
            at = self.clock.now()
            *lines, rest = (rest + octets).split(b"\n")
            rest = rest[-LINE:]
            for line in lines:
                self._loop.call_soon_threadsafe(self.hear, line.strip(b"\r"), at)


def open_probes(rows, around):
    """The probes of the rows; raises PlanError for a row without a line, or with that of another."""
    taken = {}
    for row in rows:
        if not row["line"]:
            raise PlanError("probe %s: line is missing: the path of a serial line, or socket://HOST:PORT" % row["name"])
        if row["line"] in taken:
            raise PlanError("probes %s and %s have one line, %s" % (taken[row["line"]], row["name"], row["line"]))
        taken[row["line"]] = row["name"]
    return [SerialProbe(row, around.clock) for row in rows]
