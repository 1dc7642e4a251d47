"""Service indications (WAP-167) and service loadings (WAP-168) of a WAP push, in XML or WBXML.

The handset shows such a link and never follows it.
"""

from collections import namedtuple

from mms import limits
from mms.codec import markup
from mms.errors import PduError
from mms.limits import const

TEXTUAL = ("text/vnd.wap.si", "text/vnd.wap.sl")
BINARY = ("application/vnd.wap.sic", "application/vnd.wap.slc")

# `kind` is "si" or "sl"; `action` as the standards name it; `created` and `expires` seconds since 1970 or None;
# `id` what a later indication replaces it by, or None
Link = namedtuple("Link", ("kind", "href", "text", "action", "created", "expires", "id"))

_ACTIONS = {"si": "signal-medium", "sl": "execute-low"}  # for a link without an action
_SHOWN = const(512)


def parse(octets, media):
    """The Link in the body of a push of that media type; raises PduError when there is none."""
    if media in BINARY:
        from mms.codec import wbxml

        found = wbxml.read(octets)
    elif media in TEXTUAL:
        found = markup.read(octets, limits.NOTIFICATION)
    else:
        raise PduError(0, "%s is no link" % media)
    kind, values, text = None, {}, ""
    for what, name, attributes in found:
        if what == markup.TEXT and kind == "si" and isinstance(name, str):
            text = (text + name)[:_SHOWN]
        elif what == markup.START and name in ("indication", "sl") and kind is None:
            kind = "si" if name == "indication" else "sl"
            values = dict(attributes)
        elif what == markup.END and name == "indication":
            break
    href = values.get("href", "")
    if kind is None or not isinstance(href, str) or not (href or text.strip(markup.SPACE)):
        raise PduError(0, "nothing to show")
    expires = values.get("si-expires")
    action = values.get("action")
    if not isinstance(action, str):
        action = _ACTIONS[kind]
    id = values.get("si-id")
    return Link(
        kind,
        href,
        text.strip(markup.SPACE),
        action,
        seconds(values.get("created")),
        seconds(expires),
        id if isinstance(id, str) else None,
    )


def seconds(date):
    """Seconds since 1970 of "2003-01-27T10:00:00Z", or its digits two an octet (WAP-167, 8.2.2); else None."""
    if isinstance(date, bytes):
        date = "".join(["%02x" % octet for octet in date])
    elif not isinstance(date, str):
        return None
    digits = "".join([character for character in date if "0" <= character <= "9"])
    digits += "00000000000000"[len(digits) :]
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    hour, minute, second = int(digits[8:10]), int(digits[10:12]), int(digits[12:14])
    if not (1970 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60):
        return None
    from mms.codec import tpdu

    return ((tpdu.calendar_days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
