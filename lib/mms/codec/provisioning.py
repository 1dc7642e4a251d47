"""OMA client provisioning (OMA-WAP-ProvCont): settings from the air, which only the user's command applies.

The document is WBXML or XML. Its MAC proves that the sender knows the IMSI or a PIN (OMA-WAP-ProvBoot).
"""

import hashlib
import sys

from mms import limits
from mms.codec import document
from mms.codec.charset import lower
from mms.errors import PduError, UsageError
from mms.limits import const

BINARY = "application/vnd.wap.connectivity-wbxml"
TEXTUAL = "text/vnd.wap.connectivity-xml"

_SECURITIES = const(("NETWPIN", "USERPIN", "USERNETWPIN", "USERPINMAC"))
_MMS = const("w4")  # the APPID of MMS
_CONNECTED = const("9201")  # the port of connection-oriented WSP (WAP-230-WSP, appendix B)


def parse(octets, media=BINARY):
    """The characteristics in a document: a list of (type, [(name, value)], [characteristics in it]).

    Names are in capitals, as the standard has them. Raises PduError.
    """
    if media == BINARY:
        from mms.codec import wbxml

        found = wbxml.read(octets)
    elif media == TEXTUAL:
        from mms.codec import markup

        found = markup.read(octets, 2 * limits.NOTIFICATION)
    else:
        raise PduError(0, "%s is no provisioning" % media)
    top = []
    opened = [("", [], top)]
    for what, name, attributes in found:
        if what == document.START and name == "characteristic":
            if len(opened) > limits.NESTING:
                raise PduError(0, "characteristics over %d deep" % limits.NESTING)
            opened.append((_capitals(attributes, "type"), [], []))
            opened[-2][2].append(opened[-1])
        elif what == document.END and name == "characteristic" and len(opened) > 1:
            opened.pop()
        elif what == document.START and name == "parm":
            opened[-1][1].append((_capitals(attributes, "name"), _text(attributes, "value")))
    if not top:
        raise PduError(0, "no characteristics")
    return top


def _text(attributes, name):
    value = dict(attributes).get(name, "")
    return value if isinstance(value, str) else ""


def _capitals(attributes, name):
    value = _text(attributes, name)
    return value.upper() if len(value.encode()) == len(value) else value


def proposal(characteristics):
    """The settings for MMS in a document, a dict with some of: apn, user, password, auth, mmsc, proxy, name.

    It is empty when the document has no address of an MMSC.
    """
    application = _first(characteristics, "APPLICATION", "APPID", _MMS)
    proxy = None
    if application:
        proxy = _first(characteristics, "PXLOGICAL", "PROXY-ID", _value(application, "TO-PROXY"))
    naps = [value for value in (_value(application, "TO-NAPID"), _nap(proxy)) if value]
    nap = _first(characteristics, "NAPDEF", "NAPID", naps[0] if naps else None)
    found = {}
    if application:
        _put(found, "mmsc", _search(application, ("RESOURCE", "APPADDR"), ("URI", "ADDR")))
    if proxy:
        host = _search(proxy, ("PXPHYSICAL",), ("PXADDR",))
        _put(found, "proxy", host and _gateway(host, _ports(proxy)))
    if nap:
        _put(found, "name", _value(nap, "NAME"))
        _put(found, "apn", _value(nap, "NAP-ADDRESS"))
        _put(found, "user", _search(nap, ("NAPAUTHINFO",), ("AUTHNAME",)))
        _put(found, "password", _search(nap, ("NAPAUTHINFO",), ("AUTHSECRET",)))
        auth = lower(_search(nap, ("NAPAUTHINFO",), ("AUTHTYPE",)) or "")
        _put(found, "auth", auth if auth in ("pap", "chap") else None)
    return found if "mmsc" in found else {}


def _put(found, key, value):
    if value:
        found[key] = value


