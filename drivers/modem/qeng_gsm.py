"""The cells that a Quectel modem for GSM hears: AT+QENG, as logs of M66 and M95 have it; loaded when asked for."""

from drivers.modem.lines import HEXADECIMAL, consists, fields
from mms.limits import const

COMMANDS = (  # see dialogue.py
    "\n"
    "watch cells|register|AT+QENG=1,1|5|1|-|OK\n"
    "cells|register|AT+QENG?|5|1|+QENG:|OK\n"
    "ignore cells|register|AT+QENG=0|5|1|-|OK\n"
)

_NEIGHBOUR = const(10)  # values of each


async def read(modem):
    """[(mccmnc, location area, cell, dBm)], the serving one first, or none; raises Coverage."""
    await modem.ask("watch cells")
    lines = await modem.ask("cells")
    await modem.ask_optional("ignore cells")
    cells = []
    for line in lines:
        kind, *values = fields(line)
        if kind == "0" and len(values) > 6:
            cells.append(_cell(values[:4], values[6]))
        elif kind == "1":  # number, channel, level, colour, two criteria, MCC, MNC, area and cell
            for at in range(0, len(values) - _NEIGHBOUR + 1, _NEIGHBOUR):
                cells.append(_cell(values[at + 6 : at + 10], values[at + 2]))
    return [cell for cell in cells if cell]


def _cell(values, level):
    """A cell of [MCC, MNC, area, cell] and a level in dBm; None for one that is not there, with an x for each value."""
    mcc, mnc, area, cell = values
    if not (mcc.isdigit() and len(mcc) == 3 and mnc.isdigit() and area and consists(area + cell, HEXADECIMAL)):
        return None
    return mcc + mnc, area.upper(), cell.upper(), int(level) if level.lstrip("-").isdigit() else None
