"""The version of MMS that brought a PDU, a field or a value: a message has nothing newer than its version.

The rows of tools/pdu/standard.py have the same versions one by one.
Versions are as on the wire without the top bit: 0x10 is 1.0 (WAP-209), 0x11 to 0x13 are OMA's 1.1 to 1.3.
"""

from mms.errors import PduError
from mms.limits import const

_STATUS = const(0x15)
_RESPONSE_STATUS = const(0x12)
_VERSION = const(0x0D)
# (the first that is newer, version that brought it), ascending
_TYPES = const(((0x87, 0x11), (0x8B, 0x12), (0x94, 0x13)))
_FIELDS = const(((0x19, 0x11), (0x22, 0x12), (0x34, 0x13)))
_VALUES = {
    _STATUS: ((0x85, 0x11), (0x87, 0x12)),
    _RESPONSE_STATUS: ((0xC0, 0x11), (0xC4, 0x12), (0xE0, 0x11), (0xEA, 0x12)),
}


def _since(steps, number):
    """The version that brought `number`."""
    version = 0x10
    for first, brought in steps:
        if number >= first:
            version = brought
    return version


def since(type=None, field=None, value=None):
    """The version that brought a type of PDU, a header field, or a value of that field."""
    version = _since(_TYPES, type) if type is not None else 0x10
    if field is not None and not isinstance(field, str):
        version = max(version, _since(_FIELDS, field))
        if isinstance(value, int):
            version = max(version, _since(_VALUES.get(field, ()), value))
    return version


def check(type, fields, version):
    """Raise PduError when a PDU of `type` with `fields` has what `version` does not."""
    if since(type) > version:
        raise PduError(0, "type %02X is newer than MMS %d.%d" % (type, version >> 4, version & 0x0F))
    for number, value in fields:
        if number == _VERSION and value > version or since(None, number, value) > version:
            raise PduError(0, "field %02X is newer than MMS %d.%d" % (0x80 | number, version >> 4, version & 0x0F))
