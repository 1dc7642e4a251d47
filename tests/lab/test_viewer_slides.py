"""The slides of a message: in the order of its SMIL, whoever wrote it, and each part once."""

import time

import pytest

from tools.lab.network.mmsc.contents import MIXED, RELATED, SMIL, Content, Part
from tools.lab.network.viewer import slides

FOX = Part("image/jpeg", b"fox", "fox@x", "fox.jpg")
SUN = Part("image/gif", b"sun", "", "", "sun.gif")
WORDS = Part("text/plain", b"words", "", "words.txt")
SOUND = Part("audio/amr", b"#!AMR\n", "0")
DOCTYPE = '<!DOCTYPE smil PUBLIC "-//W3C//DTD SMIL 1.0//EN" "http://www.w3.org/TR/REC-smil/SMIL10.dtd">'


def shown(smil, *parts, head=""):
    """The octets of the parts on each slide."""
    layout = Part(SMIL, ("%s<smil><head/><body>%s</body></smil>" % (head, smil)).encode(), "s")
    return [[part.octets for part in slide.parts] for slide in slides.read(Content(RELATED, (layout, *parts), "s"))]


@pytest.mark.parametrize("head", ["", DOCTYPE, '<?xml version="1.0" encoding="UTF-8"?>'])
def test_slides_are_in_the_order_of_the_smil_however_it_names_the_parts(head):
    smil = (
        '<par><text src="WORDS.TXT"/><img src="cid:fox@x"/></par>'
        '<par dur="2s"><image src="sun"/><audio src="cid:&lt;0>"/></par>'
    )
    assert shown(smil, FOX, SUN, WORDS, SOUND, head=head) == [[b"words", b"fox"], [b"sun", b"#!AMR\n"]]


def test_a_part_that_the_smil_shows_twice_or_never_is_shown_once():
    smil = '<par><img src="fox.jpg"/></par><par><img src="fox.jpg"/></par>'
    assert shown(smil, FOX, SUN, WORDS) == [[b"fox"], [b"sun", b"words"]]


def test_without_pars_the_body_is_one_slide():
    assert shown('<img src="fox.jpg"/><ref src="words.txt"/>', FOX, WORDS) == [[b"fox", b"words"]]


def test_addresses_elsewhere_name_nothing():
    smil = '<par><img src="http://evil.example/x.jpg"/><text src="file:///etc/passwd"/></par>'
    assert shown(smil, FOX) == [[b"fox"]]


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"<smil",
        b"<html><body>x</body></html>",
        b'<!DOCTYPE smil [<!ENTITY a "' + b"x" * 1000 + b'"><!ENTITY b "&a;&a;&a;">]><smil><body>&b;</body></smil>',
        b'<!DOCTYPE smil [<!ENTITY x SYSTEM "file:///etc/passwd">]><smil><body><text src="&x;"/></body></smil>',
        b"\xff\xfe\x00\x00",
    ],
)
def test_a_smil_that_is_none_or_is_an_attack_leaves_the_parts_in_order(octets):
    content = Content(RELATED, (Part(SMIL, octets, "s"), FOX, WORDS, SUN), "s")
    assert [[part.octets for part in slide.parts] for slide in slides.read(content)] == [[b"fox", b"words"], [b"sun"]]


def test_parts_without_a_smil_fill_slides_of_one_of_each_kind():
    file = Part("application/pdf", b"pdf")
    content = Content(MIXED, (WORDS, FOX, SOUND, SUN, file, WORDS))
    found = [[part.octets for part in slide.parts] for slide in slides.read(content)]
    assert found == [[b"words", b"fox", b"#!AMR\n"], [b"sun"], [b"pdf"], [b"words"]]
    assert slides.read(Content(MIXED, ())) == []


def test_a_huge_smil_costs_hardly_more_than_a_small_one():
    start = time.process_time()
    shown("<par>" + '<img src="x"/>' * 20000 + "</par>", FOX, *[WORDS] * 50)
    shown("<par>" * 20000 + "</par>" * 20000, FOX)
    assert time.process_time() - start < 2
