"""What a PC has beside the console, and no board: one command of its command line, and `open` for programs on it."""

from mms.errors import ModemError, UsageError
from mms.handset import rooms
from mms.limits import const

_SHOWN = const(("checked", "steered", "modem_reset", "undervoltage", "line_lost"))
_ENTRIES = const(("micropython_mms", "tools.command"))  # of the wheel, and of a checkout


def open(*where, **more):
    """`async with phone.open("/dev/ttyUSB0") as handset`: see phone.pyi, and docs/library.md."""
    for name in _ENTRIES:
        try:
            return __import__(name, None, None, ("open",)).open(*where, **more)
        except ImportError:
            pass  # it is the other one
    raise UsageError("phone.open is for a PC with the package micropython-mms")


async def perform(handset, show, command):
    """Perform a command, a dict as the console has it, and `show(text, end)` what comes of it.

    A network that was chosen by hand is not left chosen. Raises as the functions of the room checkup do.
    """
    bearer, name = handset.bearer, command["do"]

    def tell(event):
        if event["event"] in _SHOWN:
            for row in rooms.sentences.render(event, handset):
                show(row, end="")

    handset.events.listen(tell)
    try:
        if name == "check":
            await rooms.checkup.check(bearer, handset.events)
            show("the way to the message centre is open")
            return
        await bearer.start()
        result = await getattr(rooms.verbs, "do_" + name)(handset, command)
        for row in rooms.render.reply(name, result, command, handset):
            show(row, end="")
        if name == "register" and command["network"] != "auto":
            await rooms.checkup.select(bearer, "auto")
    finally:
        try:
            await bearer.modem.release()
        except ModemError:
            pass  # the error of the step is the one to show
