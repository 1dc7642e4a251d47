"""The cell that serves a u-blox modem: AT+CGED=3, as logs of SARA-G3 and U2 have it; loaded when asked for.

SARA-R4 refuses that, and tells by AT+UCGED=5 only which physical cell it hears and how well, as logs of SARA-R410M have
it. Of neighbours nothing is asked: their lines differ by model and firmware.
"""

from drivers.modem.lines import HEXADECIMAL, consists, fields
from mms.errors import Coverage

COMMANDS = (  # see dialogue.py
    "\ncells|register|AT+CGED=3|10|1|?|OK\nlevels|register|AT+UCGED=5;+UCGED?|10|1|?|OK\n"
)


async def read(modem):
    """[(mccmnc, location area, cell, None)], of SARA-R4 [(None, None, cell, dBm)], or none; raises Coverage."""
    values = {}
    try:
        lines = await modem.ask("cells")
    except Coverage:
        return _parse(await modem.ask("levels"))
    for line in lines:
        for part in line.replace("+CGED:", "").split(","):
            name, _, value = part.partition(":")
            values.setdefault(name.strip(), value.strip())
    mcc, mnc, area, cell = [values.get(name, "") for name in ("MCC", "MNC", "LAC", "CI")]
    if not (mcc.isdigit() and len(mcc) == 3 and mnc.isdigit() and area and consists(area + cell, HEXADECIMAL)):
        return []
    return [(mcc + (mnc if len(mnc) > 1 else "0" + mnc), area.upper(), cell.upper() or None, None)]


def _parse(lines):
    """The cell of a line such as +RSRP: 476,5110,"-096.50", in a list."""
    for line in lines:
        cell, _, level = (fields(line) + [""] * 3)[:3]
        level = level.split(".")[0]
        if line[:6] == "+RSRP:" and cell.isdigit() and level[:1] == "-" and level[1:].isdigit():
            return [(None, None, "PCI " + cell, int(level))]
    return []
