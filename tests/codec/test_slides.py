"""A layout is read as it was meant, or the parts come in their order."""

from mms import limits
from mms.codec import markup, multipart, slides, smil
from mms.errors import PduError
from tests.kit.checks import raises

SMIL = b"""<?xml version="1.0"?><!DOCTYPE smil PUBLIC "-//W3C//DTD SMIL 2.0//EN" "http://x/y.dtd">
<!-- <par dur="9s"> --><SMIL><head><layout><root-layout width=320 height='240px' background-color="#fff"/>
<region id="Image" left="0" top="0" width="100%" height="80%"/><region id='Text' left="0" top="192"/></layout></head>
<body><par dur="3500ms"><img src="cid:a" region="Image"/><text src="hello.txt" region="Text" end="2s"></text></par>
<par><audio src='s &amp; t.amr' begin="1s" dur="00:04"/><video src=""/></par><par dur="1s"></par>
<img src="last.gif" dur="2.5"/></body>"""


def part(media, location=None, content_id=None, name=None):
    part = multipart.Part()
    part.media, part.location, part.content_id, part.name = media, location, content_id, name
    return part


def test_a_layout_tells_size_regions_slides_and_times():
    layout = slides.parse(SMIL)
    assert (layout.width, layout.height) == (320, 240)
    assert layout.regions == [("Image", 0, 0, "100%", "80%"), ("Text", 0, 192, "", "")]
    assert [slide.ms for slide in layout.slides] == [3500, 5000, 2500]
    assert layout.slides[0].items == [("img", "cid:a", "Image", 0, None), ("text", "hello.txt", "Text", 0, 2000)]
    assert layout.slides[1].items == [("audio", "s & t.amr", "", 1000, 5000)]


def test_slides_show_parts_by_any_of_their_names_and_leave_none_out():
    parts = [
        part("application/smil", "x.smil"),
        part("image/jpeg", "a.jpg", "a"),
        part("text/plain", None, None, "hello.txt"),
        part("text/x-vcard", "v.vcf"),
        part("audio/amr", "s & t.amr"),
    ]
    found = slides.order(parts, slides.parse(SMIL))
    assert [[item.part for item in slide.items] for slide in found] == [[parts[1], parts[2]], [parts[4]], [parts[3]]]
    assert [slide.ms for slide in found] == [3500, 5000, None]
    assert [slide.items[0].part for slide in slides.order(parts)] == parts[1:]
    for broken in (b"", b"<smil><body></body></smil>", b"<" * 100, b"\xff\xfe\0", b"x" * 9000):
        raises(PduError, slides.parse, broken)


def test_what_is_written_is_read():
    named = [("image/jpeg", "a<&>.jpg"), ("text/plain", "a.txt"), ("image/gif", "b.gif"), ("audio/amr", "c.amr")]
    layout = slides.parse(smil.build(named, 320, 240, (3, 8)))
    assert (layout.width, layout.height) == (320, 240)
    assert [slide.ms for slide in layout.slides] == [3000, 8000]
    assert [[item.part for item in slide.items] for slide in layout.slides] == [
        ["a<&>.jpg", "a.txt", "c.amr"],
        ["b.gif"],
    ]


def test_the_root_is_the_start_or_the_first_smil_or_the_first_part():
    parts = [part("image/gif"), part("application/smil", None, "s"), part("text/plain", None, "t")]
    assert slides.root(parts, "<t>") is parts[2]
    assert slides.root(parts, "<u>") is parts[1]
    assert slides.root(parts) is parts[1]
    assert slides.root(parts[:1]) is parts[0]
    assert slides.root([]) is None


def test_clock_values():
    for clock, ms in (
        ("5s", 5000), ("2000ms", 2000), ("1.5s", 1500), ("7", 7000), ("2min", 120000), ("1h", 3600000),
        ("00:05", 5000), ("1:02:03.5", 3723500), (" 3S ", 3000), ("3\u00a0s", None), ("", None), ("indefinite", None),
        ("-5s", None), ("1e3s", None), ("٣s", None), ("a:b", None), ("999999999h", 86400000), ("1234567890123s", None),
    ):  # fmt: skip
        assert slides.milliseconds(clock) == ms, clock


def test_a_layout_has_bounds():
    head = b"<smil><body><par>"
    for count in (limits.TAGS - 1, limits.TAGS, limits.TAGS + 1):
        octets = head + b"<i></i>" * (count - 4) + b"<img src='a'/>"
        if count <= limits.TAGS:
            assert slides.parse(octets).slides
        else:
            raises(PduError, slides.parse, octets)
    for count in (limits.ATTRIBUTES, limits.ATTRIBUTES + 1):
        octets = head + b"<img " + b"a='b' " * (count - 1) + b"src='a'/>"
        if count == limits.ATTRIBUTES:
            assert slides.parse(octets).slides
        else:
            raises(PduError, slides.parse, octets)
    for size in (limits.SMIL, limits.SMIL + 1):
        octets = head + b"<img src='a'/>"
        octets += b" " * (size - len(octets))
        if size == limits.SMIL:
            assert slides.parse(octets).slides
        else:
            raises(PduError, slides.parse, octets)


def test_entities_are_the_five_and_numbers():
    assert markup.plain("&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&amp;lt;") == "<>&\"'AB&lt;"
    assert markup.plain("&unknown; &#xD800; &#99999999; &#; &") == "&unknown; &#xD800; &#99999999; &#; &"


def test_one_stem_in_ascii():
    for name, found in (
        ("photo 1.jpg", "photo1"), ("../../etc/passwd", "passwd"), ("ü.txt", "part3"), ("", "part3"),
        (".bashrc", "bashrc"), ("x" * 99 + ".gif", "x" * 24),
    ):  # fmt: skip
        assert slides.stem(name, 3) == found
