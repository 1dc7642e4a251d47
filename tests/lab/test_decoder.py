"""AMR becomes WAV for a page of the lab: by the decoder of opencore-amr, and for no other site."""

import array
import asyncio
import io
import wave

import aiohttp
import pytest

from tools.lab import decoder
from tools.programs import ROOT

HELLO = (ROOT / "assets/sounds/hello.amr").read_bytes()
PAGE = "http://127.0.0.1:8001"


@pytest.fixture(scope="module")
def library():
    """The library of Debian's package."""
    found = decoder.library()
    assert found, "sudo .ci/install installs " + decoder.PACKAGE
    return found


def samples(octets):
    with wave.open(io.BytesIO(octets)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 8000)
        return array.array("h", sound.readframes(sound.getnframes()))


def hertz(piece):
    crossings = sum(1 for before, after in zip(piece, piece[1:], strict=False) if before < 0 <= after)
    return crossings * 8000 / len(piece)


def test_the_notes_of_the_jingle_are_heard(library):
    heard = samples(decoder.decode(library, HELLO))
    assert len(heard) == (len(HELLO) - 6) // 13 * 160 and max(heard) > 3000
    assert 640 < hertz(heard[400:1400]) < 680 and 760 < hertz(heard[1840:2840]) < 810  # 659 and 784


def test_every_type_of_frame_is_taken_and_a_cut_one_left_out(library):
    every = b"".join(bytes([kind << 3 | 4]) + bytes(range(decoder._SIZES[kind] - 1)) for kind in (*range(9), 15))
    assert len(samples(decoder.decode(library, b"#!AMR\n" + every))) == 10 * 160
    assert len(samples(decoder.decode(library, b"#!AMR\n" + every[:-3]))) == 8 * 160
    assert len(samples(decoder.decode(library, b"#!AMR\n"))) == 0


@pytest.mark.parametrize(
    "octets", [b"", b"RIFF", b"#!AMR-WB\n\x04", b"#!AMR\n\x4c" + bytes(20), b"#!AMR\n" + b"\x7c" * 3001]
)
def test_other_octets_and_too_many_are_refused(library, octets):
    with pytest.raises(ValueError):
        decoder.decode(library, octets)


def test_only_pages_of_the_lab_get_an_answer(library):
    async def ask(session, url, octets, **headers):
        async with session.post(url, data=octets, headers=headers) as answer:
            return answer.status, answer.headers.get("Access-Control-Allow-Origin"), await answer.read()

    async def story():
        service = decoder.Decoder([PAGE])
        await service.start()
        try:
            async with aiohttp.ClientSession() as session:
                return [
                    await ask(session, service.url, HELLO, Origin=PAGE),
                    await ask(session, service.url, b"noise", Origin=PAGE),
                    await ask(session, service.url, HELLO, Origin="http://evil.example"),
                    await ask(session, service.url, HELLO),
                ]
        finally:
            await service.stop()

    good, bad, foreign, none = asyncio.run(story())
    assert good[:2] == (200, PAGE) and len(samples(good[2])) > 8000
    assert bad == (400, PAGE, b"this is no AMR of one channel in the narrow band\n")
    assert foreign[:2] == none[:2] == (403, None)


def test_without_the_package_there_is_no_service(monkeypatch):
    monkeypatch.setattr(decoder, "_LIBRARY", "libabsent.so.0")
    with pytest.raises(LookupError, match="libopencore-amrnb0"):
        decoder.Decoder([PAGE])
