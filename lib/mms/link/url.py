"""http URLs, of which a handset keeps one for each operator and makes one for each message (RFC 3986, 3)."""

from mms import limits
from mms.errors import Refused

PLAIN = "!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"  # in a URL
HOST = "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"  # ... and in the name of its host


class Url:
    """An http URL taken apart: host, port, path. Raises Refused, for good, for anything that is not a plain one."""

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
