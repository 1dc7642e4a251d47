"""Writes the vectors of this folder: `python -m tests.vectors.make`.

The octets are written here by hand, in rows of a small notation, so that no encoder has a say in them:

    8D 92                octets in hexadecimal
    'text'               the octets of a text in UTF-8
    < ... >              a Value-length (8.4.2.2 of WAP-230-WSP), then what is inside
    [ ... | ... ]        an entry of a multipart: its lengths, its headers, its data
    # text               what the row is
"""

import io
import json
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.append(str(FOLDER.parent.parent / "lib"))  # last: construct is PyPI's here

from mms.errors import PduError  # noqa: E402
from tests.vectors import deviations, exchanges, mailbox, pdus, pushes  # noqa: E402
from tools.pdu import values  # noqa: E402
from tools.pdu.decode import decode  # noqa: E402
from tools.pdu.sms import objects  # noqa: E402

ALL = {**pdus.VECTORS, **mailbox.VECTORS, **pushes.VECTORS, **deviations.VECTORS}
_WORDS = re.compile(r"'([^']*)'|([0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{2})*)|([<>|\[\]])|\s+")


def _uintvar(number):
    octets = [number & 0x7F]
    while number > 0x7F:
        number >>= 7
        octets.insert(0, 0x80 | number & 0x7F)
    return bytes(octets)


def _closed(kind, octets, headers):
    """What stands for a group that ends: its length or lengths, and what is in it."""
    if kind == "<":
        length = len(octets)
        return (bytes([length]) if length < 31 else b"\x1f" + _uintvar(length)) + octets
    return _uintvar(len(headers)) + _uintvar(len(octets)) + headers + octets


def octets(text):
    """[(octets, what they are)] of the rows of a notation."""
    rows = []
    for row in text.strip().splitlines():
        row, _, what = row.partition("#")
        stack = [[None, b"", b""]]  # the bracket, its octets, the headers before them
        at = 0
        while at < len(row):
            found = _WORDS.match(row, at)
            assert found, row
            at = found.end()
            string, digits, bracket = found.groups()
            if string is not None:
                stack[-1][1] += string.encode()
            elif digits:
                stack[-1][1] += bytes.fromhex(digits)
            elif bracket in ("<", "["):
                stack.append([bracket, b"", b""])
            elif bracket == "|":
                stack[-1][1:] = b"", stack[-1][1]
            elif bracket:
                whole = _closed(*stack.pop())
                stack[-1][1] += whole
        assert len(stack) == 1, row
        rows.append((stack[0][1], what.strip()))
    return rows


def lines(about, text):
    """The file of a vector: what it is about, then its octets a row at a time, each with what it is."""
    out = ["# " + line for line in about.splitlines()]
    for row, what in octets(text):
        for start in range(0, max(1, len(row)), 32):
            piece = row[start : start + 32].hex(" ")
            out.append("%s%s" % (piece, "  # " + what if what and not start else ""))
    return "\n".join(out) + "\n"


def read(path):
    """The octets of a vector's file."""
    return bytes.fromhex("".join(line.partition("#")[0] for line in path.read_text().splitlines()))


def _json(found):
    text = io.StringIO()
    values.dump(found, text.write)
    return text.getvalue()


def told(path):
    """The lines of JSON that decoding a vector gives; a malformed one gives its offset and reason."""
    name = path.stem
    try:
        if path.suffix == ".sms":
            found = list(objects(path.read_text().splitlines(), name))
        else:
            found = [decode(io.BytesIO(read(path)), name)]
    except PduError as error:
        found = [{"file": name, "error": {"offset": error.offset, "what": error.what}}]
    return [json.loads(_json(one)) for one in found]


def files():
    """The files of the vectors, in the order of their names."""
    return sorted([*FOLDER.glob("*.hex"), *FOLDER.glob("*.sms")])


def written():
    """{name of file: its text} of all vectors' octets."""
    found = {name + ".hex": lines(about, text) for name, (about, text) in ALL.items()}
    for name, (about, tpdus) in pushes.SHORT_MESSAGES.items():
        found[name + ".sms"] = "# %s\n%s\n" % (about, "\n".join(tpdus.split()))
    return found


def main():
    """Write every vector, and what is in it."""
    for name, text in written().items():
        (FOLDER / name).write_text(text)
    for path in files():
        path.with_suffix(".json").write_text(_indented(told(path)))
    for name, exchange in exchanges.EXCHANGES.items():
        (FOLDER / (name + ".json")).write_text(_indented(exchange))


def _indented(found):
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
