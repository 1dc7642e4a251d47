"""A message out of a form: recipients, and parts within the octets that there are."""

import io
import wave
import xml.etree.ElementTree as xml

import pytest
from PIL import Image

from tools.lab import sounds
from tools.lab.network.mmsc import contents
from tools.lab.network.portal import composing, images
from tools.lab.network.portal.composing import Picture, Slide, Wrong
from tools.programs import ROOT

SAMPLE = (ROOT / "assets/sample.jpg").read_bytes()
SOUND = (ROOT / "assets/sounds/hello.amr").read_bytes()


def slide(text="", picture=None, sound=b"", steps=()):
    return Slide(text, picture and Picture(picture, list(steps)), sound, 5)


@pytest.mark.parametrize(
    "text, country, found",
    (
        ("07700 900002, +44 (7700) 900-002; 00447700900002", "44", ["+447700900002"]),
        ("0176 04069000", "49", ["+4917604069000"]),
        ("25286\nyou@mail.example", "44", ["25286", "you@mail.example"]),
    ),
)
def test_recipients_are_told_apart_and_each_is_there_once(text, country, found):
    assert composing.addresses(text, country) == found


@pytest.mark.parametrize(
    "text, words",
    (
        ("", "Who is it for?"),
        ("+44", "“+44” is neither"),
        ("you@mail", "no e-mail address"),
        ("a b@mail.example", "no e-mail address"),
        ("you@mail.example\r\nBcc: x@y.example", "“Bcc: x@y.example” is no e-mail"),
        ("+447700900002/TYPE=PLMN", "is neither"),
        ("٠٧٧٠٠", "is neither"),
        (",".join("+4477009000%02d" % at for at in range(21)), "21 recipients"),
    ),
)
def test_recipients_that_cannot_be_are_named(text, words):
    with pytest.raises(Wrong) as error:
        composing.addresses(text, "44")
    assert words in str(error.value)


def test_slides_stay_in_their_order_and_each_part_on_its_slide():
    made = composing.content([slide("first"), slide("", SAMPLE), slide(), slide("third", None, SOUND)], 300_000)
    assert contents.unpack(contents.pack(made)) == made
    shown = [[element.attrib["src"] for element in par] for par in xml.fromstring(made.parts[0].octets).iter("par")]
    assert shown == [["text1.txt"], ["picture2.jpg"], ["text3.txt", "sound3.amr"]]
    assert {part.location for part in made.parts[1:]} == {name for row in shown for name in row}


def test_a_file_that_fits_goes_as_it_is_and_one_with_metadata_without_it():
    assert composing.content([slide("", SAMPLE)], 300_000).parts[1].octets == SAMPLE
    turned = composing.content([slide("", SAMPLE, steps=[{"do": "rotate", "turn": 90}])], 300_000).parts[1]
    assert images.render(turned.octets, []).size == (240, 320)
    exif = Image.Exif()
    exif[0x010F] = "Camera of Alice"
    stream = io.BytesIO()
    Image.new("RGB", (50, 50)).save(stream, "JPEG", exif=exif)
    assert b"Camera of Alice" in stream.getvalue()
    assert b"Camera of Alice" not in contents.pack(composing.content([slide("", stream.getvalue())], 300_000))


def test_a_sound_of_a_pc_goes_as_amr_and_one_of_over_a_minute_does_not():
    for seconds, octets in ((5, 5 * 50 * 32 + 6), (61, None)):
        file = io.BytesIO()
        with wave.open(file, "wb") as made:
            made.setparams((2, 2, 44100, 0, "NONE", ""))
            made.writeframes(bytes(4) * 44100 * seconds)
        if octets:
            part = composing.content([slide("", None, file.getvalue())], 300_000).parts[1]
            assert part.media == "audio/amr" and abs(len(part.octets) - octets) <= 64
            assert abs(len(sounds.wav(part.octets)) - seconds * 16000) < 1000
        else:
            with pytest.raises(Wrong, match="more than 60 s"):
                composing.content([slide("", None, file.getvalue())], 300_000)


def test_pictures_share_the_octets_that_texts_and_sounds_leave():
    stream = io.BytesIO()
    Image.effect_noise((1200, 900), 90).convert("RGB").save(stream, "JPEG", quality=95)
    noise = stream.getvalue()
    for octets in (300_000, 100_000, 30_000):
        made = composing.content([slide("x", noise, SOUND), slide("", noise), slide("", None)], octets)
        assert octets // 2 < len(contents.pack(made)) <= octets
        assert [part.media for part in made.parts].count("image/jpeg") == 2


@pytest.mark.parametrize(
    "slides, octets, words",
    (
        ([slide(), slide()], 300_000, "The message is empty"),
        ([slide("", None, b"MP3 of something")], 300_000, "this is no sound that can be played"),
        ([slide("", None, b"#!AMR\n" + bytes(composing.SOUND))], 300_000, "The sound has 200 kB"),
        ([slide("", SAMPLE, SOUND)], 5000, "too large by"),
        ([slide("x" * 4000)], 5000, "too large by"),
    ),
)
def test_what_cannot_go_is_said_in_one_sentence(slides, octets, words):
    with pytest.raises(Wrong) as error:
        composing.content(slides, octets)
    assert words in str(error.value)
