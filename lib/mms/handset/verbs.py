"""What a console can be asked beside sending and fetching; loaded when somebody does.

Each takes the handset and the command, a dict, and gives the answer, a dict or None.
"""

from mms.errors import UsageError
from mms.handset import visit
from mms.handset.console import message_id
from mms.handset.store import make_folder

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


async def do_sms(handset, command):
    """Send `text` to one number, `to`, as a short message."""
    to = command.get("to")
    to = to[0] if isinstance(to, list) and len(to) == 1 else to
    if not isinstance(to, str):
        raise UsageError("one number, please")
    return {"id": await visit("requests").text(handset, to, _text(command))}


async def do_reply(handset, command, everybody=False):
    """Answer the message `id` with a `text`."""
    return {"id": await visit("requests").reply(handset, message_id(command), _text(command), everybody)}


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
    return {"id": visit("requests").forward(handset, message_id(command), to, wishes)}


async def do_export(handset, command):
    """Write the parts of a retrieved message into the album."""
    folder = handset.settings["album"]
    make_folder(folder)
    return {"files": await visit("album").export(handset.inbox, message_id(command), folder)}


async def do_read(handset, command):
    """Show the message `id`, and tell its sender where he asks and the settings allow it."""
    return visit("requests").read(handset, message_id(command))


async def do_delete(handset, command):
    """Forget the message `id`, sent or received."""
    visit("requests").delete(handset, message_id(command))


async def do_apply(handset, command):
    """Write the proposed settings `id` into ours, with the `pin` that the operator told the user, if it wants one."""
    pin = command.get("pin") or command.get("text") or None
    if pin is not None and not (isinstance(pin, str) and visit("numbers").decimal(pin)):
        raise UsageError("a PIN has digits only")
    await visit("proposals").apply(handset, message_id(command), pin)


def _text(command):
    text = command.get("text")
    if not isinstance(text, str) or not text:
        raise UsageError("a text, please")
    return text