def _value(characteristic, name):
    """The first value of that name in a characteristic, or None."""
    for key, value in characteristic[1] if characteristic else ():
        if key == name:
            return value
    return None


def _first(characteristics, type, name, value):
    """The first characteristic of a type with that value, or any when `value` is None; or None."""
    for characteristic in characteristics:
        if characteristic[0] == type and (value is None or _value(characteristic, name) == value):
            return characteristic
    return None


def _search(characteristic, types, names):
    """The first value by one of `names` in a characteristic or those of `types` in it, level by level."""
    level = [characteristic]
    while level:
        for name in names:
            for found in level:
                if _value(found, name):
                    return _value(found, name)
        level = [inner for found in level for inner in found[2] if inner[0] in types]
    return None


def _ports(characteristic):
    """(PORTNBR, SERVICE) of each port of a proxy, in the order of the document; an absent service is ""."""
    found = []
    for inner in characteristic[2]:
        if inner[0] in ("PXPHYSICAL", "PORT"):
            found.extend(_ports(inner))
    if _value(characteristic, "PORTNBR"):
        found.append((_value(characteristic, "PORTNBR"), _value(characteristic, "SERVICE") or ""))
    return found


def _gateway(host, ports):
    """A proxy as the settings have it: by HTTP where a port is not for WSP, or else by WSP with connections."""
    wsp = ""
    for port, service in ports:
        if "WSP" not in service and port != _CONNECTED:
            return "%s:%s" % (host, port)
        wsp = port if port == _CONNECTED or service == "CO-WSP" else wsp or _CONNECTED
    return "wsp://%s:%s" % (host, wsp) if wsp else host + ":80"


def _nap(proxy):
    return proxy and _search(proxy, ("PXPHYSICAL",), ("TO-NAPID",))


def _mac(key, octets):
    """The digits of HMAC-SHA1. hmac is CPython's or micropython-lib's; raises UsageError when it is not installed."""
    try:
        import hmac
    except ImportError:
        raise UsageError("hmac is missing here: install it with mip")
    sys.modules.pop("hmac")  # a board seldom needs it
    return "".join(["%02X" % octet for octet in hmac.new(key, octets, hashlib.sha1).digest()])


def network_pin(imsi):
    """The key made of an IMSI: its digits as the SIM stores them (3GPP TS 31.102, EF IMSI)."""
    digits = ("9" if len(imsi) % 2 else "1") + imsi + ("" if len(imsi) % 2 else "f")
    return bytes([int(digits[at + 1] + digits[at], 16) for at in range(0, len(digits), 2)])


def check(params, body, imsi=None, pin=None):
    """(security, whether the MAC is right) of a push of `body` whose media type has these `params`.

    The security is NETWPIN, USERPIN, USERNETWPIN or USERPINMAC, or None when the push has no MAC. Without the secret
    of which the key is made, the SIM's `imsi`, the user's `pin` or both, the MAC counts as wrong.
    """
    params = dict(params)
    mac, security = params.get("mac"), params.get("sec")
    if not isinstance(security, int) or security >= len(_SECURITIES) or not isinstance(mac, str):
        return None, False
    name = _SECURITIES[security]
    if name == "USERPINMAC" or "NETW" in name and not imsi or name[:4] == "USER" and not pin:
        return name, False
    if not hasattr(hashlib, "sha1"):  # a firmware without TLS cannot compute the MAC, so it counts as wrong
        return name, False
    key = network_pin(imsi) if "NETW" in name else b""
    if name[:4] == "USER":
        key += pin.encode()
    return name, lower(mac) == lower(_mac(key, bytes(body)))


def mac(security, body, imsi=None, pin=None):
    """The parameters of a media type that protect `body`, for a sender of provisioning; `check` verifies them."""
    key = network_pin(imsi) if "NETW" in security else b""
    if security[:4] == "USER":
        key += pin.encode()
    return [("sec", _SECURITIES.index(security)), ("mac", _mac(key, body))]
