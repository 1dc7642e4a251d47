"""Places of labgrid's coordinator: which of them fit a wish, reserved, acquired and released.

It runs in build/labgrid. A place belongs to HOST/USER, as labgrid has it, where USER is a person and the process that
works for that person: two campaigns of one person never share a place, and a place whose process was killed is freed
by the next campaign on the same host.
"""

import asyncio
import contextlib
import getpass
import os
import re
import socket

import grpc
from labgrid.remote.client import ClientSession, Error
from labgrid.remote.generated import labgrid_coordinator_pb2 as messages
from labgrid.util.proxy import proxymanager

from tools.labgrid.wishes import ClaimError, fitting

PORT = 20408
_CONNECT_S = 10
_POLL_S = 0.5  # between two looks at a reservation, which the coordinator forgets after 60 s without one
_DEAD = re.compile(r"(.+)/(.+)\.mms-([0-9]+)")


def take_name():
    """Let this process be known to the coordinator as HOST/USER.mms-PID."""
    os.environ.setdefault("LG_HOSTNAME", socket.gethostname())
    os.environ["LG_USERNAME"] = "%s.mms-%d" % (getpass.getuser(), os.getpid())


def _is_dead(holder):
    """Whether the place's holder was a process like this one, on this host, and has ended."""
    found = _DEAD.fullmatch(holder or "")
    if not found or found[1] != os.environ["LG_HOSTNAME"] or found[2] != getpass.getuser():
        return False
    try:
        os.kill(int(found[3]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


async def connect():
    """A session with the coordinator at LG_COORDINATOR; raises ClaimError."""
    address = os.environ.get("LG_COORDINATOR", "127.0.0.1:%d" % PORT)
    text = "no coordinator of labgrid answers at %s: start labgrid-coordinator, or set LG_COORDINATOR" % address
    session = ClientSession(proxymanager.get_grpc_address(address, default_port=PORT), asyncio.get_running_loop())
    try:
        await asyncio.wait_for(session.start(), _CONNECT_S)
    except (Error, asyncio.TimeoutError):
        raise ClaimError(text) from None
    return session


class Claim:
    """One place for this process: `async with Claim(session, filters, say) as claim`, released at the end.

    `filters` are tags that the place has, or {"name": NAME}. `say(state, text)` is told while it waits.
    `name`, `tags` and `paths` (of the resources) are those of the place; `seconds` is the longest wait.
    """

    def __init__(self, session, filters, say, seconds=60.0):
        self._session, self._filters, self._say, self._seconds = session, filters, say, seconds
        self._token = None
        self.name, self.tags, self.paths = None, {}, []

    async def __aenter__(self):
        try:
            await self._take()
        except BaseException:
            await self.release()
            raise
        return self

    async def __aexit__(self, *error):
        await self.release()

    async def _take(self):
        fitting(self._session.places, self._filters)
        await self._free_the_dead()
        wanted = {"main": messages.Reservation.Filter(filter=self._filters)}
        answer = await self._call("CreateReservation", messages.CreateReservationRequest(filters=wanted, prio=0.0))
        self._token = answer.reservation.token
        try:
            self.name = await asyncio.wait_for(self._allocated(), self._seconds)
        except asyncio.TimeoutError:
            raise ClaimError("%s (%d s waited)" % (self._holders(), self._seconds), held=True) from None
        await self.acquire()

    async def _free_the_dead(self):
        for name in fitting(self._session.places, self._filters):
            place = self._session.places[name]
            holder = place.acquired
            if _is_dead(holder):
                self._say("freed", "%s was left by %s, which has ended" % (name, holder))
                await self._cancel(place.reservation)
                await self._call("ReleasePlace", messages.ReleasePlaceRequest(placename=name, fromuser=holder))
        await self._session.sync_with_coordinator()

    async def _allocated(self):
        """The name of the place that the coordinator gives us, some time; names the holders of those that would do."""
        said = None
        while True:
            answer = await self._call("PollReservation", messages.PollReservationRequest(token=self._token))
            allocations = answer.reservation.allocations
            if "main" in allocations:
                return allocations["main"]
            if self._holders() != said:
                said = self._holders()
                self._say("waiting", said)
            await asyncio.sleep(_POLL_S)

    def _holders(self):
        """The places that would do and those that have them, in one line."""
        places = self._session.places
        found = fitting(places, self._filters)
        taken = ["%s is taken by %s" % (name, places[name].acquired or "a reservation") for name in found]
        return ", ".join(taken)

    async def acquire(self):
        """Acquire the place that is reserved for us, once more where it is ours; raises ClaimError."""
        await self._release_place()
        await self._call("AcquirePlace", messages.AcquirePlaceRequest(placename=self.name))
        await self._session.sync_with_coordinator()
        place = self._session.places[self.name]
        self.tags, self.paths = dict(place.tags), [tuple(path) for path in place.acquired_resources]
        if not self.paths:
            raise ClaimError("place %s has no resources: is its exporter running?" % self.name)

    def gone(self):
        """The names of resources of the place that no exporter has any more."""
        found = []
        for exporter, group, kind, name in self.paths:
            entry = self._session.resources.get(exporter, {}).get(group, {}).get(name)
            if not (entry and entry.data.get("cls") and entry.avail):
                found.append("%s/%s/%s" % (exporter, group, kind))
        return found

    async def release(self):
        """Give the reservation and the place back, if they are ours, and the coordinator is there."""
        if self._token:
            await self._cancel(self._token)
            self._token = None
        with contextlib.suppress(ClaimError):
            await self._release_place()

    async def _cancel(self, token):
        """Take a reservation back, while its place is acquired: so the place is free for the next one once released."""
        with contextlib.suppress(ClaimError):
            await self._call("CancelReservation", messages.CancelReservationRequest(token=token))

    async def _release_place(self):
        if self.name:
            owner = "%s/%s" % (os.environ["LG_HOSTNAME"], os.environ["LG_USERNAME"])
            await self._call("ReleasePlace", messages.ReleasePlaceRequest(placename=self.name, fromuser=owner))

    async def _call(self, name, request):
        try:
            return await asyncio.wait_for(getattr(self._session.stub, name)(request), 2 * _CONNECT_S)
        except grpc.aio.AioRpcError as error:
            raise ClaimError("%s: the coordinator says: %s" % (name, error.details())) from None
        except asyncio.TimeoutError:
            raise ClaimError("%s: the coordinator does not answer" % name) from None
