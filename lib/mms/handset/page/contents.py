"""Octets for the page and from it: its own files, pictures of the album and the camera, parts of messages, uploads.

A part from a stranger is shown as a picture, played as a sound, or saved as a file: a browser gets no type of it that
it could execute.
"""

import os
import sys

from mms.errors import CameraError
from mms.handset import rooms
from mms.handset.page import exchange
from mms.handset.page.connection import Denied
from mms.handset.store import files
from mms.handset.store.blobs import Writer
from mms.limits import const

FILES = const(("index.html", "page.css", "page.js", "phone.js", "camera.js", "compose.js", "messages.js", "icon.svg"))
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_SHOWN = const(("image/jpeg", "image/png", "image/gif"))
_TYPES_SHOWN = {"text/plain": "text/plain; charset=utf-8", "audio/x-wav": "audio/wav", "audio/wav": "audio/wav"}
_ENDINGS = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif"}
_BLOCK = const(512)
_VIEW_QUALITY = const(40)  # of the view finder's pictures
_SAVED = const("application/octet-stream")
_UPLOADS = const(8)  # files that were sent up and are in no message yet


def own_file(name):
    """(its octets in pieces, media type, how many) of a file of the page, beside operators.bin; raises Denied."""
    if name in FILES:
        for folder in sys.path:
            path = (folder + "/" if folder else "") + "assets/page/" + name
            try:
                return _read(path) + (_TYPES[name.split(".")[1]],)
            except OSError:
                pass  # this is not the folder of the program
    raise Denied(404, "there is nothing of that name")


def _read(path):
    """(the octets of a file in pieces, how many); raises OSError."""
    octets = os.stat(path)[6]
    return _blocks(files.user_file(path)), octets


def _blocks(file):
    block = bytearray(_BLOCK)
    with file:
        while True:
            count = file.readinto(block)
            if not count:
                return
            yield memoryview(block)[:count]


def picture(phone, name):
    """(its octets in pieces, how many, media type) of a picture in the album; raises Denied, UsageError."""
    path = exchange.path(phone, name)
    media = _ENDINGS.get(name.split(".")[-1])
    try:
        if media:
            return _read(path) + (media,)
    except OSError:
        pass
    raise Denied(404, "the album has no such picture")


async def part(phone, id, index, raw=False):
    """(its octets in pieces, media type for the browser, more headers) of a part of a message.

    `raw`: as it came, to be saved. Raises UsageError, Denied.
    """
    id = rooms.commands.id_of({"id": id})
    if not rooms.numbers.decimal(index) or len(index) > 2:
        raise Denied(404, "parts are numbered")
    media, pieces = await rooms.album.part(phone.inbox.store, id, int(index), raw)
    if media in _SHOWN and not raw:
        return pieces, media, {}
    saved = {"Content-Disposition": 'attachment; filename="%s-%s.%s"' % (id, index, rooms.kinds.ending(media))}
    if raw or media not in _TYPES_SHOWN:
        return pieces, _SAVED, saved
    return pieces, _TYPES_SHOWN[media], saved


class View:
    """The writer of a picture that goes from the camera to the browser: `octets` are counted, nothing is stored."""

    def __init__(self, connection, head):
        self._connection, self._head = connection, head
        self.octets = 0

    async def __aenter__(self):
        if self.octets:
            raise OSError(104)  # ECONNRESET: the picture broke off, and the browser has the beginning of it
        return self

    async def __aexit__(self, kind, error, trace):
        pass

    async def add(self, view):
        """Pass octets on; the head of the response goes before the first."""
        if not self.octets:
            await self._connection.awrite(self._head)
        self.octets += len(view)
        await self._connection.awrite(view)


async def view(phone, connection, head):
    """Send a picture of the smallest size from the camera, after the `head` of a response.

    Raises what `Handset.snap` does, and OSError once the picture has begun.
    """
    writer = View(connection, head)
    sizes = phone.camera.sizes if phone.camera else ()
    try:
        await phone.snap(lambda: writer, sizes[-1] if sizes else None, _VIEW_QUALITY)
    except CameraError as error:
        raise OSError(104) if writer.octets else error


class Uploads:
    """Files that a browser has sent, in the album as up-NUMBER.ENDING, until they are in a message."""

    def __init__(self, phone):
        self._phone, self._number = phone, 0
        self._names = []
        folder = phone.settings["album"]
        files.make_folder(folder)
        for name in list(files.names(folder)):
            if name.startswith("up-"):
                files.remove("%s/%s" % (folder, name))  # of the last start: no page has it any more

    async def take(self, ending, request, octets):
        """Keep a file: {"file", "octets"}; raises UsageError, StoreError, OSError when the browser goes away."""
        kinds, store = rooms.kinds, self._phone.inbox.store
        self._number += 1
        name = "up-%d.%s" % (self._number, ending.lower())
        media, path = kinds.guess(name), exchange.path(self._phone, name)
        async with Writer(path, plain=True, store=store) as writer:
            first = await request.read(_BLOCK)
            kinds.check(media, first)
            await writer.add(first)
            while writer.octets < octets:
                await writer.add(await request.read(_BLOCK))
        self._names.append(name)
        if len(self._names) > _UPLOADS:
            self.forget(self._names[0])
        return {"file": name, "octets": octets}

    def forget(self, name):
        """Delete a file that is in a message, or in none."""
        if name in self._names:
            self._names.remove(name)
            files.remove(exchange.path(self._phone, name))
