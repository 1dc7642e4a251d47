"""A PDU or push from the object that `decode --json --extract` gives: its inverse.

Of a part counts `file` (a path from the specification's folder), `text` or `raw` (hexadecimal), or in a multipart
inside `parts`. Offsets, sizes and digests are passed over.
"""

import binascii
import pathlib

from mms.codec import content, mm1, multipart, names, nested, push
from mms.errors import PduError
from tools.pdu import values


class SpecError(Exception):
    """A specification that says what no PDU can be made of."""


def encode(spec, folder="."):
    """The octets of the PDU or push that `spec` describes; raises SpecError, OSError."""
    try:
        return _encode(spec, pathlib.Path(folder))
    except KeyError as error:
        raise SpecError("no %s" % error)
    except (PduError, UnicodeError, binascii.Error) as error:
        raise SpecError(str(error))
    except ValueError as error:
        raise SpecError("a value of the wrong kind: %s" % error)
    except (AttributeError, TypeError):
        raise SpecError("a value of the wrong kind, such as a number for a text")


def _encode(spec, folder):
    if isinstance(spec, list) and len(spec) == 1:
        (spec,) = spec  # as the vectors have it
    if not isinstance(spec, dict):
        raise SpecError("an object, please")
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
            value = values.any_value(binascii.unhexlify(header["raw"]))
        else:
            value = values.from_json(number, header["value"])
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
    if not nested.is_multipart(media):
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
    headers = [
        (values.push_number(one["name"]), values.from_json(None, one["value"])) for one in told.get("headers", ())
    ]
    named = any(name == content.X_WAP_APPLICATION_ID for name, _ in headers)
    application = None if named else told.get("application")
    kind = push.CONFIRMED_PUSH if told.get("confirmed") else push.PUSH
    params = values.params(told.get("parameters", ()))
    return push.build(told.get("tid", 0), told["type"], octets, application, params, headers, kind)
