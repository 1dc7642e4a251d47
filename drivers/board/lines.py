"""The lines of a board's modem and camera, and their drivers; loaded to open them."""

import sys

from drivers import camera as cameras
from drivers import modem as modems
from drivers import serial
from mms import flash, memory
from mms.errors import ModemError, SettingsError, UsageError
from mms.limits import const

_PC = const("pc")
_CHIPS = const(("esp32", "rp2"))


def open(board, platform, name, settings, events, modem, camera):
    """(modem, camera) of the module `board`, which the settings call `name`: see drivers.board.open."""
    if board.PLATFORM not in (platform, _PC):
        raise SettingsError("board", "%s is a board for %s, this is no %s" % (name, board.PLATFORM, board.PLATFORM))
    flash.deafens = board.FLASH_DEAFENS
    line = modem or board.MODEM
    if line is None:
        raise UsageError("no modem: say where it is with --modem PATH")
    wanted = settings["modem"]
    driver, more = modems.driver(wanted["family"]), ()
    if wanted["family"] == "auto":
        more = (getattr(board, "FAMILY", None),)
    if wanted["baud"] > driver.FASTEST:
        raise SettingsError("modem.baud", "a %s has at most %d bit/s" % (wanted["family"], driver.FASTEST))
    try:
        pipe = serial.open(line, wanted["baud"])
    except OSError as error:
        raise ModemError("line", error.args[0], "cannot open %s for the modem" % line)
    pipe.baud = wanted["baud"]  # at this speed a modem of any family is looked for first
    if hasattr(board, "set_dtr"):
        board.events, pipe.set_dtr = events, board.set_dtr
    pipe.settings = wanted  # the rest is looked at when the modem starts
    power, off = getattr(board, "power", None), getattr(board, "off", None)
    wires = settings["camera"].get("pins")
    if wires and board.PLATFORM == platform:
        from drivers.board import pins

        pins.check_camera(board, getattr(sys.implementation, "_machine", ""), wires)
        memory.forget(pins.__name__)
    if "page" in settings and ("wifi" in settings or board.PLATFORM == platform):
        from drivers.board import wifi

        wifi.begin(board, settings, events)
        memory.forget(wifi.__name__)
    opened = driver(pipe, events, power, off, *more)
    if getattr(board, "MICROPHONE", None):
        opened.record = _recorder(board.MICROPHONE)
    return opened, cameras.open(settings["camera"], camera or board.CAMERA)


def _recorder(pins):
    def record(seconds):
        from drivers.board import microphone

        memory.forget(microphone.__name__)
        return microphone.Sound(pins, seconds)

    return record


async def prepare(board, platform, settings, events, modem):
    """Prepare the module `board`: see drivers.board.prepare."""
    memory.forget(__name__)
    if platform in _CHIPS:
        from drivers.board import reset

        events.reset = reset.causes()
        if [name for name in events.reset if name in reset.BROWNED_OUT]:
            events.say("power", text="the supply of the board broke down, and it began anew")
        memory.forget(reset.__name__)
    text = await board.prepare() if hasattr(board, "prepare") else None
    if text:
        events.say("power", text=text)
    if "panel" not in settings:
        return None
    try:
        from drivers.panel import parts
    except ImportError:
        events.fail(UsageError("the panel is not on this board: flash it again"), id=None, final=False)
        return None
    memory.forget(parts.__name__)
    return parts.open(board, platform, settings, modem)
