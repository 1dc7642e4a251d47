"""The slides of a message, from its SMIL by defusedxml, or in the order of its parts where that is none."""

import dataclasses
import itertools
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException, ElementTree

from tools.lab.network.mmsc import contents

_MEDIA = ("img", "image", "video", "audio", "text", "ref", "animation")
SOURCES = 100  # elements of a slide that are looked at
_SLIDES = 100
_KINDS = ("image", "video", "text", "audio")  # of which a slide that is made here has one each at most


@dataclasses.dataclass(frozen=True)
class Slide:
    """One slide: its Parts, texts behind pictures or before them as the SMIL has them."""

    parts: tuple


def read(content):
    """The slides of a Content; each part but the SMIL is on one of them, and on no other."""
    layout = contents.presentation(content)
    left = [part for part in content.parts if part is not layout]
    slides = []
    for par in _pars(layout.octets) if layout else ():
        shown = []
        for source in itertools.islice(_sources(par), SOURCES) if left else ():
            part = find(left, source)
            if part is not None:
                left.remove(part)
                shown.append(part)
        if shown:
            slides.append(Slide(tuple(shown)))
    return slides + _in_order(left)


def tree(octets):
    """The root of a SMIL document, or None for octets that are none or that define entities."""
    try:
        return ElementTree.fromstring(octets, forbid_dtd=False)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None


def name(element):
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def child(element, called):
    """The first child with a name, or None; None has none."""
    return next((inner for inner in element if name(inner) == called), None) if element is not None else None


def is_medium(element):
    """Whether an element shows a part."""
    return name(element) in _MEDIA


def find(parts, source):
    """The part that the `src` of an element names, by Content-ID, Content-Location or name, or None."""
    wanted = _label(unquote(source).removeprefix("cid:"))
    for exact in (True, False):
        for part in parts:
            labels = [_label(label) for label in (part.id, part.location, part.name) if label]
            if wanted in labels or not exact and _stem(wanted) in map(_stem, labels):
                return part
    return None


def _pars(octets):
    """The elements of a SMIL that are slides: each outermost par, or the body where it has none."""
    root = tree(octets)
    body = child(root, "body")
    if body is None:
        return []
    pars = itertools.islice((element for element in body.iter() if name(element) == "par"), _SLIDES)
    return list(pars) or [body]


def _sources(par):
    return (element.get("src", "") for element in par.iter() if is_medium(element))


def _label(text):
    return text.strip().strip("<>").lower()


def _stem(label):
    return _label(label).rpartition(".")[0] or _label(label)


def _in_order(parts):
    """Slides of parts that no SMIL names: a new one begins where a kind comes again."""
    slides, kinds = [], set(_KINDS)
    for part in parts:
        kind = part.media.partition("/")[0]
        if kind in kinds or kind not in _KINDS:
            slides.append([])
            kinds = set() if kind in _KINDS else set(_KINDS)
        slides[-1].append(part)
        kinds.add(kind)
    return [Slide(tuple(parts)) for parts in slides]
