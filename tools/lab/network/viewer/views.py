"""What a page shows of a message: slides of pictures, texts and sounds; everything else can be saved only."""

import dataclasses
import re

from mms.codec import charset as charsets
from tools.lab.network.mmsc import contents
from tools.lab.network.viewer import slides

_SHOWN = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "image/gif": b"GIF8"}
_KINDS = {"image": "picture", "audio": "sound", "video": "video", "text": "text"}
_FOREIGN = re.compile(r"[^A-Za-z0-9_-]+")
_ENDS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "audio/amr": "amr", "audio/midi": "mid",
    "audio/x-wav": "wav", "video/3gpp": "3gp", "video/mp4": "mp4", "text/plain": "txt",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Item:
    """One part on the page: `kind` "picture", "text", "sound" or "file", `number` its place in the message.

    `label` names it in words, `text` is that of a text.
    """

    kind: str
    number: int
    label: str
    media: str
    octets: int
    text: str = ""


def items(content):
    """The slides of a Content: a list of lists of Items."""
    numbers = {id(part): number for number, part in enumerate(content.parts)}
    counts = {}
    return [[_item(part, numbers[id(part)], counts) for part in slide.parts] for slide in slides.read(content)]


def _item(part, number, counts):
    noun = _KINDS.get(part.media.partition("/")[0], "file")
    counts[noun] = counts.get(noun, 0) + 1
    kind, text = "file", ""
    if shown(part):
        kind = "picture"
    elif part.media == "text/plain":
        kind, text = "text", charsets.decode(part.octets, charsets.number(part.charset))
    elif noun == "sound":
        kind = "sound"
    return Item(kind, number, "%s %d" % (noun.capitalize(), counts[noun]), part.media, len(part.octets), text)


def shown(part):
    """Whether a browser shows the part: a picture of a type that runs nothing, and that is what it says it is."""
    return part.media in _SHOWN and part.octets.startswith(_SHOWN[part.media])


def part(content, number):
    """The part at that place, or None; a presentation is none."""
    if not 0 <= number < len(content.parts) or content.parts[number] is contents.presentation(content):
        return None
    return content.parts[number]


def file_name(part, number):
    """A name under which a part is saved: letters, digits and hyphens of its own, and the ending of its type."""
    stem = _FOREIGN.sub("-", (part.name or part.location).rpartition(".")[0])[:40].strip("-")
    return "%s.%s" % (stem or "part-%d" % (number + 1), _ENDS.get(part.media, "bin"))
