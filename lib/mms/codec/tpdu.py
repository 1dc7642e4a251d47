"""SMS TPDUs (3GPP TS 23.040, clause 9.2) without the address of the SMS centre before them."""

import io
from collections import namedtuple

from construct import (
    Adapter,
    Byte,
    Bytes,
    ConstructError,
    GreedyBytes,
    IntegerError,
    StringError,
    Struct,
)
from mms import limits
from mms.codec import charset, wsp
from mms.errors import PduError
from mms.limits import const

# `ports` is (destination, source), `concat` (reference, its bits, total, sequence), or None; `data` octets without
# the header, those of a text in UTF-16BE whatever its alphabet was; `text` a str or None; times seconds since 1970
Deliver = namedtuple("Deliver", ("originator", "pid", "dcs", "time", "ports", "concat", "data", "text"))
StatusReport = namedtuple("StatusReport", ("recipient", "reference", "status", "time", "done"))

_TYPE = const(0x03)
_DELIVER = const(0x00)
_STATUS_REPORT = const(0x02)
_RESERVED = const(0x03)  # a reserved type is treated as a Deliver (9.2.3.1)
_HEADER = const(0x40)  # TP-UDHI
_USER_DATA = const(140)
_YEAR_2000 = const(946684800)
_YEAR_2100 = const(4102444800)
_CONCAT_8 = const(0x00)
_PORTS_8 = const(0x04)
_PORTS_16 = const(0x05)
_CONCAT_16 = const(0x08)
_SINGLE_SHIFT = const(0x24)
_LOCKING_SHIFT = const(0x25)
_SEPTETS = const(0)
_OCTETS = const(1)
_UCS_2 = const(2)
_DIGITS = const("0123456789*#abc")  # of an address, by their semi-octets
_LONGEST = const(20)  # semi-octets of an address: twelve octets with length and type
_INTERNATIONAL = const(0x91)  # types of an address (9.1.2.5)
_UNKNOWN = const(0x81)
_NAME = const(0xD0)


