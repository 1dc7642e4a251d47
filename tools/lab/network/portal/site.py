"""The parts of the portal that its pages share: the operator, the database, pictures as files, templates."""

import asyncio
import collections
import datetime
import secrets
import time

import aiohttp_jinja2
from aiohttp import web

from tools.lab.network.portal import album, images

SESSION = web.RequestKey("session", object)  # of the browser that asks: an accounts.Session or None
_FILES = 16 << 20  # octets of rendered pictures that are kept: a full album of small ones, and some
_KEPT = 32 << 20  # octets of files that wait for a form to be sent again


class Site:
    """One operator's portal without its pages: its `name`, its `key` (MCC and MNC), the short code of the album.

    `names` are those that its URL may have; `country` completes national numbers; `subscribers` says by `in` which
    numbers are the operator's. `date()` is the `calendar`'s at the time of the `wall`, `seconds()` are real ones; both
    since 1970.
    """

    def __init__(self, database, name, key, subscribers, calendar, wall, country="44", names=(),
                 short_code="25286"):  # fmt: skip
        self.database, self.name, self._key, self.subscribers = database, name, key, subscribers
        self.seconds, self.country = time.time, country
        self.names, self.short_code = names, short_code
        self.codes = secrets.token_bytes(32)  # the key of the codes that this process has sent
        self._calendar, self._wall = calendar, wall
        self._files = collections.OrderedDict()
        self._kept = collections.OrderedDict()
        self._threads = asyncio.Semaphore(2)

    def date(self):
        """The date of the world."""
        return self._calendar.date(self._wall.now)

    def cookie(self, name):
        """The name of one of our cookies: those of all ports of an address are in one place."""
        return "%s-%s" % (name, self._key)

    def told_by(self, request, name):
        """The value of one of our cookies, "" where the browser sends none or one that we never gave."""
        value = request.cookies.get(self.cookie(name), "")
        return value if value.isascii() else ""

    def page(self, request, template, status=200, **context):
        """A response with a page."""
        session = request[SESSION]
        context |= {"site": self, "number": session and session.number, "token": session and session.token}
        context["path"] = request.path
        return aiohttp_jinja2.render_template(template, request, context, status=status)

    def told(self, seconds):
        """A date for people, in the operator's time."""
        return datetime.datetime.fromtimestamp(seconds, self._calendar.zone).strftime("%-d %B %Y, %H:%M")

    async def work(self, function, *arguments):
        """The result of a function that takes its time, in a thread; two at once are enough for one machine."""
        async with self._threads:
            return await asyncio.to_thread(function, *arguments)

    async def file(self, owner, key, version, small):
        """The JPEG file of a picture as it is now. Raises album.Missing, album.Stale, images.Unreadable."""
        picture = await self.database.do(album.picture, owner, key)
        if picture.version != version:
            raise album.Stale(key)
        name = key, version, small
        if name not in self._files:
            original = await self.database.do(album.original, owner, key)
            self._files[name] = await self.work(_file, original, picture.steps, small)
            _bound(self._files, _FILES, len)
        return self._files[name]

    def keep(self, owner, name, octets):
        """An id under which the owner's file waits for the next try of its form."""
        key = secrets.token_urlsafe(12)
        self._kept[key] = owner, name, octets
        _bound(self._kept, _KEPT, lambda row: len(row[2]))
        return key

    def kept(self, owner, key):
        """(name, octets) of such a file; (None, b"") where there is none."""
        found = self._kept.get(key)
        return found[1:] if found and found[0] == owner else (None, b"")


def _bound(kept, octets, size):
    """Let go of the oldest values until there are at most so many octets of them."""
    whole = sum(map(size, kept.values()))
    while whole > octets:
        whole -= size(kept.popitem(last=False)[1])


def _file(original, steps, small):
    picture = images.render(original, steps)
    return images.small(picture) if small else images.shown(picture)


def signed_in(handler):
    """A handler that sends everybody to the page that signs in, but those that have done so."""

    async def handle(request):
        if request[SESSION] is None:
            raise web.HTTPSeeOther("/sign-in?said=expired" if request.method == "POST" else "/sign-in")
        return await handler(request)

    return handle
