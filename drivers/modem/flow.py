"""Flow control by RTS and CTS; loaded at a start of the modem on a line that has both wired.

The modem is told first, and the line follows: until then RTS is on and CTS is not looked at. A start begins without
flow control on the line, since a modem forgets its own with the power, and its CTS may then stand still.
"""

from mms import memory
from mms.errors import LineLost, ModemError, SettingsError

COMMANDS = (  # see dialogue.py
    "\n"
    "flow|flow|AT+IFC=2,2|5|2|-|OK\n"  # ITU-T V.250, 6.2.12
    "no flow|flow|AT+IFC=0,0|5|2|-|OK\n"
    "proof|flow|AT|2|1|-|OK\n"
)


async def start(modem):
    """Have modem and line use flow control; where one of them does not, both go on without, which is told once.

    Raises SettingsError for a line that cannot have it, LineLost, ModemError for a modem that answers no more.
    """
    pipe = modem.dialogue.pipe
    if not hasattr(pipe, "set_flow"):
        raise SettingsError("modem.flow", "this line has no RTS and CTS: false, please")
    modem.dialogue.add(COMMANDS)
    try:
        await _agree(modem, pipe)
    finally:
        modem.dialogue.remove(COMMANDS)
        memory.forget(__name__)


async def _agree(modem, pipe):
    try:
        await modem.ask("flow")
        pipe.set_flow(True)
        await modem.ask("proof")
        return
    except LineLost:
        raise
    except ModemError as error:
        why = error
    if pipe.flow:  # the modem's CTS leads nowhere, or its RTS does
        pipe.set_flow(False)
        await modem.dialogue.sync()
        await modem.ask_optional("no flow")
        why = ModemError("flow", None, "nothing passes with RTS and CTS")
    if not getattr(pipe, "without_flow", False):
        pipe.without_flow = True
        modem.events.fail(why, id=None, final=False)
