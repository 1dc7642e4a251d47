"""The handset from Python's prompt: `from mms import phone; phone.send("+447700900123", "Look", picture=True)`.

Each function runs the program of main.py until its work is done, tells in plain lines what happens meanwhile, and is
for a prompt where the program has ended, or was never started. Ctrl-C ends it. Loaded for each call.
"""

import asyncio
import gc

from mms import clock, memory
from mms.errors import CameraError, LinkError, ModemError, PduError, StoreError, UsageError
from mms.events import hint_for
from mms.handset import rooms, states
from mms.limits import const

_PROGRAMS = const(("mms_program", "main"))  # of `make flash`, and of any other way to a board
_PROGRESS = const(("sent", "received", "picture", "shrinking", "checking"))
_PROGRESS_MS = const(5000)  # between two lines of progress
_ERRORS = (CameraError, LinkError, ModemError, PduError, StoreError, UsageError)


def send(to, text="", picture=False, subject="", files=(), size=None, quality=None, sound=""):
    """Send a multimedia message and wait until the network has it: its id, None where none was accepted.

    to: a number or a list of them; picture: whether the camera takes one, of that `size` and `quality`; files: paths;
    sound: a path, or "record:5" for five seconds by the microphone.
    An accepted message stays in the outbox, whatever ends this, and goes with the next start.
    """
    accepted = []  # the id, also when Ctrl-C comes before `send` has returned it

    async def work(handset):
        message = rooms.message.Message(to, subject)
        if picture:
            message.picture(size, quality)
        if sound:
            rooms.kinds.add_sound(message, sound)
        for path in files:
            message.file(path)
        if text:
            message.text(text)
        if not message.parts:
            raise UsageError("nothing to send: a text, picture=True or files=[PATH], please")
        summary = await handset.outcome(await handset.send(message))
        if summary["state"] != states.SENT:
            print("message %s is %s: %s" % (accepted[0], summary["state"], summary["why"]))

    _run(work, accepted)
    if not accepted:
        return None
    print("message", accepted[0], "is in the outbox")  # without %: after Ctrl-C the heap may be locked, see main.py
    return accepted[0]


def inbox():
    """Show the messages that were announced or received."""

    async def work(handset):
        await _perform(handset, "inbox")

    _run(work)


def check():
    """Try each step on the way to the message centre, and say how it went."""

    async def work(handset):
        await handset.ready()
        await _perform(handset, "check")

    _run(work)


async def _perform(handset, name):
    """Do what a command of the console does, and show its answer."""
    result = await getattr(rooms.verbs, "do_" + name)(handset, {"do": name})
    for row in rooms.render.reply(name, result, {}, handset):
        print(row, end="")


def _run(work, accepted=None):
    """Run the program with `work(handset)`; an error of it becomes one line. `accepted` gets ids of messages."""
    if memory.BOARD:
        asyncio.new_event_loop()  # MicroPython keeps the tasks of an earlier handset that Ctrl-C has ended
    gc.collect()

    async def shown(handset):
        handset.events.listen(_Teller(handset, accepted).tell)
        try:
            await work(handset)
        except _ERRORS as error:
            for row in rooms.render.error(str(error), hint_for(error)):
                print(row, end="")

    try:
        _program()(shown)
    except UsageError as error:
        print("! %s" % error)


def _program():
    """The function `main` of the program."""
    for name in _PROGRAMS:
        try:
            return __import__(name).main
        except (ImportError, AttributeError):
            pass  # it is the other one, or a program of the user
    raise UsageError("there is no main.py of this handset beside it")


class _Teller:
    """Prints events as sentences, and every now and then how far a transfer is."""

    def __init__(self, handset, accepted):
        self._handset, self._accepted, self._told = handset, accepted, clock.ticks()

    def tell(self, event):
        """Print one event."""
        if event["event"] == "accepted" and self._accepted is not None:
            self._accepted.append(event["id"])
        if event["event"] not in _PROGRESS:
            for row in rooms.sentences.render(event, self._handset):
                print(row, end="")
        elif clock.since(self._told) > _PROGRESS_MS:
            self._told = clock.ticks()
            print(rooms.sentences.render_progress(event))
