"""Settings that are changed while the handset runs: checked as a whole, and written into their file; loaded for each.

A secret is written, and never shown.
"""

import json
import os

from mms.errors import ModemError, SettingsError, UsageError
from mms.handset import rooms
from mms.handset.store import filenames
from mms.handset.store.blobs import Writer
from mms.handset.store.files import user_file
from mms.limits import const

_SECRET = const(("pin", "password", "authorization", "proxy-authorization", "cookie"))  # some are headers
_AT_ONCE = const(
    " number operators press version delivery_report read_report report_allowed read_report_allowed register_seconds"
    " attach retrieve roaming spending shrink camera.size camera.quality camera.limit "
)  # all else is looked at when the handset starts
_USUAL = const("default")
_OLD = const("camera.compression")  # of version 0.1: camera.quality is in its place
_WORDS = {"yes": True, "true": True, "no": False, "false": False}
_NEWS = const("it is written into the settings file, and in force")
_LATER = const("it is written into the settings file: restart the handset to use it")


async def do_set(phone, command):
    """Change `setting` to `value`, or to the usual one where that is None or "default": {"setting", "restart", "text"}.

    Without a value, tell what the setting takes; without a setting, what all of them do: {"sections"}.
    """
    name = command.get("setting")
    try:
        rule = None if name is None else rooms.settings.rule(str(name))
        if "value" not in command:
            return {"sections": _list(phone, name, rooms.settings.check(read(phone.settings)))}
    except SettingsError as error:
        raise UsageError("%s: type set alone to see all of them" % error)
    if rule is None:
        raise UsageError("a setting, please: type set alone to see all of them")
    whole = change(phone.settings, name, _convert(rule, command["value"]))
    at_once = any(" %s " % key in _AT_ONCE for key in (name, name.split(".")[0]))
    if at_once:
        await _use(phone, name, whole)
    return {"setting": name, "restart": not at_once, "text": _NEWS if at_once else _LATER}


def _convert(rule, value):
    """A value as its rule wants it, where it is typed as a text; one that does not fit stays as it is."""
    if not isinstance(value, str):
        return value
    kind = rule[0]
    if value == _USUAL:
        return None
    if kind == "yes":
        return _WORDS.get(value.lower(), value)
    if (kind == "whole" or kind == "one" and rule[1].isdigit()) and rooms.numbers.decimal(value) and len(value) < 11:
        return int(value)
    if kind in ("recipients", "hosts", "networks"):
        return value.replace(",", " ").split()
    if kind == "object":
        try:
            return json.loads(value)
        except (ValueError, RuntimeError):  # RuntimeError: brackets deeper than Python reads
            pass  # the check says what is wanted
    return value


async def _use(phone, name, whole):
    """Have a setting in force that is written."""
    settings, names = phone.settings, name.split(".")
    if names[0] == "camera":
        settings, whole = settings["camera"], whole["camera"]
        names = names[1:]
    if names[0] in whole:
        settings[names[0]] = whole[names[0]]
    else:
        settings.pop(names[0], None)
    bearer = phone.bearer
    if names[0] == "operators" and bearer.sim is not None:
        rooms.choice.settle(bearer, settings)
        try:
            if bearer.profile is None:
                await rooms.choice.start(bearer)
            await bearer.modem.release()  # a context that is up has the old settings
        except ModemError:
            pass  # a modem that does not answer has no context, and reads the settings when it starts
        phone.wake()


def change(settings, name, value):
    """Write one value, or with None the usual one, into the settings file, which is replaced as a whole.

    Returns all settings as the next start has them; raises UsageError for those that cannot be right, StoreError.
    """
    told = read(settings)
    place, names = told, name.split(".")
    for step in names[:-1]:
        place = place.setdefault(step, {})
        if not isinstance(place, dict):
            raise UsageError("%s: an object, please" % step)
    if value is None:
        place.pop(names[-1], None)
    else:
        place[names[-1]] = value
    try:
        whole = rooms.settings.check(told)
    except SettingsError as error:
        raise UsageError(str(error))
    path = settings["file"]
    with Writer(path, plain=True) as writer:
        _keep_private(path + filenames.UNFINISHED)
        writer.write(json.dumps(told).encode())
    return whole


def read(settings):
    """The settings file as it is; raises UsageError."""
    path = settings.get("file")
    try:
        with user_file(path or "") as file:
            told = rooms.json_escapes.loads(file.read())
    except (OSError, ValueError):
        told = None
    if not isinstance(told, dict):
        raise UsageError("the settings file cannot be read: %s" % path)
    return told


def _keep_private(path):
    """Let only the owner of a file read it, where files have owners: it may hold passwords."""
    if hasattr(os, "chmod"):
        try:
            os.chmod(path, 0o600)
        except OSError:
            pass  # this file system has no rights
    elif hasattr(os, "system"):
        os.system("chmod 600 -- '%s'" % path.replace("'", "'\\''"))


def _list(phone, wanted, whole):
    """Yield {"name", "takes", "secret", "value"} of each setting, or of the one that is wanted.

    `whole` are those in the file, `takes` are the words of its rule. The operator of the SIM is there in any case, to
    be filled in.
    """
    if phone.bearer.sim is not None:
        whole["operators"] = dict(whole["operators"])
        whole["operators"].setdefault(phone.bearer.sim.home, {})
    for pattern, *words in rooms.settings.rows():
        for name, value in _expand(pattern.split("."), whole, ""):
            if words[0] != "object" and name != _OLD and wanted in (None, name) or name == wanted:
                row = {"name": name, "takes": " ".join(words), "secret": name.split(".")[-1].lower() in _SECRET}
                row["value"] = "**" if row["secret"] and value else value
                yield row


def _expand(steps, value, name):
    """Yield each name that a pattern has among the settings, with its value or None."""
    if not steps:
        yield name, value
        return
    value = value if isinstance(value, dict) else {}
    for step in sorted(value) if steps[0] == "*" else (steps[0],):
        for found in _expand(steps[1:], value.get(step), name + "." + step if name else step):
            yield found


def hide(settings):
    """Settings without their secrets, which are "**"."""
    shown = {}
    for key in settings:
        value = settings[key]
        if isinstance(value, dict):
            value = hide(value)
        shown[key] = "**" if key.lower() in _SECRET and value else value
    return shown
