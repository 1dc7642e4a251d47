"""The WAP gateway without its sockets: how an HTTP proxy passes heads (requests in absolute form, RFC 9112, 3.2.2).

Octets of a head go in, and octets of the head that is passed on come out; bodies are the shell's, which counts them.
"""

import re
from urllib.parse import urlsplit

MSISDN = "X-WAP-Network-Client-MSISDN"
VIA = "1.1 wap.lab.example"
HEAD = 16384  # octets of a request line and its headers

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 5.6.2
_OURS = ("x-wap-network-client-msisdn", "x-msisdn", "x-up-calling-line-id", "msisdn")
_HOP = ("connection", "proxy-connection", "keep-alive", "te", "upgrade", "proxy-authorization")
_REASONS = {
    400: "Bad Request",
    403: "Forbidden",
    411: "Length Required",
    501: "Not Implemented",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


class Refusal(Exception):
    """The gateway answers by itself: `status` is the HTTP status, the text says why."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status

    def encode(self):
        """The octets of the answer, after which the connection ends."""
        body = "<html><body>%s</body></html>\n" % self
        headers = [("Content-Type", "text/html"), ("Content-Length", len(body)), ("Via", VIA)]
        line = "HTTP/1.1 %d %s" % (self.status, _REASONS[self.status])
        return encode(line, headers + [("Connection", "close")]) + body.encode("latin-1", "replace")


def parse(octets):
    """(first line, headers as (name, value) pairs) of a head that ends with an empty line; raises Refusal."""
    line, *lines = octets[:-4].decode("latin-1").split("\r\n")
    if not all(row.replace("\t", " ").isprintable() for row in [line] + lines):
        raise Refusal(400, "control characters")  # some servers take a bare LF as the end of a header
    headers = []
    for row in lines:
        name, colon, value = row.partition(":")
        if not colon or not _TOKEN.fullmatch(name):
            raise Refusal(400, "not a header: %r" % row[:40])
        headers.append((name, value.strip()))
    return line, headers


def parse_request(line, headers):
    """(method, host name, port, path with query, octets of the body) of a request in absolute form; raises Refusal."""
    words = line.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.0", "HTTP/1.1"):
        raise Refusal(400, "not a request")
    try:
        url = urlsplit(words[1])
        port = url.port or 80
    except ValueError:
        raise Refusal(400, "not a URL") from None
    if url.scheme != "http" or not url.hostname:
        raise Refusal(400, "not in absolute form")
    if words[0] not in ("GET", "HEAD", "POST"):
        raise Refusal(501, "no %s here" % words[0][:20])
    if _value(headers, "transfer-encoding") is not None:
        raise Refusal(411, "a body needs its Content-Length")
    length = _length(headers)
    if length is None and words[0] == "POST":
        raise Refusal(411, "a body needs its Content-Length")
    path = (url.path or "/") + ("?" + url.query if url.query else "")
    return words[0], url.hostname, port, path, length or 0


def _length(headers):
    """The Content-Length, or None; two of them would mean another message to each server (RFC 9112 6.3)."""
    lengths = [value for name, value in headers if name.lower() == "content-length"]
    if len(lengths) > 1:
        raise Refusal(400, "%d Content-Length headers" % len(lengths))
    if lengths and not (lengths[0].isdecimal() and lengths[0].isascii() and len(lengths[0]) < 16):
        raise Refusal(400, "Content-Length is not a number")
    return int(lengths[0]) if lengths else None


def pass_request(method, path, headers, caller):
    """The octets of a request's head as the server gets it: the MSISDN is the gateway's word, never the client's."""
    kept = [row for row in headers if row[0].lower().replace("_", "-") not in _OURS + _HOP]
    return encode("%s %s HTTP/1.0" % (method, path), kept + [("Via", VIA), (MSISDN, caller), ("Connection", "close")])


def read_answer(method, line, headers):
    """(status and reason, headers to be passed on, octets of the body or None: up to the end); raises Refusal."""
    try:
        octets = _length(headers)
    except Refusal as refusal:
        raise Refusal(502, str(refusal)) from None
    status = line.partition(" ")[2]
    if not line.startswith("HTTP/1.") or not (status[:3].isascii() and status[:3].isdecimal()):
        raise Refusal(502, "not an answer")
    if method == "HEAD" or status[:3] in ("204", "304"):
        octets = 0
    return status, [row for row in headers if row[0].lower() not in _HOP] + [("Via", VIA)], octets


def pass_answer(method, line, headers):
    """(octets of an answer's head as the client gets it, octets of its body or None: up to the end); raises Refusal."""
    status, kept, octets = read_answer(method, line, headers)
    if octets is None:
        kept.append(("Connection", "close"))
    return encode("HTTP/1.1 " + status, kept), octets


def is_persistent(line, headers):
    """Whether the client wants to send another request over the connection."""
    asked = (_value(headers, "proxy-connection") or _value(headers, "connection") or "").lower()
    return asked == "keep-alive" if line.endswith("1.0") else asked != "close"


def _value(headers, name):
    for key, value in headers:
        if key.lower() == name:
            return value
    return None


def encode(line, headers):
    """The octets of a head."""
    rows = [line] + ["%s: %s" % row for row in headers]
    return ("\r\n".join(rows) + "\r\n\r\n").encode("latin-1")
