"""The verbs of the command `mms` that want a handset: each takes a Phone, the words that were given, and an Output."""

import asyncio
import contextlib
import pathlib
import types

from mms.handset import rooms
from tools.command.phone import Failed

_MORE = ("cc", "bcc", "priority", "validity", "size", "quality", "limit")
_YES = ("delivery_report", "read_report", "hide", "shrink")
_LISTS = ("to", "cc", "bcc", "files")
_PROGRESS = ("sent", "received", "picture", "checking", "shrinking")


def _rows(text):
    return "".join(text).rstrip("\n")


def _told(name, result, command=None):
    """A reply in the words of the handset's own console."""
    return _rows(rooms.render.reply(name, result, command or {}, None))


def _whole(path, phone):
    """A path of this PC from any folder, or one of the board as it is."""
    return path if phone.board or path.startswith("record:") else str(pathlib.Path(path).resolve())


def _seconds(given):
    return given.wait or None


async def send(phone, given, output):
    """Send a multimedia message."""
    wanted = {key: getattr(given, key) for key in (*_MORE, *_YES) if getattr(given, key) not in (None, False, [])}
    files = [_whole(path, phone) for path in given.file]
    sound = _whole(given.sound, phone) if given.sound else ""
    wanted.update(text=given.text or "", picture=given.picture, subject=given.subject, files=files, sound=sound)
    with _kept(phone, output), output.bars(phone):
        sent = await phone.send([given.to, *given.also], seconds=_seconds(given), **wanted)
    output.row(sent, "message %(id)s is %(state)s" % sent + sent.get("cost", ""))


async def sms(phone, given, output):
    """Send a short message."""
    with _kept(phone, output):
        sent = await phone.sms(given.to, given.text, seconds=_seconds(given))
    output.row(sent, "short message %(id)s is %(state)s" % sent)


@contextlib.contextmanager
def _kept(phone, output):
    """Say of a message that was accepted, when the command ends before it is sent, that it is kept."""
    accepted = []

    def note(event):
        if event["event"] == "accepted":
            accepted.append(event["id"])

    end = phone.listen(note)
    try:
        yield
    except (asyncio.CancelledError, TimeoutError):
        for id in accepted:
            output.note("message %s stays in the outbox, and goes when the handset runs next" % id)
        raise
    finally:
        end()


async def inbox(phone, given, output):
    """List what came."""
    _listed("inbox", await phone.inbox(), output)


async def outbox(phone, given, output):
    """List what went."""
    _listed("outbox", await phone.outbox(), output)


def _listed(name, messages, output):
    for message in sorted(messages, key=_date):
        output.row(message, "\n".join(rooms.render.rows(name, message)))
    if not messages:
        output.note("%s: nothing" % name)


def _date(message):
    return next((message[key] for key in ("time", "received", "date") if isinstance(message.get(key), int)), 0)


async def read(phone, given, output):
    """Show a message."""
    message = await phone.read(given.id)
    output.row(dict(message), _told("read", message))


async def fetch(phone, given, output):
    """Retrieve a message that waits."""
    await phone.ready()
    with output.bars(phone):
        message = await phone.fetch(given.id, given.wait)
    output.row(message, "message %s is here" % given.id)


async def export(phone, given, output):
    """Write the parts of a message into files."""
    for file in await phone.export(given.id):
        output.row(file, file["path"])


async def delete(phone, given, output):
    """Forget a message."""
    await phone.delete(given.id)
    output.row({"id": given.id, "state": "deleted"}, "message %s is deleted" % given.id)


async def check(phone, given, output):
    """Try each step on the way to the message centre."""

    def show(event):
        fields = {key: event.get(key) for key in ("step", "text", "took_ms")}
        output.row(dict(fields, ok=True), "%(step)s: %(text)s (%(took_ms)s ms)" % fields)

    await phone.check(show, given.wait)
    output.row({"step": "all", "ok": True}, "the way to the message centre is open")


async def scan(phone, given, output):
    """List the networks and cells on the air."""
    output.note("asking for the networks on the air: up to three minutes")
    found = await phone.scan(given.wait)
    if output.json:
        for kind in ("networks", "cells"):
            for one in found.get(kind) or ():
                output.row(dict(one, kind=kind.rstrip("s")))
    else:
        output.row(found, _told("scan", found))


async def register(phone, given, output):
    """Register on a network, or on any."""
    found = await phone.register(given.network, given.wait)
    output.row(found, _told("register", found, {"network": given.network}))


async def status(phone, given, output):
    """Show where the handset stands."""
    found = await phone.ready(given.wait)
    output.row(dict(found), _told("status", found))


async def ask(phone, given, output):
    """Give any command of the console."""
    arguments = dict(_argument(word) for word in given.arguments)
    reply = await phone.ask(given.command, given.wait, **arguments)
    if "messages" in reply:
        _listed(given.command, reply["messages"], output)
    else:
        output.row(dict(reply), _told(given.command, reply, arguments))


def _argument(word):
    key, equals, value = word.partition("=")
    if not equals:
        raise Failed(None, None, "%s: KEY=VALUE, please" % word, "mms ask help topic=send lists the keys")
    if key in _LISTS:
        return key, value.split(",")
    return key, {"true": True, "false": False}.get(value, int(value) if value.isdecimal() and key != "to" else value)


async def watch(phone, given, output):
    """Show events as they happen, for so many seconds, or until Ctrl-C."""
    mine = {message["id"] for message in await phone.outbox()}
    # The sentence of a failure says what to type next, which depends on the box that the message is in.
    handset = types.SimpleNamespace(
        outbox=types.SimpleNamespace(store=types.SimpleNamespace(has=lambda name: name[:8] in mine))
    )
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(given.seconds):
            async for event in phone.watch():
                quiet = event["event"] in _PROGRESS
                if output.json or not quiet:
                    output.row(event, _rows(rooms.sentences.render(event, handset)) or None)
