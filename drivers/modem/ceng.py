"""The cells that a SIMCom modem for GSM hears: AT+CENG (AT Command Manual V1.09, 6.2.21); loaded when asked for."""

from drivers.modem.lines import HEXADECIMAL, consists, fields
from mms.limits import const

COMMANDS = (  # see dialogue.py
    "\n"
    "watch cells|register|AT+CENG=1,1|5|1|-|OK\n"
    "cells|register|AT+CENG?|5|1|+CENG:|OK\n"
    "ignore cells|register|AT+CENG=0|5|1|-|OK\n"
)

# Values of a cell inside its quotes, by how many there are: receive level, MCC, MNC, location area, cell
_SERVING = const((1, 3, 4, 9, 6))
_NEIGHBOURS = {6: (1, 3, 4, 5, None), 7: (1, 4, 5, 6, 3)}  # without and with the cell
_LEVELS = const(64)  # of GSM (3GPP TS 45.008, 8.1.4); a cell that is not there has a larger one


async def read(modem):
    """[(mccmnc, location area, cell or None, dBm)], the serving one first, or none; raises Coverage."""
    await modem.ask("watch cells")
    lines = await modem.ask("cells")
    await modem.ask_optional("ignore cells")
    cells = [_parse(fields(line)) for line in lines]
    return [cell for cell in cells if cell]


def _parse(values):
    """A cell of the values of a +CENG line, None for one that is not there: the first line has the mode."""
    inside = values[1].split(",") if len(values) == 2 else []
    places = _SERVING if values[0] == "0" and len(inside) > 9 else _NEIGHBOURS.get(len(inside))
    if places is None:
        return None
    level, mcc, mnc, area, cell = [inside[place] if place is not None else None for place in places]
    if not (level.isdigit() and int(level) < _LEVELS and mcc.isdigit() and len(mcc) == 3 and mnc.isdigit()):
        return None
    if mcc == "000" or not consists(area, HEXADECIMAL):
        return None
    return mcc + mnc, area.upper(), cell and cell.upper(), int(level) - 113