class _Address(Adapter):
    """A number, "+" before an international one, or a name in the GSM alphabet (9.1.2.5)."""

    def _decode(self, address, context, path):
        if address.digits > _LONGEST:
            raise IntegerError("address of %d digits" % address.digits, path=path)
        if address.type & 0x70 == 0x50:
            from mms.codec import gsm7

            return gsm7.decode(gsm7.unpack(address.octets, address.digits * 4 // 7))
        digits = "+" if address.type & 0x70 == 0x10 else ""
        for index in range(address.digits):
            digit = address.octets[index // 2] >> 4 * (index % 2) & 0x0F
            if digit < len(_DIGITS):
                digits += _DIGITS[digit]
        return digits

    def _encode(self, number, context, path):
        digits = number[1:] if number[:1] == "+" else number
        if digits.strip(_DIGITS):
            return self._name(number, path)
        if not 0 < len(digits) <= _LONGEST:
            raise StringError("no address", path=path)
        octets = bytearray((len(digits) + 1) // 2)
        for index in range(2 * len(octets)):
            digit = _DIGITS.find(digits[index]) if index < len(digits) else 0x0F
            octets[index // 2] |= digit << 4 * (index % 2)
        form = _UNKNOWN if digits is number else _INTERNATIONAL
        return {"digits": len(digits), "type": form, "octets": bytes(octets)}

    def _name(self, name, path):
        from mms.codec import gsm7

        septets = gsm7.encode(name)
        if septets is None or len(septets) * 7 > _LONGEST * 4:
            raise StringError("no address", path=path)
        digits = (len(septets) * 7 + 3) // 4
        return {"digits": digits, "type": _NAME, "octets": gsm7.pack(septets)}


class _Time(Adapter):
    """Year to second in swapped decimal digits, then the time zone in quarters of an hour (9.2.3.11).

    Seconds since 1970, or None when the digits are no date.
    """

    def _decode(self, octets, context, path):
        year, month, day, hour, minute, second = [(octet & 0x0F) * 10 + (octet >> 4) for octet in octets[:6]]
        zone = (octets[6] & 0x07) * 10 + (octets[6] >> 4)
        if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60):
            return None
        if octets[6] & 0x08:
            zone = -zone
        days = calendar_days(2000 + year, month, day)
        return ((days * 24 + hour) * 60 + minute - zone * 15) * 60 + second

    def _encode(self, seconds, context, path):
        if not _YEAR_2000 <= seconds < _YEAR_2100:
            raise IntegerError("%d is no time of this century" % seconds, path=path)
        days = seconds // 86400
        year, month = 2000, 1
        while calendar_days(year + 1, 1, 1) <= days:
            year += 1
        while month < 12 and calendar_days(year, month + 1, 1) <= days:
            month += 1
        day = days - calendar_days(year, month, 1) + 1
        rest = seconds % 86400
        fields = (year - 2000, month, day, rest // 3600, rest // 60 % 60, rest % 60, 0)
        return bytes([field % 10 << 4 | field // 10 for field in fields])


def calendar_days(year, month, day):
    """Days since 1970."""
    if month < 3:
        year -= 1
        month += 12
    leaps = year // 4 - year // 100 + year // 400
    return 365 * year + leaps + (153 * month - 457) // 5 + day - 719469


Address = _Address(Struct("digits" / Byte, "type" / Byte, "octets" / Bytes(lambda this: (this.digits + 1) // 2)))
Time = _Time(Bytes(7))
DELIVER_TPDU = Struct(
    "first" / Byte,
    "originator" / Address,
    "pid" / Byte,
    "dcs" / Byte,
    "time" / Time,
    "length" / Byte,
    "octets" / GreedyBytes,
)
_REPORT_TPDU = Struct(
    "first" / Byte,
    "reference" / Byte,
    "recipient" / Address,
    "time" / Time,
    "done" / Time,
    "status" / Byte,
)


def check_length(octets):
    """Raise PduError unless `octets` can be a TPDU by their length."""
    if not octets or len(octets) > limits.TPDU:
        raise PduError(0, "TPDU of %d octets" % len(octets))


def parse(octets):
    """The Deliver or StatusReport in `octets`, which a network sends; raises PduError."""
    check_length(octets)
    kind = octets[0] & _TYPE
    stream = io.BytesIO(octets)
    try:
        if kind in (_DELIVER, _RESERVED):
            tpdu = DELIVER_TPDU.parse_stream(stream)
            head = (tpdu.originator, tpdu.pid, tpdu.dcs, tpdu.time)
            return Deliver(*head + user_data(tpdu, len(octets)))
        if kind == _STATUS_REPORT:
            tpdu = _REPORT_TPDU.parse_stream(stream)
            return StatusReport(tpdu.recipient, tpdu.reference, tpdu.status, tpdu.time, tpdu.done)
    except ConstructError as error:
        raise PduError(stream.tell(), wsp.reason(error))
    raise PduError(0, "type %d of TPDU" % kind)


def alphabet_of(dcs):
    """The alphabet of user data by TP-DCS (3GPP TS 23.038, clause 4); reserved values mean the GSM alphabet.

    Compressed text counts as octets, since nothing here decompresses it.
    """
    group = dcs >> 4
    if group < 8:
        if dcs & 0x20:
            return _OCTETS
        return dcs >> 2 & 0x03 if dcs & 0x0C != 0x0C else _SEPTETS
    if group == 0x0F:
        return dcs >> 2 & 0x01
    return _UCS_2 if group == 0x0E else _SEPTETS


def user_data(tpdu, end):
    """(ports, concat, data, text) of a TPDU of `end` octets."""
    begin = end - len(tpdu.octets)
    alphabet = alphabet_of(tpdu.dcs)
    size = (tpdu.length * 7 + 7) // 8 if alphabet == _SEPTETS else tpdu.length
    if size > min(len(tpdu.octets), _USER_DATA):
        raise PduError(begin - 1, "user data of %d octets" % size)
    ports = concat = None
    shifts = [0, 0]
    header = 0
    if tpdu.first & _HEADER:
        header = 1 + (tpdu.octets[0] if size else 0)
        if header > size:
            raise PduError(begin, "header of %d octets" % header)
        ports, concat, shifts = _header(tpdu.octets, header)
    data = tpdu.octets[header:size]
    if alphabet == _OCTETS:
        return ports, concat, data, None
    if alphabet == _UCS_2:
        data = data[: len(data) // 2 * 2]  # half a character would shift the characters of the next segment
        return ports, concat, data, charset.decode(data, charset.UTF_16BE)
    before = (header * 8 + 6) // 7  # the text begins at the next septet
    if before > tpdu.length:
        raise PduError(begin, "header of %d octets" % header)
    text = _septets(data, tpdu.length - before, before * 7 - header * 8, shifts)
    return ports, concat, charset.encode_utf_16be(text), text


def _septets(data, count, fill, shifts):
    """The text in `count` packed septets after `fill` bits; `shifts` are its national tables, single and locking."""
    from mms.codec import gsm7  # loaded for a text, which few handsets get

    septets = gsm7.unpack(data, count, fill)
    if shifts == [0, 0]:
        return gsm7.decode(septets)
    from mms.codec import national

    return national.decode(septets, shifts[0], shifts[1])


def _header(octets, end):
    """(ports, concat, [single shift, locking shift]) of a user data header that ends at `end` (9.2.3.24).

    An element that is unknown or malformed is ignored, an element beyond the end stops the reading, and of an element
    that comes twice the last counts.
    """
    ports = concat = None
    shifts = [0, 0]
    at = 1
    while at + 2 <= end and at + 2 + octets[at + 1] <= end:
        element, length = octets[at], octets[at + 1]
        value = octets[at + 2 : at + 2 + length]
        if (element, length) in ((_CONCAT_8, 3), (_CONCAT_16, 4)):
            total, sequence = value[length - 2], value[length - 1]
            if 1 <= sequence <= total:
                concat = (int.from_bytes(value[: length - 2], "big"), 8 * (length - 2), total, sequence)
        elif (element, length) in ((_PORTS_8, 2), (_PORTS_16, 4)):
            half = length // 2
            ports = (int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))
        elif element in (_SINGLE_SHIFT, _LOCKING_SHIFT) and length == 1:
            shifts[element - _SINGLE_SHIFT] = value[0]
        at += 2 + length
    return ports, concat, shifts
