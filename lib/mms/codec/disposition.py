"""The file name in a Content-Disposition (WAP-230-WSP, 8.4.2.21; RFC 2183); loaded where no better name is there."""

import io

from construct import ConstructError, GreedyRange
from mms.codec import charset, content
from mms.codec.wsp import AnyValue

_PARAMETERS = GreedyRange(content.PARAMETER)


def filename(value):
    """The file name that the value of a header tells, octets or text, or None."""
    if isinstance(value, str):
        return _of_mail(value)
    if not isinstance(value, bytes):
        return None  # a disposition alone
    stream = io.BytesIO(value)
    try:
        AnyValue.parse_stream(stream)  # form-data, attachment or inline: whatever it is, the part is shown
        for name, text in _PARAMETERS.parse_stream(stream):
            if name in ("filename", "name") and not isinstance(text, int):
                return (charset.decode(text, None) if isinstance(text, bytes) else text) or None
    except ConstructError:
        pass
    return None


def _of_mail(text):
    """The file name in a header as mail has it: attachment; filename="p.jpg"."""
    for parameter in text.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if content.small(name.strip(" ")) == "filename":
            return value.strip(' "') or None
    return None
