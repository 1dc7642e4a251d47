"""A line at the console: parsed, performed and answered; loaded for each line.

`console` is a Console; the names of the functions do_NAME are those of commands.py.
"""

import json

from mms import flash, memory
from mms.errors import Stuck, UsageError
from mms.events import hint_for
from mms.handset import rooms
from mms.handset.console.lines import json_line, json_pieces
from mms.limits import const

_TOO_LONG = const(
    "a line of more than %d octets: give its text in shorter pieces with more, each when the last is answered"
)


async def handle(console, octets, most):
    """Do what a line asks for, and answer it, also when it is longer than `most` octets or makes no sense."""
    try:
        if len(octets) > most:
            raise UsageError(_TOO_LONG % most)
        command = parse(octets)
        if command is None:
            return
    except (ValueError, UnicodeError, AttributeError, RuntimeError):  # RuntimeError: brackets deeper than Python reads
        return fail(console, "console", UsageError("this line is neither a command nor JSON"))
    except (UsageError, MemoryError) as error:
        return fail(console, "console", error)
    if not console.json and octets[:1] != b"{" and console.sentences is None:
        console.sentences = rooms.sentences
    await perform(console, command)


def parse(octets):
    """A line as a command, None for an empty one; raises ValueError, UsageError."""
    if octets.lstrip()[:1] != b"{":
        return rooms.commands.parse(octets.decode())
    command = rooms.json_escapes.loads(octets) if b"\\u" in octets else json.loads(octets.decode())
    if not isinstance(command.get("do"), str):
        raise UsageError('an object with "do", please')
    return command


async def perform(console, command):
    """Do what a command, a dict, asks for, and answer it."""
    name = command["do"]
    try:
        await flash.quiet()
        memory.collect()  # the modules of the command need the largest pieces of the heap
        module = rooms.commands.check(name, command)
        if module == "composing":
            result = await rooms.composing.perform(console.phone, name, command, console.pieces)
        elif module == "answering":
            result = await globals()["do_" + name](console, command)
        else:
            result = await getattr(getattr(rooms, module), "do_" + name)(console.phone, command)
        answer(console, command, result or {})
    except Exception as error:
        fail(console, name, error)


async def do_send(console, command):
    """Have a message accepted: {"id", "price", ...}. The modules that have built it are gone from memory meanwhile."""
    pieces = console.pieces
    message = rooms.composing.build(console.phone, command["do"], command, pieces)
    if not pieces:
        return _accepted(console, await console.phone.send(message))
    pieces["busy"] = True
    try:
        id = await console.phone.send(message)
        await rooms.composing.forget(pieces)
    finally:
        pieces.pop("busy", None)
    return _accepted(console, id)


def _accepted(console, id):
    found = rooms.bill.of(console.phone, id) if rooms.has("bill") else {"price": None, "cost": ""}
    found["id"] = id
    return found


do_photo = do_send


async def do_mode(console, command):
    """Change between JSON lines and plain text."""
    if command.get("mode") not in ("json", "text"):
        raise UsageError('mode is "json" or "text"')
    console.set_json(command["mode"] == "json")


async def do_quit(console, command):
    """End the program."""
    console.ended.set()


def fail(console, name, error):
    """Answer the command `name` with an error, if there is enough memory for that."""
    console.changed.set()  # lines may be left in the queue
    try:
        short = isinstance(error, MemoryError)
        refuse(console, name, Stuck("memory", None, "not enough of it") if short else error)
    except MemoryError:
        pass  # there is not enough for an answer either


def refuse(console, name, error):
    """Answer the command `name` with an error: its text, its step and code, and what a person can do."""
    reply = {"reply": name, "ok": False, "error": str(error) or type(error).__name__}
    reply["step"], reply["code"] = getattr(error, "step", None), getattr(error, "code", None)
    reply["advice"] = hint_for(error)
    console.put(json_line(reply) if console.json else rooms.render.error(reply["error"], reply["advice"]))


def answer(console, command, result):
    """Answer a command with its result, a dict."""
    name = command["do"]
    if not console.json:
        console.put(rooms.render.reply(name, result, command, console.phone))
    elif "messages" in result or "sections" in result:
        for key in result:
            console.put(_listed(name, key, result[key]))
    else:
        reply = {"reply": name, "ok": True}
        reply.update(result)
        console.put(json_line(reply))


def _listed(name, key, messages):
    """A reply with many messages or sections, piece by piece: it would not fit into memory as a whole."""
    between = '{"reply": "%s", "ok": true, "%s": [' % (name, key)
    for message in messages:
        yield between
        yield from json_pieces(json.dumps(message), "")
        between = ", "
    yield "]}\n" if between == ", " else between + "]}\n"
