"""Stands in for micropython-lib's hmac on MicroPython's unix port, which does not have it.

tests/wasm runs the tests of provisioning with micropython-lib's own, which that interpreter holds.
"""


class HMAC:
    """HMAC of a hash with blocks of 64 octets (RFC 2104), with as much of the package's interface as is used here."""

    def __init__(self, key, msg, digestmod):
        key = (digestmod(key).digest() if len(key) > 64 else key) + bytes(64)
        self._inner = digestmod(bytes([octet ^ 0x36 for octet in key[:64]]))
        self._outer = digestmod(bytes([octet ^ 0x5C for octet in key[:64]]))
        self._inner.update(msg)

    def digest(self):
        """The octets of the MAC; only once, as in the package."""
        self._outer.update(self._inner.digest())
        return self._outer.digest()


def new(key, msg, digestmod):
    """The HMAC of a message under a key."""
    return HMAC(key, msg, digestmod)
