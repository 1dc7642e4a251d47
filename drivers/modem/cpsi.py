"""The serving cell of a SIMCom modem for LTE: AT+CPSI (SIM7500_SIM7600 AT manual V1.10, 5.15); loaded when asked for.

It tells no neighbours. Its levels have another unit in each firmware, so none is told here.
"""

from drivers.modem.lines import HEXADECIMAL, consists, fields

COMMANDS = "\ncells|register|AT+CPSI?|9|1|+CPSI:|OK\n"  # see dialogue.py


async def read(modem):
    """[(mccmnc, location or tracking area, cell, None)], or none; raises Coverage."""
    lines = await modem.ask("cells")
    values = (fields(lines[0]) if lines else []) + [""] * 5
    mccmnc = values[2].replace("-", "")
    area = values[3][2:] if values[3][:2] == "0x" else values[3]
    if not mccmnc.isdigit() or not area or not consists(area, HEXADECIMAL) or not values[4].isdigit():
        return []  # no service, or a modem that registers
    return [(mccmnc, area.upper(), values[4], None)]
