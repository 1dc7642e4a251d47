"""Values of header fields as JSON has them, and back; and JSON itself, the same from every interpreter.

Runs on MicroPython, too. Tokens are called by name where they have one; what has no form of its own is
{"raw": octets in hexadecimal}.
"""

import binascii
from collections import OrderedDict

from mms.codec import mm1, names

_RANGES = ((0x80, ""), (0xC0, "transient-"), (0xE0, "permanent-"))

# Character sets by their MIBenum (IANA)
_CHARSETS = """
0 *
3 us-ascii
4 iso-8859-1
5 iso-8859-2
6 iso-8859-3
7 iso-8859-4
8 iso-8859-5
9 iso-8859-6
10 iso-8859-7
11 iso-8859-8
12 iso-8859-9
17 shift_jis
18 euc-jp
36 ks_c_5601-1987
37 iso-2022-kr
38 euc-kr
39 iso-2022-jp
81 iso-8859-6-e
82 iso-8859-6-i
84 iso-8859-8-e
85 iso-8859-8-i
106 utf-8
109 iso-8859-13
110 iso-8859-14
111 iso-8859-15
112 iso-8859-16
113 gbk
114 gb18030
1000 iso-10646-ucs-2
1012 utf-7
1013 utf-16be
1014 utf-16le
1015 utf-16
2024 windows-31j
2025 gb2312
2026 big5
2027 macintosh
2084 koi8-r
2250 windows-1250
2251 windows-1251
2252 windows-1252
2253 windows-1253
2254 windows-1254
2255 windows-1255
2256 windows-1256
2257 windows-1257
2258 windows-1258
"""

# Headers of a push, without the top bit (WAP-230-WSP, table 39)
_PUSH_HEADERS = {
    0x0D: "Content-Length",
    0x0E: "Content-Location",
    0x12: "Date",
    0x14: "Expires",
    0x2E: "Content-Disposition",
    0x2F: "X-Wap-Application-Id",
    0x30: "X-Wap-Content-URI",
    0x31: "X-Wap-Initiator-URI",
    0x34: "Push-Flag",
    0x43: "Encoding-Version",
    0x45: "Content-Disposition",
}


def tokens(number):
    """(token, name) of each value with a name of the field of that number, in the order of the standard."""
    ranges = names.TOKENS.get(number, {})
    return [
        (first + at, before + name)
        for first, before in _RANGES
        for at, name in enumerate(ranges.get(first, "").split())
    ]


def token_name(number, token):
    """The name of a field's token, or the token itself."""
    for known, name in tokens(number):
        if known == token:
            return name
    return token


def _token(number, name):
    for token, known in tokens(number):
        if known == name:
            return token
    return name


def charset(number):
    """The name of a character set by its MIBenum; one without a name stays a number."""
    at = _CHARSETS.find("\n%s " % number)
    return number if at < 0 else _CHARSETS[_CHARSETS.find(" ", at) + 1 : _CHARSETS.find("\n", at + 1)]


def mib_enum(name):
    """The MIBenum of the character set of that name (or number), or the name itself."""
    if isinstance(name, int) or not name:
        return name
    at = _CHARSETS.find(" %s\n" % name)
    return name if at < 0 else int(_CHARSETS[_CHARSETS.rfind("\n", 0, at) + 1 : at])


def hexadecimal(octets):
    """Octets in hexadecimal."""
    return binascii.hexlify(octets).decode()


def number_on_wire(number):
    """A number without the top bit as it is on the wire; a name stays."""
    return number if isinstance(number, str) else "0x%02X" % (0x80 | number)


def field_name(number):
    """The name of a header field, or its number as on the wire when it has none."""
    return names.NAMES.get(number) or number_on_wire(number)


def field_number(name):
    """The number of the header field of that name, without the top bit; a name without one stays."""
    for known, spelled in names.NAMES.items():
        if spelled.lower() == name.lower():
            return known
    if name[:2] == "0x" and len(name) == 4:
        return int(name, 16) & 0x7F
    return name


