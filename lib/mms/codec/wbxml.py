"""A reader of WBXML (WAP-192) with the tokens of service indications, service loadings and client provisioning."""

from mms import limits
from mms.codec import charset
from mms.codec.document import END, START, TEXT
from mms.errors import PduError
from mms.limits import const

_SWITCH_PAGE = const(0x00)
_END = const(0x01)
_ENTITY = const(0x02)
_STR_I = const(0x03)
_LITERAL = const(0x04)
_STR_T = const(0x83)
_OPAQUE = const(0xC3)
_CONTENT = const(0x40)
_ATTRIBUTES = const(0x80)

_WEB = const("http:// http://www. https:// https://www.")
_DOMAINS = {0x85: ".com/ .edu/ .net/ .org/"}
_PX = const(
    "name value name=NAME name=NAP-ADDRESS name=NAP-ADDRTYPE name=CALLTYPE name=VALIDUNTIL name=AUTHTYPE"
    " name=AUTHNAME name=AUTHSECRET name=LINGER name=BEARER name=NAPID name=COUNTRY name=NETWORK name=INTERNET"
    " name=PROXY-ID name=PROXY-PROVIDER-ID name=DOMAIN name=PROVURL name=PXAUTH-TYPE name=PXAUTH-ID name=PXAUTH-PW"
    " name=STARTPAGE name=BASAUTH-ID name=BASAUTH-PW name=PUSHENABLED name=PXADDR name=PXADDRTYPE name=TO-NAPID"
    " name=PORTNBR name=SERVICE name=LINKSPEED name=DNLINKSPEED name=LOCAL-ADDR name=LOCAL-ADDRTYPE"
    " name=CONTEXT-ALLOW name=TRUST name=MASTER name=SID name=SOC name=WSP-VERSION name=PHYSICAL-PROXY-ID"
    " name=CLIENT-ID name=DELIVERY-ERR-SDU name=DELIVERY-ORDER name=TRAFFIC-CLASS name=MAX-SDU-SIZE"
    " name=MAX-BITRATE-UPLINK name=MAX-BITRATE-DNLINK name=RESIDUAL-BER name=SDU-ERROR-RATIO"
    " name=TRAFFIC-HANDL-PRIO name=TRANSFER-DELAY name=GUARANTEED-BITRATE-UPLINK name=GUARANTEED-BITRATE-DNLINK"
    " name=PXADDR-FQDN name=PROXY-PW name=PPGAUTH-TYPE"
)
_KINDS = const(
    "type type=PXLOGICAL type=PXPHYSICAL type=PORT type=VALIDITY type=NAPDEF type=BOOTSTRAP type=VENDORCONFIG"
    " type=CLIENTIDENTITY type=PXAUTHINFO type=NAPAUTHINFO type=ACCESS"
)

