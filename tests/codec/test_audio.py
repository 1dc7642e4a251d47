"""How long sounds last: whole files, cut ones, hostile ones, in pieces of any size."""

import struct

from mms.codec import audio

SIZES = (13, 14, 16, 18, 20, 21, 27, 32, 6)  # RFC 4867, table 1 in octets, and a description of silence
WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6)


def lasts(media, octets):
    """Milliseconds, the same for pieces of all sizes."""
    found = set()
    for size in (1, 2, 3, 5, 12, 13, 64, 512, max(len(octets), 1)):
        meter = audio.meter(media)
        for at in range(0, len(octets), size):
            meter.feed(memoryview(octets)[at : at + size])
        meter.feed(b"")
        found.add(meter.ms())
    assert len(found) == 1, (octets[:20], found)
    return found.pop()


def frame(kind, size):
    return bytes([kind << 3 | 4]) + bytes(size - 1)


def wave(data, rate=16000, form=16, more=b"", size=None):
    told = len(data) if size is None else size
    head = struct.pack("<4sI4s", b"RIFF", 36 + len(data), b"WAVE") + more
    head += struct.pack("<4sIHHIIHH", b"fmt ", form, 1, 1, 8000, rate, 2, 16) + bytes(form - 16 + form % 2)
    return head + struct.pack("<4sI", b"data", told) + data


def test_frames_of_amr_last_20_ms_each():
    every = b"".join([frame(kind, SIZES[kind]) for kind in range(len(SIZES))]) + b"\x7c"
    assert lasts("audio/amr", b"#!AMR\n" + every * 3) == 600
    wide = b"".join([frame(kind, WIDE[kind]) for kind in range(len(WIDE))]) + b"\x74\x7c"
    assert lasts("audio/amr-wb", b"#!AMR-WB\n" + wide) == 240


def test_a_frame_that_is_cut_does_not_count():
    octets = b"#!AMR\n" + frame(7, 32) * 3
    for cut in range(1, 32):
        assert lasts("audio/amr", octets[:-cut]) == 40
    assert lasts("audio/amr", octets[:6]) == 0


def test_what_is_no_amr_has_no_duration():
    for octets in (b"", b"#!AMR", b"#!AMR_MC1.0\n\0\0\0\0", b"RIFF", b"#!AMR\n" + frame(9, 13), b"\xff" * 2000):
        assert lasts("audio/amr", octets) is None


def test_a_wave_lasts_as_long_as_its_samples():
    assert lasts("audio/x-wav", wave(bytes(16000))) == 1000
    assert lasts("audio/wav", wave(bytes(4000), form=18, more=b"LIST\x03\0\0\0abc\0")) == 250
    assert lasts("audio/wav", wave(bytes(8000)) + b"LIST\x04\0\0\0abcd") == 500
    assert lasts("audio/x-wav", wave(bytes(8000), size=0xFFFFFFFF)) == 500  # fewer samples than the header promises


def test_a_hostile_wave_has_no_duration_and_takes_no_memory():
    for octets in (
        wave(b"", rate=0),
        wave(bytes(100), rate=0),
        b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff" + bytes(3000),
        b"RIFF\0\0\0\0WAVEdata\xff\xff\xff\xff" + bytes(3000),
        b"RIFF\0\0\0\0WAVEfmt \x04\0\0\0" + bytes(3000),
        b"RIFX" + bytes(3000),
        b"RIFF\0\0\0\0WAVE" + b"\0" * 3000,
        wave(bytes(10))[:30],
    ):
        assert lasts("audio/wav", octets) in (None, 0)
        meter = audio.meter("audio/wav")
        meter.feed(octets)
        assert len(meter._held) < 24


def test_other_media_are_not_measured():
    assert audio.meter("audio/midi") is audio.meter("image/jpeg") is None
