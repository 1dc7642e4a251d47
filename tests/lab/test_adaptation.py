"""A message is made to fit the handset that gets it: what fits stays, pictures become smaller, the rest is a link."""

import pytest

from mms.errors import PduError
from tests.kit import photos
from tools.lab.network.adaptation import fitting, pictures, profiles
from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.contents import MIXED, RELATED, SMIL, Content, Part

PROFILES = profiles.Profiles()
NOKIA, TODAY = PROFILES.named("nokia6100"), PROFILES.named("today")
ROOM = 45000
LINK = "https://v.o2.example/7K3M9QXW2FHT code 48213907"
LAYOUT = (
    '<smil xmlns="http://www.w3.org/2001/SMIL20/Language"><head><layout><root-layout width="128" height="128"/>'
    '<region id="I" left="0" top="0" width="128" height="96"/>'
    '<region id="T" left="0" top="96" width="128" height="32"/>'
    '</layout></head><body><par dur="3s"><img src="cid:fox" region="I"/><text src="a.txt" region="T"/></par>'
    '<par dur="4s"><audio src="hello.amr"/></par></body></smil>'
)
LAYOUT_PART = Part(SMIL, LAYOUT.encode(), "s", "s.smil", "", "utf-8")
TEXT = Part("text/plain", "Grüße".encode(), "", "a.txt", "", "utf-8")
SOUND = Part("audio/amr", b"#!AMR\n" + b"\x3c" * 320, "", "hello.amr")


def picture(octets, media="image/jpeg"):
    return Part(media, octets, "fox", "fox.jpg")


def fit(*parts, media=RELATED, profile=NOKIA, room=ROOM, allowed=True, links=None):
    """The Content that a handset gets."""
    links = [] if links is None else links

    def link():
        links.append(LINK)
        return LINK

    octets = contents.pack(Content(media, parts))
    made = fitting.fit(octets, profile, room, link, allowed)
    assert len(made) <= room and len(links) <= 1
    return contents.unpack(made)


def media(content):
    return [part.media for part in content.parts]


def test_what_fits_stays_octet_for_octet():
    parts = LAYOUT_PART, picture(photos.photo(640, 480, 30000)), TEXT
    octets = contents.pack(Content(RELATED, parts, "s"))
    assert fitting.fit(octets, NOKIA, ROOM, None) is octets
    assert fitting.fit(octets, NOKIA, ROOM, None, allowed=False) is octets


def test_octets_that_are_no_content_are_passed_on_or_refused():
    octets = contents.pack(Content(MIXED, (picture(photos.photo()),)))
    with pytest.raises(PduError):
        contents.unpack(octets[:60000])
    assert fitting.fit(octets[:30000], NOKIA, ROOM, None) == octets[:30000]
    with pytest.raises(fitting.TooLarge):
        fitting.fit(octets[:60000], NOKIA, ROOM, None)


def test_a_photo_of_300_kb_becomes_one_that_a_nokia_takes_and_nothing_else_changes():
    photo = photos.photo()
    assert 250000 < len(photo) < 350000
    made = fit(LAYOUT_PART, picture(photo), TEXT, room=NOKIA.octets)
    assert made.parts[0] == LAYOUT_PART and made.parts[2] == TEXT
    small = photos.opened(made.parts[1].octets)
    assert small.format == "JPEG" and small.size == (256, 192)  # twice the screen
    assert made.parts[1].id == "fox" and made.parts[1].location == "fox.jpg"
    assert not small.getexif() and b"Exif" not in made.parts[1].octets


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_exif_tells_and_has_no_metadata_then(orientation):
    octets = photos.corners((1200, 600), orientation=orientation)
    turned = photos.opened(fit(picture(octets)).parts[1].octets)
    expected = {1: "LU", 2: "RU", 3: "RD", 4: "LD", 5: "LU", 6: "RU", 7: "RD", 8: "LD"}[orientation]
    assert turned.size == ((256, 128) if orientation < 5 else (128, 256))
    places = {"LU": (0.25, 0.25), "RU": (0.75, 0.25), "LD": (0.25, 0.75), "RD": (0.75, 0.75)}
    for place, (x, y) in places.items():
        red, green, _ = turned.getpixel((int(turned.width * x), int(turned.height * y)))
        assert red > 240 and (green < 30) == (place == expected)
    assert not turned.getexif()


