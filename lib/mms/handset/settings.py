"""The handset's settings: one JSON file, every key checked before anything starts."""

import json

from mms.errors import SettingsError
from mms.link.http import Url


def _text(limit):
    def check(key, value):
        if not isinstance(value, str) or len(value) > limit or any(ord(c) < 32 for c in value):
            raise SettingsError(key, "a text of at most %d characters without control characters, please" % limit)

    return check


def _one_of(*choices):
    def check(key, value):
        if value not in choices:
            raise SettingsError(key, "one of %s, please" % ", ".join(str(choice) for choice in choices))

    return check


def _whole(low, high):
    def check(key, value):
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise SettingsError(key, "a whole number from %d to %d, please" % (low, high))

    return check


def _yes_or_no(key, value):
    if value is not True and value is not False:
        raise SettingsError(key, "true or false, please")


def _number(key, value):
    digits = value[1:] if isinstance(value, str) else ""
    if not digits.isdigit() or value[0] != "+" or not 5 <= len(digits) <= 15:
        raise SettingsError(key, "a number in international form, please, such as +447700900001")


def _pin(key, value):
    if not isinstance(value, str) or not value.isdigit() or not 4 <= len(value) <= 8:
        raise SettingsError(key, "a text of four to eight digits, please")


def _url(key, value):
    try:
        Url(value if isinstance(value, str) else "")
    except Exception as error:
        raise SettingsError(key, str(error))


def _proxy(key, value):
    host, colon, port = value.partition(":") if isinstance(value, str) else ("", "", "")
    if value != "" and (not host or "/" in value or not port.isdigit() or not 0 < int(port) < 65536):
        raise SettingsError(key, 'HOST:PORT, please, or "" for none')


def _apn(key, value):
    plain = isinstance(value, str) and 0 < len(value) <= 63
    if not plain or not all(c.isalpha() and ord(c) < 128 or c.isdigit() or c in ".-" for c in value):
        raise SettingsError(key, "an access point name, please: letters, digits, dots and hyphens")


def _list_of(check, most):
    def check_all(key, value):
        if not isinstance(value, list) or len(value) > most:
            raise SettingsError(key, "a list of at most %d, please" % most)
        for index in range(len(value)):
            check("%s.%d" % (key, index), value[index])

    return check_all


def _recipient(key, value):
    if isinstance(value, str) and "@" in value:
        _text(128)(key, value)
    else:
        _number(key, value)


def _object(table):
    def check(key, value):
        _known(key, value)
        for name in value:
            if name not in table:
                raise SettingsError(_join(key, name), "no such setting")
            table[name](_join(key, name), value[name])

    return check


def _each(name_check, check):
    def check_all(key, value):
        _known(key, value)
        for name in value:
            name_check(_join(key, name), name)
            check(_join(key, name), value[name])

    return check_all


def _known(key, value):
    if not isinstance(value, dict):
        raise SettingsError(key or "settings", "an object, please")


def _join(key, name):
    return "%s.%s" % (key, name) if key else name


def _mccmnc(key, value):
    if not value.isdigit() or len(value) not in (5, 6):
        raise SettingsError(key, "five or six digits, please: country and network of the SIM")


_RETRIEVE = _one_of("now", "manual")

_OPERATOR = {
    "name": _text(40),
    "apn": _apn,
    "user": _text(40),
    "password": _text(40),
    "auth": _one_of("", "pap", "chap"),
    "mmsc": _url,
    "proxy": _proxy,
    "user_agent": _text(120),
    "profile_url": _url,
    "headers": _each(_text(40), _text(200)),
    "octets": _whole(10000, 1100000),
}

_SETTINGS = {
    "number": _number,
    "pin": _pin,
    "store": _text(200),
    "album": _text(200),
    "board": _text(20),
    "modem": _object({"family": _one_of("sim800"), "baud": _whole(1200, 460800)}),
    "camera": _object(
        {
            "family": _one_of("vc0706", "file"),
            "baud": _one_of(9600, 19200, 38400, 57600, 115200),
            "size": _one_of("VGA", "QVGA", "QQVGA"),
            "compression": _whole(0, 255),
            "path": _text(200),
        }
    ),
    "operators": _each(_mccmnc, _object(_OPERATOR)),
    "press": _object(
        {
            "to": _list_of(_recipient, 20),
            "subject": _text(40),
            "text": _text(1000),
            "sound": _text(200),
        }
    ),
    "delivery_report": _yes_or_no,
    "retrieve": _object({"home": _RETRIEVE, "roaming": _RETRIEVE}),
    "in_doubt": _one_of("retry", "hold"),
}

_DEFAULTS = {
    "store": "store",
    "album": "album",
    "board": "",
    "modem": {"family": "sim800", "baud": 115200},
    "camera": {"family": "vc0706", "baud": 115200, "size": "VGA", "compression": 54},
    "operators": {},
    "press": {},
    "delivery_report": True,
    "retrieve": {"home": "now", "roaming": "manual"},
    "in_doubt": "retry",
}


def check(settings):
    """The settings with defaults filled in; raises SettingsError, which names the key."""
    _object(_SETTINGS)("", settings)
    for code in settings.get("operators", {}):
        for needed in ("apn", "mmsc"):
            if needed not in settings["operators"][code]:
                raise SettingsError("operators.%s.%s" % (code, needed), "is missing")
    whole = {}
    for key in _DEFAULTS:
        default = _DEFAULTS[key]
        whole[key] = settings.get(key, default)
        if isinstance(default, dict) and key in settings:
            merged = dict(default)
            merged.update(settings[key])
            whole[key] = merged
    for key in settings:
        if key not in whole:
            whole[key] = settings[key]
    return whole


def load(path):
    """Settings from a file; raises SettingsError."""
    try:
        with open(path) as file:
            settings = json.loads(file.read())
    except OSError:
        raise SettingsError("settings", "%s cannot be read" % path)
    except ValueError:
        raise SettingsError("settings", "%s is not JSON" % path)
    return check(settings)
