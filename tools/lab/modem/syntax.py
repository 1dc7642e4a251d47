"""How a command line is taken apart: names, kinds and arguments (V.250; AT manual V1.09, clause 1.4)."""

RUN, READ, TEST, SET = "run", "read", "test", "set"


class Refused(Exception):
    """A command is answered with ERROR, +CME ERROR or +CMS ERROR: `number` in the family `family`.

    In the family "result", `number` is the text of the result itself.
    """

    def __init__(self, number=None, family="CME"):
        super().__init__("%s %s" % (family, number))
        self.number, self.family = number, family


def split(text):
    """The commands of a line after AT: list of (name, kind, text); raises ValueError."""
    parts, position = [], 0
    while position < len(text):
        letter = text[position].upper()
        if letter in "; ":
            position += 1
        elif letter in "+*%^$":
            end = _end(text, position, ";")
            parts.append(_extended(text[position:end].strip()))
            position = end
        elif letter == "D":
            parts.append(("D", SET, text[position + 1 :]))
            position = len(text)
        else:
            part, position = _basic(text, position, letter)
            parts.append(part)
    return parts


def _end(text, position, mark):
    """The place of the next `mark` from `position` on that is not quoted, or that of the end."""
    end = text.find(mark, position)
    while end >= 0 and text.count('"', position, end) % 2:
        end = text.find(mark, end + 1)
    return len(text) if end < 0 else end


def _extended(text):
    mark = min([place for place in (text.find("="), text.find("?"), len(text)) if place >= 0])
    name, rest = text[:mark].strip().upper(), text[mark:].strip()
    if not rest:
        return name, RUN, ""
    if rest == "?":
        return name, READ, ""
    if rest == "=?":
        return name, TEST, ""
    if rest[0] != "=":
        raise ValueError(text)
    return name, SET, rest[1:]


def _basic(text, position, letter):
    name = letter
    position += 1
    if letter in "&\\":
        name += text[position : position + 1].upper()
        position += 1
    digits, position = _digits(text, position)
    if letter != "S":
        return (name, SET if digits else RUN, digits), position
    name = "S" + str(int(digits or "0"))
    if text[position : position + 1] == "?":
        return (name, READ, ""), position + 1
    if text[position : position + 1] == "=":
        digits, position = _digits(text, position + 1)
        return (name, SET, digits), position
    raise ValueError(text)


def _digits(text, position):
    start = position
    while position < len(text) and text[position] in "0123456789":
        position += 1
    return text[start:position], position


def arguments(text):
    """The arguments after "=": list of str without their quotes, None where one is left out.

    Raises Refused for an open quote.
    """
    if text.count('"') % 2:
        raise Refused(50)
    found, position = [], 0
    while position <= len(text):
        end = _end(text, position, ",")
        piece = text[position:end].strip()
        if len(piece) > 1 and piece[0] == '"' and piece[-1] == '"':
            found.append(piece[1:-1])
        else:
            found.append(piece or None)
        position = end + 1
    return found


def number(value, allowed=None, default=None):
    """The int that an argument stands for; raises Refused when it is none, or not in `allowed`."""
    if value is None:
        if default is None:
            raise Refused(50)
        return default
    if not value or len(value) > 9 or [digit for digit in value if digit not in "0123456789"]:
        raise Refused(50)
    if allowed is not None and int(value) not in allowed:
        raise Refused(50)
    return int(value)
