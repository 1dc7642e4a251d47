"""The support bundle: facts on a handset for a helper far away, without its secrets.

A list of sections, each a dict with `name`, and texts, numbers, lists of texts or dicts of these. Passwords are hidden
as `settings` hides them, numbers by mms.events; users, headers, addresses and the user's own texts are not in it.
"""

import json
import sys

from mms import clock, events, limits
from mms.errors import UsageError
from mms.handset import rooms
from mms.handset.store import filenames, files
from mms.handset.store.blobs import Writer
from mms.limits import const

_FILE = const("/support.json")
_PRIVATE = const(("number", "user", "text", "subject", "names"))
_PATHS = const(("store", "album", "file", "path", "sound"))  # the folders above may have a person's name
_TEXT = const(200)  # characters of one text


async def bundle(phone, known, hide):
    """Write the bundle into the album; the sections, the last of which tells `path` and `octets`.

    `known` is a dict of facts on the program; `hide(settings)` gives them without secrets. Raises StoreError.
    """
    path, store = phone.settings["album"] + _FILE, phone.inbox.store
    files.make_folder(phone.settings["album"])
    sections = _state(phone, path, known)
    settings = hide(phone.settings)
    for key in sorted(settings):
        if key == "wifi":
            sections[0][key] = True  # its name tells where it is
        elif isinstance(settings[key], dict):
            if key != "operators":  # the one in use follows
                sections.append(dict(_masked("", settings[key]), name="settings." + key))
        else:
            sections[0][key] = _masked(key, settings[key])
    sections += await _modem(phone, hide)
    async with Writer(path, plain=True, store=store) as writer:
        for at, section in enumerate(sections):
            text = json.dumps(section)
            if len(text) > limits.RECORD:
                sections[at] = {"name": section["name"], "dropped": len(text)}
                text = json.dumps(sections[at])
            await writer.add(("%s%s" % (",\n" if at else "[\n", text)).encode())
        await writer.add(b"\n]\n")
    return sections + [{"path": path, "octets": writer.octets}]


def _state(phone, path, known):
    """Sections on settings, program, messages, and the last events: ms, name, and step and code where there are any."""
    told = {"name": "program", "version": sys.modules["mms"].__version__, "ms": clock.ticks()}
    told["machine"] = getattr(sys.implementation, "_machine", sys.platform)
    free = files.free(path)
    told["free"] = free and free[0] * free[1]
    told["reset"] = list(phone.events.reset)
    told.update(known)
    counts = {"name": "messages", "set_aside": len(phone.inbox.store.names(filenames.QUARANTINE))}
    for name, box in (("inbox", phone.inbox), ("outbox", phone.outbox)):
        states = counts[name] = {}
        for item in box.each():
            states[item.state] = states.get(item.state, 0) + 1
    rows, last = [], phone.events.last
    for at in range(0, len(last), 4):
        words = [str(one) for one in last[at : at + 4] if one is not None]
        if words:
            rows.append(" ".join(words))
    return [{"name": "settings"}, told, counts, {"name": "events", "rows": rows}]


def _masked(key, value):
    """A value of the settings as strangers may see it."""
    if key == "headers":
        return sorted(value)
    if isinstance(value, dict):
        return {name: _masked(name, value[name]) for name in value}
    if isinstance(value, list):
        return [_masked(key, one) for one in value]
    if not isinstance(value, str) or not value:
        return value
    if key in _PRIVATE or "@" in value:
        return "**"
    if key in _PATHS:
        value = value.split("/")[-1]
    return events.without_numbers(value[:_TEXT])


async def _modem(phone, hide):
    """Sections on the modem, its operator and the steps of `check`."""
    bearer, rows = phone.bearer, []
    told = {"name": "modem", "model": getattr(bearer.modem, "model", "")}
    sections = [told, {"name": "check", "rows": rows}]
    if bearer.profile is not None:
        operator = _masked("", hide(bearer.profile.settings))
        operator["operator"] = operator.get("name", "")
        operator["source"] = "settings" if bearer.candidate is None else "file"
        operator["name"] = "operator"
        sections.append(operator)
    try:
        if bearer.sim is None:
            raise UsageError("the modem is still starting")
        told["home"] = bearer.sim.home
        network = await rooms.checkup.check(bearer, phone.events, rows)
        told["rat"], told["signal"] = network.rat, network.signal
    except Exception as error:
        rows.append("failed: " + events.without_numbers(str(error)[:_TEXT]))
        hint = events.hint_for(error)
        if hint:
            rows[-1] += "; " + hint
    return sections
