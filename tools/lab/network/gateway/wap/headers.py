"""Headers of WSP and of HTTP, turned into each other (WAP-230-WSP, clauses 8.4 and appendix A).

A gateway drops a header that it cannot read: HTTP asks for no more than the ones that it knows.
"""

NAMES = (  # by number (table 39)
    "Accept Accept-Charset Accept-Encoding Accept-Language Accept-Ranges Age Allow Authorization Cache-Control "
    "Connection Content-Base Content-Encoding Content-Language Content-Length Content-Location Content-MD5 "
    "Content-Range Content-Type Date Etag Expires From Host If-Modified-Since If-Match If-None-Match If-Range "
    "If-Unmodified-Since Location Last-Modified Max-Forwards Pragma Proxy-Authenticate Proxy-Authorization Public "
    "Range Referer Retry-After Server Transfer-Encoding Upgrade User-Agent Vary Via Warning WWW-Authenticate "
    "Content-Disposition X-Wap-Application-Id X-Wap-Content-URI X-Wap-Initiator-URI Accept-Application "
    "Bearer-Indication Push-Flag Profile Profile-Diff Profile-Warning Expect TE Trailer Accept-Charset "
    "Accept-Encoding Cache-Control Content-Range X-Wap-Tod Content-ID Set-Cookie Cookie Encoding-Version "
    "Profile-Warning Content-Disposition X-WAP-Security Cache-Control"
).split(" ")
MEDIA = {  # those that occur beside messages (table 40)
    0x00: "*/*",
    0x01: "text/*",
    0x02: "text/html",
    0x03: "text/plain",
    0x08: "text/vnd.wap.wml",
    0x0B: "multipart/*",
    0x0C: "multipart/mixed",
    0x1C: "image/*",
    0x1D: "image/gif",
    0x1E: "image/jpeg",
    0x20: "image/png",
    0x21: "image/vnd.wap.wbmp",
    0x23: "application/vnd.wap.multipart.mixed",
    0x27: "application/xml",
    0x33: "application/vnd.wap.multipart.related",
    0x3E: "application/vnd.wap.mms-message",
}
_CHARSETS = {0x03: "us-ascii", 0x04: "iso-8859-1", 0x6A: "utf-8"}  # IANA's MIBenum
_LANGUAGES = {0x0F: "de", 0x19: "en", 0x1F: "fr"}  # ISO 639 (table 41)
_ENCODINGS = ("gzip", "compress", "deflate")  # 8.4.2.9
_PARAMETERS = {0x00: "q", 0x01: "charset", 0x05: "name", 0x09: "type", 0x0A: "start"}  # table 38
_MEDIA_NAMES = ("Accept", "Content-Type")
_NUMBERS = ("Age", "Content-Length", "Max-Forwards")
_DATES = ("Date", "Expires", "If-Modified-Since", "If-Unmodified-Since", "Last-Modified")
_DAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")  # from 1970-01-01 on
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TEXTS = ("Server", "Location", "Etag", "Via")  # of an answer, which go out under their number
_WELL_KNOWN = 0x80
_QUOTE = 0x1F  # a length that is a uintvar follows (8.4.2.2)


class HeaderError(Exception):
    """Octets that are no headers; the text says why."""


def uintvar(octets, at):
    """(a number of seven bits an octet, where it ends) (8.1.2); raises HeaderError."""
    value = 0
    for count in range(5):
        if at + count >= len(octets):
            break
        value = value << 7 | octets[at + count] & 0x7F
        if octets[at + count] < 0x80:
            return value, at + count + 1
    raise HeaderError("no uintvar at %d" % at)


def encode_uintvar(value):
    """The octets of a number (8.1.2)."""
    octets = bytes([value & 0x7F])
    while value > 0x7F:
        value >>= 7
        octets = bytes([value & 0x7F | 0x80]) + octets
    return octets


class Value:
    """A field value (8.4.1.2) up to `end`: a short integer's `number`, a `text`, or `octets` behind a length."""

    def __init__(self, octets, at):
        self.number = self.text = self.octets = None
        if at >= len(octets):
            raise HeaderError("a value is missing")
        first = octets[at]
        if first >= _WELL_KNOWN:
            self.number, self.end = first & 0x7F, at + 1
        elif first > _QUOTE:
            end = octets.find(b"\0", at)
            if end < 0:
                raise HeaderError("a text has no end")
            text = octets[at + (first == 0x7F) : end]
            self.text, self.end = "".join([chr(octet) for octet in text]), end + 1
        else:
            length, at = uintvar(octets, at + 1) if first == _QUOTE else (first, at + 1)
            self.octets, self.end = octets[at : at + length], at + length
            if len(self.octets) < length:
                raise HeaderError("a value is cut")

    def integer(self):
        """The Integer-value (8.4.2.3), or None. A long one is a length and its octets."""
        if self.octets is not None and self.octets:
            return int.from_bytes(self.octets, "big")
        return self.number


