"""One place of labgrid as a process: what its board says comes out of stdout, and lines of stdin go to the board.

It runs in build/labgrid. A place is wished for by tags (`family=sim800`) or by `name=NAME`. Beside the lines of the
board there are its own, {"place": STATE, "text": ..., "name": ..., "tags": ...} of STATE

waiting   others have the places that would do: `text` names them
freed     a place is freed that was left by a process which was killed
taken     the place is ours: `name`, `tags`
ready     the board speaks JSON; lines go to and fro
gone      exporter or line is lost, or the board is silent: `text`; lines of stdin are dropped until `ready`
refused   there is no such place, or no coordinator, or others keep the place (`held`): `text`; the process ends with
          status 1

The place is released when stdin ends, at SIGTERM and SIGINT, and when the coordinator ends. A line of the board that
looks like one of ours is dropped.
"""

import argparse
import asyncio
import concurrent.futures
import contextlib
import functools
import json
import logging
import os
import queue
import select
import signal
import threading

from labgrid import Target
from labgrid.factory import target_factory
from labgrid.resource.remote import RemotePlace, RemotePlaceManager

from tools.labgrid.board import LINE, LineLost, MmsBoardDriver, read
from tools.labgrid.claims import Claim, connect, take_name
from tools.labgrid.strategy import STATES, MmsStrategy
from tools.labgrid.wishes import ClaimError

CONSOLE = "console"  # the name of the serial port with the console, where a place has several
_LOOK_S = 0.2  # between two looks at exporter and coordinator
_AGAIN_S = 1.0
_PATIENCE_S = 60.0  # without a line either way
_BLOCK = 4096


class _Output:
    """Lines on stdout, of several threads; nothing more once the reader has gone."""

    def __init__(self, over):
        self._lock, self._over = threading.Lock(), over

    def line(self, line):
        """Write one line, octets without their end."""
        with self._lock:
            try:
                octets = line + b"\n"
                while octets:
                    octets = octets[os.write(1, octets) :]
            except OSError:
                self._over()

    def say(self, state, text="", **fields):
        """Write a line of our own."""
        self.line(json.dumps({"place": state, "text": text, **fields}).encode())

    def heard(self, line):
        """Write a line of the board."""
        if not (b'"place"' in line and "place" in read(line)):
            self.line(line)


