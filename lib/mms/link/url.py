"""The parts of an http URL (RFC 3986, 3)."""

from collections import namedtuple

from mms import limits
from mms.errors import Refused

PLAIN = "!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"
HOST = "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"  # the characters of the name of a host


Url = namedtuple("Url", ("host", "port", "path", "authority", "text"))  # the authority: host and port as written


def parse_url(text):
    """The Url of an http URL; raises Refused, a permanent one, for a text that is not a plain http URL."""
    if len(text) > limits.URL:
        raise Refused("address", None, "a URL of %d characters" % len(text))
    if text.strip(PLAIN):
        raise Refused("address", None, "a URL with a character that does not belong there")
    if text[:7].lower() != "http://":
        raise Refused("address", None, "not an http URL")
    authority, slash, path = text[7:].partition("/")
    host, colon, port = authority.partition(":")
    plain = 0 < len(host) <= limits.AT_ARGUMENT and not host.strip(HOST)
    if not plain or colon and not (port.isdigit() and len(port) <= 5):
        raise Refused("address", None, "a URL without a plain host and port")
    port = int(port) if colon else 80
    if not 0 < port < 65536:
        raise Refused("address", None, "port %d" % port)
    return Url(host, port, "/" + path, authority, text if slash else text + "/")
