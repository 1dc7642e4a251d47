"""The bodies of messages: parts of MMS to a mail that is readable without HTML, and a mail's parts to those of MMS.

Pictures and sounds pass as they are: nothing here decodes one.
"""

import html
import mimetypes
import re

import nh3

from mms.codec import charset
from tools.lab.network.mmsc.contents import MIXED, Content, Part

PARTS = 20  # of a message from mail
_LABEL = 40  # characters of a name
_TOLD = 5  # kinds of files that a text names as left out
_STARTS = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
_OTHER_NAMES = ("image/jpg", "image/pjpeg", "image/x-png")
_TYPES = mimetypes.MimeTypes()  # not the machine's own files, which differ
for _media, _end in (("audio/amr", ".amr"), ("audio/midi", ".mid"), ("text/vcard", ".vcf"), ("text/x-vcard", ".vcf")):
    _TYPES.add_type(_media, _end)
_TAKEN = ("image/vnd.wap.wbmp", "image/bmp", "text/vcard", "text/x-vcard", "text/calendar", "text/x-vcalendar")
_SOUNDS_AND_FILMS = re.compile(r"(audio|video)/[a-z0-9.+-]+")
_MEDIA = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# `[^<>]` keeps a page of a thousand open brackets linear. Other tags go, too, before a parser sees how deep they nest.
_LINE_ENDS = re.compile(r"<(br|/p|/div|/tr|/li|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAGS = re.compile(r"</?(?!script|style|title)[a-z][^<>]*>", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n{3,}")


class NothingShown(Exception):
    """A mail has neither text nor anything else that a phone shows; its text says what was left out."""


def plain(text):
    """A text without control characters, and with one kind of line end."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text, characters):
    """A text on one line, of at most so many characters."""
    return " ".join(plain(text).split())[:characters]


def write(mail, content):
    """Give an EmailMessage the parts of a Content: its texts as the body, the rest as attachments; no SMIL (RFC 4356).

    The file names are labels, with the end that belongs to the media type.
    """
    shown = [part for part in content.parts if not part.media.startswith("application/smil")]
    texts = [part for part in shown if part.media == "text/plain"]
    others = [part for part in shown if part.media != "text/plain"]
    if texts or not others:
        mail.set_content("\n\n".join(plain(_decode(part.octets, part.charset)) for part in texts))
    for count, part in enumerate(others, 1):
        whole = _MEDIA.fullmatch(part.media) and not part.media.startswith(("multipart/", "message/"))
        media = part.media if whole else "application/octet-stream"
        kind, _, subtype = media.partition("/")
        mail.add_attachment(part.octets, kind, subtype, filename=_file_name(part, media, count))


def _file_name(part, media, count):
    stem, dot, end = _label(part.name or part.location).rpartition(".")
    proper = _TYPES.guess_extension(media) or ".bin"
    if dot and stem and _TYPES.guess_type("a." + end)[0] == media:
        proper = "." + end
    return "%d-%s%s" % (count, stem or end or "part", proper) if count > 1 else (stem or end or "part") + proper


def _label(name):
    """A received name as people may see it: no path, no control characters, short."""
    return line(re.split(r"[/\\:]", name)[-1].replace('"', "").lstrip(". "), _LABEL)


def read(mail):
    """The Content of a parsed mail; raises NothingShown.

    HTML becomes text, unless the same is there as text. Files that are not for phones and parts beyond PARTS are left
    out, which the last text says.
    """
    texts, files, left_out = [], [], []
    for leaf, media in _leaves(mail):
        attached = leaf.get_content_disposition() == "attachment"
        if media == "text/plain" or media == "text/html" and not attached:
            text = _text(leaf, media)
            texts += [text] if text else []
        else:
            part = _file(leaf, media, len(files) + 1)
            room = len(files) < PARTS - 1  # one is the text
            (files if part and room else left_out).append(part if part and room else media)
    if left_out:
        texts.append(_told(left_out))
    if left_out and not files and len(texts) == 1:
        raise NothingShown(_told(left_out))
    text = _BLANK_LINES.sub("\n\n", "\n\n".join(texts))
    first = [Part("text/plain", text.encode(), location="text.txt", charset="utf-8")] if text or not files else []
    return Content(MIXED, (*first, *files))


def _told(left_out):
    kinds = sorted(media if _MEDIA.fullmatch(media) else "unknown" for media in set(left_out))
    more = ", ..." if len(kinds) > _TOLD else ""
    return "[%d left out, not for a phone: %s%s]" % (len(left_out), ", ".join(kinds[:_TOLD]), more)


def _leaves(mail):
    """(part, media type) of the parts of a mail that have no parts, in order; attached mails are one each.

    Python parses a field anew whenever it is asked for, so each type is asked for once.
    """
    stack: list = [(mail, None)]
    found = []
    while stack:
        part, choice = stack.pop()
        media = part.get_content_type()
        if part.is_multipart() and media.startswith("multipart/"):
            if media == "multipart/alternative" and choice is None:
                choice = any(below.get_content_type() == "text/plain" for below in part.walk())
            stack += [(below, choice) for below in reversed(part.get_payload())]
        elif not (choice and media == "text/html"):
            found.append((part, media))
    return found


def _text(leaf, media):
    octets = leaf.get_payload(decode=True) or b""
    if media == "text/html":
        return _from_html(_decode(octets, leaf.get_content_charset("")))
    text = plain(_decode(octets, leaf.get_content_charset("")))
    if str(leaf.get_param("format", "")).lower() == "flowed":
        text = _unfold(text, str(leaf.get_param("delsp", "")).lower() == "yes")
    return text.strip()


def _decode(octets, name):
    """The text in octets; charsets that are unknown are guessed, and none of Python's own codecs is reached."""
    return charset.decode(octets, charset.number(name) if name else None)


def _from_html(page):
    """The text of a page, without scripts and styles."""
    page = _TAGS.sub("", _LINE_ENDS.sub("\n", page))
    stripped = nh3.clean(page, tags=set(), clean_content_tags={"script", "style", "title"})
    lines = [" ".join(row.split()) for row in plain(html.unescape(stripped)).split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _unfold(text, joined):
    """Paragraphs of format=flowed, whose lines end with a space where they go on (RFC 3676)."""
    rows = [""]
    for row in text.split("\n"):
        row = row[1:] if row.startswith(" ") else row
        flows = row.endswith(" ") and row != "-- "
        rows[-1] += row[:-1] if flows and joined else row
        if not flows:
            rows.append("")
    return "\n".join(rows)


def _file(leaf, media, count):
    """The Part of a picture, sound, film or card; None for others, and for a picture whose octets are no picture."""
    octets = b"" if leaf.is_multipart() else leaf.get_payload(decode=True) or b""
    if media == "application/octet-stream" or media in _OTHER_NAMES:
        media = next((kind for kind, starts in _STARTS.items() if octets.startswith(starts)), media)
    known = octets.startswith(_STARTS[media]) if media in _STARTS else media in _TAKEN
    if not octets or not (known or _SOUNDS_AND_FILMS.fullmatch(media)):
        return None
    end = _TYPES.guess_extension(media) or ".bin"
    return Part(media, octets, location="%d%s" % (count, end), name=_label(leaf.get_filename("") or ""))