def push_name(number):
    """The name of a header of a push, or its number as on the wire when it has none."""
    return _PUSH_HEADERS.get(number) or number_on_wire(number)


def push_number(name):
    """The number of the header of a push of that name; a name without one stays."""
    for known, spelled in sorted(_PUSH_HEADERS.items()):
        if spelled.lower() == name.lower():
            return known
    return int(name, 16) & 0x7F if name[:2] == "0x" and len(name) == 4 else name


def to_json(number, value):
    """The value of that field, as the codec parses it, for JSON."""
    if isinstance(value, bytes):
        return OrderedDict([("raw", hexadecimal(value))])
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if number == mm1.MESSAGE_TYPE:
            return names.TYPES.get(value, value)
        if number == mm1.VERSION:
            return "%d.%d" % (value >> 4, value & 0x0F)
        if number == names.ATTRIBUTES:
            return field_name(value & 0x7F)
        return token_name(number, value)
    if hasattr(value, "media"):
        return content_type(value)
    if isinstance(value, (list, tuple)):
        if len(value) == 2 and value[0] in ("absolute", "relative") and isinstance(value[1], int):
            return OrderedDict([(value[0], value[1])])
        return [to_json(None if at else number, part) for at, part in enumerate(value)]
    return value


def content_type(value):
    """A ContentType as JSON has it."""
    return OrderedDict([("type", value.media), ("parameters", parameters(value.params))])


def parameters(params):
    """The parameters of a content type as JSON has them."""
    found = []
    for name, setting in params:
        setting = charset(mib_enum(setting)) if name == "charset" else to_json(None, setting)
        found.append(OrderedDict([("name", name), ("value", setting)]))
    return found


def from_json(number, value):
    """The value for the codec of a value in JSON: the inverse of `to_json`."""
    if isinstance(value, str):
        if number == mm1.VERSION:
            major, minor = value.split(".")
            return int(major) << 4 | int(minor)
        if number == names.ATTRIBUTES:
            return 0x80 | field_number(value)
        return _token(number, value)
    if isinstance(value, list):
        return tuple([from_json(None if at else number, part) for at, part in enumerate(value)])
    if isinstance(value, dict):
        if "raw" in value:
            return binascii.unhexlify(value["raw"])
        if "type" in value:
            return mm1.ContentType(value["type"], params(value.get("parameters", ())))
        ((form, seconds),) = value.items()
        return form, seconds
    return value


def params(found):
    """The inverse of `parameters`."""
    out = []
    for one in found:
        name, setting = one["name"], from_json(None, one["value"])
        out.append((name, mib_enum(setting) if name == "charset" else setting))
    return out


def any_value(octets):
    """The value of unknown type that these octets stand for (WAP-230-WSP, 8.4.1.2)."""
    if octets[:1] >= b"\x80":
        return octets[0] & 0x7F
    if b"\0" < octets[:1] < b"\x1f":
        return octets[1:]
    if octets[:1] == b"\x1f":
        at = 1
        while octets[at] & 0x80:
            at += 1
        return octets[at + 1 :]
    return octets.rstrip(b"\0").decode()


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _quoted(text):
    out = []
    for character in text:
        code = ord(character)
        if character in _ESCAPES:
            out.append(_ESCAPES[character])
        elif code < 0x20 or 0x7F <= code < 0xA0:  # nothing that a terminal would obey
            out.append("\\u%04x" % code)
        else:
            out.append(character)
    return '"%s"' % "".join(out)


def dump(value, write):
    """Give `value` in JSON, on one line, to `write` piece by piece."""
    if value is None:
        write("null")
    elif isinstance(value, bool):
        write("true" if value else "false")
    elif isinstance(value, str):
        write(_quoted(value))
    elif isinstance(value, dict):
        before = "{"
        for key in value:
            write(before + _quoted(key) + ": ")
            dump(value[key], write)
            before = ", "
        write("}" if value else "{}")
    elif isinstance(value, (list, tuple)):
        before = "["
        for inner in value:
            write(before)
            dump(inner, write)
            before = ", "
        write("]" if value else "[]")
    else:
        write(str(value))
