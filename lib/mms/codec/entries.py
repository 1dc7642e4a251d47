"""The octets of a multipart body beside the data of its parts (WAP-230-WSP, clause 8.5): a count, and entries.

multipart.count and multipart.entry load this file.
"""

from construct import ConstructError, Struct
from mms import limits
from mms.codec import content, wsp
from mms.errors import PduError

_ENTRY = Struct("content" / content.ContentTypeValue, "headers" / content.HEADERS)


def count(parts):
    """The octets with which a body of so many parts begins."""
    return wsp.Uintvar.build(parts)


def entry(media, octets, params=(), content_id=None, location=None):
    """The octets before the data of one part, whose data are `octets` long.

    `params` are (name, value); a `content_id` is written in angle brackets. Raises PduError.
    """
    headers = []
    if content_id is not None:
        # a Quoted-string begins with a quote and does not end with one (8.4.2.1)
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
