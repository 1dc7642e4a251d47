"""The PDUs of MM1 up to their body (WAP-209 and OMA-TS-MMS_ENC 1.1 to 1.3, clauses 6 and 7).

`build` is exact. `parse` is tolerant: a malformed field is a warning, and only a PDU that leaves nothing to act on
raises PduError.
"""

import io

from construct import Construct, ConstructError
from mms import limits
from mms.codec import content, tables, wsp
from mms.codec.fields import FIELD, FIELDS
from mms.errors import PduError
from mms.limits import const

MEDIA = "application/vnd.wap.mms-message"
ContentType = content.ContentType

# Types of PDU (7.3.30)
SEND_REQ = const(0x80)
SEND_CONF = const(0x81)
NOTIFICATION_IND = const(0x82)
NOTIFYRESP_IND = const(0x83)
RETRIEVE_CONF = const(0x84)
ACKNOWLEDGE_IND = const(0x85)
DELIVERY_IND = const(0x86)
READ_REC_IND = const(0x87)
READ_ORIG_IND = const(0x88)

# Header fields, without the top bit that they have on the wire (7.4)
BCC = const(0x01)
CC = const(0x02)
CONTENT_LOCATION = const(0x03)
CONTENT_TYPE = const(0x04)
DATE = const(0x05)
DELIVERY_REPORT = const(0x06)
DELIVERY_TIME = const(0x07)
EXPIRY = const(0x08)
FROM = const(0x09)
MESSAGE_CLASS = const(0x0A)
MESSAGE_ID = const(0x0B)
MESSAGE_TYPE = const(0x0C)
VERSION = const(0x0D)
MESSAGE_SIZE = const(0x0E)
PRIORITY = const(0x0F)
READ_REPORT = const(0x10)
REPORT_ALLOWED = const(0x11)
RESPONSE_STATUS = const(0x12)
RESPONSE_TEXT = const(0x13)
SENDER_VISIBILITY = const(0x14)
STATUS = const(0x15)
SUBJECT = const(0x16)
TO = const(0x17)
TRANSACTION_ID = const(0x18)
RETRIEVE_STATUS = const(0x19)
RETRIEVE_TEXT = const(0x1A)
READ_STATUS = const(0x1B)

# Values
VERSION_1_0 = const(0x10)
VERSION_1_2 = const(0x12)
PERSONAL = const(0x80)
OK = const(0x80)  # of a Response-Status, Retrieve-Status or Store-Status
EXPIRED = const(0x80)  # of a Status, as the next ones
RETRIEVED = const(0x81)
REJECTED = const(0x82)
DEFERRED = const(0x83)
UNRECOGNISED = const(0x84)


class Pdu:
    """A parsed PDU: `type` (0x80...), `fields` (number, value, offset), `body` (its offset or None).

    `warnings` are (offset, words), for each deviation from the standard.
    """

    def __init__(self, type):
        self.type = type
        self.fields = []
        self.body = None
        self.warnings = []

    def get(self, number, default=None):
        """The value of the first field with that number, or `default`."""
        for field in self.fields:
            if field[0] == number:
                return field[1]
        return default

    def has(self, number):
        """Whether there is a field with that number."""
        return number in [field[0] for field in self.fields]

    def all(self, number):
        """The values of all fields with that number."""
        return [field[1] for field in self.fields if field[0] == number]

    @property
    def is_multipart(self):
        """Whether its body has parts."""
        return "multipart" in self.get(CONTENT_TYPE).media

    def warn(self, offset, what):
        """Note a deviation from the standard."""
        self.warnings.append((offset, what))


def parse(octets):
    """The Pdu whose headers are in `octets`; some or all of its body may follow them.

    At most limits.PDU_HEADER octets are parsed. Values: text as str; dates, sizes and tokens
    (with their top bit) as int; times as ("absolute" or "relative", seconds); a From that the MMSC
    shall insert as None; Content-Type as ContentType(media, [(name, value)]). Raises PduError.
    """
    head = octets if len(octets) <= limits.PDU_HEADER else memoryview(octets)[: limits.PDU_HEADER]
    if len(head) < 2 or head[0] != 0x80 | MESSAGE_TYPE or head[1] < 0x80:
        raise PduError(0, "no Message-Type")
    pdu = Pdu(head[1])
    end = _HEADERS.parse_stream(io.BytesIO(head), type=pdu.type, pdu=pdu, head=head)
    if pdu.body is None and len(octets) > len(head):
        raise PduError(end, "headers of over %d octets" % limits.PDU_HEADER)
    _check(pdu, end)
    return pdu


