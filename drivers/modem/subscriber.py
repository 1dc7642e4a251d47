"""The subscriber, as a modem and its SIM tell (3GPP TS 27.007 clauses 5.6 and 7.1, TS 31.102 clause 4.2.18)."""

from drivers.modem.lines import fields
from mms.errors import ModemError, SimError

COMMANDS = (  # see dialogue.py
    "\n"
    "imsi|sim|AT+CIMI|20|2|#|OK\n"
    "administrative|sim|AT+CRSM=176,28589,0,0,4|5|2|+CRSM:|OK\n"  # EF_AD, TS 31.102 4.2.18
    "iccid|sim|AT+CCID|5|2|#F|OK\n"
    "number|sim|AT+CNUM|5|2|+CNUM:|OK\n"
)

_LONG_MNC = ("302", "310", "311", "312", "313", "316", "334", "338", "722")  # E.212, the Americas


async def read(modem):
    """(IMSI, home network, number, ICCID) of the SIM, as a Sim has them; raises SimError."""
    imsi = (await modem.patient("imsi") + [""])[0]
    if not imsi.isdigit() or not 6 <= len(imsi) <= 15:
        raise SimError("sim", None, "no IMSI")
    home = imsi[: 3 + await _count_mnc_digits(modem, imsi)]
    iccid = number = None
    for line in await modem.ask_optional("iccid"):
        iccid = fields(line)[0]  # bare, or behind "+ICCID:"
    for line in await modem.ask_optional("number"):
        number = number or _make_international(fields(line))
    return imsi, home, number, iccid


async def _count_mnc_digits(modem, imsi):
    """2 or 3: EF_AD says so in its fourth octet, where it has one."""
    try:
        values = fields((await modem.patient("administrative"))[0])
        digits = int(values[2][6:8], 16) & 15 if values[0] == "144" else 0
    except (ModemError, IndexError, ValueError):
        digits = 0
    if digits in (2, 3):
        return digits
    return 3 if imsi[:3] in _LONG_MNC else 2


def _make_international(values):
    """The number of a +CNUM line in E.164, or None: '"","+447700900001",145'."""
    if len(values) < 3 or not values[1].strip("+").isdigit():
        return None
    if values[1][0] == "+":
        return values[1]
    return "+" + values[1] if values[2] == "145" else None
