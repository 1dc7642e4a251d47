"""Models of handsets that this one may say it is, out of assets/profiles.bin; loaded with a setting `profile`.

tools/profiles.py has the format of that file.
"""

from mms.errors import BearerError, SettingsError
from mms.handset import rooms
from mms.limits import const

_NAME = const("assets/profiles.bin")
_HEADER = const(8)
_FIELDS = const(("name", "user_agent", "profile_url", "version", "octets"))


def find(name):
    """{"name", "user_agent", "profile_url", "version", "octets"} of a profile; raises SettingsError.

    The version of MMS is a text such as "1.0", the octets are the most of a message, sent or received.
    """
    names = []
    try:
        with rooms.blocks.Blocks(_NAME, "profile", _HEADER) as file:
            header = file.read(0, _HEADER)
            if header[:5] != b"MMSP\1":
                raise file.damage()
            file.octets, at = header[6] << 8 | header[7], _HEADER
            for _ in range(header[5]):
                length = file.read(at, 1)[0]
                texts = bytes(file.read(at + 1, length)).decode().split("\0")
                if texts[0] == name:
                    found = dict(zip(_FIELDS, texts))  # noqa: B905
                    found["octets"] = int(found["octets"])
                    return found
                names.append(texts[0])
                at += 1 + length
    except BearerError as error:
        raise SettingsError("profile", error.text)
    except (UnicodeError, ValueError, KeyError):
        raise SettingsError("profile", _NAME + " is damaged: copy it anew")
    raise SettingsError("profile", 'one of "%s", please' % '", "'.join(names))


def dress(made, name, settings):
    """Let an operator's Profile send what the model says of itself, and keep to its size.

    `settings` of the operator that name a `user_agent` or `profile_url` count more.
    """
    model = find(name)
    made.octets, made.receives = min(made.octets, model["octets"]), min(made.receives, model["octets"])
    for header, key in (("User-Agent", "user_agent"), ("x-wap-profile", "profile_url")):
        if not settings.get(key):
            made.headers = [one for one in made.headers if one[0] != header]
            if model[key]:
                made.headers.append((header, model[key]))
