"""What a console can be asked beside sending and fetching; loaded when somebody does.

Each takes the handset and the command, a dict, and gives the answer, a dict or None.
"""

import gc
import sys

from mms.errors import UsageError
from mms.handset import visit
from mms.handset.store import Writer, make_folder, new_id

_SECRET = ("pin", "password", "authorization", "proxy-authorization", "cookie")  # some are headers
_HELP = """send NUMBER TEXT    send a text as multimedia message
sms NUMBER TEXT     send a text as short message
press               take a picture and send it as the settings say
snap                take a picture into the album
inbox, outbox       what came, what went
fetch ID            get a message that waits
read ID             show a message; its sender is told if the settings allow it
reply ID TEXT, replyall ID TEXT
forward ID NUMBER   pass on a message that waits, without getting it
export ID           write the parts of a message into the album
apply ID [PIN]      write settings that came into ours
retry ID, cancel ID, delete ID
check               try each step on the way to the MMSC
status, settings, quit"""


async def perform(handset, name, command):
    """Do what `command` asks for; raises UsageError when there is no such verb."""
    verb = globals().get("do_" + name) if name.isalpha() else None
    if verb is None:
        raise UsageError("no command %s: try help" % name[:20])
    return await verb(handset, command)


async def do_help(handset, command):
    """Say what can be typed."""
    return {"text": _HELP}


async def do_snap(handset, command):
    """Take a picture into the album."""
    folder = handset.settings["album"]
    make_folder(folder)
    path = "%s/%s.jpg" % (folder, new_id())
    with Writer(path, plain=True, store=handset.inbox.store) as writer:
        await handset.snap(writer)
    return {"path": path}


async def do_fetch(handset, command):
    """Retrieve a message that waits."""
    handset.fetch(_id(command))


async def do_retry(handset, command):
    """Send again what failed or is in doubt."""
    handset.retry(_id(command))


async def do_cancel(handset, command):
    """Stop trying to send."""
    handset.cancel(_id(command))


async def do_check(handset, command):
    """Try each step on the way to the MMSC; the reply names the one that fails."""
    await handset.bearer.up()
    return {"network": _plain(await handset.bearer.modem.network())}


async def do_status(handset, command):
    """Where the handset stands."""
    bearer = handset.bearer
    if bearer.sim is None:
        raise UsageError("the modem is still starting")
    return {
        "home": bearer.sim.home,
        "operator": bearer.profile.name,
        "interpreter": _interpreter(),
        "memory": _memory(),
        "network": _plain(await bearer.modem.network()),
    }


async def do_settings(handset, command):
    """The settings in force, without their secrets."""
    return {"settings": _hidden(handset.settings)}


async def do_sms(handset, command):
    """Send `text` to one number, `to`, as a short message."""
    to = command.get("to")
    to = to[0] if isinstance(to, list) and len(to) == 1 else to
    if not isinstance(to, str):
        raise UsageError("one number, please")
    return {"id": await visit("requests").text(handset, to, _text(command))}


async def do_reply(handset, command, everybody=False):
    """Answer the message `id` with a `text`."""
    return {"id": await visit("requests").reply(handset, _id(command), _text(command), everybody)}


async def do_replyall(handset, command):
    """Answer the message `id` with a `text` to its sender and to all who got it."""
    return await do_reply(handset, command, True)


async def do_forward(handset, command):
    """Have the MMSC pass on the message `id` to `to`; `cc`, `bcc` and reports as `send` has them."""
    to = command.get("to")
    if to is None:
        to = _text(command).split()
    if not isinstance(to, list) or not all(isinstance(one, str) for one in to):
        raise UsageError("to is a list of texts")
    wishes = {key: command[key] for key in ("cc", "bcc", "delivery_report", "read_report") if key in command}
    return {"id": visit("requests").forward(handset, _id(command), to, wishes)}


async def do_export(handset, command):
    """Write the parts of a retrieved message into the album."""
    folder = handset.settings["album"]
    make_folder(folder)
    return {"files": await visit("album").export(handset.inbox, _id(command), folder)}


async def do_read(handset, command):
    """Show the message `id`, and tell its sender where he asks and the settings allow it."""
    return await visit("requests").read(handset, _id(command))


async def do_delete(handset, command):
    """Forget the message `id`, sent or received."""
    visit("requests").delete(handset, _id(command))


async def do_apply(handset, command):
    """Write the proposed settings `id` into ours, with the `pin` that the operator told the user, if it wants one."""
    pin = command.get("pin") or command.get("text") or None
    if pin is not None and not (isinstance(pin, str) and visit("numbers").decimal(pin)):
        raise UsageError("a PIN has digits only")
    await visit("proposals").apply(handset, _id(command), pin)


def _hidden(settings):
    shown = {}
    for key in settings:
        value = settings[key]
        if isinstance(value, dict):
            value = _hidden(value)
        shown[key] = "**" if key.lower() in _SECRET and value else value
    return shown


def _interpreter():
    name, version = sys.implementation.name, sys.implementation.version
    return "%s %s" % (name, ".".join(str(number) for number in version[:3]))


def _memory():
    """Octets of the heap that are in use, or None where nobody counts them."""
    gc.collect()
    return gc.mem_alloc() if hasattr(gc, "mem_alloc") else None


def _plain(network):
    return {
        "mccmnc": network.mccmnc,
        "status": network.status,
        "roaming": network.roaming,
        "rat": network.rat,
        "signal": network.signal,
    }


def _id(command):
    """The `id` of a command; raises UsageError."""
    id = command.get("id")
    if not isinstance(id, str) or len(id) != 8 or not all(c in "0123456789abcdef" for c in id):
        raise UsageError("an id, please: eight characters as inbox and outbox show them")
    return id


def _text(command):
    text = command.get("text")
    if not isinstance(text, str) or not text:
        raise UsageError("a text, please")
    return text
