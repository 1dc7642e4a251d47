"""The parts of an http URL (RFC 3986, 3)."""

from mms import limits
from mms.errors import Refused

PLAIN = "!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"
HOST = "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"  # the characters of the name of a host


class Url:
    """An http URL: `host`, `port`, `path`, `authority` (host and port as written) and the whole `text`.

    Raises Refused, a permanent one, for a text that is not a plain http URL.
    """

    def __init__(self, text):
        if len(text) > limits.URL:
            raise Refused("address", None, "a URL of %d characters" % len(text))
        if text.strip(PLAIN):
            raise Refused("address", None, "a URL with a character that does not belong there")
        if text[:7].lower() != "http://":
            raise Refused("address", None, "not an http URL")
        host, slash, path = text[7:].partition("/")
        self.host, colon, port = host.partition(":")
        plain = 0 < len(self.host) <= limits.AT_ARGUMENT and not self.host.strip(HOST)
        if not plain or colon and not (port.isdigit() and len(port) <= 5):
            raise Refused("address", None, "a URL without a plain host and port")
        self.port = int(port) if colon else 80
        if not 0 < self.port < 65536:
            raise Refused("address", None, "port %d" % self.port)
        self.path = "/" + path
        self.authority = host
        self.text = text if slash else text + "/"
