"""EF_MMSICP: the way to the MMSC, as its issuer has written it into a SIM (3GPP TS 31.102, 4.2.69 and annex J.2)."""

from mms.errors import PduError
from mms.limits import const

_SET, _IMPLEMENTATION, _SERVER, _BEARER, _GATEWAY = 0xAB, 0x80, 0x81, 0x82, 0x83
_WAP = const(b"\1")
_EMPTY = const(0xFF)  # fills the rest of the file

# Parameters inside _BEARER and _GATEWAY: tokens of OMA client provisioning. A text ends in NUL, others are one octet.
_ADDRESS, _ADDRESS_TYPE, _AUTH, _USER, _PASSWORD, _KIND = 0x08, 0x09, 0x0C, 0x0D, 0x0E, 0x10
_HOST, _PORT, _SERVICE = 0x20, 0x23, 0x24
_TEXTS = (_ADDRESS, _USER, _PASSWORD, _HOST, _PORT, 0x1A, 0x1B)  # the last two: name and password for the proxy
_APN, _GPRS, _CONNECTED = 0x89, 0xAB, 0xCB
_OTHERS = const((0xCA, 0xCC, 0xCD))  # services of WSP without connections or with WTLS: the handset speaks neither
_AUTHS = {0x9A: "pap", 0x9B: "chap"}


def parse(octets):
    """The operators in the file, best first: dicts with apn, mmsc and some of proxy, user, password, auth.

    A set that is not for packet data or not for MMS by WAP is left out. A gateway of connection-oriented WSP is a proxy
    with the scheme wsp://. Raises PduError.
    """
    found = []
    for tag, value, at in _objects(octets, 0):
        if tag == _SET:
            found.extend(_operators(value, at))
    return found


def _objects(octets, base):
    """Each TLV object as (tag, value, place of the value); raises PduError (ISO/IEC 8825-1, lengths of 1 to 3)."""
    at, found = 0, []
    while at < len(octets) and octets[at] != _EMPTY:
        tag, start = octets[at], at
        at += 2
        length = octets[at - 1] if at <= len(octets) else 0
        if length > 127:
            more = length - 128
            if more not in (1, 2):
                raise PduError(base + start, "a length of %d octets" % more)
            length = 0
            for octet in octets[at : at + more]:
                length = length << 8 | octet
            at += more
        if at + length > len(octets):
            raise PduError(base + start, "an object that goes on behind the end")
        found.append((tag, octets[at : at + length], base + at))
        at += length
    return found


def _operators(octets, base):
    """One for each bearer of a set."""
    shared, bearers = {}, []
    for tag, value, at in _objects(octets, base):
        if tag == _IMPLEMENTATION and value != _WAP:
            return []
        if tag == _SERVER:
            shared["mmsc"] = _text(value, at)
        elif tag == _GATEWAY:
            _put(shared, "proxy", _gateway(_parameters(value, at)))
        elif tag == _BEARER:
            bearers.append(_parameters(value, at))
    found = []
    for told in bearers if "mmsc" in shared else ():
        if _ADDRESS in told and told.get(_KIND, _GPRS) == _GPRS and told.get(_ADDRESS_TYPE, _APN) == _APN:
            operator = dict(shared)
            operator["apn"] = told[_ADDRESS]
            _put(operator, "user", told.get(_USER))
            _put(operator, "password", told.get(_PASSWORD))
            _put(operator, "auth", _AUTHS.get(told.get(_AUTH)))
            found.append(operator)
    return found


def _put(operator, key, value):
    if value:
        operator[key] = value


def _gateway(told):
    """A proxy as the settings have it, or "" for none."""
    host, port = told.get(_HOST), told.get(_PORT)
    if not host:
        return ""
    if told.get(_SERVICE) == _CONNECTED:
        return "wsp://%s:%s" % (host, port or "9201")
    if port == "9201" or told.get(_SERVICE) in _OTHERS:
        return "wsp://%s:9201" % host
    return "%s:%s" % (host, port or "80")


def _parameters(octets, base):
    """{token: value} of the first of each token."""
    found, at = {}, 0
    while at < len(octets):
        token = octets[at]
        at += 1
        if token in _TEXTS:
            end = octets.find(b"\0", at)
            if end < 0:
                raise PduError(base + at - 1, "a text without an end")
            value = _text(octets[at:end], base + at)
            at = end + 1
        else:
            if at >= len(octets):
                raise PduError(base + at - 1, "a parameter without a value")
            value = octets[at]
            at += 1
        if token not in found:
            found[token] = value
    return found


def _text(octets, at):
    """Characters of ASCII, all that an address or a login may have."""
    if any(not 32 <= octet < 127 for octet in octets):
        raise PduError(at, "a character that is not of ASCII")
    return octets.decode()