def decode(octets):
    """[(name, value as HTTP writes it)] of a header block (8.4.1); headers of other code pages are dropped.

    Raises HeaderError.
    """
    found, at, page = [], 0, 1
    while at < len(octets):
        first = octets[at]
        if first == 0x7F or first < 0x20:  # another code page (8.4.1.1)
            page, at = (octets[at + 1], at + 2) if first == 0x7F and at + 1 < len(octets) else (first, at + 1)
            continue
        field = Value(octets, at)
        value = Value(octets, field.end)
        at = value.end
        if field.text is not None:
            name, text = field.text, value.text
        elif page == 1 and field.number < len(NAMES):
            name = NAMES[field.number]
            text = _text(name, value)
        else:
            continue
        if text is not None and _is_plain(text) and _is_plain(name, ":"):
            found.append((name, text))
    return found


def _is_plain(text, without=""):
    """Whether a text may stand in a line of HTTP: no control character begins another header."""
    return bool(text) and min(text) >= " " and not any(each in text for each in without + "\x7f\x85")


def _text(name, value):
    """A well-known header's value as HTTP writes it, or None where this gateway cannot read it."""
    if name in _MEDIA_NAMES:
        return media(value)
    if name in _NUMBERS:
        return None if value.integer() is None else str(value.integer())
    if name in _DATES:
        return None if value.integer() is None else date(value.integer())
    if value.text is not None:
        return value.text
    if name == "Accept-Charset":
        return _named(_CHARSETS, value, "*")
    if name == "Accept-Language":
        return _named(_LANGUAGES, value, "*")
    if name == "Accept-Encoding" and value.number is not None and value.number < len(_ENCODINGS):
        return _ENCODINGS[value.number]
    return None


def _named(table, value, any):
    if value.octets:  # with a quality
        value = Value(value.octets, 0)
    return value.text or (any if value.number == 0 else table.get(value.number))


def media(value):
    """The media type of a Content-type-value or an Accept-value with its parameters, or None (8.4.2.24, 8.4.2.7)."""
    if value.octets is None:
        return value.text or MEDIA.get(value.number)
    octets = value.octets
    head = Value(octets, 0)
    name = head.text or MEDIA.get(head.number)
    if name is None:
        return None
    at, parameters = head.end, []
    while at < len(octets):
        key = Value(octets, at)
        label = key.text or _PARAMETERS.get(key.number)
        if label == "q":
            at = uintvar(octets, key.end)[1]  # a quality (8.4.2.3) makes no difference where one type is asked for
            continue
        given = Value(octets, key.end)
        at = given.end
        if label == "charset":
            parameters.append((label, given.text or _CHARSETS.get(given.integer())))
        elif label is not None:
            parameters.append((label, given.text or MEDIA.get(given.number)))
    return name + "".join(["; %s=%s" % pair for pair in parameters if pair[1]])


def date(seconds):
    """A moment as HTTP writes it (RFC 9110, 5.6.7)."""
    days, rest = seconds // 86400, seconds % 86400
    era = days + 719468  # from 0000-03-01 on: leap days are then at the end of a year
    cycle, day = era // 146097, era % 146097
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day += 1 - (153 * month + 2) // 5
    month = month + 2 if month < 10 else month - 10
    year += cycle * 400 + (month < 2)
    clock = "%02d:%02d:%02d" % (rest // 3600, rest // 60 % 60, rest % 60)
    return "%s, %02d %s %04d %s GMT" % (_DAYS[days % 7], day, _MONTHS[month], year, clock)


def content_type(text):
    """A media type with parameters as a Content-type-value (8.4.2.24); a well-known type is a number."""
    words = [word.strip() for word in text.split(";")]
    name = words[0].lower()
    numbers = [number for number in MEDIA if MEDIA[number] == name]
    head = bytes([_WELL_KNOWN | numbers[0]]) if numbers else name.encode() + b"\0"
    tail = b""
    for word in words[1:]:
        label, _, value = word.partition("=")
        value = value.strip('"')
        if label.lower() == "charset":
            sets = [number for number in _CHARSETS if _CHARSETS[number] == value.lower()]
            tail += b"\x81" + bytes([_WELL_KNOWN | sets[0]]) if sets else b""
        elif label:
            tail += label.encode() + b"\0" + value.encode() + b"\0"
    if not tail:
        return head
    octets = head + tail
    return (bytes([len(octets)]) if len(octets) <= 30 else bytes([_QUOTE]) + encode_uintvar(len(octets))) + octets


def encode(fields):
    """The header block of an answer: [(name, value)] of HTTP; lengths and types stand elsewhere in WSP."""
    octets = b""
    for name, value in fields:
        known = [text for text in _TEXTS if text.lower() == name.lower()]
        if name.lower() in ("content-type", "content-length", "date"):
            continue  # a Date would cost octets on the air and says nothing that a handset needs
        head = bytes([_WELL_KNOWN | NAMES.index(known[0])]) if known else name.encode() + b"\0"
        octets += head + value.encode() + b"\0"
    return octets