class _Headers(Construct):
    """Appends the fields in the octets `head` to those of `pdu`, up to its body; a malformed field is a warning."""

    def _parse(self, stream, context, path):
        pdu, head = context["pdu"], context["head"]
        offset = steps = 0
        end = len(head)
        while offset < end and pdu.body is None:
            steps += 1
            if steps > limits.HEADERS:
                raise PduError(offset, "over %d header fields" % limits.HEADERS)
            if head[offset] < 0x20:
                pdu.warn(offset, "padding")
                while offset < end and head[offset] < 0x20:
                    offset += 1
                stream.seek(offset)
                continue
            try:
                number, value = FIELD._parse(stream, context, path)
            except ConstructError as error:
                offset = self._pass_over(pdu, stream, context, offset, wsp.reason(error))
                continue
            if number in (TO, CC, BCC) and len(pdu.all(number)) >= limits.ADDRESSES:
                pdu.warn(offset, "over %d addresses" % limits.ADDRESSES)
            else:
                pdu.fields.append((number, value, offset))
                if isinstance(value, str) and "\ufffd" in value:
                    pdu.warn(offset, "octets that are no text")
            offset = stream.tell()
            if number == CONTENT_TYPE:
                pdu.body = offset
        return offset

    def _pass_over(self, pdu, stream, context, offset, what):
        """Skip a malformed field; the offset after it."""
        first = context["head"][offset]
        if first == 0x80 | CONTENT_TYPE:
            raise PduError(offset, "Content-Type: " + what)
        pdu.warn(offset, "field %02X: %s" % (first, what))
        stream.seek(offset + 1)
        try:
            wsp.AnyValue._parse(stream, context, "")
        except ConstructError:
            return len(context["head"])
        return stream.tell()


_HEADERS = _Headers()


def _check(pdu, end):
    """Raise PduError when `pdu`, whose headers end at `end`, lacks a field that it needs; warn of other mandatory ones.

    tools/pdu/standard.py has the fields in words.
    """
    has = [field[0] for field in pdu.fields]
    needed = True
    at = tables.MANDATORY.find(bytes([pdu.type])) + 1
    for number in tables.MANDATORY[at : at + 8]:
        if number >= 0x80:
            break
        if number == 0x7F:
            needed = False
        elif number not in has:
            what = "no field %02X" % (0x80 | number)
            if needed:
                raise PduError(end, what)
            pdu.warn(end, what)
    # Only a failed retrieval has no Content-Type and no body (table 5 of 6.3): another one without them was cut off.
    if pdu.type == RETRIEVE_CONF and pdu.body is None and pdu.get(RETRIEVE_STATUS, OK) == OK:
        raise PduError(end, "no Content-Type")


def build(type, fields, version=None):
    """The octets of a PDU up to its body: Message-Type, then `fields` (number, value) as they come.

    In a PDU that handsets send, each text is one line (printable.py).
    Raises PduError when a value does not fit its field, a limit is passed, or something is newer than
    `version` (0x10 to 0x13), when that is given.
    """
    if version is not None:
        from mms.codec import versions

        versions.check(type, fields, version)
    if len(fields) >= limits.HEADERS:
        raise PduError(0, "over %d header fields" % limits.HEADERS)
    if len([1 for field in fields if field[0] in (TO, CC, BCC)]) > limits.ADDRESSES:
        raise PduError(0, "over %d addresses" % limits.ADDRESSES)
    from mms.codec import printable

    try:
        fields = printable.fields(type, fields)
        octets = FIELDS.build([(MESSAGE_TYPE, type)] + list(fields), type=type)
    except ConstructError as error:
        raise PduError(0, wsp.reason(error))
    if len(octets) > limits.PDU_HEADER:
        raise PduError(limits.PDU_HEADER, "headers of over %d octets" % limits.PDU_HEADER)
    return octets


def address(number):
    """A telephone number or address as MM1 writes it: with its type, unless it is e-mail or a name (8).

    Of "Name <number>" only the number goes out: MM1 has names for e-mail alone.
    """
    if "/TYPE=" in number or "@" in number:
        return number
    if number[-1:] == ">":
        number = number[number.find("<") + 1 : -1]
    digits = number[1:] if number[:1] == "+" else number
    if digits.isdigit():
        return number + "/TYPE=PLMN"
    if len(number.split(".")) == 4 and number.replace(".", "").isdigit():
        return number + "/TYPE=IPv4"
    if number.count(":") > 1:
        return number + "/TYPE=IPv6"
    return number


def number(address):
    """The telephone number or address in an address of MM1, which has its type behind it (8)."""
    for form in ("/TYPE=", "/type=", "/Type="):
        at = address.find(form)
        if at >= 0:
            return address[:at]
    return address


def __getattr__(name):
    """TYPES, NAMES, TOKENS and the constants beyond those above, for which names.py is loaded."""
    from mms.codec import names

    return getattr(names, name)
