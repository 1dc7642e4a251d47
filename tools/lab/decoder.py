"""AMR as WAV for pages in a browser, which plays no AMR: POST the octets, and get 8 kHz mono back.

The decoder is a program by others, opencore-amr (Debian package libopencore-amrnb0), by ctypes; without it there is no
service. Only pages whose origins are named get answers. A sound lasts 60 s at most.
"""

import asyncio
import ctypes
import io
import wave

from aiohttp import web

from tools.lab.shell import Server

PACKAGE = "libopencore-amrnb0"
_LIBRARY = "libopencore-amrnb.so.0"
_MARK = b"#!AMR\n"
_SIZES = (13, 14, 16, 18, 20, 21, 27, 32, 6) + (0,) * 6 + (1,)  # octets of a frame by its type (RFC 4867, 5.3)
_LARGEST = max(_SIZES)
_RATE, _SAMPLES = 8000, 160  # of a second, of a frame
_FRAMES = 60 * _RATE // _SAMPLES


def library():
    """The decoder, None where its package is absent."""
    try:
        found = ctypes.CDLL(_LIBRARY)
    except OSError:
        return None
    found.Decoder_Interface_init.restype = ctypes.c_void_p
    found.Decoder_Interface_init.argtypes = ()
    found.Decoder_Interface_exit.argtypes = (ctypes.c_void_p,)
    found.Decoder_Interface_Decode.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int)
    return found


def frames(octets):
    """The whole frames of an AMR file; raises ValueError for octets that are none, and for more than 60 s."""
    if not octets.startswith(_MARK):
        raise ValueError("this is no AMR of one channel in the narrow band")
    found, at = [], len(_MARK)
    while at < len(octets):
        size = _SIZES[octets[at] >> 3 & 15]
        if not size:
            raise ValueError("a frame of no known type")
        if at + size <= len(octets):
            found.append(octets[at : at + size])
        at += size
        if len(found) > _FRAMES:
            raise ValueError("a sound of more than 60 s")
    return found


def decode(decoder, octets):
    """The WAV file of an AMR file; `decoder` is a `library()`. Raises ValueError."""
    samples, frame_samples = bytearray(), ctypes.create_string_buffer(2 * _SAMPLES)
    pieces = frames(octets)
    state = decoder.Decoder_Interface_init()
    try:
        for frame in pieces:
            decoder.Decoder_Interface_Decode(state, frame.ljust(_LARGEST, b"\0"), frame_samples, 0)
            samples += frame_samples.raw
    finally:
        decoder.Decoder_Interface_exit(state)
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, _RATE, len(samples) // 2, "NONE", ""))
        sound.writeframes(samples)
    return file.getvalue()


class Decoder(Server):
    """The service; `origins` are those of the pages that may use it. Raises LookupError without the library."""

    def __init__(self, origins, port=0):
        super().__init__([web.post("/", self._decode)], port)
        self._origins, self._library = frozenset(origins), library()
        if self._library is None:
            raise LookupError(PACKAGE)

    async def _decode(self, request):
        origin = request.headers.get("Origin")
        if origin not in self._origins:
            raise web.HTTPForbidden(text="this is for the pages of the lab's handsets\n")
        headers = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
        try:
            octets = await asyncio.to_thread(decode, self._library, await request.read())
        except ValueError as error:
            return web.Response(status=400, text="%s\n" % error, headers=headers)
        return web.Response(body=octets, content_type="audio/wav", headers=headers)
