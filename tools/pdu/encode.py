"""A PDU or push from the object that `decode --json --extract` gives: its inverse.

Of a part counts `file` (a path from the specification's folder), `text` or `raw` (hexadecimal), or in a multipart
inside `parts`. Offsets, sizes and digests are passed over.
"""

import binascii
import pathlib

from construct import ConstructError
from mms.codec import content, mm1, multipart, names, push, wsp
from mms.errors import PduError
from tools.pdu import values
from tools.pdu.body import is_multipart


class SpecError(Exception):
    """A specification that says what no PDU can be made of."""


def encode(spec, folder="."):
    """The octets of the PDU or push that `spec` describes; raises SpecError, OSError."""
    try:
        return _encode(spec, pathlib.Path(folder))
    except KeyError as error:
        raise SpecError("no %s" % error)
    except (ConstructError, PduError, UnicodeError, binascii.Error) as error:
        raise SpecError(str(error))
    except (AttributeError, TypeError, ValueError) as error:
        raise SpecError("a value of the wrong kind: %s" % error)


def _encode(spec, folder):
    types = {name.lower(): number for number, name in names.TYPES.items()}
    kind = spec["pdu"].lower()
    if kind == "push":
        (part,) = spec["parts"]
        octets = _data(part, folder)
    elif kind in types:
        octets = _pdu(types[kind], spec, folder)
    else:
        raise SpecError("%s is no PDU; there are %s" % (spec["pdu"], ", ".join(names.TYPES.values())))
    return _pushed(spec["push"], octets) if "push" in spec else octets


def _pdu(type, spec, folder):
    fields = []
    for header in spec.get("headers", ()):
        number = values.field_number(header["name"])
        if "raw" in header:
            value = wsp.AnyValue.parse(binascii.unhexlify(header["raw"]))
        else:
            value = values.meant(number, header["value"])
        if number != mm1.MESSAGE_TYPE:
            fields.append((number, value))
    octets = mm1.build(type, fields)
    parts = spec.get("parts", ())
    if fields and fields[-1][0] == mm1.CONTENT_TYPE:
        return octets + _body(fields[-1][1].media, parts, folder)
    if parts:
        raise SpecError("parts, and no Content-Type as the last header")
    return octets


def _body(media, parts, folder):
    if not is_multipart(media):
        return b"".join(_data(part, folder) for part in parts)
    octets = [multipart.count(len(parts))]
    for part in parts:
        data = _data(part, folder)
        params = [(key, part[key]) for key in ("charset", "name") if part.get(key) is not None]
        params = [(key, values.mib_enum(value) if key == "charset" else value) for key, value in params]
        location = part.get("content_location")
        octets.append(multipart.entry(part["type"], len(data), params, part.get("content_id"), location))
        octets.append(data)
    return b"".join(octets)


def _data(part, folder):
    if "parts" in part:
        return _body(part["type"], part["parts"], folder)
    if "file" in part:
        return (folder / part["file"]).read_bytes()
    if "text" in part:
        return part["text"].encode()
    return binascii.unhexlify(part["raw"])


def _pushed(told, octets):
    head = content.ContentTypeValue.build(mm1.ContentType(told["type"], []))
    named = [(values.push_number(one["name"]), one["value"]) for one in told.get("headers", ())]
    if told.get("application") is not None and not any(name == content.X_WAP_APPLICATION_ID for name, _ in named):
        named.append((content.X_WAP_APPLICATION_ID, told["application"]))
    for name, value in named:
        head += content.Header.build((name, values.meant(None, value)))
    type = push.CONFIRMED_PUSH if told.get("confirmed") else push.PUSH
    return bytes([told.get("tid", 0), type]) + wsp.Uintvar.build(len(head)) + head + octets
