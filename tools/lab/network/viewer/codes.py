"""Ids and codes of pages: long enough that guessing finds none, and kept so that reading the store tells none."""

import hashlib
import hmac
import secrets

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OIL", "011")
_ID, _CODE = 12, 8  # characters of 5 bits each, digits
_SHOWN = 40  # characters of a typed id or code that are read


class Codes:
    """Makes and compares codes; `secret` is kept outside of the store, whose digests are worth nothing without it."""

    def __init__(self, secret):
        self._secret = secret

    def digest(self, key, word):
        """What the store keeps of a code or a session of the page `key`."""
        return hmac.new(self._secret, ("%s %s" % (key, word)).encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def matches(self, key, word, digest):
        """Whether the digest is that of the word, in a time that does not depend on it."""
        return hmac.compare_digest(self.digest(key, word), digest)


def make_id():
    """12 of Crockford's characters: 60 bits."""
    return "".join(secrets.choice(_CROCKFORD) for _ in range(_ID))


def make_code():
    """Eight digits."""
    return "%0*d" % (_CODE, secrets.randbelow(10**_CODE))


def make_session():
    """The value of a cookie."""
    return secrets.token_urlsafe(24)


def read_id(text):
    """An id as a person typed it: small letters, and letters that look like digits. "" for one that is none."""
    key = text[:_SHOWN].upper().translate(_ALIKE)
    return key if len(key) == _ID and set(key) <= set(_CROCKFORD) else ""


def read_code(text):
    """The digits of a code as a person typed it."""
    return "".join(character for character in text[:_SHOWN] if character in "0123456789")
