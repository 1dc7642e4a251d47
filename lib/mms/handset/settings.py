"""The handset's settings: one JSON file, every key checked before anything starts."""

from mms import limits
from mms.errors import LinkError, SettingsError
from mms.handset import rooms
from mms.handset.store.files import user_file
from mms.limits import const
from mms.link.url import HOST, PLAIN, parse_url

numbers = rooms.numbers
decimal = numbers.decimal

_RECIPIENTS = const("a list of at most %s numbers like +447700900002, short codes or e-mail addresses")
_HOSTS = const("a list of at most %s hosts like mms.operator.example, or .operator.example for all under that domain")
_NETWORKS = const('a list of at most %s networks like "26201", or "262" for all of a country')
_PASSWORD = const(8)  # characters: as many as the key of an access point has, which it is, too
_OURS = const(("host", "content-length", "content-type", "transfer-encoding", "connection"))
_NAME = const("abcdefghijklmnopqrstuvwxyz0123456789_")  # in the name of a driver's module
_RULES = """
number number
pin pin
store folder 1000
album folder 1000
board name 0
modem object
modem.family name 1
modem.baud one 9600 19200 38400 57600 115200 230400 460800 921600
modem.flow yes
modem.sleep yes
camera object
camera.family name 0
camera.baud one 9600 19200 38400 57600 115200
camera.size size
camera.quality whole 1 100
camera.limit whole 2000 1100000
camera.pins object
camera.pins.* whole 0 48
camera.compression whole 0 255
camera.path text 1000
operators object
operators.* object
operators.*.name text 40
operators.*.apn apn
operators.*.user login 40
operators.*.password login 40
operators.*.auth one - pap chap
operators.*.mmsc url
operators.*.proxy proxy
operators.*.user_agent field 120
operators.*.profile_url url
operators.*.headers object
operators.*.headers.* field 200
operators.*.append_transaction_id yes
operators.*.answer_where_notified yes
operators.*.answer_twice yes
operators.*.octets whole 10000 1100000
operators.*.receive_octets whole 10000 1100000
operators.*.hosts hosts 20
page object
page.port whole 1 65535
page.host one 127.0.0.1 0.0.0.0
page.password text 64
page.names hosts 8
page.decoder url
wifi object
wifi.name text 32
wifi.password text 63
panel object
panel.display yes
panel.battery yes
panel.sleep yes
profile name 1
press object
press.to recipients 20
press.subject text 40
press.text text 1000
press.sound text 1000
version one 1.0 1.1 1.2 1.3
delivery_report yes
read_report yes
report_allowed yes
read_report_allowed yes
register_seconds whole 5 600
attach one registered needed
retrieve object
retrieve.home one now manual
retrieve.roaming one now manual never
roaming object
roaming.send one yes ask no
roaming.allowed networks 50
roaming.forbidden networks 50
roaming.octets_a_day whole 1000 1000000000
spending object
spending.plan text 10
spending.message whole 0 1000000
spending.month whole 0 1000000
too_large one keep reject
shrink yes
in_doubt one retry hold
watchdog yes
"""


def rows():
    """Yield the words of each rule: the pattern of its key, its kind, and bounds."""
    for line in _RULES.strip().split("\n"):
        yield line.split(" ")


def rule(path):
    """The words of the rule for a key; SettingsError when there is none. "*" in a rule is any one name."""
    names = path.split(".")
    for words in rows():
        pattern = words[0].split(".")
        if len(pattern) == len(names) and all(p in ("*", n) for p, n in zip(pattern, names)):  # noqa: B905
            return words[1:]
    raise SettingsError(path, "no such setting")


def _walk(path, value):
    """Check an object and all that is in it."""
    if not isinstance(value, dict):
        raise SettingsError(path or "settings", "an object, please")
    for name in value:
        key = "%s.%s" % (path, name) if path else name
        if path.split(".")[0] == "operators" and "." in name:
            raise SettingsError(key, "no dots in names, please")
        if path[-8:] == ".headers" and (not name or name.strip(HOST) or name.lower() in _OURS):
            raise SettingsError(path, "names of letters, digits and hyphens that are not ours to set, please")
        words = rule(key)
        if words[0] == "object":
            _walk(key, value[name])
        else:
            wanted = _fault(words, value[name])
            if wanted:
                raise SettingsError(key, wanted + ", please")


