"""Octets for the page and from it: pictures of the album and the camera, parts of messages, uploads; loaded for each.

A part from a stranger is shown as a picture, played as a sound, or saved as a file: a browser gets no type of it that
it could execute.
"""

from mms.errors import CameraError
from mms.handset import rooms
from mms.handset.page.assets import read
from mms.handset.page.connection import Denied
from mms.handset.store import files
from mms.handset.store.blobs import Writer
from mms.limits import const

UPLOAD = const("up-")  # begins the name of a file that a browser has sent
_SHOWN = const(("image/jpeg", "image/png", "image/gif"))
_TYPES_SHOWN = {"text/plain": "text/plain; charset=utf-8", "audio/x-wav": "audio/wav", "audio/wav": "audio/wav"}
_ENDINGS = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif"}
_BLOCK = const(512)
_VIEW_QUALITY = const(40)  # of the view finder's pictures
_SAVED = const("application/octet-stream")


def picture(phone, name):
    """(its octets in pieces, how many, media type) of a picture in the album; raises Denied, UsageError."""
    path = rooms.exchange.path(phone, name)
    media = _ENDINGS.get(name.split(".")[-1])
    try:
        if media:
            return read(path) + (media,)
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


async def take(phone, connection, name, octets):
    """Keep a file of so many octets that a browser sends, as NAME in the album: {"file", "octets"}.

    Raises UsageError, StoreError, OSError when the browser goes away.
    """
    kinds, path = rooms.kinds, rooms.exchange.path(phone, name)
    media = kinds.guess(name)
    async with Writer(path, plain=True, store=phone.inbox.store) as writer:
        first = await connection.read(_BLOCK)
        kinds.check(media, first)
        await writer.add(first)
        while writer.octets < octets:
            await writer.add(await connection.read(_BLOCK))
    return {"file": name, "octets": octets}


def forget(phone, names=None):
    """Delete files that a browser has sent: those, or all that are left from the last start."""
    folder = phone.settings["album"]
    files.make_folder(folder)
    for name in [one for one in files.names(folder) if one.startswith(UPLOAD)] if names is None else names:
        files.remove("%s/%s" % (folder, name))