# Document type by its public identifier: (name in an identifier as text, tags, attribute starts, attribute values);
# each by the first token of a run of names; those of the second code page have 0x100 added
_SI = (
    " SI ",
    {0x05: "si indication info item"},
    {
        0x05: "action=signal-none action=signal-low action=signal-medium action=signal-high action=delete created",
        0x0B: "href " + " ".join("href=" + web for web in _WEB.split()),
        0x10: "si-expires si-id class",
    },
    _DOMAINS,
)
_SL = (
    " SL ",
    {0x05: "sl"},
    {
        0x05: "action=execute-low action=execute-high action=cache href",
        0x09: " ".join("href=" + web for web in _WEB.split()),
    },
    _DOMAINS,
)
_PROV = (
    " PROV ",
    {0x05: "wap-provisioningdoc characteristic parm", 0x105: "- characteristic parm"},
    {
        0x05: _PX,
        0x45: "version version=1.0 name=PULLENABLED name=DNS-ADDR name=MAX-NUM-RETRY name=FIRST-RETRY-TIMEOUT"
        " name=REREG-THRESHOLD name=T-BIT - name=AUTH-ENTITY name=SPI",
        0x50: _KINDS,
        0x105: "name value name=NAME",
        0x114: "name=INTERNET",
        0x11C: "name=STARTPAGE",
        0x122: "name=TO-NAPID name=PORTNBR name=SERVICE",
        0x12E: "name=AACCEPT name=AAUTHDATA name=AAUTHLEVEL name=AAUTHNAME name=AAUTHSECRET name=AAUTHTYPE name=ADDR"
        " name=ADDRTYPE name=APPID name=APROTOCOL name=PROVIDER-ID name=TO-PROXY name=URI name=RULE",
        0x150: "type",
        0x153: "type=PORT - type=APPLICATION type=APPADDR type=APPAUTH type=CLIENTIDENTITY type=RESOURCE",
    },
    {
        0x85: "IPV4 IPV6 E164 ALPHA APN SCODE TETRA-ITSI MAN",
        0x90: "ANALOG-MODEM V.120 V.110 X.31 BIT-TRANSPARENT DIRECT-ASYNCHRONOUS-DATA-SERVICE",
        0x9A: "PAP CHAP HTTP-BASIC HTTP-DIGEST WTLS-SS MD5",
        0xA2: "GSM-USSD GSM-SMS ANSI-136-GUTS IS-95-CDMA-SMS IS-95-CDMA-CSD IS-95-CDMA-PACKET ANSI-136-CSD"
        " ANSI-136-GPRS GSM-CSD GSM-GPRS AMPS-CDPD PDC-CSD PDC-PACKET IDEN-SMS IDEN-CSD IDEN-PACKET FLEX/REFLEX"
        " PHS-SMS PHS-CSD TETRA-SDS TETRA-PACKET ANSI-136-GHOST MOBITEX-MPAK CDMA2000-1X-SIMPLE-IP"
        " CDMA2000-1X-MOBILE-IP",
        0xC5: "AUTOBAUDING",
        0xCA: "CL-WSP CO-WSP CL-SEC-WSP CO-SEC-WSP CL-SEC-WTA CO-SEC-WTA OTA-HTTP-TO OTA-HTTP-TLS-TO OTA-HTTP-PO"
        " OTA-HTTP-TLS-PO",
        0xE0: "AAA HA",
        0x185: "IPV4 IPV6 E164 ALPHA",
        0x18D: "APPSRV OBEX",
        0x190: ", HTTP- BASIC DIGEST",
    },
)
_DOCUMENTS = {0x05: _SI, 0x06: _SL, 0x0B: _PROV}


def _named(runs, token):
    """The name of a token in runs of names, or None."""
    for first in runs:
        if first <= token < first + 0x40:
            names = runs[first].split(" ")
            if token - first < len(names) and names[token - first] != "-":
                return names[token - first]
    return None


class _Reader:
    """A document's octets, and where in them we are."""

    def __init__(self, octets):
        self.octets = octets
        self.at = self.text_octets = 0  # the position, and the octets of all texts so far
        self.table = b""
        self.charset = charset.UTF_8

    def octet(self):
        if self.at >= len(self.octets):
            raise PduError(self.at, "the document ends early")
        self.at += 1
        return self.octets[self.at - 1]

    def number(self):
        """A multi-octet integer (5.1)."""
        value = 0
        for _ in range(limits.UINTVAR):
            octet = self.octet()
            value = value << 7 | octet & 0x7F
            if octet < 0x80:
                return value
        raise PduError(self.at, "integer of over %d octets" % limits.UINTVAR)

    def read(self, count):
        """The next `count` octets."""
        if count > len(self.octets) - self.at:
            raise PduError(self.at, "%d octets wanted" % count)
        self.at += count
        return self.octets[self.at - count : self.at]

    def text_at(self, octets, at):
        """The text in `octets` from `at` to its NUL."""
        end = octets.find(b"\0", at)
        if end < 0 or at > len(octets) or end - at > limits.TEXT:
            raise PduError(self.at, "text without an end")
        self.text_octets += end - at
        if self.text_octets > limits.SMIL:  # a document may refer to a text of the table any number of times
            raise PduError(self.at, "texts of over %d octets" % limits.SMIL)
        return charset.decode(octets[at:end], self.charset)

    def text(self, token):
        """The value of a token that no table has: a str, bytes for opaque data, or None for an extension."""
        if token == _STR_I:
            text = self.text_at(self.octets, self.at)
            self.at = self.octets.find(b"\0", self.at) + 1
            return text
        if token == _STR_T:
            return self.text_at(self.table, self.number())
        if token == _OPAQUE:
            return self.read(self.number())
        if token == _ENTITY:
            code = self.number()
            known = code < 0xD800 or 0xE000 <= code < 0x110000
            return charset.from_code_points([code if known else 0xFFFD])
        if token & 0x3F < 0x03 and token >= 0x40:  # these documents have no use for extensions
            if token < 0x80:
                self.text_at(self.octets, self.at)
                self.at = self.octets.find(b"\0", self.at) + 1
            elif token < 0xC0:
                self.number()
            return None
        raise PduError(self.at - 1, "token %02X" % token)


