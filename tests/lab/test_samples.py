"""The samples in assets/ are what their names say."""

import pathlib

from PIL import Image

ASSETS = pathlib.Path(__file__).resolve().parents[2] / "assets"
FRAMES = (13, 14, 16, 18, 20, 21, 27, 32)  # octets of an AMR frame with its first, by its type


def test_the_sound_is_whole_amr_frames_and_a_few_kilobytes():
    octets = (ASSETS / "sounds" / "hello.amr").read_bytes()
    assert octets.startswith(b"#!AMR\n")
    at, frames = 6, 0
    while at < len(octets):
        assert octets[at] & 0x83 == 0 and octets[at] & 0x04  # padding is zero, the frame is good
        at += FRAMES[octets[at] >> 3]
        frames += 1
    assert at == len(octets) and 2000 < at < 5000
    assert 3 < frames * 0.02 < 6


def test_the_picture_is_a_small_jpeg():
    path = ASSETS / "sample.jpg"
    image = Image.open(path)
    image.load()
    assert image.format == "JPEG" and image.size == (320, 240)
    assert path.stat().st_size < 10000