class Station:
    """The board at a claimed place, connected as long as exporter and line are there.

    Everything of labgrid's drivers is done by one thread, `_alone`, which lines of stdin wake through a pipe.
    """

    def __init__(self, session, claim, output, given):
        self._session, self._claim, self._output, self._given = session, claim, output, given
        self._alone = concurrent.futures.ThreadPoolExecutor(1)
        self._typed = queue.SimpleQueue()
        self._sleeper, self._waker = os.pipe()
        self._connected = self._parting = False

    def tell(self, line):
        """Have a line of stdin written to the board, if it is there."""
        if self._connected:
            self._typed.put(line)
            os.write(self._waker, b"\n")

    async def run(self, end):
        """Connect to the board, again and again, until the event `end`; raises ClaimError."""
        ending = asyncio.ensure_future(end.wait())
        while not ending.done():
            target = Target(self._claim.name)
            opening = self._run(self._open, target)
            await asyncio.wait((opening, ending), return_when=asyncio.FIRST_COMPLETED)
            if not opening.done():
                return  # a silent board is waited for for long, and the end of the process ends that, too
            try:
                await self._live(opening.result(), ending)
            except Exception as error:  # drivers of labgrid raise what they like
                self._output.say("gone", str(error) or repr(error), name=self._claim.name)
            await self._run(self._close, target)
            await self._until_back(ending)

    def _run(self, function, *arguments):
        return asyncio.get_running_loop().run_in_executor(self._alone, function, *arguments)

    async def _live(self, board, ending):
        self._connected, self._parting = True, False
        self._output.say("ready", name=self._claim.name)
        working = self._run(self._work, board)
        try:
            while not (working.done() or ending.done()):
                if self._claim.gone():
                    raise LineLost("the exporter of %s has gone" % " and ".join(self._claim.gone()))
                await asyncio.wait((working, ending), timeout=_LOOK_S, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
        finally:
            self._connected, self._parting = False, True
            os.write(self._waker, b"\n")
            await asyncio.wait((working,))

    async def _until_back(self, ending):
        """Wait until the resources of the place are there, and acquire it again, for they may be new ones."""
        while not ending.done():
            await asyncio.wait((ending,), timeout=_AGAIN_S)
            if not ending.done() and not self._claim.gone():
                await self._claim.acquire()
                return

    def _open(self, target):
        """The driver of the board, whose handset is in the wished state; run by a thread of its own."""
        manager = RemotePlaceManager.get()
        manager.session, manager.loop = self._session, self._session.loop
        manager.resources.clear()  # those of an earlier connection
        manager.unmanaged_resources.clear()
        RemotePlace(target, name=self._claim.name)
        ports = [resource.name for resource in target.resources if type(resource).__name__ == "NetworkSerialPort"]
        if len(ports) > 1:
            target.set_binding_map({"port": CONSOLE})
        make = functools.partial(target_factory.make_driver, target, name=None, args={})
        make("SerialDriver")
        if [resource for resource in target.resources if type(resource).__name__ == "NetworkPowerPort"]:
            make("NetworkPowerDriver")
        board = make(MmsBoardDriver.__name__)
        board.listener = self._output.heard
        make(MmsStrategy.__name__, args={"boot_s": self._given.boot}).transition(self._given.state)
        return board

    def _work(self, board):
        while not self._parting:
            while not self._typed.empty():
                board.tell(self._typed.get())
            board.pump()
            board.wait(_PATIENCE_S, self._sleeper)
            if select.select([self._sleeper], [], [], 0)[0]:
                os.read(self._sleeper, _BLOCK)

    def _close(self, target):
        while not self._typed.empty():
            self._typed.get()
        with contextlib.suppress(Exception):
            target.deactivate_all_drivers()


def _listen(loop, station, end):
    """Pass lines of stdin on, by a thread that the process does not wait for; `end` when there are no more."""

    def read_on():
        rest = b""
        while octets := os.read(0, LINE):
            *lines, rest = (rest[-LINE:] + octets).split(b"\n")
            for line in lines:
                station.tell(line.rstrip(b"\r"))
        loop.call_soon_threadsafe(end.set)

    threading.Thread(target=read_on, daemon=True).start()


async def _serve(given):
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    output = _Output(lambda: loop.call_soon_threadsafe(end.set))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end.set)
    try:
        session = await connect()
        lost = asyncio.ensure_future(session.stopping.wait())
        lost.add_done_callback(lambda task: end.set())
        tags = dict(tag.split("=", 1) for tag in given.tag)
        async with Claim(session, tags, output.say, given.wait) as claim:
            output.say("taken", name=claim.name, tags=claim.tags)
            station = Station(session, claim, output, given)
            _listen(loop, station, end)
            await station.run(end)
        if session.stopping.is_set():
            raise ClaimError("the coordinator has ended")
        await session.close()
    except ClaimError as error:
        output.say("refused", str(error), held=error.held)
        return 1
    return 0


def main():
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.labgrid.client",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("tag", nargs="+", metavar="TAG=VALUE", help="that the place has; name=NAME is its name")
    parser.add_argument("--state", default="booted", choices=STATES[1:], help="of the handset, before it is ready")
    parser.add_argument("--wait", type=float, default=60, metavar="SECONDS", help="for a place that others have")
    parser.add_argument("--boot", type=float, default=60, metavar="SECONDS", help="until the board answers")
    given = parser.parse_args()
    if [tag for tag in given.tag if "=" not in tag]:
        parser.error("a tag is TAG=VALUE")
    logging.basicConfig(level=logging.CRITICAL)  # labgrid's own words of what is told here in one line
    take_name()
    status = asyncio.run(_serve(given))
    os._exit(status)  # without waiting for the threads, one of which may wait for a silent board


if __name__ == "__main__":
    main()
