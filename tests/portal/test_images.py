"""Pictures of the album: steps, and files that nothing good can be made of."""

import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.kit.bombs import gif, png
from tools.lab.network.portal import drawing, editing, images, stamps
from tools.programs import ROOT

SAMPLE = (ROOT / "assets/sample.jpg").read_bytes()
BUBBLE = {"do": "bubble", "text": "Grüße!", "x": 300, "y": 200, "tip_x": 600, "tip_y": 700, "size": "small",
          "kind": "speech"}  # fmt: skip


def picture(size=(400, 300), format="JPEG", **more):
    """A file: red on the left, blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    stream = io.BytesIO()
    image.save(stream, format, **more)
    return stream.getvalue()


def is_near(pixel, colour):
    return max(abs(one - other) for one, other in zip(pixel, colour, strict=True)) < 40


def test_steps_are_done_in_their_order_to_the_original_which_stays():
    original = picture()
    turned = images.render(original, [{"do": "rotate", "turn": 90}])
    assert turned.size == (300, 400) and is_near(turned.getpixel((150, 10)), (255, 0, 0))
    left = {"do": "crop", "left": 0, "top": 0, "right": 500, "bottom": 1000}
    assert images.render(original, [left, {"do": "rotate", "turn": 90}]).size == (300, 200)
    assert images.render(original, [{"do": "rotate", "turn": 90}, left]).size == (150, 400)
    assert images.render(original, []).size == (400, 300)


def test_a_file_that_says_more_than_its_pixels_is_known_by_it():
    said = PngInfo()
    said.add_text("Location", "51.5 N")
    stream = io.BytesIO()
    Image.new("RGB", (9, 9)).save(stream, "PNG", pnginfo=said)
    behind = stream.getvalue()
    text, data = behind.index(b"tEXt") - 4, behind.index(b"IDAT") - 4
    end = behind.index(b"IEND") - 4
    behind = behind[:text] + behind[data:end] + behind[text:data] + behind[end:]
    for octets in (stream.getvalue(), behind, picture(format="GIF", comment=b"51.5 N"), picture(comment=b"51.5 N")):
        assert b"51.5 N" in octets and images.has_metadata(octets)
    assert not [format for format in images.FORMATS if images.has_metadata(picture(format=format))]


def test_a_picture_is_turned_as_its_camera_was_and_says_no_more_of_it():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)  # GPS: a latitude
    original = picture(exif=exif)
    assert images.has_metadata(original) and not images.has_metadata(picture())
    drawn = images.render(original, [])
    assert drawn.size == (300, 400)
    for file in (images.encode(drawn, 100_000)[1], images.small(drawn), images.shown(drawn), images.lossless(drawn)):
        assert not images.has_metadata(file)


@pytest.mark.parametrize("kind", ("speech", "thought"))
def test_a_bubble_stands_at_its_place_and_its_tail_reaches_the_tip(kind):
    plain = images.render(picture(), [BUBBLE | {"text": ".", "tip_x": 301, "tip_y": 201}])
    drawn = images.render(picture(), [BUBBLE | {"kind": kind}])
    width, height = drawn.size
    assert width == images.DRAWN_SIDE and is_near(drawn.getpixel((width * 3 // 10, height // 5 - 20)), (255, 255, 255))
    between = [
        drawn.getpixel((int(width * (0.3 + 0.3 * part)), int(height * (0.2 + 0.5 * part)))) for part in (0.62, 0.82)
    ]
    assert all(is_near(pixel, (255, 255, 255)) for pixel in between)
    assert is_near(plain.getpixel((width * 55 // 100, height * 6 // 10)), (0, 0, 255))


def test_texts_are_drawn_with_umlauts_greek_and_cyrillic_and_others_are_named():
    assert drawing.unknown("Grüße! ÄÖÜß €£ łąę Ωμέγα Привет “–…”") == ""
    assert drawing.unknown("Hi 😀 中") == "中😀"
    step = {"do": "text", "x": 500, "y": 500, "size": "large", "colour": "red"}
    drawn = {images.render(None, [step | {"text": letter}]).tobytes() for letter in ("", "o", "ö", "я")}
    assert len(drawn) == 4


@pytest.mark.parametrize("tool", ("text", "bubble"))
def test_a_long_text_is_drawn_whole_in_smaller_letters(tool):
    step = BUBBLE | {"do": tool, "size": "large", "colour": "black"}
    texts = ["word " * 30 + "end", "word " * 30 + "and", "x" * 155 + "end", "x" * 155 + "and"]
    drawn = {images.render(None, [step | {"text": text}]).tobytes() for text in texts}
    assert len(drawn) == 4


def test_each_stamp_and_background_is_another():
    drawn = {stamps.draw(name, 60).tobytes() for name in stamps.STAMPS}
    sheets = {images.render(None, [{"do": "background", "name": name}]).tobytes() for name in drawing.BACKGROUNDS}
    assert len(drawn) == len(stamps.STAMPS) >= 8 and len(sheets) == len(drawing.BACKGROUNDS)
    first = {"do": "background", "name": "night"}
    stamp = {"do": "stamp", "name": "heart", "x": 500, "y": 500, "width": 300}
    last = {"do": "background", "name": "rose"}
    assert images.render(None, [first, stamp, last]) == images.render(None, [last, stamp])


def test_a_cartoon_has_few_colours_and_black_lines_and_takes_less_as_png():
    drawn = images.render(SAMPLE, [{"do": "cartoon"}])
    colours = drawn.getcolors(64)
    assert colours and len(colours) <= 11 and (0, 0, 0) in [colour for _, colour in colours]
    steps = [{"do": "cartoon"}]
    media, file = images.encode(drawn, 100_000, images.is_flat(SAMPLE, steps))
    assert media == "image/png" and len(file) < len(images.encode(drawn, 100_000)[1])


def test_a_picture_is_encoded_into_the_octets_that_there_are():
    noise = Image.effect_noise((900, 700), 90).convert("RGB")
    sizes = []
    for octets in (400_000, 60_000, 15_000, 3000):
        media, file = images.encode(noise, octets)
        assert media == "image/jpeg" and len(file) <= octets
        sizes.append(max(Image.open(io.BytesIO(file)).size))
    assert sizes == sorted(sizes, reverse=True) and sizes[0] == 900


def test_a_strip_has_its_frames_in_order_with_white_around():
    frames = [Image.new("RGB", (300, 500), colour) for colour in ("red", "lime", "blue", "yellow")]
    for layout, columns in (("row", 4), ("column", 1), ("grid", 2)):
        whole = images.strip(frames, layout)
        assert whole.getpixel((5, 5)) == (255, 255, 255)
        step = (whole.width - 14) // columns, (whole.height - 14) * columns // 4
        middles = [(14 + at % columns * step[0] + 100, 14 + at // columns * step[1] + 100) for at in range(4)]
        assert [whole.getpixel(place) for place in middles] == [frame.getpixel((0, 0)) for frame in frames]


@pytest.mark.parametrize(
    "octets",
    (b"", b"GIF89a", gif(60000, 60000), png(5000, 5000), SAMPLE[:3000], b"<svg/>", b"%!PS-Adobe", SAMPLE[::-1],
     b"RIFF\x00\x00\x00\x00WEBPVP8 ", png(100, 100)[:48]),
)  # fmt: skip
def test_files_that_are_no_pictures_bombs_and_damaged_ones_are_refused(octets):
    with pytest.raises(images.Unreadable):
        images.check(octets)


def test_pictures_of_every_kind_are_taken():
    for format in images.FORMATS:
        assert images.check(picture(format=format)) == format
    assert images.check(png(3000, 4000)) == "PNG"
    clear = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(clear, "PNG")
    assert images.render(clear.getvalue(), []).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "fields, word",
    (
        ({"do": "melt"}, "no such tool"),
        ({"do": "crop", "left": "500", "right": "510", "top": "0", "bottom": "1000"}, "too little"),
        ({"do": "crop", "left": "-1", "right": "510", "top": "0", "bottom": "1000"}, "from 0 to 1000"),
        ({"do": "rotate", "turn": "45"}, "one of 90"),
        ({"do": "text", "text": "  ", "size": "small"}, "Write a text"),
        ({"do": "text", "text": "x" * 161, "size": "small"}, "161 characters"),
        ({"do": "text", "text": "😀", "size": "small"}, "has no 😀"),
        ({"do": "stamp", "name": "../heart", "width": "100"}, "Name is one of"),
        ({"do": "background", "name": "night"}, "Only a blank sheet"),
        ({"do": "stamp", "name": "heart", "width": "100", "x": "١٢", "y": "0"}, "from 0 to 1000"),
    ),
)
def test_a_field_that_cannot_be_is_named(fields, word):
    with pytest.raises(editing.Wrong) as error:
        editing.step(fields, False)
    assert word in str(error.value)


def test_a_step_of_every_tool_comes_out_of_its_form_and_can_be_told():
    fields = {"text": "Grüße\r\n!", "size": "small", "colour": "red", "kind": "speech", "turn": "90", "name": "heart",
              "width": "200", "x": "1", "y": "2", "tip_x": "3", "tip_y": "4",
              "left": "0", "top": "0", "right": "900", "bottom": "900"}  # fmt: skip
    for name in editing.MAKERS:
        more = {"name": "night"} if name == "background" else {}
        step = editing.step(fields | {"do": name} | more, True)
        assert editing.tell(step)
        images.render(None if name == "background" else SAMPLE, [step])
