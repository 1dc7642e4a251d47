"""Sounds of phones become WAV for a page of the lab: by PyAV, and for no other site."""

import array
import asyncio
import io
import struct
import wave

import aiohttp
import av
import pytest

from tools.lab import decoder, sounds
from tools.programs import ROOT

HELLO = (ROOT / "assets/sounds/hello.amr").read_bytes()
PAGE = "http://127.0.0.1:8001"
NARROW = (13, 14, 16, 18, 20, 21, 27, 32, 6)  # octets of the frames with speech, and with comfort noise
WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6)


def samples(octets, rate=8000):
    with wave.open(io.BytesIO(octets)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, rate)
        return array.array("h", sound.readframes(sound.getnframes()))


def hertz(piece):
    crossings = sum(1 for before, after in zip(piece, piece[1:], strict=False) if before < 0 <= after)
    return crossings * 8000 / len(piece)


def written(format, codec, seconds=1, rate=8000):
    """A file of silence in another format, by FFmpeg's encoder."""
    file = io.BytesIO()
    with av.open(file, "w", format=format) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame(format=stream.format.name, layout="mono", samples=stream.frame_size or 1024)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate = rate
        for number in range(seconds * rate // frame.samples):
            frame.pts = number * frame.samples
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def test_the_notes_of_the_jingle_are_heard():
    heard = samples(sounds.wav(HELLO))
    assert len(heard) == (len(HELLO) - 6) // 13 * 160 and max(heard) > 3000
    assert 640 < hertz(heard[400:1400]) < 680 and 760 < hertz(heard[1840:2840]) < 810  # 659 and 784


@pytest.mark.parametrize(
    ("mark", "sizes", "rest", "rate"), [(b"#!AMR\n", NARROW, (15,), 8000), (b"#!AMR-WB\n", WIDE, (14, 15), 16000)]
)
def test_every_type_of_frame_is_taken_and_a_cut_one_left_out(mark, sizes, rest, rate):
    every = b"".join(bytes([kind << 3 | 4]) + bytes(range(size - 1)) for kind, size in enumerate(sizes))
    every += bytes(kind << 3 | 4 for kind in rest)
    count, frame = len(sizes) + len(rest), rate // 50
    assert len(samples(sounds.wav(mark + every), rate)) == count * frame
    assert len(samples(sounds.wav(mark + every[: -len(rest) - 1]), rate)) == (count - len(rest) - 1) * frame
    assert len(samples(sounds.wav(mark), rate)) == 0


@pytest.mark.parametrize(
    ("format", "codec"), [("wav", "pcm_s16le"), ("wav", "pcm_alaw"), ("mp3", "libmp3lame"), ("3gp", "aac")]
)
def test_other_sounds_are_decoded_and_bounded(format, codec):
    heard = samples(sounds.wav(written(format, codec)))
    assert 0.8 * 8000 < len(heard) < 1.3 * 8000
    with pytest.raises(ValueError, match="a sound of more than 60 s"):
        sounds.wav(written(format, codec, 62))


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"RIFF",
        b"<html>",
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"#!AMR_MC1.0\n\x04",
        b"#!AMR\n\x4c" + bytes(20),
        b"#!AMR-WB\n\x54",
        b"#!AMR\n" + b"\x7c" * 3001,
        b"\0\0\0\x14ftypisom" + bytes(200),
        b"RIFF"
        + struct.pack("<I4s4sIHHIIHH4sI", 80036, b"WAVE", b"fmt ", 16, 1, 1, 3, 6, 2, 16, b"data", 80000)
        + bytes(80000),
    ],
)
def test_other_octets_and_too_many_are_refused(octets):
    with pytest.raises(ValueError):
        sounds.wav(octets)


def test_only_pages_of_the_lab_get_an_answer():
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
    assert bad == (400, PAGE, b"this is no sound that can be played\n")
    assert foreign[:2] == none[:2] == (403, None)


def test_without_the_package_there_is_no_service(monkeypatch):
    monkeypatch.setattr(sounds, "PACKAGE", "absent")
    with pytest.raises(LookupError, match="absent"):
        decoder.Decoder([PAGE])
