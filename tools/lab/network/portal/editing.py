"""The forms of the page of one picture: fields in, a step for images.py out."""

from tools.lab.network.portal import drawing, stamps

TEXT = 160  # characters of a text in a picture
_LEAST = 50  # thousandths of a side that a crop leaves


class Wrong(Exception):
    """A field has a value that cannot be: the text says which, and what it may be."""


def step(fields, blank):
    """The step that a form asks for, of a picture or of a blank sheet. Raises Wrong."""
    maker = MAKERS.get(word(fields, "do"))
    if maker is None:
        raise Wrong("There is no such tool.")
    if fields["do"] == "background" and not blank:
        raise Wrong("Only a blank sheet can have a background.")
    return {"do": fields["do"], **maker(fields)}


def tell(step):
    """A step in words, for the list of the steps."""
    words = _WORDS[step["do"]]
    return words % step if "%" in words else words


def word(fields, name):
    """A form field as it came, "" where it is not there or is a file."""
    found = fields.get(name, "")
    return found if isinstance(found, str) else ""


def text(fields, name, characters):
    """A text of one form field, with its lines. Raises Wrong."""
    found = "\n".join(word(fields, name).split("\r\n"))
    found = "".join(each for each in found if each == "\n" or each.isprintable()).strip()
    if len(found) > characters:
        raise Wrong("The text has %d characters; it may have %d." % (len(found), characters))
    return found


def number(fields, name, low, high):
    """A number of one form field. Raises Wrong."""
    found = word(fields, name)
    if not (found.isascii() and found.isdigit() and len(found) < 6 and low <= int(found) <= high):
        raise Wrong("%s is a number from %d to %d." % (name.replace("_", " ").capitalize(), low, high))
    return int(found)


def choice(fields, name, choices):
    """One of the choices. Raises Wrong."""
    found = word(fields, name)
    if found not in choices:
        raise Wrong("%s is one of %s." % (name.capitalize(), ", ".join(choices)))
    return found


def _words(fields):
    found = text(fields, "text", TEXT)
    if not found:
        raise Wrong("Write a text first.")
    missing = drawing.unknown(found)
    if missing:
        raise Wrong("The font has no %s: please leave it out." % " ".join(missing))
    return {"text": found, "size": choice(fields, "size", drawing.SIZES)}


def _place(fields, names=("x", "y")):
    return {name: number(fields, name, 0, 1000) for name in names}


def _crop(fields):
    found = _place(fields, ("left", "top", "right", "bottom"))
    if found["right"] - found["left"] < _LEAST or found["bottom"] - found["top"] < _LEAST:
        raise Wrong("That leaves too little: the right edge lies right of the left one, the bottom below the top.")
    return found


def _rotate(fields):
    return {"turn": int(choice(fields, "turn", ("90", "180", "270")))}


def _cartoon(fields):
    return {}


def _text(fields):
    return {**_words(fields), **_place(fields), "colour": choice(fields, "colour", drawing.COLOURS)}


def _bubble(fields):
    kind = choice(fields, "kind", ("speech", "thought"))
    return {**_words(fields), **_place(fields, ("x", "y", "tip_x", "tip_y")), "kind": kind}


def _stamp(fields):
    name = choice(fields, "name", stamps.STAMPS)
    return {"name": name, **_place(fields), "width": number(fields, "width", 50, 600)}


def _background(fields):
    return {"name": choice(fields, "name", drawing.BACKGROUNDS)}


MAKERS = {
    "crop": _crop,
    "rotate": _rotate,
    "cartoon": _cartoon,
    "text": _text,
    "bubble": _bubble,
    "stamp": _stamp,
    "background": _background,
}
_WORDS = {
    "crop": "cropped",
    "rotate": "turned by %(turn)d°",
    "cartoon": "made a cartoon",
    "text": "wrote “%(text)s”",
    "bubble": "put “%(text)s” into a bubble",
    "stamp": "stamped: %(name)s",
    "background": "background: %(name)s",
}
