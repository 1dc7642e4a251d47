"""The commands that do not write a new message; loaded for each.

Each function takes `phone`, which phone.pyi declares, and the command, a dict, and returns its result, a dict or None.
"""

import gc
import sys

from mms.errors import SettingsError, UsageError
from mms.handset import rooms
from mms.handset.store.blobs import Writer
from mms.handset.store.files import make_folder, new_id


async def do_help(phone, command):
    """List the commands, or tell all about the `topic`."""
    topics, topic = rooms.topics, command.get("topic")
    if topic is not None:
        return {"text": topics.help(topic, rooms.commands.rows())}
    return {"text": rooms.commands.help() + "\n" + topics.overview()}


async def do_inbox(phone, command):
    """List the messages that were announced or received."""
    return {"messages": (item.summary() for item in phone.inbox.each() if not item.hidden)}


async def do_outbox(phone, command):
    """List the messages that were accepted, and their states."""
    return {"messages": (item.summary() for item in phone.outbox.each())}


async def do_snap(phone, command):
    """Take a picture into the album, of a `size` and `quality` and with at most `limit` octets, if they are given."""
    size, quality, limit = command.get("size", ""), command.get("quality"), command.get("limit")
    if not isinstance(size, str):
        raise UsageError("size is a text")
    size = rooms.kinds.check_picture(size, quality, limit)
    folder = phone.settings["album"]
    make_folder(folder)
    path, store = "%s/%s.jpg" % (folder, new_id()), phone.inbox.store
    await phone.snap(lambda: Writer(path, plain=True, store=store), size, quality, limit)
    return {"path": path}


async def do_record(phone, command):
    """Record so many `seconds` of sound into the album."""
    seconds, store, paths = rooms.recording.check(command.get("seconds")), phone.inbox.store, []
    folder = phone.settings["album"]
    make_folder(folder)

    def create(media):
        paths.append("%s/%s.%s" % (folder, new_id(), rooms.kinds.ending(media)))
        return Writer(paths[0], plain=True, store=store)

    _started(phone)
    _, octets, _ = await rooms.recording.take(phone, create, seconds)
    return {"path": paths[0], "octets": octets}


async def do_fetch(phone, command):
    """Retrieve a message that waits or has failed."""
    phone.fetch(rooms.commands.id_of(command))


async def do_retry(phone, command):
    """Send a message again that has failed or is in doubt."""
    phone.retry(rooms.commands.id_of(command))


async def do_cancel(phone, command):
    """Give up sending a message."""
    phone.cancel(rooms.commands.id_of(command))


async def do_check(phone, command):
    """Try each step on the way to the MMSC; each that succeeds is an event, and the reply names the one that fails."""
    return {"network": _plain(await rooms.checkup.check(_started(phone), phone.events))}


async def do_scan(phone, command):
    """List the networks on the air, and the cells that the modem hears."""
    return await rooms.checkup.scan(_started(phone))


async def do_register(phone, command):
    """Register on `network`, five or six digits, until it is lost or the modem starts anew; "auto" undoes that."""
    network = command.get("network")
    digits = isinstance(network, str) and rooms.numbers.decimal(network) and len(network) in (5, 6)
    if not digits and network != "auto":
        raise UsageError('a network, please: five or six digits as scan shows them, or "auto"')
    await rooms.checkup.select(_started(phone), network)
    return {"network": _plain(await phone.bearer.network())}


async def do_wifi(phone, command):
    """Write the Wi-Fi `network` and its `password` into the settings file."""
    try:
        import network  # noqa: F401 (a board's)
    except ImportError:
        raise UsageError("this handset has no Wi-Fi")
    wanted = {"name": command.get("network") or None, "password": command.get("password", "")}
    try:
        rooms.settings.check({"wifi": wanted})
    except SettingsError as error:
        raise UsageError("this Wi-Fi cannot be right: %s" % error)
    rooms.editing.change(phone.settings, "wifi", wanted)
    return {"network": wanted["name"]}


async def do_operators(phone, command):
    """List the settings that are known for the SIM's network, best first, without their secrets."""
    told = await rooms.choice.describe(_started(phone))
    hide = rooms.editing.hide
    told["candidates"] = [hide(operator) for operator in told["candidates"]]
    return told


async def do_price(phone, command):
    """Tell the prices in force, what was spent, and the price of a message of `octets` to so many `recipients`."""
    return await rooms.bill.describe(phone, command.get("octets"), command.get("recipients", 1))


async def do_status(phone, command):
    """Tell operator, network, interpreter and memory."""
    bearer = _started(phone)
    return {
        "home": bearer.sim.home,
        "operator": getattr(bearer.profile, "name", ""),
        "interpreter": _interpreter(),
        "memory": _memory(),
        "network": _plain(await bearer.modem.network()),
    }


async def do_support(phone, command):
    """Write into the album what a helper needs to know, and tell it, without secrets."""
    known = {"interpreter": _interpreter(), "memory": _memory()}
    return {"sections": await rooms.support.bundle(phone, known, rooms.editing.hide)}


async def do_settings(phone, command):
    """Show the settings in force without their secrets."""
    return {"settings": rooms.editing.hide(phone.settings)}


async def do_forward(phone, command):
    """Ask the MMSC to pass on the message `id` to `to`; `cc`, `bcc` and reports are those of `send`."""
    to = command.get("to")
    if not isinstance(to, list) or not all(isinstance(one, str) for one in to):
        raise UsageError("to is a list of texts")
    wishes = {key: command[key] for key in ("cc", "bcc", "delivery_report", "read_report") if key in command}
    return {"id": rooms.requests.forward(phone, rooms.commands.id_of(command), to, wishes)}


async def do_export(phone, command):
    """Write the parts of a retrieved message into the album."""
    folder = phone.settings["album"]
    make_folder(folder)
    return {"files": await rooms.album.export(phone.inbox.store, rooms.commands.id_of(command), folder)}


async def do_read(phone, command):
    """Show the message `id`; a sender who wants it gets a read report if the settings allow it."""
    return await rooms.requests.read(phone, rooms.commands.id_of(command))


async def do_delete(phone, command):
    """Delete the message `id`, sent or received."""
    rooms.requests.delete(phone, rooms.commands.id_of(command))


async def do_apply(phone, command):
    """Write the proposed settings `id` into ours; `pin` is that of the operator, where the proposal needs one."""
    pin = command.get("pin") or None
    if pin is not None and not (isinstance(pin, str) and rooms.numbers.decimal(pin)):
        raise UsageError("a PIN has digits only")
    await rooms.proposals.apply(phone, rooms.commands.id_of(command), pin)


def _started(phone):
    """The bearer of a handset whose modem has started; raises UsageError."""
    if phone.bearer.sim is None:
        raise UsageError("the modem is still starting")
    return phone.bearer


def _interpreter():
    name, version = sys.implementation.name, sys.implementation.version
    return "%s %s" % (name, ".".join(str(number) for number in version[:3]))


def _memory():
    """Octets of the heap that are in use, or None where the interpreter does not count them."""
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
