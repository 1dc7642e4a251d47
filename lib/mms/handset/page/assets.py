"""Files for the page in pieces, and the page's own ones, which lie beside operators.bin."""

import asyncio
import os
import sys

from mms import flash
from mms.handset.page.connection import Denied
from mms.handset.store.files import user_file
from mms.limits import const

FILES = const(
    (
        "index.html",
        "page.css",
        "page.js",
        "phone.js",
        "camera.js",
        "compose.js",
        "messages.js",
        "settings.js",
        "icon.svg",
    )
)
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_BLOCK = const(512)


def own_file(name):
    """(its octets in pieces, how many, media type, more headers) of a file of the page; raises Denied.

    A board has it as NAME.gz, a third of its size: every browser takes that.
    """
    for folder in sys.path if name in FILES else ():
        for ending, headers in (("", {}), (".gz", {"Content-Encoding": "gzip"})):
            path = (folder + "/" if folder else "") + "assets/page/" + name + ending
            try:
                return read(path) + (_TYPES[name.split(".")[1]], headers)
            except OSError:
                pass  # this is not the folder of the program
    raise Denied(404, "there is nothing of that name")


def read(path):
    """(the octets of a file in pieces, how many); raises OSError."""
    octets = os.stat(path)[6]
    return _blocks(user_file(path)), octets


def _blocks(file):
    block = bytearray(_BLOCK)
    with file:
        while True:
            count = file.readinto(block)
            if not count:
                return
            yield memoryview(block)[:count]


class Pieces:
    """The body of a response, an asynchronous iterator over pieces that may read the flash; microdot closes it."""

    def __init__(self, pieces):
        self._pieces = pieces

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.sleep(0)
        await flash.quiet()  # a piece may read a damaged record, which is then set aside
        for piece in self._pieces:
            if piece:
                return piece
        raise StopAsyncIteration

    async def aclose(self):
        """Let go of what the pieces come from."""
        self.close()

    def close(self):
        """The same, at once."""
        if hasattr(self._pieces, "close"):
            self._pieces.close()
