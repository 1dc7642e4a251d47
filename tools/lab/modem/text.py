"""Short messages in text mode (AT+CMGF=1; AT manual V1.09, chapter 4; 3GPP TS 27.005, clauses 3.1 and 3.4).

A stored TPDU becomes the fields and the text that AT+CMGR, AT+CMGL, +CMT and +CDS show, in the character set of
AT+CSCS; a number and a text become the SMS-SUBMIT TPDUs that AT+CMGS sends.
"""

from mms.codec import gsm7
from tools.lab.modem.syntax import Refused

STATES = ("REC UNREAD", "REC READ", "STO UNSENT", "STO SENT")
MOST = 1024  # characters that are typed for one message (manual, 4.2.5)

_SINGLE, _PART = 160, 153  # septets in one TPDU, alone and beside a concatenation element
_GSM, _OCTETS, _UCS2 = 0, 1, 2
_HEADER = 0x40  # TP-UDHI
_INTERNATIONAL, _UNKNOWN = 0x91, 0x81


class Fields:
    """The fields of an SMS-DELIVER, SMS-SUBMIT or SMS-STATUS-REPORT TPDU; raises IndexError for one that ends early."""

    def __init__(self, tpdu, stored_here):
        self.first = tpdu[0]
        self.kind = "submit" if stored_here else "report" if tpdu[0] & 3 == 2 else "deliver"
        at = 1
        self.reference = tpdu[at]
        if self.kind != "deliver":
            at += 1
        self.number, self.number_kind, at = _address(tpdu, at)
        if self.kind == "report":
            self.stamp, self.done, self.status = _stamp(tpdu, at), _stamp(tpdu, at + 7), tpdu[at + 14]
            return
        self.protocol, self.scheme, at = tpdu[at], tpdu[at + 1], at + 2
        self.stamp = _stamp(tpdu, at) if self.kind == "deliver" else None
        relative = tpdu[0] >> 3 & 3
        at += 7 if self.kind == "deliver" else (0, 7, 1, 7)[relative]  # TP-SCTS, or TP-VP in one of its forms
        self.length = tpdu[at]
        self.data = tpdu[at + 1 :]


def render(tpdu, stored_here, options, centre):
    """(fields after <stat>, text) as +CMGR and +CMT have them; the text of a status report is None."""
    fields = Fields(tpdu, stored_here)
    number = '"%s"' % _in_set(fields.number, options)
    if fields.kind == "report":
        return _report(fields, number), None
    shown = [number, '""'] + (['"%s"' % fields.stamp] if fields.stamp else [])
    if options["+CSDH"]:
        shown += ["%d,%d,%d,%d" % (fields.number_kind, fields.first, fields.protocol, fields.scheme)]
        shown += ['"%s",145,%d' % (_in_set(centre, options), fields.length)]
    return ",".join(shown), _text(fields, options)


def listed(tpdu, stored_here, options):
    """(fields after <stat>, text) as +CMGL has them."""
    fields = Fields(tpdu, stored_here)
    number = '"%s"' % _in_set(fields.number, options)
    if fields.kind == "report":
        return _report(fields, number), None
    stamp = '"%s"' % fields.stamp if fields.stamp else ""
    more = ",%d,%d" % (fields.number_kind, fields.length) if options["+CSDH"] else ""
    return '%s,"",%s%s' % (number, stamp, more), _text(fields, options)


def submits(number, kind, typed, options, reference):
    """The SMS-SUBMIT TPDUs for a text that was typed: one, or the parts of a longer message under `reference`.

    Raises Refused (+CMS ERROR) for a text that is not in the chosen character set.
    """
    first, validity, protocol, scheme = options["+CSMP"]
    address = _packed_address(number, kind)
    fixed = address + bytes((protocol, scheme)) + (bytes((validity,)) if first & 0x18 == 0x10 else b"")
    if _alphabet(scheme) == _GSM:
        septets = _septets(typed, options)
        if len(septets) <= _SINGLE:
            return [bytes((first, 0)) + fixed + bytes((len(septets),)) + gsm7.pack(septets)]
        pieces = [septets[at : at + _PART] for at in range(0, len(septets), _PART)]
        parts = [gsm7.pack(piece, 1) for piece in pieces]  # one bit, so that the text begins on a septet
        lengths = [len(piece) + 7 for piece in pieces]
    else:
        octets = _octets(typed, options, scheme)
        if len(octets) <= 140:
            return [bytes((first, 0)) + fixed + bytes((len(octets),)) + octets]
        parts = [octets[at : at + 134] for at in range(0, len(octets), 134)]
        lengths = [len(part) + 6 for part in parts]
    found = []
    for index in range(len(parts)):
        header = bytes((5, 0, 3, reference & 0xFF, len(parts), index + 1))
        begin = bytes((first | _HEADER, 0)) + fixed
        found.append(begin + bytes((lengths[index],)) + header + parts[index])
    return found


