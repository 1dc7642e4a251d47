"""The parts of a message, in and out of the octets in which MM1 carries them (WAP-230-WSP, clause 8.5).

The octets begin at the Content-Type field of an M-Send.req or M-Retrieve.conf, as an MMSC keeps them. A message from
handset to handset within one MMSC is never packed anew; mail, pages and adaptation read and write parts.
"""

import dataclasses

from mms import limits
from mms.codec import charset as charsets
from mms.codec import mm1, multipart, nested, transfer
from mms.codec.charsets import NAMES
from mms.errors import PduError

RELATED = "application/vnd.wap.multipart.related"
MIXED = "application/vnd.wap.multipart.mixed"
SMIL = "application/smil"

_FIELD = 0x80 | mm1.CONTENT_TYPE
# The fields that a parser wants in front of a Content-Type
_HEAD = mm1.build(mm1.SEND_REQ, [(mm1.TRANSACTION_ID, "t"), (mm1.VERSION, mm1.VERSION_1_2), (mm1.FROM, None)])
_TYPE = 2  # octets of the Message-Type, with which a PDU begins
_CHARSETS = {**NAMES, **{number: name for name, number in charsets.NUMBERS.items()}}


@dataclasses.dataclass(frozen=True)
class Part:
    """One part: `media` in lower case, its data, and what headers say of it, "" where they say nothing.

    `id` is a Content-ID without <>, `charset` a name of IANA's in lower case.
    """

    media: str
    octets: bytes
    id: str = ""
    location: str = ""
    name: str = ""
    charset: str = ""


@dataclasses.dataclass(frozen=True)
class Content:
    """The content of a message: RELATED or MIXED with parts, or one part and its own media type.

    `start` is the id of the presentation, or "".
    """

    media: str
    parts: tuple
    start: str = ""


def unpack(octets):
    """The Content in octets from the Content-Type field on; parts of parts stand in one row. Raises PduError."""
    if octets[:1] != bytes([_FIELD]):
        raise PduError(0, "no Content-Type")
    try:
        pdu = mm1.parse(_HEAD + octets)
    except PduError as error:
        raise PduError(error.offset - len(_HEAD), error.what) from None
    media, params = pdu.get(mm1.CONTENT_TYPE)
    named = {key: value for key, value in params if isinstance(value, str)}
    body = octets[pdu.body - len(_HEAD) :]
    if not nested.is_multipart(media):
        part = Part(media, bytes(body), name=named.get("name", named.get("filename", "")), charset=_charset(params))
        return Content(media, (part,))
    return Content(media, tuple(_parts(body)), named.get("start", "").strip("<>"))


def _charset(params):
    number = dict(params).get("charset")
    return _CHARSETS.get(number, "") if isinstance(number, int) else ""


def _parts(body):
    parser, found = nested.Parser(), []
    for event, part in parser.feed(body):
        if event == multipart.END:
            found.append(part)
    parser.close()
    for part in found:
        if not (nested.is_multipart(part.media) and part.opened):
            yield _part(part, body[part.offset : part.offset + part.octets])


def _part(part, octets):
    decoder = transfer.Decoder(part.encoding)
    return Part(
        part.media,
        decoder.feed(octets) + decoder.close(),
        part.content_id or "",
        part.location or "",
        part.name or "",
        _CHARSETS.get(part.charset, ""),
    )


def pack(content):
    """The octets of a Content, from the Content-Type field on; unpack gives the same Content.

    A charset without a number is left out. Raises PduError for more parts, longer texts or other characters than
    handsets take.
    """
    if not nested.is_multipart(content.media):
        (part,) = content.parts
        return _field(part.media, _params(part)) + part.octets
    if len(content.parts) > limits.PARTS:
        raise PduError(0, "%d parts, over %d" % (len(content.parts), limits.PARTS))
    params = []
    shown = presentation(content)
    if content.media == RELATED and content.parts:
        params.append(("type", (shown or content.parts[0]).media))
    if content.start:
        params.append(("start", "<%s>" % content.start))
    pieces = [_field(content.media, params), multipart.count(len(content.parts))]
    for part in content.parts:
        texts = part.id or None, part.location or None
        pieces += [multipart.entry(part.media, len(part.octets), _params(part), *texts), part.octets]
    return b"".join(pieces)


def _field(media, params):
    return mm1.build(mm1.SEND_REQ, [(mm1.CONTENT_TYPE, mm1.ContentType(media, params))])[_TYPE:]


def _params(part):
    number = part.charset and charsets.number(part.charset)
    params = [("charset", number)] if number else []
    return [*params, ("name", part.name)] if part.name else params


def presentation(content):
    """The SMIL part that says how the others are shown, or None: the one of `start`, else the first of that type.

    Real MMSCs write `start` with another end, or as a location or name; a start that is no SMIL tells nothing.
    """
    layouts = [part for part in content.parts if part.media.startswith(SMIL)]
    start = _stem(content.start)
    named = [part for part in layouts if start and start in map(_stem, (part.id, part.location, part.name))]
    return (named or layouts or [None])[0]


def _stem(label):
    return label.strip("<>").rpartition(".")[0] or label.strip("<>")
