"""The header fields of MM1: what each number's value is made of (OMA-TS-MMS_ENC, clauses 7.3 and 7.4)."""

from construct import Byte, Construct, GreedyRange, ValidationError
from mms.codec import content, wsp


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


# What a field's value is, by a letter, and then the letter of each field from 00 to 3F
_COUNTED = wsp.Pair(wsp.IntegerValue, wsp.EncodedString)
_KINDS = {
    "b": wsp.Token,
    "c": content.ContentTypeValue,
    "d": wsp.Pair(wsp.IntegerValue, wsp.LongInteger),
    "e": wsp.EncodedString,
    "f": _From(),
    "i": wsp.LongInteger,
    "l": wsp.Pair(wsp.TextString, GreedyRange(content.PARAMETER)),
    "m": wsp.AnyValue,
    "P": _COUNTED,
    "p": _COUNTED,
    "q": wsp.Pair(wsp.Token, wsp.IntegerValue),
    "r": wsp.Pair(wsp.Token, wsp.LongInteger),
    "s": wsp.IntegerValue,
    "t": wsp.Token,
    "u": wsp.TextString,
    "v": wsp.Token,
    "x": wsp.Pair(wsp.Token, wsp.EncodedString),
    "U": wsp.Pair(wsp.IntegerValue, wsp.TextString),
    "?": wsp.AnyValue,
}
_LETTERS = (
    "?eeUcibrrfmutvit"  # 00 to 0F
    "bbtPtteeutettrui"  # 10 to 1F
    "pdbtxtebtbqbqs?s"  # 20 to 2F
    "?blsteeuuutbbuut"  # 30 to 3F
)
_COUNTING = (0x92, 0x95)  # M-Mbox-Delete.conf, M-Delete.conf
_FORMS = ("absolute", "relative")


class _Field(Construct):
    """One header field: its number with the top bit set, then a value of that number's kind.

    `type` in the context is the PDU's: where messages are deleted, two fields begin with a count. Some networks
    leave fields with a name in letters in: they are kept under that name. A boolean that is not 80 is no; a version
    loses its top bit; a form of time is named.
    """

    def _parse(self, stream, context, path):
        number = Byte._parse(stream, context, path)
        if number < 0x80:
            stream.seek(-1, 1)
            return content.Header._parse(stream, context, path)
        number &= 0x7F
        letter = _LETTERS[number] if number < len(_LETTERS) else "?"
        if letter in "UP" and context.get("type") not in _COUNTING:
            letter = "u" if letter == "U" else "e"
        value = _KINDS[letter]._parse(stream, context, path)
        if letter not in "bvrm":
            return number, value
        if letter == "b":
            value = value == 0x80
        elif letter == "v":
            value &= 0x7F
        elif letter == "r":
            if value[0] > 0x81:
                raise ValidationError("%02X is no form of time" % value[0], path=path)
            value = _FORMS[value[0] & 0x01], value[1]
        elif letter == "m":
            if isinstance(value, bytes):
                raise ValidationError("no class", path=path)
            if isinstance(value, int):
                value |= 0x80
        return number, value

    def _build(self, field, stream, context, path):
        number, value = field
        if isinstance(number, str):
            return content.Header._build(field, stream, context, path)
        Byte._build(0x80 | number, stream, context, path)
        letter = _LETTERS[number] if number < len(_LETTERS) else "?"
        if letter in "UP" and context.get("type") not in _COUNTING:
            letter = "u" if letter == "U" else "e"
        kind = _KINDS[letter]
        if letter == "b":
            value = 0x80 if value else 0x81
        elif letter == "v":
            value |= 0x80
        elif letter == "r":
            if value[0] not in _FORMS:
                raise ValidationError("%r is no form of time" % (value[0],), path=path)
            value = 0x80 + _FORMS.index(value[0]), value[1]
        elif letter == "m":
            kind = wsp.Token if isinstance(value, int) else wsp.TextString
        kind._build(value, stream, context, path)
        return field


FIELD = _Field()
FIELDS = GreedyRange(FIELD)
