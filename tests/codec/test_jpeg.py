"""Pictures that Pillow makes go through the codec, and Pillow judges them afterwards."""

import io
import json
import math
import random
import subprocess

import pytest
from PIL import Image, ImageChops, ImageDraw

from mms.codec import jpeg, requantise, thumbnail
from mms.errors import PduError
from tests.kit import portable
from tests.kit.codec import pictures

VGA = (640, 480)


def scene(size, noise=12):
    """A picture with slopes, edges and noise: the same each time."""
    width, height = size
    slopes = [Image.linear_gradient("L").rotate(turn).resize(size) for turn in (0, 90, 180)]
    picture = Image.merge("RGB", slopes)
    draw = ImageDraw.Draw(picture)
    for at in range(12):
        x, y = width * (at % 4) // 4, height * (at // 4) // 3
        draw.ellipse((x, y, x + width // 6, y + height // 5), fill=(at * 20, 255 - at * 20, at * 53 % 256))
    grain = Image.frombytes("L", size, random.Random(5).randbytes(width * height))
    grain = grain.point(lambda grey: grey * noise // 256).convert("RGB")
    return ImageChops.add(picture, grain)


def encoded(picture, **options):
    """A picture as JPEG."""
    file = io.BytesIO()
    picture.save(file, "JPEG", **options)
    return file.getvalue()


def opened(octets):
    """The picture that Pillow decodes."""
    picture = Image.open(io.BytesIO(octets))
    picture.load()
    return picture


def psnr(first, second):
    """The peak signal to noise ratio of two pictures in dB."""
    histogram = ImageChops.difference(first, second).histogram()
    squares = sum(count * (at % 256) ** 2 for at, count in enumerate(histogram))
    return 10 * math.log10(65025 * sum(histogram) / squares) if squares else math.inf


KINDS = [
    (VGA, "RGB", {"quality": 90, "subsampling": "4:2:0"}),
    (VGA, "RGB", {"quality": 79, "subsampling": "4:2:2", "restart_marker_rows": 1}),
    (VGA, "L", {"quality": 85}),
    ((101, 77), "RGB", {"quality": 95, "subsampling": "4:4:4", "restart_marker_blocks": 7}),
    ((101, 77), "RGB", {"quality": 50, "subsampling": "4:2:0", "restart_marker_blocks": 1}),
    ((97, 33), "L", {"quality": 100, "restart_marker_blocks": 3, "optimize": True}),
    ((17, 301), "RGB", {"quality": 30, "subsampling": "4:2:2", "optimize": True}),
    ((1040, 800), "RGB", {"quality": 75, "subsampling": "4:2:0"}),
    ((8, 8), "RGB", {"quality": 75, "subsampling": "4:4:4"}),
    ((1, 1), "RGB", {"quality": 75, "subsampling": "4:2:0"}),
]


@pytest.fixture(scope="module")
def kinds():
    """(size, octets) of a picture of each kind."""
    return [(size, encoded(scene(size).convert(mode), **options)) for size, mode, options in KINDS]


def test_a_thumbnail_is_that_of_pillow(kinds):
    compared = 0
    for (width, height), octets in kinds:
        across, rows = pictures.grey(octets, 50)
        assert (across, len(rows) // across) == ((width + 7) // 8, (height + 7) // 8)
        other = Image.open(io.BytesIO(octets))
        other.draft("L", (max(width // 8, 1), max(height // 8, 1)))
        if other.size == (across, len(rows) // across):
            errors = [abs(one - two) for one, two in zip(rows, other.convert("L").tobytes(), strict=True)]
            assert sum(errors) / len(errors) < 1
            compared += 1
    assert compared > 6


def test_a_preview_is_as_bright_as_its_picture_and_leaves_the_rest_of_the_display(kinds):
    for before in (0x00, 0xFF):
        for (width, _), octets in kinds[:4] + kinds[7:8]:
            found = pictures.preview(octets, 64, bytearray([before]) * 1024)
            lit = [[found[(y >> 3) * 128 + x] >> (y & 7) & 1 for x in range(128)] for y in range(64)]
            across, down = (83, 64) if width == 1040 else (80, 60) if width == 640 else (78, 60)
            if width == 101:
                across, down = 13 * 6, 10 * 6
            left, top = (128 - across) // 2, (64 - down) // 2
            inside = [lit[y][x] for y in range(top, top + down) for x in range(left, left + across)]
            grey = sum(opened(octets).convert("L").resize((1, 1), Image.Resampling.BOX).tobytes())
            assert abs(sum(inside) / len(inside) - grey / 255) < 0.03
            outside = sum(map(sum, lit)) - sum(inside)
            assert outside == (before & 1) * (128 * 64 - len(inside))


def test_a_preview_takes_only_the_rows_that_it_is_given():
    buffer = bytearray(1024)
    pictures.fed(thumbnail.Preview(buffer, 128, 48, 16), encoded(scene(VGA)), 64)
    assert not any(buffer[:256]) and any(buffer[256:384]) and any(buffer[-128:])


def test_with_the_same_quantisers_the_picture_is_the_same(kinds):
    for _, octets in kinds:
        again = pictures.smaller(octets, requantise.SAME)
        assert opened(again).tobytes() == opened(octets).tobytes()


def test_coarser_quantisers_give_a_smaller_picture_that_looks_like_the_old_one(kinds):
    for (size, octets), least in zip(kinds[:3] + kinds[7:8], (34, 32, 33, 31), strict=True):
        again = pictures.smaller(octets, 32)
        assert len(again) < 0.72 * len(octets) and opened(again).size == size
        assert psnr(opened(octets), opened(again)) > least


def test_the_octets_are_the_same_however_they_come(kinds):
    for _, octets in kinds[3:7]:
        whole = pictures.smaller(octets, 40, len(octets)), pictures.preview(octets, len(octets))
        for size in (1, 2, 7):
            assert (pictures.smaller(octets, 40, size), pictures.preview(octets, size)) == whole


def test_both_pythons_give_the_same(kinds, tmp_path):
    if not portable.micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    paths = []
    for number, (_, octets) in enumerate(kinds):
        paths.append(tmp_path / str(number))
        paths[-1].write_bytes(octets)
    paths.append(tmp_path / "progressive")
    paths[-1].write_bytes(encoded(scene((64, 64)), progressive=True))
    words = [*portable.micropython(), "tests/kit/codec/pictures.py", str(portable.compiled()), *map(str, paths)]
    done = subprocess.run(words, cwd=portable.ROOT, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told == [pictures.digests(path.read_bytes()) for path in paths]
    assert "progressive" in told[-1][0] and len(set(map(str, told))) == len(paths)


def test_orientation_stays_and_places_thumbnails_and_comments_go():
    exif = Image.Exif()
    exif[0x112] = 6
    exif[0x10F] = "A maker with a long name"
    exif.get_ifd(0x8825)[1] = "N"
    octets = encoded(scene((64, 48)), exif=exif, comment=b"no one's business", icc_profile=bytes(5000))
    picture = opened(pictures.smaller(octets, 32))
    assert dict(picture.getexif()) == {0x112: 6}
    assert "comment" not in picture.info and "icc_profile" not in picture.info
    for damage in (b"II*\0\xff\xff\xff\xff", b"MM\0*", b"II*\0\x08\0\0\0\xff\xff" + b"\x01\0" * 300, b""):
        marked = octets[:2] + b"\xff\xe1" + bytes([0, 8 + len(damage) & 0xFF]) + b"Exif\0\0" + damage[:240] + octets[2:]
        if len(damage) < 240:
            assert opened(pictures.smaller(marked, 32)).size == (64, 48)


def test_colours_that_are_coded_as_they_are_stay_so():
    octets = encoded(scene((64, 48)), keep_rgb=True, quality=90)
    assert psnr(opened(octets), opened(pictures.smaller(octets, 24))) > 33


def test_the_loop_has_its_turn_after_some_coefficients_whatever_the_picture():
    noise = Image.frombytes("RGB", (160, 120), random.Random(1).randbytes(57600))
    for octets in (encoded(noise, quality=100, subsampling=0), encoded(Image.new("L", (800, 600)), optimize=True)):
        reader, coefficients = jpeg.Reader(), 0
        for found in reader.feed(octets):
            coefficients += reader.number + 1 if found >= 0 else 0
        for job, most in ((requantise.Requantiser(32), 50), (thumbnail.Thumbnail(), 82)):
            assert most * sum(1 for _ in job.feed(octets)) > coefficients


def test_the_size_is_foreseen(kinds):
    for _, octets in kinds[:3] + kinds[7:8]:
        most = len(octets) * 7 // 10
        factor = requantise.least(requantise.SAME, len(octets), most)
        job = requantise.Requantiser(factor)
        for _ in job.feed(octets[: len(octets) // 4]):
            pass
        expected, whole = job.expect(len(octets)), len(pictures.smaller(octets, factor))
        assert whole <= most and abs(expected - whole) < whole // 3
    assert requantise.least(requantise.SAME, 1000, 100) is None


def test_a_picture_gets_no_coarser_than_one_can_look_at():
    octets = encoded(scene(VGA), quality=60)
    job = requantise.Requantiser(512)
    pictures.fed(job, octets, 500)
    assert 32 < job.factor < 64 and pictures.smaller(octets, 512) == pictures.smaller(octets, job.factor)


def refused(octets):
    """The text of the error of both jobs."""
    texts = set()
    for job in (thumbnail.Thumbnail(), requantise.Requantiser(32)):
        with pytest.raises(PduError) as caught:
            pictures.fed(job, octets, 100)
        assert 0 <= caught.value.offset <= len(octets)
        texts.add(caught.value.what)
    assert len(texts) == 1
    return texts.pop()


def test_what_is_not_supported_is_named():
    plain = encoded(scene((64, 48)))
    frame = plain.index(b"\xff\xc0")
    for octets, words in (
        (encoded(scene((64, 48)), progressive=True), "SOF2: a JPEG that is progressive"),
        (plain[:frame] + b"\xff\xc9" + plain[frame + 2 :], "SOF9: a JPEG that is arithmetic, sequential"),
        (plain[:frame] + b"\xff\xca" + plain[frame + 2 :], "SOF10: a JPEG that is arithmetic, progressive"),
        (plain[:frame] + b"\xff\xc3" + plain[frame + 2 :], "SOF3: a JPEG that is lossless"),
        (encoded(scene((64, 48)).convert("CMYK")), "4 components"),
        (plain[: frame + 4] + b"\x0c" + plain[frame + 5 :], "samples of 12 bits"),
        (plain[: frame + 11] + b"\x14" + plain[frame + 12 :], "a sampling of 1 x 4"),
        (plain[: frame + 5] + b"\0\0" + plain[frame + 7 :], "64 x 0 samples"),
        (plain[: frame + 5] + b"\xff\xff" + plain[frame + 7 :], "64 x 65535 samples"),
        (b"\x89PNG\r\n\x1a\n", "no JPEG"),
        (b"\xff\xd8\xff\xd9", "marker D9 among the headers"),
        (b"", "cut short"),
    ):
        assert words in refused(octets)


def test_a_picture_that_is_cut_short_anywhere_is_refused():
    octets = encoded(scene((40, 24)), restart_marker_blocks=2)
    for end in range(len(octets)):
        assert refused(octets[:end])
    assert pictures.grey(octets + bytes(50))[0] == 5


def test_damage_ends_in_an_error_or_a_picture():
    chance = random.Random(7)
    refusals = 0
    for options in ({}, {"restart_marker_blocks": 2}, {"optimize": True}):
        whole = encoded(scene((48, 40)), **options)
        for _ in range(100):
            octets = bytearray(whole)
            for _ in range(chance.randint(1, 3)):
                octets[chance.randrange(len(octets))] = chance.choice((0, 1, 0x7F, 0xD0, 0xFF, chance.randrange(256)))
            try:
                pictures.preview(octets)
                again = pictures.smaller(octets, 32)
            except PduError:
                refusals += 1
                continue
            assert opened(again).tobytes() == opened(pictures.smaller(again, requantise.SAME)).tobytes()
    assert 40 < refusals < 290
