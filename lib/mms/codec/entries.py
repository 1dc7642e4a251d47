"""Multipart bodies as they are written (WAP-230-WSP, clause 8.5): a count, then an entry before each part's data.

All of it is seen as part of multipart, which loads it when asked for.
"""

from construct import ConstructError, Struct
from mms import limits
from mms.codec import content, wsp
from mms.errors import PduError

_ENTRY = Struct("content" / content.ContentTypeValue, "headers" / content.HEADERS)


def count(parts):
    """The octets that begin a body of so many parts."""
    return wsp.Uintvar.build(parts)


def entry(media, octets, params=(), content_id=None, location=None):
    """What comes before the data of one part, which has so many `octets`.

    `params` are (name, value); a `content_id` is written in angle brackets. Raises PduError.
    """
    headers = []
    if content_id is not None:
        # a Quoted-string: nothing closes the quote (8.4.2.1)
        headers.append((content.CONTENT_ID, '"<%s>' % content_id))
    if location is not None:
        headers.append((content.CONTENT_LOCATION, location))
    entry = {"content": content.ContentType(media, list(params)), "headers": headers}
    try:
        head = _ENTRY.build(entry)
        lengths = wsp.Uintvar.build(len(head)) + wsp.Uintvar.build(octets)
    except ConstructError as error:
        raise PduError(0, wsp.reason(error))
    if len(head) > limits.PART_HEADER:
        raise PduError(0, "headers of over %d octets" % limits.PART_HEADER)
    return lengths + head
