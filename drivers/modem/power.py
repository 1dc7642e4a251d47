"""Switching modems off and on, and what each family is told for that and for its sleep; loaded for either.

A name is the family's and what the command does: "off", "sleep by dtr" while that is off, "sleep by itself" some
seconds after the last octet, five at least.
"""

from mms import clock
from mms.errors import LineLost, ModemError
from mms.limits import const

COMMANDS = (  # see dialogue.py
    "\n"
    "restart|modem|AT+CFUN=1,1|15|1|-|OK\n"  # 3GPP TS 27.007, 8.2
    "sim800 off|modem|AT+CPOWD=1|10|1|-|NORMAL POWER DOWN\n"  # AT manual V1.09, 6.2.2
    "sim800 sleep by dtr|sleep|AT+CSCLK=1|5|2|-|OK\n"  # 6.2.20
    "sim800 sleep by itself|sleep|AT+CSCLK=2|5|2|-|OK\n"
    "sim7600 off|modem|AT+CPOF|20|1|-|POWERD DOWN&OK\n"  # (sic): A76XX manual, 3.2.5
    "sim7600 sleep by dtr|sleep|AT+CSCLK=1|9|2|-|OK\n"  # 10.2.7
    "sim7600 sleep by itself|sleep|AT+CSCLK=2|9|2|-|OK\n"
    "bg95 off|modem|AT+QPOWD=1|40|1|-|POWERED DOWN&OK\n"
    "bg95 sleep by dtr|sleep|AT+QSCLK=1|5|2|-|OK\n"
    "m66 off|modem|AT+QPOWD=1|10|1|-|NORMAL POWER DOWN\n"
    "m66 sleep by dtr|sleep|AT+QSCLK=1|5|2|-|OK\n"
    "m66 sleep by itself|sleep|AT+QSCLK=2|5|2|-|OK\n"
    "sara off|modem|AT+CPWROFF|40|1|-|OK\n"
    "sara sleep by dtr|sleep|AT+UPSV=3|10|2|-|OK\n"
    "sara sleep by itself|sleep|AT+UPSV=1|10|2|-|OK\n"
)

_LEAVE_MS = const(2000)  # after its last answer the modem is on for a while
_ATTEMPTS = const(20)  # of AT, in four seconds: a command may still run


async def cycle(modem, on):
    """Switch the modem off, and `on` again; raises ModemError where that cannot be, LineLost.

    A board that only resets its modem could not switch it on: there the modem is not told to go off before.
    """
    modem.dialogue.abort("the modem was restarted")
    if not on or modem.off is not None:
        await _switch_off(modem)
    if on and modem.power is not None:
        await modem.power()
    elif on:
        await modem.dialogue.sync(b"", _ATTEMPTS)
        await modem.ask("restart")
        await clock.sleep(_LEAVE_MS)


async def _switch_off(modem):
    """By command where the modem answers, so that it leaves the network, and then by the board where that can."""
    name, answers = find(modem, "off"), False
    why = None if name else ModemError("modem", None, "this family cannot be switched off by command")
    try:
        if name:
            await modem.dialogue.sync(b"", _ATTEMPTS)
            answers = True
            await modem.ask(name)
            await clock.sleep(_LEAVE_MS)
    except LineLost:
        raise
    except ModemError as error:
        if error.text or not answers:  # else it went without its last words
            why = error
    if modem.off is not None:
        await modem.off()
    elif why:
        raise why


def find(modem, does):
    """The name of the command of a modem's family, or None."""
    name = "%s %s" % (type(modem).__name__.lower(), does)
    return name if "\n%s|" % name in COMMANDS else None
