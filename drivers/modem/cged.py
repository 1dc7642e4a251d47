"""The cell that serves a u-blox modem: AT+CGED=3, as logs of SARA-G3 and U2 have it; loaded when asked for.

SARA-R4 has no such command. Of neighbours nothing is asked: their lines differ by model and firmware.
"""

from drivers.modem.lines import HEXADECIMAL, consists

COMMANDS = "\ncells|register|AT+CGED=3|10|1|?|OK\n"  # see dialogue.py


async def read(modem):
    """[(mccmnc, location area, cell, None)], or none; raises Coverage."""
    values = {}
    for line in await modem.ask("cells"):
        for part in line.replace("+CGED:", "").split(","):
            name, _, value = part.partition(":")
            values.setdefault(name.strip(), value.strip())
    mcc, mnc, area, cell = [values.get(name, "") for name in ("MCC", "MNC", "LAC", "CI")]
    if not (mcc.isdigit() and len(mcc) == 3 and mnc.isdigit() and area and consists(area + cell, HEXADECIMAL)):
        return []
    return [(mcc + (mnc if len(mnc) > 1 else "0" + mnc), area.upper(), cell.upper() or None, None)]
