"""A message made to fit a handset: what fits stays octet for octet.

Pure functions, which decode pictures from outside: call them in a thread.
"""

import collections
import dataclasses

from mms.codec import charset as charsets
from mms.codec import nested
from mms.errors import PduError
from tools.lab.network.adaptation import layout, pictures
from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.contents import Content, Part

_TIMES_SCREEN = 2  # a person zooms into a picture of twice the screen, and sees no more in a larger one
_CHARSETS = {  # IANA's name: Python's; a text is written in the first that the handset takes
    "utf-8": "utf-8", "iso-10646-ucs-2": "utf-16-be", "iso-8859-1": "latin-1", "us-ascii": "ascii",
}  # fmt: skip
_NOUNS = {"image": "picture", "audio": "sound", "video": "video", "text": "text"}
_NOTICE = "more.txt"


class TooLarge(Exception):
    """The message cannot be made to fit, or its sender forbids it: a text with the link goes instead."""


class _Unusable(Exception):
    """A part that the handset does not take, and that cannot be converted."""

    def __init__(self, part):
        self.part = part


def fit(octets, profile, room, link, allowed=True):
    """The content of a message (as contents.pack gives it) for a handset: `octets` itself where all of it fits.

    `profile` is a Profile, `room` how many octets the content may have. Parts that the handset does not take become a
    text that ends with `link()`, which is called for that only. `allowed` is X-Mms-Adaptation-Allowed. Raises TooLarge,
    for octets that are no content, too, where these are more than `room`.
    """
    try:
        content = contents.unpack(octets)
    except PduError as error:
        if len(octets) > room:
            raise TooLarge(str(error)) from None
        return octets
    if len(octets) <= room and all(_fits(part, profile) for part in content.parts):
        return octets
    if not allowed:
        raise TooLarge("the sender allows no adaptation")
    link, lost = _once(link), []
    while True:
        try:
            return contents.pack(_converted(content, lost, profile, room, link))
        except _Unusable as error:
            lost.append(error.part)


def _once(link):
    """`link` called at most once, however often its text is asked for."""
    made = []

    def text():
        if not made:
            made.append(link())
        return made[0]

    return text


def _fits(part, profile):
    """Whether the handset takes a part as it is; a picture that Pillow does not know is judged by its type."""
    if part.media.startswith(contents.SMIL):
        return True
    if not profile.takes(part.media):
        return False
    if part.media.startswith("text/"):
        return not part.charset or part.charset in profile.charsets
    if not part.media.startswith("image/"):
        return True
    try:
        width, height = pictures.size(part.octets)
    except pictures.Bomb:
        return False
    except pictures.PictureError:
        return True
    short, long = sorted(profile.image)
    return min(width, height) <= short and max(width, height) <= long


def _converted(content, lost, profile, room, link):
    """The Content without the parts in `lost`, all others as the handset takes them. Raises _Unusable, TooLarge."""
    kept = [part if _fits(part, profile) else _text(part, profile) for part in content.parts if part not in lost]
    notice = _notice(lost, link()) if lost else None
    if not nested.is_multipart(content.media):
        if notice:
            return _shrunk(Content(notice.media, (notice,)), profile, room)
        return _shrunk(Content(kept[0].media, tuple(kept)), profile, room)
    shown = contents.presentation(content)
    if content.media == contents.RELATED or shown and notice:
        kept, start = layout.adapted(kept, shown, lost, notice, profile.screen), content.start
        return _shrunk(Content(content.media, tuple(kept), start or kept[0].id), profile, room)
    return _shrunk(dataclasses.replace(content, parts=(*kept, *filter(None, [notice]))), profile, room)


def _text(part, profile):
    """A text in a charset that the handset takes; pictures are left for _shrunk. Raises _Unusable."""
    if part.media.startswith("image/"):
        return part
    written = next((name for name in _CHARSETS if name in profile.charsets), None)
    if not part.media.startswith("text/") or not profile.takes(part.media) or not written:
        raise _Unusable(part)
    text = charsets.decode(part.octets, charsets.number(part.charset))
    return dataclasses.replace(part, octets=text.encode(_CHARSETS[written], "replace"), charset=written)


def _notice(lost, link):
    """The text that stands for parts which the handset cannot show."""
    kinds = collections.Counter(_NOUNS.get(part.media.partition("/")[0], "file") for part in lost)
    words = ["%d %s%s" % (count, kind, "s" * (count > 1)) for kind, count in kinds.items()]
    listed = " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
    text = "%s, see %s at %s" % (listed, "them" if len(lost) > 1 else "it", link)
    return Part("text/plain", text.encode("ascii", "replace"), "more", _NOTICE, _NOTICE, "us-ascii")


def _shrunk(content, profile, room):
    """The Content with pictures that together leave it at `room` octets: small ones stay, the others share the rest.

    Raises _Unusable for a picture that cannot be read, TooLarge.
    """
    parts = list(content.parts)
    found = [at for at, part in enumerate(parts) if part.media.startswith("image/")]
    bare = [dataclasses.replace(part, octets=b"") if at in found else part for at, part in enumerate(parts)]
    left = room - len(contents.pack(dataclasses.replace(content, parts=tuple(bare))))
    left -= 4 * len(found)  # a length in the entry of a part has up to five octets, and one where it is 0
    found.sort(key=lambda at: len(parts[at].octets))
    for done, at in enumerate(found):
        parts[at] = _picture(parts[at], profile, left // (len(found) - done))
        left -= len(parts[at].octets)
    if left < 0:
        raise TooLarge("texts and sounds are %d octets too many" % -left)
    media = content.media if nested.is_multipart(content.media) else parts[0].media
    return dataclasses.replace(content, media=media, parts=tuple(parts))


def _picture(part, profile, most):
    if len(part.octets) <= most and _fits(part, profile):
        return part
    box = tuple(pixels * _TIMES_SCREEN for pixels in profile.screen)
    box = tuple(min(pair) for pair in zip(sorted(box), sorted(profile.image), strict=True))
    try:
        made = pictures.fit(part.octets, box, most, profile.types)
    except pictures.NoRoom as error:
        raise TooLarge(str(error)) from None
    except pictures.PictureError:
        raise _Unusable(part) from None
    return dataclasses.replace(part, media=made.media, octets=made.octets)
