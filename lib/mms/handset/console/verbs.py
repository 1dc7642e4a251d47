"""What a console can be asked beside sending and fetching; loaded when somebody does.

Each takes the handset and the command, a dict, and gives the answer, a dict or None.
"""

import gc
import sys

from mms.errors import UsageError
from mms.handset import rooms
from mms.handset.store.blobs import Writer
from mms.handset.store.files import make_folder, new_id

_SECRET = ("pin", "password", "authorization", "proxy-authorization", "cookie")  # some are headers


async def perform(handset, name, command):
    """Do what `command` asks for; it is one of commands.py."""
    return await globals()["do_" + name](handset, command)


async def do_help(handset, command):
    """Say what can be typed."""
    return {"text": rooms.commands.help()}


async def do_inbox(handset, command):
    """What was announced and what came."""
    return {"messages": (item.summary() for item in handset.inbox.each() if not item.hidden)}


async def do_outbox(handset, command):
    """What was accepted and what has become of it."""
    return {"messages": (item.summary() for item in handset.outbox.each())}


async def do_snap(handset, command):
    """Take a picture into the album, of a `size` if it is given."""
    size = command.get("size", "")
    if not isinstance(size, str):
        raise UsageError("size is a text")
    size = rooms.kinds.picture_size(size)
    folder = handset.settings["album"]
    make_folder(folder)
    path = "%s/%s.jpg" % (folder, new_id())
    async with Writer(path, plain=True, store=handset.inbox.store) as writer:
        await handset.snap(writer, size)
    return {"path": path}


async def do_fetch(handset, command):
    """Retrieve a message that waits."""
    handset.fetch(id_of(command))


async def do_retry(handset, command):
    """Send again what failed or is in doubt."""
    handset.retry(id_of(command))


async def do_cancel(handset, command):
    """Stop trying to send."""
    handset.cancel(id_of(command))


async def do_check(handset, command):
    """Try each step on the way to the MMSC, an event for each that holds; the reply names the one that fails."""
    bearer, say = handset.bearer, handset.events.say
    if bearer.sim is None:
        raise UsageError("the modem is still starting")
    say("checked", step="modem", text="it answers, and the SIM is of %s (%s)" % (bearer.sim.home, bearer.profile.name))
    say("checking", step="register")
    await bearer.registered()
    network = await bearer.network()
    where = network.mccmnc, network.status, network.rat or "", network.signal
    say("checked", step="register", text="%s, %s, %s %s dBm" % where)
    say("checking", step="context")
    await bearer.up()
    say("checked", step="context", text="attached, with a context for %s" % bearer.profile.apn)
    say("checking", step="connect")
    host, port = await bearer.reach()
    say("checked", step="connect", text="%s:%d takes connections" % (host, port))
    return {"network": _plain(network)}


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


async def do_forward(handset, command):
    """Have the MMSC pass on the message `id` to `to`; `cc`, `bcc` and reports as `send` has them."""
    to = command.get("to")
    if not isinstance(to, list) or not all(isinstance(one, str) for one in to):
        raise UsageError("to is a list of texts")
    wishes = {key: command[key] for key in ("cc", "bcc", "delivery_report", "read_report") if key in command}
    return {"id": rooms.requests.forward(handset, id_of(command), to, wishes)}


async def do_export(handset, command):
    """Write the parts of a retrieved message into the album."""
    folder = handset.settings["album"]
    make_folder(folder)
    return {"files": await rooms.album.export(handset.inbox, id_of(command), folder)}


async def do_read(handset, command):
    """Show the message `id`, and tell its sender where he asks and the settings allow it."""
    return await rooms.requests.read(handset, id_of(command))


async def do_delete(handset, command):
    """Forget the message `id`, sent or received."""
    rooms.requests.delete(handset, id_of(command))


async def do_apply(handset, command):
    """Write the proposed settings `id` into ours, with the `pin` that the operator told the user, if it wants one."""
    pin = command.get("pin") or None
    if pin is not None and not (isinstance(pin, str) and rooms.numbers.decimal(pin)):
        raise UsageError("a PIN has digits only")
    await rooms.proposals.apply(handset, id_of(command), pin)


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


def id_of(command):
    """The `id` of a command; raises UsageError."""
    id = command.get("id")
    if not isinstance(id, str) or len(id) != 8 or not all(c in "0123456789abcdef" for c in id):
        raise UsageError("an id, please: eight characters as inbox and outbox show them")
    return id
