"""AMR as WAV for pages in a browser, which plays no AMR: POST the octets, and get the sound back.

The decoder is PyAV's (tools/lab/sounds.py); without it there is no service. Only pages whose origins are named get
answers.
"""

import asyncio

from aiohttp import web

from tools.lab import sounds
from tools.lab.shell import Server


class Decoder(Server):
    """The service; `origins` are those of the pages that may use it. Raises LookupError without PyAV."""

    def __init__(self, origins, port=0):
        super().__init__([web.post("/", self._decode)], port)
        self._origins = frozenset(origins)
        if not sounds.available():
            raise LookupError(sounds.PACKAGE)

    async def _decode(self, request):
        origin = request.headers.get("Origin")
        if origin not in self._origins:
            raise web.HTTPForbidden(text="this is for the pages of the lab's handsets\n")
        headers = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
        try:
            octets = await asyncio.to_thread(sounds.wav, await request.read())
        except ValueError as error:
            return web.Response(status=400, text="%s\n" % error, headers=headers)
        return web.Response(body=octets, content_type="audio/wav", headers=headers)
