"""The header fields of MM1: a number, then a value of that number's type (OMA-TS-MMS_ENC, clauses 7.3 and 7.4).

Which field has which type stands in tables.py; tools/pdu/standard.py has the rows in words.
"""

from construct import Byte, Construct, GreedyRange, ValidationError
from mms.codec import content, tables, wsp
from mms.limits import const

_ADDRESS = const(0x80)  # Address-present-token
_INSERT = const(0x81)  # Insert-address-token


class _From(Construct):
    """From-value: a length, then an address, or None for the token that asks the MMSC to insert it (7.3.21).

    The address counts where it disagrees with the length: lengths are wrong on real networks.
    """

    def _parse(self, stream, context, path):
        if not wsp.ValueLength._parse(stream, context, path):
            raise ValidationError("empty", path=path)
        token = Byte._parse(stream, context, path)
        if token == _INSERT:
            return None
        if token != _ADDRESS:
            raise ValidationError("%02X is no address" % token, path=path)
        return wsp.EncodedString._parse(stream, context, path)

    def _build(self, address, stream, context, path):
        octets = bytes([_INSERT])
        if address is not None:
            octets = bytes([_ADDRESS]) + wsp.EncodedString.build(address)
        wsp.ValueLength._build(len(octets), stream, context, path)
        stream.write(octets)
        return address


# Positions in _TYPES of the types of which a value here has another form than on the wire
_BOOLEAN = const(1)
_CLASS = const(8)
_TIME = const(10)
_VERSION = const(12)

# The order is that of VALUE_TYPES in tools/pdu/standard.py, whose last rows are pairs; tables.PAIRS has those
_TYPES = (
    wsp.AnyValue,
    wsp.Token,  # Boolean
    content.ContentTypeValue,
    wsp.Pair(wsp.TextString, GreedyRange(content.PARAMETER)),  # Element-descriptor-value
    wsp.EncodedString,
    _From(),
    wsp.IntegerValue,
    wsp.LongInteger,
    wsp.AnyValue,  # Message-class-value
    wsp.TextString,
    wsp.Pair(wsp.Token, wsp.LongInteger),  # Time-value
    wsp.Token,
    wsp.Token,  # Version-value
)
_FORMS = const(("absolute", "relative"))
_DELETED = const((0x92, 0x95))  # M-Mbox-Delete.conf, M-Delete.conf: about several messages, which these fields count
_COUNTED = {0x03: 15, 0x13: 14}  # X-Mms-Content-Location: Counted-uri; X-Mms-Response-Text: Counted-string


def _type_number(number, context):
    """The number of the value type of a header field; `type` in the context is the PDU's."""
    if number in _COUNTED and context.get("type") in _DELETED:
        return _COUNTED[number]
    return tables.VALUE_TYPES[number] if number < len(tables.VALUE_TYPES) else 0


def _type(number):
    """The Construct of a value type by its number. Pairs are made when one comes: a mailbox has them, a message not."""
    if number < len(_TYPES):
        return _TYPES[number]
    at = tables.PAIRS.find(bytes([number]))
    return wsp.Pair(_TYPES[tables.PAIRS[at + 1]], _TYPES[tables.PAIRS[at + 2]])


class _Field(Construct):
    """MMS-header: (number without its top bit, value) (7.2).

    A boolean is True or False, and any octet but 80 is False; a version has no top bit; a time is ("absolute" or
    "relative", seconds). Some networks leave fields in that have a name in text: then that stands for the number.
    """

    def _parse(self, stream, context, path):
        number = Byte._parse(stream, context, path)
        if number < 0x80:
            stream.seek(-1, 1)
            return content.Header._parse(stream, context, path)
        number &= 0x7F
        kind = _type_number(number, context)
        value = _type(kind)._parse(stream, context, path)
        if kind == _BOOLEAN:
            value = value == 0x80
        elif kind == _VERSION:
            value &= 0x7F
        elif kind == _TIME:
            if value[0] > 0x81:
                raise ValidationError("%02X is no form of time" % value[0], path=path)
            value = _FORMS[value[0] & 0x01], value[1]
        elif kind == _CLASS:
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
        kind = _type_number(number, context)
        construct = _type(kind)
        if kind == _BOOLEAN:
            value = 0x80 if value else 0x81
        elif kind == _VERSION:
            value |= 0x80
        elif kind == _TIME:
            if value[0] not in _FORMS:
                raise ValidationError("%r is no form of time" % (value[0],), path=path)
            value = 0x80 + _FORMS.index(value[0]), value[1]
        elif kind == _CLASS:
            construct = wsp.Token if isinstance(value, int) else wsp.TextString
        construct._build(value, stream, context, path)
        return field


FIELD = _Field()
FIELDS = GreedyRange(FIELD)
