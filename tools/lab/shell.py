"""The common part of the lab's shells: a wall clock for machines, HTTP on loopback, life until Ctrl-C."""

import asyncio
import contextlib
import os
import re
import signal
import stat
import sys
from email.utils import formatdate

from aiohttp import ClientSession, ClientTimeout, web

from tools.lab.world import WorldError

_ANSWER_S = 10  # a server that is silent for so long is off
HOST = "127.0.0.1"  # the lab never listens anywhere else
DATE = web.RequestKey("date", int)
_ADDRESS = re.compile(r"127(\.[0-9]{1,3}){3}")


class Wall:
    """Drives a machine by world milliseconds, which run `speed` times as fast as real ones.

    Calls `machine.advance(now)` whenever `machine.due` has come; call `wake` after every call
    that may have changed `due`.
    """

    def __init__(self, machine, speed=1.0):
        self._machine, self._speed = machine, speed
        self._start, self._runs = 0, False
        self._timer = None

    def start(self, beside=None):
        """Millisecond 0 is now, or that of another Wall."""
        self._runs = True
        self._start = beside._start if beside else asyncio.get_running_loop().time()

    @property
    def now(self):
        """World milliseconds since the start."""
        return int((asyncio.get_running_loop().time() - self._start) * 1000 * self._speed)

    def wake(self):
        """Set the timer to the machine's next moment; nothing before `start` and after `stop`."""
        self._cancel()
        due = self._machine.due
        if due is not None and self._runs:
            seconds = max(0, due - self.now) / 1000 / self._speed
            self._timer = asyncio.get_running_loop().call_later(seconds, self._ring)

    def stop(self):
        """Set no timer any more."""
        self._runs = False
        self._cancel()

    def _cancel(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def sleep(self, seconds):
        """Wait for so many seconds of the world."""
        await asyncio.sleep(seconds / self._speed)

    def _ring(self):
        self._timer = None
        self._machine.advance(self.now)
        self.wake()


@web.middleware
async def _vanished(request, handler):
    """Answer a client that goes away in the middle of a request without an error in the log."""
    try:
        return await handler(request)
    except ConnectionError:
        return web.Response(status=400)


@web.middleware
async def only_local(request, handler):
    """Refuse requests of web pages: with a foreign Origin, or to a foreign name for this address."""
    port = request.transport.get_extra_info("sockname")[1]
    foreign = [
        value
        for value in (request.headers.get("Host"), request.headers.get("Origin", "").partition("://")[2] or None)
        if value is not None and not _loopback(value, port)
    ]
    if foreign or request.headers.get("Origin") == "null":
        raise web.HTTPForbidden(text="this is for programs on this machine, not for %s\n" % (foreign or ["null"])[0])
    return await handler(request)


def _loopback(place, port):
    """Whether HOST:PORT is this server's, by a name that cannot be given to another address."""
    name, _, number = place.rpartition(":") if ":" in place else (place, ":", "80")
    return number == str(port) and (name == "localhost" or _ADDRESS.fullmatch(name) is not None)


class Server:
    """An aiohttp application on loopback: `url` is where, once started.

    `guarded`: it is a control, which web pages shall not reach. `date()` is the Date of each answer, in seconds since
    1970, where its handler keeps none under DATE in the request. `middlewares` are more of aiohttp's for `application`.
    """

    def __init__(self, routes, port=0, octets=1 << 20, guarded=False, date=None, middlewares=()):
        first = [_vanished, only_local] if guarded else [_vanished]
        self.application = web.Application(middlewares=[*first, *middlewares], client_max_size=octets)
        self.application.add_routes(routes)
        self._date = date
        if date:
            self.application.on_response_prepare.append(self._set_date)
        self._port = port
        self._runner = None
        self.address = None

    @property
    def url(self):
        """http://HOST:PORT without a final slash."""
        return "http://" + self.address

    async def start(self):
        """Listen."""
        self._runner = web.AppRunner(self.application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        self.address = "%s:%d" % self._runner.addresses[0][:2]

    async def stop(self):
        """Listen no more, and let go of every connection."""
        if self._runner:
            await self._runner.cleanup()

    async def _set_date(self, request, response):
        response.headers["Date"] = formatdate(request.get(DATE) or self._date(), usegmt=True)


class Tasks:
    """The tasks of a shell, which are held while they run; none begins once they are stopped."""

    def __init__(self):
        self._held, self._over = set(), False

    def spawn(self, story):
        """Let a coroutine run beside the others: its task, or None after the end."""
        if self._over:
            story.close()
            return None
        task = asyncio.create_task(story)
        self._held.add(task)
        task.add_done_callback(self._held.discard)
        return task

    async def stop(self):
        """Cancel all, and wait until they have ended."""
        self._over = True
        for task in self._held:
            task.cancel()
        await asyncio.gather(*self._held, return_exceptions=True)


class Service:
    """The common part of SMS centre and MMSC: a `machine` on the world's clock, HTTP in, HTTP out.

    The `calendar` tells the date of its answers, today's by default.
    """

    def __init__(self, machine, routes, port, speed, octets=1 << 20, guarded=False, calendar=None):
        self.machine = machine
        self.wall = self._wall = Wall(machine, speed)
        date = calendar and (lambda: calendar.date(self.now))
        self._server = Server(routes, port, octets, guarded, date)
        self._tasks = Tasks()
        self._spawn = self._tasks.spawn
        self._session = None

    @property
    def now(self):
        """The milliseconds of the machine."""
        return self._wall.now

    @property
    def address(self):
        """HOST:PORT where it listens."""
        return self._server.address

    @property
    def url(self):
        """http://HOST:PORT where it listens."""
        return self._server.url

    async def start(self):
        """Listen."""
        self._wall.start()
        self._session = ClientSession(timeout=ClientTimeout(_ANSWER_S))
        await self._server.start()

    async def stop(self):
        """Listen no more; what was under way is forgotten."""
        self._wall.stop()
        await self._tasks.stop()
        await self._server.stop()
        if self._session:
            await self._session.close()


@contextlib.contextmanager
def refusing(form):
    """Answers 400 where the wish in a body cannot be: with the words of a WorldError, or with its `form`."""
    try:
        yield
    except WorldError as error:
        raise web.HTTPBadRequest(text="%s\n" % error) from None
    except (KeyError, TypeError, ValueError, RecursionError):
        raise web.HTTPBadRequest(text=form + "\n") from None


def private(path, flags):
    """An opener for `open`: a file with secrets or with people's messages is its owner's only."""
    handle = os.open(path, flags, 0o600)
    if stat.S_ISREG(os.fstat(handle).st_mode):  # and no /dev/null, which is everybody's
        os.fchmod(handle, 0o600)  # it may have been there, with other rights
    return handle


async def _live(shell, title):
    await shell.start()
    try:
        print("%s: %s" % (title, shell.address), flush=True)
        await asyncio.Event().wait()
    finally:
        await shell.stop()


def run(make, title):
    """Start the shell that `make()` gives, print where it is, and stop it at Ctrl-C or SIGTERM.

    A failed start, with a port in use or a wrong world, ends as one line and status 1.
    """

    async def story():
        task = asyncio.current_task()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await _live(make(), title)

    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        try:
            asyncio.run(story())
        except (OSError, WorldError) as error:
            sys.exit("%s: %s" % (title, error))