def number(text, options):
    """(digits, type of address) of an address argument of AT+CMGS; raises Refused for what is none."""
    digits = _typed((text or "").encode(), options)
    if not digits.lstrip("+") or [digit for digit in digits.lstrip("+") if digit not in "0123456789*#"]:
        raise Refused(28, "CMS")  # invalid number format
    return digits, _INTERNATIONAL if digits[0] == "+" else _UNKNOWN


def _report(fields, number):
    times = '"%s","%s"' % (fields.stamp, fields.done)
    return "%d,%d,%s,%d,%s,%d" % (fields.first, fields.reference, number, fields.number_kind, times, fields.status)


def _alphabet(scheme):
    """3GPP TS 23.038, clause 4."""
    if scheme & 0xC0 == 0:
        return (_GSM, _OCTETS, _UCS2, _GSM)[scheme >> 2 & 3]
    if scheme & 0xF0 == 0xF0:
        return _OCTETS if scheme & 4 else _GSM
    return _UCS2 if scheme & 0xF0 == 0xE0 else _GSM


def _text(fields, options):
    """Text in the character set of AT+CSCS; hex where there is a header, or where it is no text (4.2.3)."""
    if fields.first & _HEADER or _alphabet(fields.scheme) != _GSM:
        return _hex(fields.data[: fields.length])
    septets = gsm7.unpack(fields.data, fields.length)
    if options["+CSCS"] == "HEX":
        return _hex(septets)
    if options["+CSCS"] == "GSM":
        return "".join([chr(septet) for septet in septets])
    return _in_set(gsm7.decode(septets), options)


def _in_set(text, options):
    """Characters for the handset; what the set does not have is a question mark."""
    chosen = options["+CSCS"]
    if chosen == "UCS2":
        return "".join(["%04X" % ord(character) for character in text])
    highest = 0xFF if chosen == "8859-1" else 0x7F
    return "".join([character if ord(character) <= highest else "?" for character in text])


def _typed(octets, options):
    """The characters that the handset typed."""
    if options["+CSCS"] != "UCS2":
        return "".join([chr(octet) for octet in octets])
    octets = _from_hex(octets)
    return "".join([chr(octets[at] << 8 | octets[at + 1]) for at in range(0, len(octets) - 1, 2)])


def _septets(typed, options):
    if options["+CSCS"] == "GSM":
        return bytes([octet & 0x7F for octet in typed])
    if options["+CSCS"] == "HEX":
        return _from_hex(typed)
    found = b""
    for character in _typed(typed, options):
        found += gsm7.encode(character) or b"\x3f"
    return found


def _octets(typed, options, scheme):
    if options["+CSCS"] in ("UCS2", "HEX"):
        return _from_hex(typed)
    if _alphabet(scheme) == _OCTETS:
        return typed
    return b"".join([bytes((0, octet)) for octet in typed])


def _from_hex(octets):
    digits = "".join([chr(octet) for octet in octets if octet not in (13, 10)])
    try:
        return bytes([int(digits[at : at + 2], 16) for at in range(0, len(digits), 2)])
    except ValueError:
        raise Refused(305, "CMS")  # invalid text mode


def _packed_address(digits, kind):
    digits = digits.lstrip("+").replace("*", "A").replace("#", "B")
    padded = digits + "F" * (len(digits) % 2)
    pairs = [int(padded[at + 1] + padded[at], 16) for at in range(0, len(padded), 2)]
    return bytes((len(digits), kind)) + bytes(pairs)


def _address(tpdu, at):
    """(number or name, type of address, where it ends): 3GPP TS 23.040, 9.1.2.5."""
    digits, kind = tpdu[at], tpdu[at + 1]
    end = at + 2 + (digits + 1) // 2
    octets = tpdu[at + 2 : end]
    if kind & 0x70 == 0x50:
        return gsm7.decode(gsm7.unpack(octets, digits * 4 // 7)), kind, end
    text = "".join(["%X%X" % (octet & 0x0F, octet >> 4) for octet in octets])[:digits]
    text = text.replace("A", "*").replace("B", "#")
    return ("+" if kind & 0x70 == 0x10 else "") + text, kind, end


def _stamp(tpdu, at):
    """TP-SCTS as "yy/MM/dd,hh:mm:ss+zz" (9.2.3.11); raises IndexError when it is not all there."""
    pairs = ["%X%X" % (tpdu[at + index] & 0x0F, tpdu[at + index] >> 4) for index in range(6)]
    zone = tpdu[at + 6]
    sign, quarters = "-" if zone & 8 else "+", (zone & 7) * 10 + (zone >> 4)
    return "%s/%s/%s,%s:%s:%s" % tuple(pairs) + "%s%02d" % (sign, quarters)


def _hex(octets):
    return "".join(["%02X" % octet for octet in octets])
