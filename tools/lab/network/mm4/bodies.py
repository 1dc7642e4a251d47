"""The body of an MM4_forward.REQ: a message's parts as MIME (RFC 2045, RFC 2387), in and out."""

import base64
import email.header
import re
from email import errors, policy, utils
from email.message import MIMEPart

from tools.lab.network.mmsc import contents

# A long identifier shall not be folded into an encoded word.
POLICY = policy.SMTP.clone(max_line_length=998)
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_BROKEN = (
    errors.NoBoundaryInMultipartDefect,
    errors.StartBoundaryNotFoundDefect,
    errors.CloseBoundaryNotFoundDefect,
    errors.InvalidBase64CharactersDefect,
    errors.InvalidBase64LengthDefect,
)


class BodyError(Exception):
    """A mail has no body that could be a message."""


def write(mail, content, profile=frozenset()):
    """Put a contents.Content into an EmailMessage, each part in base64."""
    if not content.media.startswith("application/vnd.wap.multipart"):
        _fill(mail, content.parts[0], profile)
        return
    related = content.media == contents.RELATED and "mixed" not in profile
    mail["Content-Type"] = "multipart/related" if related else "multipart/mixed"
    shown = contents.presentation(content)
    if related and shown:
        mail.set_param("type", shown.media)
    start = content.start or (shown.id if shown else "")
    if start and "bare-start" in profile:
        mail.set_param("Start", "0.smil")
    elif start and related:
        mail.set_param("start", "<%s>" % start)
    for part in content.parts:
        inner = MIMEPart(POLICY)
        _fill(inner, part, profile, part is shown)
        mail.attach(inner)


def _fill(mail, part, profile, shown=False):
    mail["Content-Type"] = part.media
    mail["Content-Transfer-Encoding"] = "base64"
    mail.set_payload(base64.encodebytes(part.octets).decode())
    if part.charset:
        mail.set_param("charset", part.charset)
    if part.name:
        mail.set_param("name", part.name, charset="" if part.name.isascii() else "utf-8")
    if part.id:
        bare = "bare-start" in profile
        mail["Content-ID"] = "0" if bare and shown else part.id if bare else "<%s>" % part.id
    if part.location:
        mail["Content-Location"] = part.location


def read(mail):
    """The contents.Content of a parsed mail. Raises BodyError for a body that is cut, broken or empty."""
    leaves = [part for part in mail.walk() if not part.is_multipart()]
    parts = tuple(map(_part, leaves))
    broken = [defect for part in mail.walk() for defect in part.defects if isinstance(defect, _BROKEN)]
    if broken:
        raise BodyError(type(broken[0]).__name__)
    if not any(part.octets for part in parts):
        raise BodyError("no content")
    if not mail.is_multipart():
        return contents.Content(parts[0].media, parts)
    related = mail.get_content_subtype() == "related"
    start = _text(mail.get_param("start", "")).strip("<>")
    return contents.Content(contents.RELATED if related else contents.MIXED, parts, start)


def _part(leaf):
    return contents.Part(
        leaf.get_content_type(),
        leaf.get_payload(decode=True) or b"",
        id=decode(leaf.get("Content-ID", "")).strip("<>"),
        location=decode(leaf.get("Content-Location", "")),
        name=_clean(leaf.get_filename("")),
        charset=_text(leaf.get_content_charset("")),
    )


def _text(value):
    return _clean(utils.collapse_rfc2231_value(value))


def decode(value):
    """The text of a header: unfolded, its encoded words decoded, without characters that cannot be printed."""
    try:
        return _clean(str(email.header.make_header(email.header.decode_header(value))))
    except (LookupError, ValueError, errors.HeaderParseError):
        return _clean(str(value))


def _clean(text):
    text = _FOLD.sub(" ", text)
    return "".join(character for character in text if character.isprintable()).strip()
