"""The commands that write a new message, and commands that come in pieces; loaded for each.

Each function takes `phone`, which phone.pyi declares, the command, a dict, and `pieces`: the keys that came before with
`more`, a dict that the console keeps. Its text lies in a file of the album: it may be larger than the heap.
"""

import os

from mms import flash, limits
from mms.errors import StoreFull, UsageError
from mms.handset import rooms
from mms.handset.store.files import make_folder
from mms.limits import const

_LISTS = const(("to", "cc", "bcc", "files"))
_TEXT = const("more.txt")
_PICTURE = const(("size", "quality", "limit"))
_NO_WISHES = const(("do", "text", "size", "quality", "limit"))


async def perform(phone, name, command, pieces):
    """Do what a command asks for; `name` is one of commands.py. Returns the result, a dict."""
    return await globals()["do_" + name](phone, command, pieces)


def build(phone, name, command, pieces):
    """The Message of `send`, `photo` (with a picture) or `press` (as the settings have it); raises UsageError.

    A command has `to`, and may have a `subject`, a `text`, a `picture` (true) of a `size`, a `sound` and `files`. The
    caller has the message accepted when this module is gone again: a large message needs the memory.
    """
    _check_free(pieces)
    wanted = dict(command)
    if name == "press":
        wanted = dict(phone.settings["press"])
    if name != "send":
        wanted["picture"] = True
    return _message(_whole(wanted, pieces), pieces)


async def do_sms(phone, command, pieces):
    """Send `text` to one number, `to`, as a short message."""
    _check_free(pieces)
    to = command.get("to", pieces.get("to"))
    to = to[0] if isinstance(to, list) and len(to) == 1 else to
    if not isinstance(to, str):
        raise UsageError("one number, please")
    return await _accepted(rooms.requests.send_text(phone, to, _text(command, pieces)), pieces)


async def do_reply(phone, command, pieces, everybody=False):
    """Answer the message `id` with a `text`."""
    _check_free(pieces)
    id, text = rooms.commands.id_of(command), _text(command, pieces)
    return await _accepted(rooms.requests.reply(phone, id, text, everybody), pieces)


async def do_replyall(phone, command, pieces):
    """Answer the message `id` with a `text` to its sender and to all its recipients."""
    return await do_reply(phone, command, pieces, True)


async def do_more(phone, command, pieces):
    """Add a piece to the next command: {"octets"} of its text so far. Without a piece, all pieces are removed."""
    _check_free(pieces)
    if len(command) == 1:
        await forget(pieces)
        return {"octets": 0}
    lists = {key: _list(command, key) for key in _LISTS if key in command}
    subject, text = _string(command, "subject"), _string(command, "text")
    if sum(len(pieces.get(key, ())) + len(lists[key]) for key in lists) > limits.ADDRESSES + limits.PARTS:
        raise UsageError("so many recipients and files are too much for one message")
    if text:
        await flash.quiet()
        _append(phone, text, pieces)
    for key in lists:
        pieces[key] = pieces.get(key, []) + lists[key]
    if subject:
        pieces["subject"] = subject
    return {"octets": pieces.get("octets", 0)}


def _check_free(pieces):
    """Raise UsageError while a message with the pieces is being accepted."""
    if pieces.get("busy"):
        raise UsageError("the message before is still being accepted: wait for its answer")


async def _accepted(work, pieces):
    """Await `work`, which accepts a message, and remove its pieces: {"id"}. Meanwhile `more` is refused."""
    if not pieces:
        return {"id": await work}
    pieces["busy"] = True
    try:
        id = await work
        await forget(pieces)
    finally:
        pieces.pop("busy", None)
    return {"id": id}


def _append(phone, text, pieces):
    """Append to the file of the text; raises UsageError when it is too much for a message, StoreFull, StoreError."""
    folder = phone.settings["album"]
    make_folder(folder)
    path = "%s/%s" % (folder, _TEXT)
    octets = _encode(text)
    known = pieces.get("octets", 0)
    if known + len(octets) > limits.MESSAGE:
        raise UsageError("a text of more than %d octets fits into no message" % limits.MESSAGE)
    room = phone.inbox.store.room(path) if phone.inbox.store else None
    try:
        if room is not None and phone.inbox.store.written + len(octets) > room:
            raise OSError(28)  # ENOSPC: the reserve of the store stays free
        with open(path, "ab" if known else "wb") as file:
            file.write(octets)
    except OSError as error:
        raise StoreFull("store", error.args[0], "this piece of the text does not fit: give it again, or make room")
    if phone.inbox.store:
        phone.inbox.store.written += len(octets)
    pieces["octets"], pieces["path"] = known + len(octets), path


def _whole(command, pieces):
    """The command with the pieces before it."""
    wanted = dict(command)
    for key in _LISTS:
        if key in pieces:
            wanted[key] = pieces[key] + _list(command, key)
    if "subject" in pieces and "subject" not in wanted:
        wanted["subject"] = pieces["subject"]
    return wanted


async def forget(pieces):
    """Remove the pieces, and the file of the text."""
    await flash.quiet()
    path = pieces.get("path")
    pieces.clear()
    if path:
        try:
            os.remove(path)
        except OSError:
            pass  # the next text replaces it


def _message(wanted, pieces):
    """The Message that a command describes; raises UsageError."""
    message = rooms.message.Message(_list(wanted, "to"), _string(wanted, "subject"))
    message.wishes = {key: wanted[key] for key in wanted if key not in _NO_WISHES}
    if wanted.get("picture"):
        message.picture(_string(wanted, "size"), wanted.get("quality"), wanted.get("limit"))
    else:
        for key in _PICTURE:
            if key in wanted:
                raise UsageError("%s is that of a picture, and there is none" % key)
    sound = _string(wanted, "sound")
    if sound:
        rooms.kinds.add_sound(message, sound)
    for path in _list(wanted, "files"):
        message.file(path)
    text = _string(wanted, "text")
    if text and pieces.get("path"):
        raise UsageError("this message has a text from more: send it without another, or type more to forget that one")
    if pieces.get("path"):
        message.file(pieces["path"])
    elif text:
        message.text(text)
    if not message.parts:
        raise UsageError("nothing to send: a text, a picture, a sound or files, please")
    return message


def _text(command, pieces):
    """The text of a short message or an answer, which must fit into the heap; raises UsageError."""
    text = command.get("text")
    if text is None and pieces.get("path"):
        if pieces["octets"] > limits.CONSOLE_LINE:
            raise UsageError("a text of more than %d octets goes with send" % limits.CONSOLE_LINE)
        with open(pieces["path"], "rb") as file:
            return file.read().decode()
    if not isinstance(text, str) or not text:
        raise UsageError("a text, please")
    return text


def _encode(text):
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
