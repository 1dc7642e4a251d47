"""Frames of the display as MicroPython draws them: what can be read, and the last picture."""

import subprocess

import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.kit.portable import compiled
from tools.programs import ROOT, micropython

WIDTH, HEIGHT = 128, 64


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    """(the picture that was drawn, the frames as images of one bit: a text, the picture twice, and no picture)."""
    path = tmp_path_factory.mktemp("frames") / "scene.jpg"
    scene = Image.new("L", (640, 480), 200)
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 300, 640, 480), fill=60)
    draw.ellipse((420, 60, 580, 220), fill=255)
    draw.rectangle((60, 120, 260, 400), fill=10)
    scene.save(path)
    command = [*micropython(), "tests/kit/handset/frames.py", str(compiled()), str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr + done.stdout
    return scene, [image(bytes.fromhex(line)) for line in done.stdout.split()]


def image(octets):
    """A frame of an SSD1306 as an image."""
    found = Image.new("L", (WIDTH, HEIGHT))
    for y in range(HEIGHT):
        for x in range(WIDTH):
            found.putpixel((x, y), 255 * (octets[y // 8 * WIDTH + x] >> y % 8 & 1))
    return found


def lit(frame, *box):
    """How many pixels of a box are lit."""
    return sum(frame.crop(box).tobytes()) // 255


def test_a_text_has_a_status_above_a_line_and_rows_that_do_not_touch_it(frames):
    text = frames[1][0]
    assert lit(text, 0, 9, WIDTH, 10) == WIDTH and lit(text, 0, 8, WIDTH, 9) == lit(text, 0, 10, WIDTH, 11) == 0
    assert lit(text, 0, 0, 56, 8) > 60 and lit(text, 0, 11, WIDTH, 19) > 60 and lit(text, 0, 19, WIDTH, 23) == 0
    assert all(lit(text, 0, y, WIDTH, y + 8) > 40 for y in range(23, 63, 8))


def test_signal_and_battery_grow_with_what_they_show(frames):
    (good, full), (poor, empty) = [
        (lit(frame, 92, 0, 110, 8), lit(frame, 113, 2, 124, 5)) for frame in (frames[1][0], frames[1][1])
    ]
    assert good > poor > 0 and full == 3 * 8 and empty <= 3


def test_the_last_picture_can_be_recognised_below_the_status(frames):
    scene, (_, frame, later, _) = frames
    box = 28, 11, 100, 64  # 53 rows of a picture that is four wide and three high
    assert lit(frame, 0, 11, 26, 64) == lit(frame, 102, 11, 128, 64) == 0
    shown = frame.crop(box).filter(ImageFilter.BoxBlur(2)).tobytes()
    meant = scene.resize((box[2] - box[0], box[3] - box[1])).filter(ImageFilter.BoxBlur(2)).tobytes()
    wrong = sum(abs(a - b) for a, b in zip(shown, meant, strict=True)) / len(meant)
    assert wrong < 25, wrong  # of 255; another picture is off by 60 and more
    below = 0, 11, WIDTH, HEIGHT
    assert later.crop(below).tobytes() == frame.crop(below).tobytes() and later.tobytes() != frame.tobytes()


def test_what_is_no_picture_says_so(frames):
    frame = frames[1][3]
    assert lit(frame, 24, 32, 104, 40) > 60 and lit(frame, 0, 41, WIDTH, 64) == 0
