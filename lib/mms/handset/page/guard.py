"""The guard of the page: the requests that it lets pass, and the sign-in.

A browser carries requests of any site to us. A site may give its name our address (DNS rebinding), so `Host` has to be
an address, localhost, or a name in the settings; a site may send a form to us, so a change needs our own `Origin` and a
token that only our page can read. A page for more than this machine has a password.
"""

import binascii
import hashlib
import os

from mms import clock, limits
from mms.handset.page.connection import Denied
from mms.limits import const

_PATH = const("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-")
_WANTED = const(("host", "origin", "cookie", "x-token", "content-length", "transfer-encoding"))
_LONGEST = const(18)  # one more than the letters of each
_COMMAND = const(4096)  # octets of a content that is no file
_FREE = const(5)  # wrong passwords in a row without a wait
_WAIT_MS, _LONGEST_MS = const(30000), const(960000)  # after them; twice as long after each more
_UPLOAD = const("/upload/")
_TOO_LARGE = const("a file of %d octets: the largest message has %d. Choose a smaller one")


def parse(head):
    """(method, path, headers by their names in small letters, those of _WANTED only) of a head; raises Denied."""
    try:
        return _parse(head)
    except ValueError:
        raise Denied(400, "a header that is no text")


def _parse(head):
    end = head.find(b"\r\n")
    words = head[: end if end >= 0 else len(head)].decode().split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0") or words[1][:1] != "/":
        raise Denied(400, "no request of HTTP")
    if words[0] not in ("GET", "POST"):
        raise Denied(405, "the page has GET and POST only")
    if words[1].strip(_PATH) or ".." in words[1] or len(words[1]) > 100:
        raise Denied(404, "there is nothing of that name")
    headers = {}
    while end >= 0:
        start, end = end + 2, head.find(b"\r\n", end + 2)
        line = head[start : end if end >= 0 else len(head)]
        colon = line.find(b":")
        if colon < 1 or line[0] in b" \t" or line[colon - 1] in b" \t":
            raise Denied(400, "a header that is none")
        name = line[:colon].decode().lower() if colon < _LONGEST else ""
        if name in _WANTED:
            if name in headers:
                raise Denied(400, "a header that is there twice")
            headers[name] = line[colon + 1 :].decode().strip()
    return words[0], words[1], headers


def content_length(path, headers):
    """The octets of the content of a request; raises Denied when it is too large, or does not tell."""
    told = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not _is_number(told):
        raise Denied(411, "a content whose length is not told")
    octets = int(told)
    if path.startswith(_UPLOAD):
        if octets > limits.MESSAGE:
            raise Denied(413, _TOO_LARGE % (octets, limits.MESSAGE))
    elif octets > _COMMAND:
        raise Denied(413, "a command of more than %d octets: send a long text as a file" % _COMMAND)
    return octets


def _is_number(text):
    return 0 < len(text) < 10 and not text.strip("0123456789")


def _is_address(name):
    """Whether a host is an IPv4 address, which no site can have as its name."""
    steps = name.split(".")
    return len(steps) == 4 and all(_is_number(step) and int(step) < 256 for step in steps)


def _digest(text):
    return hashlib.sha256(text.encode()).digest()


class Guard:
    """The password of the settings, the cookie of a browser that is signed in, and the token of the page."""

    def __init__(self, settings):
        self.port = settings.get("port", 8080)
        self._names = [name.lower() for name in settings.get("names", ())]
        self._password = settings.get("password", "")
        self.cookie_name = "page-%d" % self.port  # cookies of one host are one, whatever the port
        self._wrong = 0  # passwords in a row
        self._since = None  # ticks of the last one
        self.renew()

    def renew(self):
        """Sign everybody out."""
        self._cookie, self.token = [binascii.hexlify(os.urandom(16)).decode() for _ in range(2)]

    @property
    def cookie(self):
        """The value of Set-Cookie that signs a browser in."""
        return "%s=%s; Path=/; SameSite=Strict; HttpOnly" % (self.cookie_name, self._cookie)

    def check(self, method, headers):
        """Raise Denied for a request to another host, or a change that does not come from our page."""
        host = headers.get("host", "").lower()
        name, _, port = host.partition(":")
        if (port or "80") != str(self.port) or not (name == "localhost" or _is_address(name) or name in self._names):
            raise Denied(403, "this page is not at %s: add the name to page.names in the settings" % host[:60])
        if method != "GET" and headers.get("origin", "").lower() != "http://" + host:
            raise Denied(403, "another page may not do this")

    def signed_in(self, headers):
        """Whether a request comes from a browser that is signed in."""
        for pair in headers.get("cookie", "").split(";"):
            name, _, value = pair.strip().partition("=")
            if name == self.cookie_name and _digest(value) == _digest(self._cookie):
                return True
        return False

    def check_user(self, method, headers):
        """Raise Denied for a browser that is not signed in, and for a change without the token."""
        if not self.signed_in(headers):
            raise Denied(401, "sign in first")
        if method != "GET" and _digest(headers.get("x-token", "")) != _digest(self.token):
            raise Denied(403, "load the page again: the handset has started anew")

    @property
    def is_open(self):
        """Whether there is no password."""
        return not self._password

    def wait(self):
        """Seconds until a password is looked at."""
        if self._wrong < _FREE:
            return 0
        ms = min(_WAIT_MS << min(self._wrong - _FREE, 9), _LONGEST_MS)
        past = clock.since(self._since)
        return (ms - past + 999) // 1000 if 0 <= past < ms else 0

    def sign_in(self, password):
        """Raise Denied unless the password is right; from the fifth wrong one on the next has to wait."""
        seconds = self.wait()
        if seconds:
            raise Denied(429, "too many wrong passwords: wait %d seconds" % seconds)
        if isinstance(password, str) and self._password and _digest(password) == _digest(self._password):
            self._wrong = 0
            return
        self._wrong += 1
        self._since = clock.ticks()
        seconds = self.wait()
        raise Denied(403, "wrong password" + (": wait %d seconds before the next" % seconds if seconds else ""))
