"""Finds the speed of a modem's line and the family of the modem; loaded at each start of an `auto.Auto`.

AT is tried at the speed of the line, and then at the others: the first one may get lost, and a modem whose speed is
automatic takes the one that it hears. ATI and AT+CGMM say which model it is. A modem that talks at another speed than
the settings want is told the wanted one by AT+IPR (ITU-T V.250 clause 6.2.10), and goes back where the line does not
bear it.
"""

import sys

from drivers.modem import driver, lines
from drivers.modem.dialogue import is_refusal
from drivers.modem.family import Visit
from mms import clock
from mms.errors import ModemError
from mms.limits import const

COMMANDS = (  # see dialogue.py
    "\ninformation|modem|ATI|5|2|?|OK\nmodel|modem|AT+CGMM|5|2|?|OK\nrate|modem|AT+IPR={baud}|5|1|-|OK\n"
)
MODELS = (  # how the name of a model begins, and its family
    "\nSIM80|sim800\nSIM86|sim800\nSIM90|sim800\n"
    "SIM75|sim7600\nSIM76|sim7600\nA76|sim7600\n"
    "BG7|bg95\nBG9|bg95\nEC2|bg95\nEG2|bg95\nEG9|bg95\nM66|m66\nM95|m66\n"
    "SARA-G3|sara\nSARA-U2|sara\nSARA-R4|sara\n"
)
SPEEDS = (115200, 9600, 19200, 38400, 57600, 230400, 460800, 921600)  # bit/s: those that a line of ours can have

_ATTEMPTS = const(6)  # of AT at a speed; at the first one as many as a modem needs that was just switched on
_PROOFS = const(4)  # answers without a fault after which a line bears its speed
_CHANGE_MS = const(100)  # from the OK to AT+IPR until the modem listens at its new speed
_SAID = const(60)  # characters of what an unknown modem said


async def find(modem):
    """The Family for the modem at the other end of the line of `modem`: that one, or one that takes its place.

    Raises ModemError: its step is "modem" where nothing is heard, "baud" where something is and no answer, and
    "family" where no family knows the model.
    """
    modem.ready = False
    modem.dialogue.start()
    with Visit(modem.dialogue, sys.modules[__name__]):
        pipe = modem.dialogue.pipe
        if getattr(pipe, "flow", False):
            pipe.set_flow(False)  # a modem that was reset has none
        wanted = pipe.baud  # as the settings say, or else what the line bore before
        await _find(modem, pipe)
        family, name = _parse(await modem.ask("information") + await modem.ask("model"))
        kind, found = driver(family), pipe.baud
        wanted = min(wanted, kind.FASTEST)
        if found != wanted and await _set(modem, pipe, wanted):
            try:
                for _ in range(_PROOFS):
                    await modem.ask("information")
            except ModemError:
                await _set(modem, pipe, found)  # the line does not bear it
    if type(modem) is not kind:
        modem.events.say("modem_found", model=name, family=family, baud=pipe.baud)
        modem = kind(pipe, modem.events, modem.power, modem.off, modem)
    modem.model = name
    return modem


def _parse(said):
    """(family, model) of what a modem says of itself; raises ModemError("family")."""
    for line in said:
        for name in line.replace("_", " ").replace(":", " ").split():
            for end in (3, 5, 7):
                family = lines.find((MODELS,), name[:end])
                if family:
                    return family, name
    text = ", ".join(said)[:_SAID] or "nothing"
    raise ModemError("family", None, "no family knows this modem, which says: %s" % text)


async def _find(modem, pipe):
    """Give the pipe the speed at which the modem answers; raises ModemError."""
    before = modem.dialogue.heard
    if await _search(modem, pipe):
        return
    if modem.power is not None:
        await modem.power()
        if await _search(modem, pipe):
            return
    octets = modem.dialogue.heard - before
    if octets:
        raise ModemError("baud", None, "%d octets were heard and no answer, at any speed" % octets)
    raise ModemError("modem", None, "nothing was heard, at any speed from %d to %d bit/s" % (min(SPEEDS), max(SPEEDS)))


async def _search(modem, pipe):
    """Whether the modem answers at some speed, which the pipe has then; else it has the one that it had."""
    first = pipe.baud
    if await _answers(modem, 0, modem.way_out()):
        return True
    for baud in SPEEDS:
        if baud != first:
            _tune(pipe, baud)
            if await _answers(modem, _ATTEMPTS):
                return True
    _tune(pipe, first)
    return False


def _tune(pipe, baud):
    pipe.set_baud(baud)
    pipe.baud = baud


async def _answers(modem, attempts, way_out=b""):
    try:
        await modem.dialogue.sync(way_out, attempts)
    except ModemError as error:
        if error.step == "line" or error.text:  # pulled out, or it answers and refuses AT
            raise
        return False
    return True


async def _set(modem, pipe, baud):
    """Whether the modem answers at that speed; if not, the pipe has its own again."""
    before = pipe.baud
    try:
        await modem.ask("rate", baud)
    except ModemError as error:
        if is_refusal(error):  # unlike a line that garbles the answer, which may have carried the command
            return False
    await clock.sleep(_CHANGE_MS)
    _tune(pipe, baud)
    if await _answers(modem, _ATTEMPTS):
        return True
    _tune(pipe, before)
    await _find(modem, pipe)
    return pipe.baud == baud
