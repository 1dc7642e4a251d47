"""WAP push, as it comes over SMS and UDP (WAP-230-WSP, clause 8.2.4.1)."""

import io
from collections import namedtuple

from construct import Byte, ConstructError, Struct
from mms import limits
from mms.codec import content, wsp
from mms.errors import PduError
from mms.limits import const

PUSH = const(0x06)
CONFIRMED_PUSH = const(0x07)  # over SMS it cannot be confirmed
MMS_UA = const(4)  # x-wap-application:mms.ua
OF_MMS = (None, MMS_UA, "x-wap-application:mms.ua")  # some MMSCs do not name the application
PORTS = (2948, 9200)  # destination and source of a push (WAP-259-WDP, appendix B)

_PUSH = Struct(
    "tid" / Byte,
    "type" / Byte,
    "head" / wsp.Pair(content.ContentTypeValue, content.HEADERS, wsp.Uintvar),
)

# `application` is a number, a name or None; `headers` are (number or name, value), `params` those of the media
# type; `body` an offset
Push = namedtuple("Push", ("tid", "type", "media", "application", "headers", "body", "params"))


def parse(octets):
    """The Push in `octets`; raises PduError. Some modems leave the user data header before it, which is skipped."""
    stream = io.BytesIO(octets)
    if len(octets) > 1 and octets[1] not in (PUSH, CONFIRMED_PUSH):
        after = 1 + octets[0]
        if after + 1 < len(octets) and octets[after + 1] in (PUSH, CONFIRMED_PUSH):
            stream.seek(after)
    try:
        push = _PUSH.parse_stream(stream)
    except ConstructError as error:
        raise PduError(stream.tell(), wsp.reason(error))
    if push.type not in (PUSH, CONFIRMED_PUSH):
        raise PduError(1, "%02X is no push" % push.type)
    (media, params), headers = push.head
    headers = list(headers)
    application = None
    for name, value in headers:
        if name == content.X_WAP_APPLICATION_ID:
            application = value
            if isinstance(value, bytes):
                application = int.from_bytes(value[: limits.LONG_INTEGER], "big")
    return Push(push.tid, push.type, media, application, headers, stream.tell(), params)


def build(tid, media, body, application=MMS_UA, params=(), headers=(), type=PUSH):
    """The octets of a push of `body`, to the application of that number or name; None names none."""
    headers = list(headers)
    if application is not None:
        headers.insert(0, (content.X_WAP_APPLICATION_ID, application))
    head = content.ContentType(media, list(params)), headers
    try:
        return _PUSH.build({"tid": tid, "type": type, "head": head}) + body
    except ConstructError as error:
        raise PduError(0, wsp.reason(error))
