"""Thousands of damaged PDUs through the codec: prints one digest a class of PDU, and one of all.

`python tests/kit/codec/mutants.py pypi` runs the declarations over PyPI's construct, `... engine` over
lib/construct, and MicroPython runs them over lib/construct, too: all print the same. A digest covers
values, octets built from them again, offsets and classes of errors; not their texts.
"""

import sys

if __name__ == "__main__":
    if "pypi" in sys.argv:
        sys.path.append("lib")
    else:
        sys.path.insert(0, "lib")
    sys.path.insert(1, ".")

import hashlib
import io

import construct
from construct import ConstructError
from mms.codec import charset, content, fields, mm1, multipart, push, segments, tpdu, wsp
from mms.errors import PduError
from tests.kit.codec import golden

EACH = 400
_SPECIAL = b"\x00\x01\x1e\x1f\x20\x22\x7f\x80\x81\x84\x96\xc0\xe0\xed\xf4\xfe\xff"


class Chance:
    """xorshift32: the same numbers everywhere."""

    def __init__(self, seed):
        self._state = seed

    def below(self, bound):
        """A number from 0 to `bound` - 1."""
        state = self._state
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        self._state = state
        return state % bound


def mutant(octets, chance, words=()):
    """`octets` with one to three faults; `words` are what is put in, besides single octets."""
    octets = bytearray(octets)
    for _ in range(1 + chance.below(3)):
        at = chance.below(len(octets) + 1)
        if words and chance.below(2):
            octets = octets[:at] + words[chance.below(len(words))] + octets[at + chance.below(3) :]
            continue
        kind = chance.below(8)
        special = _SPECIAL[chance.below(len(_SPECIAL))]
        if kind == 0:
            octets = octets[:at]
        elif kind == 1:
            octets = octets[:at] + octets[at + 1 + chance.below(4) :]
        elif kind == 2:
            octets = octets[:at] + bytes([special]) + octets[at:]
        elif kind == 3:
            octets = octets[:at] + octets[chance.below(at + 1) :]
        elif kind == 4 and at < len(octets):
            octets[at] ^= 1 << chance.below(8)
        elif at < len(octets):
            octets[at] = special
        if not octets:
            octets = bytearray(1)
    return bytes(octets)


def plain(value):
    """`value` in octets that are the same on every interpreter."""
    if isinstance(value, dict):
        value = [(key, value[key]) for key in sorted(value) if key[0] != "_"]
    if isinstance(value, (tuple, list)):
        return b"(" + b",".join([plain(item) for item in value]) + b")"
    if isinstance(value, str):
        return b"s" + value.encode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return b"b" + bytes(value)
    return str(value).encode()


def _pdu(octets):
    pdu = mm1.parse(octets)
    seen = (pdu.type, pdu.fields, pdu.body, [offset for offset, what in pdu.warnings])
    values = [field[:2] for field in pdu.fields[1:]]
    return seen, attempt(lambda values: mm1.build(pdu.type, values), values)


def _multipart(octets):
    parser = multipart.Parser()
    told = []
    for at in range(0, len(octets), 50):
        for what, value in parser.feed(octets[at : at + 50]):
            if what == multipart.DATA:
                told.append(bytes(value))
            else:
                part = value
                told.append((what, part.media, part.charset, part.name, part.content_id))
                told.append((part.location, part.octets, part.offset))
    parser.close()
    return told, parser.warnings


def _declared(declaration):
    def run(octets):
        stream = io.BytesIO(octets)
        value = declaration.parse_stream(stream)
        return stream.tell(), value, attempt(declaration.build, value)

    return run


def attempt(function, argument):
    """What a function gives, or the name of its error; what is no error of ours counts as a crash."""
    try:
        return function(argument)
    except PduError as error:
        return "PduError", error.offset
    except ConstructError as error:
        return type(error).__name__
    except Exception as error:
        print("crash", type(error).__name__, error, argument)
        return "crash"


SUBJECTS = [(name, _pdu, octets) for name, octets in golden.PDUS] + [
    ("multipart", _multipart, golden.BODY),
    ("push", push.parse, golden.PUSH),
    ("deliver", tpdu.parse, segments.deliver("+447700900002", golden.PUSH * 2, push.PORTS, 3)[0]),
    ("text", tpdu.parse, segments.deliver("Orange", "Grüße, {alle} " * 20, None, 3)[1]),
    ("submit", lambda octets: segments.parse_submit(octets), segments.submit("12345", "₤ ☺ 😀")[0]),
    ("Uintvar", _declared(wsp.Uintvar), b"\x81\xff\x7f"),
    ("Integer", _declared(wsp.IntegerValue), b"\x03\x01\x02\x03"),
    ("Text", _declared(wsp.TextString), b"\x7f" + "Grüße ☺😀".encode() + b"\0"),
    ("Encoded", _declared(wsp.EncodedString), b"\x0e\xeaGr\xc3\xbc\xc3\x9fe \xe2\x98\xba\x00"),
    ("UTF-16", _declared(wsp.EncodedString), b"\x0e\x03\x03\xf7\xfe\xff\xd8\x3d\xde\x00\x00G\x00\x00"),
    ("Content-Type", _declared(content.ContentTypeValue), golden.SEND_HEADER[-25:]),
    ("field", _declared(fields.FIELD), b"\x88\x05\x81\x03\x02\xa3\x00"),
    ("From", _declared(fields.FIELD), golden.NOTIFICATION[8:31]),
]


def main():
    """Print the digests."""
    charset.PYTHON = False  # all as on a board
    print("construct", getattr(construct, "__version__", "engine"))
    whole = hashlib.sha256()
    chance = Chance(2463534242)
    for name, run, octets in SUBJECTS:
        digest = hashlib.sha256()
        good = 0
        for _ in range(EACH):
            result = attempt(run, mutant(octets, chance))
            good += not isinstance(result, str) and result[0] != "PduError"
            digest.update(plain(result) + b"\n")
        digest = digest.digest()
        whole.update(digest)
        print(name, EACH, good, digest.hex()[:16])
    print("all", EACH * len(SUBJECTS), whole.digest().hex()[:16])


if __name__ == "__main__":
    main()