def _fault(rule, value):
    """The words for a value as the rule wants it, or None when `value` fits."""
    kind = rule[0]
    if kind == "yes":
        return None if value is True or value is False else "true or false"
    if kind == "one":
        choices = ["" if choice == "-" else choice for choice in rule[1:]]
        fits = (
            isinstance(value, (str, int)) and str(value) in choices and isinstance(value, int) == choices[0].isdigit()
        )
        return None if fits else 'one of "%s"' % '", "'.join(choices)
    if kind == "whole":
        whole = isinstance(value, int) and value is not True and value is not False
        fits = whole and int(rule[1]) <= value <= int(rule[2])
        return None if fits else "a whole number from %s to %s" % (rule[1], rule[2])
    if kind == "recipients":
        plain = isinstance(value, list) and len(value) <= int(rule[1])
        return None if plain and all(_is_recipient(one) for one in value) else _RECIPIENTS % rule[1]
    if kind == "hosts":
        plain = isinstance(value, list) and len(value) <= int(rule[1])
        return None if plain and all(_is_host(one) for one in value) else _HOSTS % rule[1]
    if kind == "networks":
        plain = isinstance(value, list) and len(value) <= int(rule[1])
        return None if plain and all(_is_network(one) for one in value) else _NETWORKS % rule[1]
    if not isinstance(value, str):
        return "a text"
    if kind == "size":
        return rooms.sizes.fault(value)
    return _text_fault(kind, rule, value)


def _text_fault(kind, rule, value):
    if kind == "number":
        return None if _is_number(value) else "a number in international form, such as +447700900001"
    if kind == "pin":
        return None if decimal(value) and 4 <= len(value) <= 8 else "a text of four to eight digits"
    if kind == "apn":
        known = not value.strip(HOST) and "_" not in value
        return None if known and 0 < len(value) <= 63 else "an access point name: letters, digits, dots and hyphens"
    if kind == "url":
        try:
            parse_url(value)
        except LinkError as error:
            return error.text + ": a URL like http://mmsc.example/"
        return None
    if kind == "proxy":
        try:
            wsp = value[:6] == "wsp://"
            host = value[6 * wsp :]
            plain = "/" not in host and (parse_url("http://" + host).authority.find(":") > 0 or wsp)
        except LinkError:
            plain = False
        return None if plain or not value else 'HOST:PORT, wsp://HOST[:PORT] for a WAP gateway, or "" for none'
    most = int(rule[1])  # the most characters, or the least of a name
    if kind == "name":
        fits = most <= len(value) <= 40 and not value.strip(_NAME) and not value[:1].isdigit()
        return None if fits else "a name of small letters, digits and underscores"
    if kind in _CHARACTERS:
        fits = len(value) <= most and not value.strip(_CHARACTERS[kind])
        return None if fits else "a text of at most %d plain characters%s" % (most, _BUT[kind])
    fits = len(value) <= most and all(ord(c) >= 32 and not 0xD800 <= ord(c) < 0xE000 for c in value)
    if not fits:
        return "a text of at most %d characters without control characters" % most
    return rooms.places.wrong(value) if kind == "folder" else None


_CHARACTERS = {"login": PLAIN + " <>", "field": PLAIN + ' <>"\\'}
_BUT = {"login": " but quotes and backslashes", "field": ""}


def _is_number(value):
    return value[:1] == "+" and decimal(value[1:]) and 5 <= len(value) - 1 <= 15


def _is_host(value):
    """A host name, or a domain of two labels or more after a dot."""
    if not isinstance(value, str) or value.strip(HOST) or len(value) > limits.AT_ARGUMENT:
        return False
    labels = value.split(".")
    if len(labels) > 2 and not labels[0]:
        labels.pop(0)
    return all(labels)


