"""The object of a file drawn as a tree for people: headers in wire order with offsets, parts, sizes, warnings."""

import datetime

from rich.text import Text
from rich.tree import Tree

_DATES = ("Date",)
_SIZES = ("X-Mms-Message-Size", "X-Mms-Reply-Charging-Size")


def _safe(text):
    """Text from the air, with nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))


def _time(seconds):
    try:
        when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    except (OverflowError, OSError, ValueError):
        return str(seconds)
    return "%s (%d)" % (when.strftime("%Y-%m-%d %H:%M:%S UTC"), seconds)


def _span(seconds):
    return "%s (%d s)" % (datetime.timedelta(seconds=seconds), seconds) if seconds < 10**12 else "%d s" % seconds


def _value(name, value):
    if value is None:
        return "(to be inserted)" if name == "From" else "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in _DATES and isinstance(value, int):
        return _time(value)
    if name in _SIZES and isinstance(value, int):
        return _octets(value)
    if isinstance(value, list):
        return ", ".join(_value(None, inner) for inner in value)
    if isinstance(value, dict):
        if "type" in value:
            return _content_type(value)
        if "raw" in value:
            return "octets " + (value["raw"] or "(none)")
        ((form, seconds),) = value.items()
        return "at " + _time(seconds) if form == "absolute" else "after " + _span(seconds)
    return str(value)


def _content_type(value):
    return "; ".join(
        [value["type"]] + ["%s=%s" % (one["name"], _value(None, one["value"])) for one in value["parameters"]]
    )


def _octets(number):
    return "{:,} octets".format(number)


def _line(offset, name, value, style="bold"):
    at = "%7s  " % ("" if offset is None else offset)
    return Text.assemble((at, "dim"), (_safe(name), style), (": " if name and value else ""), _safe(value))


def _parts(branch, parts):
    for part in parts:
        title = "%s, %s" % (part["type"], _octets(part["octets"]))
        leaf = branch.add(_line(part["offset"], title, "", "cyan"))
        for key in ("charset", "name", "content_id", "content_location", "transfer_encoding", "file", "sha256"):
            if part.get(key) is not None:
                leaf.add(_line(None, key, part[key], ""))
        _parts(leaf, part.get("parts", ()))


def _told(branch, told):
    """Names and values, settings in lists, and what is inside them."""
    for name, value in told.items():
        if isinstance(value, dict) and "raw" not in value:
            _told(branch.add(Text(name, "magenta")), value)
        elif name == "characteristics":
            for one in value:
                inside = {"parameters": one["parameters"], "characteristics": one["characteristics"]}
                _told(branch.add(Text(_safe(one["type"]), "magenta")), inside)
        elif name in ("headers", "parameters"):
            for one in value:
                branch.add(_line(None, one["name"], _value(None, one["value"])))
        elif value is not None:
            shown = _time(value) if name in ("time", "done", "created", "expires") else _value(None, value)
            branch.add(_line(None, name, shown))


def tree(found):
    """The object that `plain.objects` gives, as something for rich to print."""
    root = Tree(Text.assemble((_safe(found["pdu"]), "bold green"), ("  " + _safe(found["file"]), "dim")))
    for key, title in (("sms", "short message"), ("push", "WAP push")):
        if key in found:
            _told(root.add(Text(title, "magenta")), found[key])
    if found["headers"]:
        branch = root.add(Text("headers", "magenta"))
        for header in found["headers"]:
            value = _value(header["name"], header["value"]) if "value" in header else "octets " + header["raw"]
            branch.add(_line(header["offset"], header["name"], value))
    if found["parts"]:
        _parts(root.add(Text("parts", "magenta")), found["parts"])
    if found["warnings"]:
        branch = root.add(Text("warnings", "yellow"))
        for warning in found["warnings"]:
            branch.add(_line(warning["offset"], warning["what"], "", "yellow"))
    return root
