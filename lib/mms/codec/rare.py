"""Rare media types, and the parameter q of a media type; loaded when one comes.

The media types by their numbers are those of WAP-230-WSP, table 40, which are the same in Wireshark's packet-wsp.c and
in Android's PduContentTypes.java. 0A and 16 are left out: before and after WSP 1.2 they have other names.
"""

from construct import ValidationError, stream_read
from mms.codec.wsp import Uintvar
from mms.limits import const

_NAMES = const("""
00 */*
01 text/*
04 text/x-hdml
05 text/x-ttml
08 text/vnd.wap.wml
09 text/vnd.wap.wmlscript
0D multipart/form-data
10 application/*
11 application/java-vm
12 application/x-www-form-urlencoded
13 application/x-hdmlc
14 application/vnd.wap.wmlc
15 application/vnd.wap.wmlscriptc
17 application/vnd.wap.uaprof
18 application/vnd.wap.wtls-ca-certificate
19 application/vnd.wap.wtls-user-certificate
1A application/x-x509-ca-cert
1B application/x-x509-user-cert
1C image/*
22 application/vnd.wap.multipart.*
2A application/x-x968-cross-cert
2B application/x-x968-ca-cert
2C application/x-x968-user-cert
37 application/pkcs7-mime
38 application/vnd.wap.hashed-certificate
39 application/vnd.wap.signed-certificate
3A application/vnd.wap.cert-response
3C application/wml+xml
3F application/vnd.wap.rollover-certificate
40 application/vnd.wap.locc+wbxml
41 application/vnd.wap.loc+xml
42 application/vnd.syncml.dm+wbxml
43 application/vnd.syncml.dm+xml
44 application/vnd.syncml.notification
45 application/vnd.wap.xhtml+xml
46 application/vnd.wv.csp.cir
47 application/vnd.oma.dd+xml
49 application/vnd.oma.drm.content
4A application/vnd.oma.drm.rights+xml
4B application/vnd.oma.drm.rights+wbxml
4C application/vnd.wv.csp+xml
4D application/vnd.wv.csp+wbxml
4E application/vnd.syncml.ds.notification
51 application/vnd.oma.dd2+xml
52 application/mikey
""")


def media_type(number):
    """The name of the media type with that number, or None."""
    at = _NAMES.find("\n%02X " % number)
    return None if at < 0 else _NAMES[at + 4 : _NAMES.find("\n", at + 1)]


def parse_quality(stream, path):
    """The q of a parameter in the stream, its number included, as text."""
    stream_read(stream, 1, path)
    return quality(Uintvar._parse(stream, None, path))


def build_quality(text):
    """The octets of a parameter q, its number included."""
    return b"\x80" + Uintvar.build(quality_value(text))


def quality(value):
    """A Q-value as text, "0.5": hundredths and one, or thousandths and a hundred (WAP-230-WSP, 8.4.2.3)."""
    if not 1 <= value < 1100:
        raise ValidationError("%d is no quality" % value)
    thousandths = value - 100 if value > 100 else 10 * (value - 1)
    return ("0.%03d" % thousandths).rstrip("0").rstrip(".")


def quality_value(text):
    """The Q-value of a text such as "0.5"; raises construct's ValidationError for another text."""
    whole, _, fraction = text.partition(".")
    digits = (fraction + "000")[:3]
    if whole != "0" or len(fraction) > 3 or digits.strip("0123456789"):
        raise ValidationError("%s is no quality" % text)
    thousandths = int(digits)
    return thousandths + 100 if thousandths % 10 else thousandths // 10 + 1
