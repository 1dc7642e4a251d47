"""The command `probe`: one step of the modem by itself, timed, its AT lines, and digests; loaded for each.

A laboratory measures attach and context with it, and compares a message that came with the one that was sent
(docs/console.md). The modem's part is the Probe of `modem.probe()`.
"""

import binascii
import hashlib

from mms import clock
from mms.errors import UsageError
from mms.handset import rooms
from mms.limits import const

_STEPS = {
    "detach": "detach",
    "attach": "attach",
    "release": "release",
    "context": "bring_up",
}  # and the names of a Probe
_KEYS = {"trace": "on", "at": "line", "digest": "id"}
_MOST = const(160)  # characters of a line by hand
_FOREIGN = const("|{}\x7f")  # characters that tables of commands use, or no line has


async def do_probe(phone, command):
    """Do the `action` of a command; returns what the console answers, a dict. Raises UsageError, ModemError."""
    action, line, on = command.get("action"), command.get("line"), command.get("on")
    if action not in _KEYS and action not in _STEPS:
        raise UsageError("an action, please: trace, at, digest, %s" % ", ".join(sorted(_STEPS)))
    if action == "digest":
        id = rooms.commands.id_of({"id": command.get("id", line)})  # a person types it where others have a line
        return {"parts": await _digest(phone.inbox.store, id)}
    if action == "trace":
        return _trace(phone, line != "off" if on is None else on)
    if on is not None or (line is not None) != (action == "at"):
        raise UsageError("at has a line, trace has on, and no other action has either")
    bearer = phone.bearer
    if bearer.sim is None:
        raise UsageError("the modem is still starting")
    if bearer.line.locked():
        raise UsageError("a message, or another step, is under way: try again when it has ended")
    async with bearer.line, bearer.exclusive:
        if action == "at":
            return await bearer.modem.probe().ask(_check(line))
        return await _step(phone, action)


async def _digest(store, id):
    """Rows {"type", "octets", "sha256"} of the parts of a retrieved message, in the order of `read`; raises UsageError.

    A part is taken as `export` writes it, piece by piece, while other tasks run.
    """
    rows = []
    while True:
        try:
            media, pieces = await rooms.album.part(store, id, len(rows), True)
        except UsageError:
            if rows:
                return rows
            raise  # not even a first part: the message is not here
        octets, digest = 0, hashlib.sha256()
        for piece in pieces:
            octets += len(piece)
            digest.update(piece)
            await clock.sleep(0)
        rows.append({"type": media, "octets": octets, "sha256": binascii.hexlify(digest.digest()).decode()})


def _trace(phone, on):
    if on not in (True, False):
        raise UsageError("on is true or false")
    phone.bearer.modem.probe().trace(phone.events.say if on else None)
    return {"on": on}


def _check(line):
    """An AT line that one dialogue can carry; raises UsageError."""
    if not isinstance(line, str) or line[:2].upper() != "AT" or len(line) > _MOST:
        raise UsageError("a line, please: AT and at most %d characters" % _MOST)
    for character in line:
        if not " " <= character <= "~" or character in _FOREIGN:
            raise UsageError("line: a character that does not belong there")
    return line


async def _step(phone, action):
    """Do one step, which is told when its command is written and when it holds: {} or {"address"}, or {"already"}."""
    bearer, events, since = phone.bearer, phone.events, []
    profile = bearer.profile
    if action == "context":
        if profile is None:
            raise UsageError("no settings are known for this SIM's network: type operators")
        if (await bearer.network()).status == "roaming":
            await rooms.abroad.permit(bearer)

    def begin():
        since.append(clock.ticks())
        events.say("probing", action=action)

    bearer.used = None
    address = await getattr(bearer.modem.probe(), _STEPS[action])(begin, profile)
    if not since:
        return {"already": True}
    events.say("probed", action=action, took_ms=clock.since(since[0]))
    if address is None:
        return {}
    bearer.used = clock.ticks()
    return {"address": address}