def read(octets):
    """Yield the pieces of a document (see document.py); a TEXT may be bytes.

    Raises PduError for a document that is malformed, of unknown type or beyond a bound.
    """
    octets = bytes(octets)
    reader = _Reader(octets)
    reader.octet()  # the version: 1.0 to 1.3 are alike here
    identifier = reader.number()
    named = reader.number() if not identifier else None
    reader.charset = reader.number() or charset.UTF_8
    reader.table = reader.read(reader.number())
    if named is not None:
        name = reader.text_at(reader.table, named)
        known = [document for document in (_SI, _SL, _PROV) if document[0] in name]
    else:
        known = [_DOCUMENTS[identifier]] if identifier in _DOCUMENTS else []
    if not known:
        raise PduError(1, "a document of unknown type")
    return _body(reader, known[0][1], known[0][2:])


def _body(reader, tags, attributes):
    pages = [0, 0]  # of tags, of attributes
    opened = []
    seen = 0
    while reader.at < len(reader.octets):
        token = reader.octet()
        seen += 1
        if seen > 4 * limits.TAGS:
            raise PduError(reader.at, "over %d attributes" % limits.ATTRIBUTES)
        if token == _SWITCH_PAGE:
            pages[0] = reader.octet() << 8
        elif token == _END:
            if not opened:
                raise PduError(reader.at - 1, "an end of nothing")
            yield END, opened.pop(), None
        elif token & 0x3F >= 0x05 or token & 0x3F == _LITERAL:
            if token & 0x3F == _LITERAL:
                name = reader.text_at(reader.table, reader.number())
            else:
                name = _named(tags, pages[0] + (token & 0x3F)) or "%02x" % (token & 0x3F)
            yield START, name, _attributes(reader, attributes, pages) if token & _ATTRIBUTES else []
            if not token & _CONTENT:
                yield END, name, None
            elif len(opened) >= limits.DEPTH:
                raise PduError(reader.at - 1, "over %d deep" % limits.DEPTH)
            else:
                opened.append(name)
        else:
            text = reader.text(token)
            if text is not None:
                yield TEXT, text, None
    if opened:
        raise PduError(reader.at, "the document ends early")


def _attributes(reader, tables, pages):
    """The attributes of a tag, up to their end: (name, str, or bytes where it is opaque)."""
    starts, values = tables
    found = []
    name, value = None, ""
    for _ in range(4 * limits.TAGS):
        token = reader.octet()
        if token == _SWITCH_PAGE:
            pages[1] = reader.octet() << 8
        elif token == _END or token == _LITERAL or 0x05 <= token < 0x80 and token & 0x3F >= 0x05:
            if name is not None:
                if len(found) == limits.ATTRIBUTES:
                    break
                found.append((name, value))
            if token == _END:
                return found
            if token == _LITERAL:
                name, value = reader.text_at(reader.table, reader.number()), ""
            else:
                name, _, value = (_named(starts, pages[1] + token) or "%02x" % token).partition("=")
        else:
            plain = token >= 0x80 and token & 0x3F > 0x03
            piece = _named(values, pages[1] + token) if plain else reader.text(token)
            if isinstance(piece, bytes):
                value = piece
            elif piece and isinstance(value, str):
                value += piece
    raise PduError(reader.at, "over %d attributes" % limits.ATTRIBUTES)
