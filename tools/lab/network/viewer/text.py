"""The short message that says where a message can be seen: an address and a code, no words of the sender's.

Handsets recognise its form, so the form is fixed.
"""

import datetime
import re

from mms.codec import gsm7

SEPTETS = 160  # of one short message (TS 23.040, 9.2.3.24)
HIDDEN = "a hidden number"
_FORM = "Media message from %s. See it until %s: %s code %s"
_CUT = "..."
_OTHER = re.compile("[^A-Za-z0-9@.+_-]")  # than addresses have: a quoted one could hold a sentence, or a link
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def write(sender, expires, zone, url, code):
    """The text: `sender` an address or HIDDEN, `expires` in seconds since 1970, told as a day of the time zone.

    An address that is too long is cut, and has "?" for unusual characters. Raises ValueError where the URL alone is too
    long.
    """
    day = datetime.datetime.fromtimestamp(expires, zone)
    until = "%d %s" % (day.day, _MONTHS[day.month - 1])
    shown = sender = sender if sender == HIDDEN else _OTHER.sub("?", sender)
    while True:
        text = _FORM % (shown, until, url, code)
        if len(gsm7.encode(text) or bytes(SEPTETS + 1)) <= SEPTETS:
            return text
        if shown == _CUT:
            raise ValueError("a URL of %d characters" % len(url))
        sender = sender[:-1]
        shown = sender + _CUT
