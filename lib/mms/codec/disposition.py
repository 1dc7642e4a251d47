"""The file name in a Content-Disposition (WAP-230-WSP, 8.4.2.21; RFC 2183); loaded for a part without another name."""

import io

from construct import ConstructError, GreedyRange
from mms.codec import charset, content
from mms.codec.wsp import AnyValue

_PARAMETERS = GreedyRange(content.PARAMETER)


def filename(value):
    """The file name in the value of the header, which is octets, a text or a token; None when it has none."""
    if isinstance(value, str):
        return _of_mail(value)
    if not isinstance(value, bytes):
        return None  # a disposition alone
    stream = io.BytesIO(value)
    try:
        AnyValue.parse_stream(stream)  # form-data, attachment or inline: a part is shown in any case
        for name, text in _PARAMETERS.parse_stream(stream):
            if name in ("filename", "name") and not isinstance(text, int):
                return (charset.decode(text, None) if isinstance(text, bytes) else text) or None
    except ConstructError:
        pass
    return None


def _of_mail(text):
    """The file name in a header in the form of e-mail: attachment; filename="p.jpg"."""
    for parameter in text.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if charset.lower(name.strip(" ")) == "filename":
            return value.strip(' "') or None
    return None
