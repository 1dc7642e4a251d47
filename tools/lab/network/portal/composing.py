"""A message out of the form that writes one: recipients, slides, parts within the octets that the operator takes."""

import re
import xml.etree.ElementTree as xml
from typing import NamedTuple

from tools.lab.network.mmsc.contents import RELATED, SMIL, Content, Part
from tools.lab.network.portal import images, voice

RECIPIENTS = 20
SLIDES = 4
SUBJECT, TEXT = 40, 1000  # characters
SOUND = 200_000  # octets of one
SECONDS = (1, 60)  # of a slide
_SPARE = 3000  # octets of headers and layout beside the parts
_SCREEN = 320, 240
_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", re.ASCII | re.IGNORECASE)
_SOUNDS = ((b"#!AMR\n", "audio/amr", "amr"), (b"#!AMR-WB\n", "audio/amr-wb", "awb"), (b"MThd", "audio/midi", "mid"))
_ELEMENTS = {"image": ("img", "Image"), "text": ("text", "Text"), "audio": ("audio", "")}
_ENDS = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "GIF": ("image/gif", "gif")}


class Wrong(Exception):
    """The message cannot be sent as it is: the text says why."""


class Picture(NamedTuple):
    """A picture of a message: a file, or None for a blank sheet, and the steps that were done to it."""

    original: bytes | None
    steps: list


class Slide(NamedTuple):
    """A slide: any of a text, a picture (Picture) and a sound (octets), shown for so many seconds."""

    text: str
    picture: Picture | None
    sound: bytes
    seconds: int


def addresses(text, country):
    """The recipients in a text, each once: +E.164, short codes, e-mail addresses. Raises Wrong.

    `country` completes national numbers, as "44" does.
    """
    found = []
    for word in re.split(r"[,;\n]", text):
        address = _address(word.strip(), country) if word.strip() else None
        if address and address not in found:
            found.append(address)
    if not found:
        raise Wrong("Who is it for? Write at least one number or e-mail address.")
    if len(found) > RECIPIENTS:
        raise Wrong("%d recipients are too many: a message goes to %d at most." % (len(found), RECIPIENTS))
    return found


def telephone(text, country):
    """The number in a text as +E.164, or None."""
    digits = re.sub(r"[ ()./-]", "", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = "+" + country + digits[1:]
    return digits if re.fullmatch(r"\+[1-9][0-9]{6,14}", digits) else None


def _address(word, country):
    if "@" in word:
        if len(word) > 254 or not _MAIL.fullmatch(word):
            raise Wrong("“%s” is no e-mail address." % word[:80])
        return word
    code = word.replace(" ", "")
    if re.fullmatch("[1-9][0-9]{2,5}", code):
        return code
    found = telephone(word, country)
    if found is None:
        raise Wrong("“%s” is neither a telephone number nor an e-mail address." % word[:80])
    return found


def sound(octets):
    """(media type, end of a file name, file) of a sound as handsets play it. Raises Wrong."""
    kind = next((kind for kind in _SOUNDS if octets.startswith(kind[0])), None)
    if kind is None:
        try:
            octets, kind = voice.amr(octets), _SOUNDS[0]
        except ValueError as error:
            raise Wrong("The sound cannot be sent: %s." % error) from None
    if len(octets) > SOUND:
        raise Wrong("The sound has %d kB: %d kB are taken." % (len(octets) // 1000, SOUND // 1000))
    return kind[1], kind[2], octets


def content(slides, octets):
    """The Content of a message of at most so many octets. Call it in a thread. Raises Wrong, images.Unreadable."""
    slides = [slide for slide in slides if slide.text or slide.picture or slide.sound]
    if not slides:
        raise Wrong("The message is empty: write something, or choose a picture.")
    sounds = [sound(slide.sound) if slide.sound else ("", "", b"") for slide in slides]
    fixed = sum(len(slide.text.encode()) + len(file) for slide, (_, _, file) in zip(slides, sounds, strict=True))
    count = sum(slide.picture is not None for slide in slides)
    left = octets - _SPARE - fixed
    if left < count * 2000:
        raise Wrong("The message is too large by %d kB: send the sounds apart." % (1 - (left - count * 2000) // 1000))
    parts, rows = [], []
    for at, (slide, (kind, name, voiced)) in enumerate(zip(slides, sounds, strict=True), 1):
        row = []
        if slide.picture:
            media, end, file = _picture(slide.picture, left // count)
            row.append(Part(media, file, "picture%d" % at, "picture%d.%s" % (at, end)))
        if slide.text:
            row.append(Part("text/plain", slide.text.encode(), "text%d" % at, "text%d.txt" % at, charset="utf-8"))
        if voiced:
            row.append(Part(kind, voiced, "sound%d" % at, "sound%d.%s" % (at, name)))
        parts += row
        rows.append((slide.seconds, row))
    layout = Part(SMIL, _layout(rows), "layout", "layout.smil")
    return Content(RELATED, (layout, *parts), "layout")


def _picture(picture, octets):
    """(media type, end, file): a file that fits and says nothing of place and camera stays octet for octet."""
    if picture.original is not None and not picture.steps:
        format = images.check(picture.original)
        if len(picture.original) <= octets and not images.has_metadata(picture.original):
            return (*_ENDS[format], picture.original)
    drawn = images.render(picture.original, picture.steps)
    media, file = images.encode(drawn, octets, images.is_flat(picture.original, picture.steps))
    if len(file) > octets:
        raise Wrong("The message is too large for its pictures: send them apart.")
    return media, media.partition("/")[2].replace("jpeg", "jpg"), file


def _layout(rows):
    """The octets of the SMIL, a par for each slide (OMA MMS conformance): `rows` are (seconds, Parts)."""
    width, height = _SCREEN
    smil = xml.Element("smil")
    layout = xml.SubElement(xml.SubElement(smil, "head"), "layout")
    xml.SubElement(layout, "root-layout", width=str(width), height=str(height))
    upper = height * 4 // 5
    for name, top, high, fit in (("Image", 0, upper, "meet"), ("Text", upper, height - upper, "scroll")):
        xml.SubElement(layout, "region", id=name, left="0", top=str(top), width=str(width), height=str(high), fit=fit)
    body = xml.SubElement(smil, "body")
    for seconds, parts in rows:
        slide = xml.SubElement(body, "par", dur="%ds" % seconds)
        for part in parts:
            element, region = _ELEMENTS[part.media.partition("/")[0]]
            shown = xml.SubElement(slide, element, src=part.location)
            if region:
                shown.set("region", region)
    return xml.tostring(smil)
