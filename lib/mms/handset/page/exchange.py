"""A command of the page: performed and answered as the console does it, in JSON (docs/console.md); loaded for each."""

import asyncio

from mms.errors import UsageError
from mms.handset import rooms
from mms.limits import const

_CONSOLE_ONLY = const(("quit", "mode", "more", "export"))
_PLAIN = const("abcdefghijklmnopqrstuvwxyz0123456789-.")  # in the names of files in the album


class Exchange:
    """The console of one command, for answering.py: `reply` is then a text, or an iterator over its pieces."""

    json, sentences = True, None

    def __init__(self, phone):
        self.phone = phone
        self.pieces = {}
        self.changed = asyncio.Event()
        self.reply = None

    def put(self, line):
        """Take the answer."""
        self.reply = line


async def perform(phone, octets):
    """(answer, names of files that are in a message now) of a command in JSON.

    The answer is a text, an iterator over its pieces, or None where memory is short.
    """
    exchange, answering, names = Exchange(phone), rooms.answering, []
    try:
        command = answering.parse(octets)
        if command is None or command["do"] in _CONSOLE_ONLY:
            raise UsageError("the page has no command %s" % (command["do"][:20] if command else "of no name"))
        if command["do"] in ("send", "photo"):
            names = _find_files(phone, command)
    except (UsageError, ValueError, UnicodeError, AttributeError, RuntimeError) as error:
        answering.fail(exchange, "page", error if isinstance(error, UsageError) else UsageError("this is no command"))
    else:
        await answering.perform(exchange, command)
    accepted = isinstance(exchange.reply, str) and '"ok": true' in exchange.reply
    return exchange.reply, names if accepted else []


def path(phone, name):
    """The path of a file in the album; raises UsageError when it is not the name of one."""
    if not isinstance(name, str) or not name or name.strip(_PLAIN) or name[0] in ".-":
        raise UsageError("files are those of the album, by their names")
    return "%s/%s" % (phone.settings["album"], name)


def _find_files(phone, command):
    """Make the names of files in a command paths, since a page knows those of the album only; returns the names."""
    names = command.get("files", [])
    if not isinstance(names, list):
        raise UsageError("files is a list of texts")
    if names:
        command["files"] = [path(phone, name) for name in names]
    if command.get("sound"):
        names = names + [command["sound"]]
        command["sound"] = path(phone, command["sound"])
    return names
