"""Who the subscriber is, as a modem and its SIM tell (3GPP TS 27.007 clauses 5.6 and 7.1, TS 31.102 clause 4.2.18)."""

from drivers.modem.digester import fields
from mms.errors import ModemError, SimError

_LONG_MNC = ("302", "310", "311", "312", "313", "316", "334", "338", "722")  # E.212, the Americas


async def read(ask, patient):
    """(IMSI, home network, number, ICCID): what a Sim has; raises SimError.

    By a modem's `ask`, and by its `patient` one, which waits while the SIM is busy.
    """
    imsi = (await patient("imsi") + [""])[0]
    if not imsi.isdigit() or not 6 <= len(imsi) <= 15:
        raise SimError("sim", None, "no IMSI")
    home = imsi[: 3 + await _mnc_digits(patient, imsi)]
    iccid = (await _told(ask, "iccid") + [None])[0]
    number = None
    for line in await _told(ask, "number"):
        number = number or _international(fields(line))
    return imsi, home, number, iccid


async def _told(ask, name):
    """The lines that answer what not every SIM has; none when it is refused."""
    try:
        return await ask(name)
    except ModemError:
        return []


async def _mnc_digits(patient, imsi):
    """2 or 3: EF_AD says so in its fourth octet, where it has one."""
    try:
        values = fields((await patient("administrative"))[0])
        digits = int(values[2][6:8], 16) & 15 if values[0] == "144" else 0
    except (ModemError, IndexError, ValueError):
        digits = 0
    if digits in (2, 3):
        return digits
    return 3 if imsi[:3] in _LONG_MNC else 2


def _international(values):
    """The number of a +CNUM line in E.164, or None: '"","+447700900001",145'."""
    if len(values) < 3 or not values[1].strip("+").isdigit():
        return None
    if values[1][0] == "+":
        return values[1]
    return "+" + values[1] if values[2] == "145" else None
