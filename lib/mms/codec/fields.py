"""The header fields of MM1: what each number's value is made of (OMA-TS-MMS_ENC, clauses 7.3 and 7.4)."""

from construct import (
    Adapter,
    Byte,
    Construct,
    GreedyRange,
    Mapping,
    Prefixed,
    Struct,
    ValidationError,
)
from mms.codec import content, wsp


class _Boolean(Adapter):
    """Yes is 80; whatever else a network sends is no."""

    def _decode(self, octet, context, path):
        return octet == 0x80

    def _encode(self, value, context, path):
        return 0x80 if value else 0x81


class _Version(Adapter):
    """Major and minor version, four bits each with the top bit set (7.3.34): 10 is 1.0, 13 is 1.3."""

    def _decode(self, octet, context, path):
        return octet & 0x7F

    def _encode(self, version, context, path):
        return 0x80 | version


class _Pair(Adapter):
    """Two values in a length: (first, second)."""

    def __init__(self, first, second):
        super().__init__(Prefixed(wsp.ValueLength, Struct("first" / first, "second" / second)))

    def _decode(self, pair, context, path):
        return pair.first, pair.second

    def _encode(self, pair, context, path):
        return {"first": pair[0], "second": pair[1]}


class _From(Construct):
    """A length, then an address, or the token that asks the MMSC to insert it: None (7.3.20).

    Where length and address disagree, the address is right: lengths are wrong on real networks.
    """

    _ADDRESS = 0x80
    _INSERT = 0x81

    def _parse(self, stream, context, path):
        if not wsp.ValueLength._parse(stream, context, path):
            raise ValidationError("empty", path=path)
        token = Byte._parse(stream, context, path)
        if token == self._INSERT:
            return None
        if token != self._ADDRESS:
            raise ValidationError("%02X is no address" % token, path=path)
        return wsp.EncodedString._parse(stream, context, path)

    def _build(self, address, stream, context, path):
        octets = bytes([self._INSERT])
        if address is not None:
            octets = bytes([self._ADDRESS]) + wsp.EncodedString.build(address)
        wsp.ValueLength._build(len(octets), stream, context, path)
        stream.write(octets)
        return address


class _MessageClass(Construct):
    """One of four tokens, or a name of one's own (7.3.27)."""

    def _parse(self, stream, context, path):
        value = wsp.AnyValue._parse(stream, context, path)
        if isinstance(value, bytes):
            raise ValidationError("no class", path=path)
        return 0x80 | value if isinstance(value, int) else value

    def _build(self, value, stream, context, path):
        kind = wsp.Token if isinstance(value, int) else wsp.TextString
        return kind._build(value, stream, context, path)


_FORM = Mapping(wsp.Token, {"absolute": 0x80, "relative": 0x81})

# What a field's value is, by a letter, and then the letter of each field from 00 to 3F
_KINDS = {
    "b": _Boolean(wsp.Token),
    "c": content.ContentTypeValue,
    "d": _Pair(wsp.IntegerValue, wsp.LongInteger),
    "e": wsp.EncodedString,
    "f": _From(),
    "i": wsp.LongInteger,
    "l": _Pair(wsp.TextString, GreedyRange(content.PARAMETER)),
    "m": _MessageClass(),
    "p": _Pair(wsp.IntegerValue, wsp.EncodedString),
    "q": _Pair(wsp.Token, wsp.IntegerValue),
    "r": _Pair(_FORM, wsp.LongInteger),
    "s": wsp.IntegerValue,
    "t": wsp.Token,
    "u": wsp.TextString,
    "v": _Version(wsp.Token),
    "x": _Pair(wsp.Token, wsp.EncodedString),
    "U": _Pair(wsp.IntegerValue, wsp.TextString),
    "?": wsp.AnyValue,
}
_LETTERS = (
    "?eeUcibrrfmutvit"  # 00 to 0F
    "bbtPtteeutettrui"  # 10 to 1F
    "pdbtxtebtbqbqs?s"  # 20 to 2F
    "?blsteeuuutbbuut"  # 30 to 3F
)
_COUNTING = (0x92, 0x95)  # M-Mbox-Delete.conf, M-Delete.conf


def _kind(number, context):
    if number >= len(_LETTERS):
        return wsp.AnyValue
    letter = _LETTERS[number]
    if letter in "UP":  # a Content-Location or Response-Text: with a count where messages are deleted
        counting = context.get("type") in _COUNTING
        letter = {"U": "U" if counting else "u", "P": "p" if counting else "e"}[letter]
    return _KINDS[letter]


class _Field(Construct):
    """One header field: its number with the top bit set, then a value of that number's kind.

    `type` in the context is the PDU's: where messages are deleted, some values begin with a count.
    Some networks leave fields with a name in letters in: they are kept under that name.
    """

    def _parse(self, stream, context, path):
        number = Byte._parse(stream, context, path)
        if number < 0x80:
            stream.seek(-1, 1)
            return content.Header._parse(stream, context, path)
        number &= 0x7F
        return number, _kind(number, context)._parse(stream, context, path)

    def _build(self, field, stream, context, path):
        number, value = field
        if isinstance(number, str):
            return content.Header._build(field, stream, context, path)
        Byte._build(0x80 | number, stream, context, path)
        _kind(number, context)._build(value, stream, context, path)
        return field


FIELD = _Field()
FIELDS = GreedyRange(FIELD)