def _is_network(value):
    """Country and network, or a country."""
    return isinstance(value, str) and decimal(value) and len(value) in (3, 5, 6)


def _is_recipient(value):
    mail = isinstance(value, str) and "@" in value and len(value) <= 128 and not value.strip(PLAIN)
    return mail or isinstance(value, str) and (_is_number(value) or numbers.is_short_code(value))


_DEFAULTS = {
    "store": "store",
    "album": "album",
    "board": "",
    "modem": {"family": "auto", "baud": 115200},
    "camera": {"family": "", "baud": 115200, "size": "VGA", "quality": 79},
    "operators": {},
    "press": {},
    "version": "1.2",
    "delivery_report": True,
    "read_report": False,
    "report_allowed": True,
    "read_report_allowed": False,
    "register_seconds": 60,
    "attach": "registered",
    "retrieve": {"home": "now", "roaming": "manual"},
    "too_large": "keep",
    "shrink": True,
    "in_doubt": "retry",
    "watchdog": True,
}


def check(settings):
    """The settings with defaults filled in; raises SettingsError, which names the key."""
    _walk("", settings)
    for code in settings.get("operators", {}):
        if not decimal(code) or len(code) not in (5, 6):
            raise SettingsError("operators." + code, "five or six digits, please: country and network of the SIM")
        for needed in ("apn", "mmsc"):
            if needed not in settings["operators"][code]:
                raise SettingsError("operators.%s.%s" % (code, needed), "is missing")
    page = settings.get("page", {})
    if page.get("host") == "0.0.0.0" and len(page.get("password", "")) < _PASSWORD:
        raise SettingsError("page.password", "%d characters or more, please: the page is for all around" % _PASSWORD)
    if settings.get("panel", {}).get("sleep") and ("page" in settings or "wifi" in settings):
        raise SettingsError("panel.sleep", "not with page or wifi, please: a board that sleeps loses its Wi-Fi")
    whole = {}
    for key in _DEFAULTS:
        default = _DEFAULTS[key]
        whole[key] = settings.get(key, default)
        if isinstance(default, dict):
            merged = dict(default)
            merged.update(settings.get(key, {}))
            whole[key] = merged
    if "profile" in settings:
        whole["version"] = settings.get("version", rooms.models.find(settings["profile"])["version"])
    for key in settings:
        if key not in whole:
            whole[key] = settings[key]
    _translate(whole, "quality" in settings.get("camera", ()))
    return whole


_BOARDS = {"esp32": "lilygo_tcall", "rp2": "pico_sim800"}  # version 0.1: this one


def _translate(whole, has_quality):
    """Replace the settings of version 0.1 by those of this one; `old` then says in words what to write instead.

    A compression of 0 to 255, bigger is smaller, becomes the quality of 100 to 1 at the same place of its scale.
    """
    old, board, camera = [], whole["board"], whole["camera"]
    if board in _BOARDS:
        whole["board"] = _BOARDS[board]
        old.append("board %s in place of %s" % (whole["board"], board))
    if "compression" in camera:
        compression = camera.pop("compression")
        if not has_quality:
            camera["quality"] = 100 - (compression * 99 + 127) // 255
        old.append("camera.quality %d in place of camera.compression %d" % (camera["quality"], compression))
    if old:
        whole["old"] = ", ".join(old)


def load(path):
    """Settings from a file; raises SettingsError."""
    try:
        with user_file(path) as file:
            octets = file.read()
        settings = rooms.json_escapes.loads(octets)
    except OSError:
        raise SettingsError("settings", "%s cannot be read" % path)
    except (ValueError, RuntimeError):  # RuntimeError: brackets deeper than Python reads
        place = rooms.json_faults.place(octets)
        where = " at line %d, column %d" % place if place else ": its brackets are too deep"
        raise SettingsError("settings", "%s is not JSON%s" % (path, where))
    whole = check(settings)
    whole["file"] = path  # `apply` writes into this file
    return whole
