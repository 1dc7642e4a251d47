"""What a console can be asked to send, and a command that comes in pieces; loaded when somebody does.

Each verb takes the handset, the command, a dict, and `begun`: what came in pieces before, a dict that the console
keeps. The text of it lies in a file of the album, since it may be longer than the heap is large.
"""

import os

from mms import flash, limits
from mms.errors import StoreFull, UsageError
from mms.handset import rooms
from mms.handset.store.files import make_folder

_LISTS = ("to", "cc", "bcc", "files")
_TEXT = "more.txt"


async def perform(handset, name, command, begun):
    """Do what `command` asks for."""
    return await globals()["do_" + name](handset, command, begun)


def message(handset, name, command, begun):
    """The Message of `send`, `photo` (with a picture) or `press` (to whom the settings say); raises UsageError.

    A command has `to`, and may have a `subject`, a `text`, a `picture` (true) of a `size`, a `sound` and `files`. The
    caller has it accepted when this room is gone again: a large message needs the memory.
    """
    see_free(begun)
    wanted = dict(command)
    if name == "press":
        wanted = dict(handset.settings["press"])
        if not wanted.get("to"):
            raise UsageError('nobody to send to: add "press": {"to": [NUMBER]} to the settings')
    if name != "send":
        wanted["picture"] = True
    return _message(_whole(wanted, begun), begun)


async def do_sms(handset, command, begun):
    """Send `text` to one number, `to`, as a short message."""
    see_free(begun)
    to = command.get("to", begun.get("to"))
    to = to[0] if isinstance(to, list) and len(to) == 1 else to
    if not isinstance(to, str):
        raise UsageError("one number, please")
    return await _accepted(rooms.requests.text(handset, to, _text(command, begun)), begun)


async def do_reply(handset, command, begun, everybody=False):
    """Answer the message `id` with a `text`."""
    see_free(begun)
    id, text = rooms.verbs.id_of(command), _text(command, begun)
    return await _accepted(rooms.requests.reply(handset, id, text, everybody), begun)


async def do_replyall(handset, command, begun):
    """Answer the message `id` with a `text` to its sender and to all who got it."""
    return await do_reply(handset, command, begun, True)


async def do_more(handset, command, begun):
    """Keep a piece of the next command; {"octets"} of its text so far. Without a piece: forget those before."""
    see_free(begun)
    if len(command) == 1:
        await forget(begun)
        return {"octets": 0}
    lists = {key: _list(command, key) for key in _LISTS if key in command}
    subject, text = _string(command, "subject"), _string(command, "text")
    if sum(len(begun.get(key, ())) + len(lists[key]) for key in lists) > limits.ADDRESSES + limits.PARTS:
        raise UsageError("so many recipients and files are too much for one message")
    if text:
        await flash.quiet()
        _append(handset, text, begun)
    for key in lists:
        begun[key] = begun.get(key, []) + lists[key]
    if subject:
        begun["subject"] = subject
    return {"octets": begun.get("octets", 0)}


def see_free(begun):
    """Raise UsageError while the pieces belong to a message that is being accepted."""
    if begun.get("busy"):
        raise UsageError("the message before is still being accepted: wait for its answer")


async def _accepted(work, begun):
    """Await the `work` that accepts a message, and forget its pieces then: {"id"}. Without pieces others may come."""
    if not begun:
        return {"id": await work}
    begun["busy"] = True
    try:
        id = await work
        await forget(begun)
    finally:
        begun.pop("busy", None)
    return {"id": id}


def _append(handset, text, begun):
    """Add to the file with the text; raises UsageError when no message takes so much, StoreFull, StoreError."""
    folder = handset.settings["album"]
    make_folder(folder)
    path = "%s/%s" % (folder, _TEXT)
    octets = _encoded(text)
    known = begun.get("octets", 0)
    if known + len(octets) > limits.MESSAGE:
        raise UsageError("a text of more than %d octets fits into no message" % limits.MESSAGE)
    room = handset.inbox.store.room(path) if handset.inbox.store else None
    try:
        if room is not None and handset.inbox.store.written + len(octets) > room:
            raise OSError(28)  # ENOSPC, before the reserve goes
        with open(path, "ab" if known else "wb") as file:
            file.write(octets)
    except OSError as error:
        raise StoreFull("store", error.args[0], "this piece of the text does not fit: give it again, or make room")
    if handset.inbox.store:
        handset.inbox.store.written += len(octets)
    begun["octets"], begun["path"] = known + len(octets), path


def _whole(command, begun):
    """The command with the pieces that came before it."""
    wanted = dict(command)
    for key in _LISTS:
        if key in begun:
            wanted[key] = begun[key] + _list(command, key)
    if "subject" in begun and "subject" not in wanted:
        wanted["subject"] = begun["subject"]
    return wanted


async def forget(begun):
    """The pieces have gone, or nobody wants them."""
    await flash.quiet()
    path = begun.get("path")
    begun.clear()
    if path:
        try:
            os.remove(path)
        except OSError:
            pass  # the next text takes its place


def _message(wanted, begun):
    """The Message that a command describes; raises UsageError."""
    message = rooms.message.Message(_list(wanted, "to"), _string(wanted, "subject"))
    message.wishes = {key: wanted[key] for key in wanted if key not in ("do", "text", "size")}
    size = _string(wanted, "size")
    if size and not wanted.get("picture"):
        raise UsageError("size is that of a picture, and there is none")
    if wanted.get("picture"):
        message.picture(size)
    sound = _string(wanted, "sound")
    if sound:
        rooms.kinds.sound(sound)
    for path in ([sound] if sound else []) + _list(wanted, "files"):
        message.file(path)
    text = _string(wanted, "text")
    if text and begun.get("path"):
        raise UsageError("this message has a text from more: send it without another, or type more to forget that one")
    if begun.get("path"):
        message.file(begun["path"])
    elif text:
        message.text(text)
    if not message.parts:
        raise UsageError("nothing to send: a text, a picture, a sound or files, please")
    return message


def _text(command, begun):
    """The text of a short message or an answer, which fits into the heap; raises UsageError."""
    text = command.get("text")
    if text is None and begun.get("path"):
        if begun["octets"] > limits.CONSOLE_LINE:
            raise UsageError("a text of more than %d octets goes with send" % limits.CONSOLE_LINE)
        with open(begun["path"], "rb") as file:
            return file.read().decode()
    if not isinstance(text, str) or not text:
        raise UsageError("a text, please")
    return text


def _encoded(text):
    try:
        return text.encode()
    except UnicodeError:
        raise UsageError("this text has half a character in it")


def _string(command, key):
    value = command.get(key, "")
    if not isinstance(value, str):
        raise UsageError("%s is a text" % key)
    return value


def _list(command, key):
    value = command.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UsageError("%s is a list of texts" % key)
    return value