def test_a_message_without_presentation_is_made_to_fit_and_gets_one():
    made = fit(picture(photos.photo()), TEXT)
    assert media(made) == [SMIL, "image/jpeg", "text/plain"] and made.start == made.parts[0].id
    assert b'src="fox.jpg"' in made.parts[0].octets and b'src="a.txt"' in made.parts[0].octets
    assert media(fit(picture(photos.photo()), TEXT, media=MIXED)) == ["image/jpeg", "text/plain"]
    alone = fit(picture(photos.photo()), media="image/jpeg")
    assert alone.media == "image/jpeg" and photos.opened(alone.parts[0].octets).size == (256, 192)


def test_a_sound_that_the_handset_lacks_becomes_a_text_with_the_link_on_a_slide_of_its_own():
    links = []
    made = fit(LAYOUT_PART, picture(photos.corners()), TEXT, SOUND, links=links)
    assert media(made) == [SMIL, "image/jpeg", "text/plain", "text/plain"] and links == [LINK]
    assert made.parts[3].octets.decode() == "1 sound, see it at " + LINK
    layout = made.parts[0].octets.decode()
    assert "hello.amr" not in layout and layout.count("<par") == 2 and ":smil" not in layout
    assert layout.endswith('<par dur="10s"><text src="more.txt" region="T" /></par></body></smil>')
    assert '<par dur="3s"><img src="cid:fox" region="I" /><text src="a.txt" region="T" /></par>' in layout


def test_several_things_that_the_handset_lacks_are_counted():
    parts = SOUND, Part("audio/amr", b"#!AMR\n", location="b.amr"), Part("video/3gpp", b"x"), Part("text/x-vcard", b"y")
    made = fit(*parts, Part("image/svg+xml", b"<svg/>"), media=MIXED)
    assert [part.octets.decode() for part in made.parts] == [
        "2 sounds, 1 video, 1 text and 1 picture, see them at " + LINK
    ]
    assert fit(SOUND, media="audio/amr").media == "text/plain"


def test_a_presentation_that_is_no_smil_is_made_anew():
    broken = Part(SMIL, b"<smil><body><par>", "s", "s.smil")
    made = fit(broken, picture(photos.corners()), SOUND)
    assert media(made) == [SMIL, "image/jpeg", "text/plain"]
    assert b"fox.jpg" in made.parts[0].octets and b"more.txt" in made.parts[0].octets


def test_small_pictures_stay_and_large_ones_share_what_is_left():
    small = photos.corners((100, 50))
    made = fit(picture(photos.photo()), picture(small), picture(photos.photo(octets=200000)), media=MIXED, room=20000)
    assert made.parts[1].octets == small
    sizes = [len(part.octets) for part in made.parts]
    assert 15000 < sum(sizes) < 20000 and abs(sizes[0] - sizes[2]) < 4000


def test_texts_are_written_in_a_charset_that_the_handset_knows():
    greek = Part("text/plain", "Γειά €".encode("utf-16-le"), location="a.txt", charset="utf-16le")
    made = fit(LAYOUT_PART, picture(photos.corners()), greek)
    assert (made.parts[2].charset, made.parts[2].octets.decode()) == ("utf-8", "Γειά €")
    assert made.parts[1].octets == photos.corners()


