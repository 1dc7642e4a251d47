"""The presentation of a message whose parts were changed: its own without what is gone, or one made anew."""

import dataclasses
from xml.etree.ElementTree import SubElement, tostring

from mms.codec import smil
from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.contents import Part
from tools.lab.network.viewer import slides

_NAME = "slides"
_SECONDS = 10  # in which a person reads the notice


def adapted(parts, shown, lost, notice, screen):
    """The parts of a related message, its presentation first.

    `shown` is the Part of the presentation that there was, or None; the parts in `lost` are in it and not in `parts`;
    `notice` is the text instead of them, or None; `screen` is (width, height) of the handset.
    """
    if shown and not notice:
        return parts
    others = [part for part in parts if part is not shown]
    octets = _edited(shown, others, lost, notice) if shown else None
    if octets:
        return [dataclasses.replace(shown, octets=octets), *others, notice]
    others = [_located(part, at) for at, part in enumerate([*others, notice] if notice else others)]
    octets = smil.build([(part.media, part.location) for part in others], *screen)
    made = shown or Part(contents.SMIL, b"", _NAME, _NAME + ".smil", charset="utf-8")
    return [dataclasses.replace(made, octets=octets), *others]


def _located(part, at):
    """A part with a Content-Location, by which a presentation names it."""
    return part if part.location else dataclasses.replace(part, location=part.name or "part%d" % at)


def _edited(shown, others, lost, notice):
    """The presentation without the parts in `lost`, with a slide for the notice; None for no SMIL, or a long one."""
    root = slides.tree(shown.octets)
    body = slides.child(root, "body")
    if body is None or sum(map(slides.is_medium, body.iter())) > slides.SOURCES:
        return None
    regions = [element.get("region") for element in root.iter() if slides.name(element) == "text"]
    for parent in list(root.iter()):
        gone = [child for child in parent if _names(child, others, lost)]
        for child in gone:
            parent.remove(child)
    for par in list(body):
        if slides.name(par) == "par" and not any(slides.is_medium(element) for element in par.iter()):
            body.remove(par)
    par = SubElement(body, "par", {"dur": "%ds" % _SECONDS})
    SubElement(par, "text", {"src": notice.location, **({"region": regions[0]} if regions and regions[0] else {})})
    return _written(root)


def _names(element, others, lost):
    return slides.is_medium(element) and slides.find([*others, *lost], element.get("src", "")) in lost


def _written(root):
    """A document whose elements have no prefix: handsets do not know namespaces."""
    if root.tag.startswith("{"):
        root.set("xmlns", root.tag[1:].partition("}")[0])
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return tostring(root, encoding="utf-8", xml_declaration=False)