def test_pngs_and_gifs_stay_what_they_are_where_that_is_small_enough():
    palette = photos.saved(photos.opened(photos.corners((800, 800))).quantize(8), "PNG")
    made = fit(picture(palette, "image/png")).parts[1]
    assert made.media == "image/png" and photos.opened(made.octets).size == (256, 256)
    moving = fit(picture(photos.animation(4, (100, 80)), "image/gif"), room=300000, profile=TODAY)
    assert photos.opened(moving.parts[0].octets).n_frames == 4
    noisy = photos.saved(photos.opened(photos.photo()), "PNG")
    assert fit(picture(noisy, "image/png"), room=30000).parts[1].media == "image/jpeg"


def test_an_animation_that_is_too_large_keeps_its_frames_or_becomes_its_first_one():
    large = photos.animation(12, (600, 400))
    moving = fit(picture(large, "image/gif"), room=700000).parts[1]
    assert moving.media == "image/gif" and photos.opened(moving.octets).n_frames == 12
    assert max(photos.opened(moving.octets).size) == 256
    assert fit(picture(large, "image/gif")).parts[1].media == "image/jpeg"


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_jpegs_of_printers_and_grey_ones_are_converted(mode):
    made = photos.opened(fit(picture(photos.photo(mode=mode))).parts[1].octets)
    assert made.mode in ("RGB", "L") and made.size == (256, 192)


def test_what_is_transparent_becomes_white_and_16_bits_become_8():
    glass = photos.opened(photos.photo()).convert("RGBA")
    glass.putalpha(0)
    made = photos.opened(fit(picture(photos.saved(glass, "PNG"), "image/png"), room=3000).parts[1].octets)
    assert made.convert("RGB").getpixel((5, 5)) == (255, 255, 255) or made.getpixel((5, 5))[3] == 0
    deep = photos.opened(photos.corners((900, 900))).convert("I").point(lambda value: value * 256).convert("I;16")
    made = photos.opened(fit(picture(photos.saved(deep, "PNG"), "image/png")).parts[1].octets)
    assert made.convert("L").getpixel((250, 250)) > 240 and made.convert("L").getpixel((5, 5)) < 100


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1)])
def test_pictures_of_a_pixel_are_never_enlarged(size):
    made = photos.opened(fit(picture(photos.corners(size, "PNG"), "image/png")).parts[-1].octets)
    assert made.size == (min(size[0], 256), min(size[1], 256))


@pytest.mark.parametrize("size", [(30000, 30000), (4000, 3001)])
def test_a_bomb_becomes_a_link_and_is_never_decoded(size, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("decoded"))
    for profile in (NOKIA, TODAY):
        made = fit(picture(photos.bomb(*size), "image/png"), TEXT, profile=profile)
        assert made.parts[-1].octets.decode() == "1 picture, see it at " + LINK


def test_a_bomb_in_the_second_frame_is_found_before_it_is_decoded():
    with pytest.raises(pictures.PictureError):
        pictures.fit(photos.frame_bomb(), (128, 128), 40000, NOKIA.types)


def test_a_damaged_picture_is_passed_on_where_it_fits_and_becomes_a_link_where_it_does_not():
    cut = photos.photo()[:100000]
    assert fit(picture(cut[:20000]), media=MIXED, profile=TODAY).parts[0].octets == cut[:20000]
    assert media(fit(picture(cut), TEXT, media=MIXED)) == ["text/plain", "text/plain"]
    assert media(fit(picture(b"\xff\xd8\xff" + bytes(50000)), TEXT, media=MIXED)) == ["text/plain", "text/plain"]


def test_a_message_that_cannot_be_made_to_fit_or_must_not_be_is_refused():
    with pytest.raises(fitting.TooLarge, match="no adaptation"):
        fit(picture(photos.photo()), allowed=False)
    with pytest.raises(fitting.TooLarge):
        fit(Part("text/plain", b"x" * 50000), media=MIXED)
    with pytest.raises(fitting.TooLarge):
        fit(picture(photos.photo()), Part("text/plain", b"x" * (ROOM - 300)), media=MIXED)
    with pytest.raises(fitting.TooLarge):
        fit(TEXT, media=MIXED, profile=PROFILES.named("plain"), room=0)
