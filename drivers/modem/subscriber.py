"""The subscriber, as a modem and its SIM tell (3GPP TS 27.007 clauses 5.6 and 7.1, TS 31.102 clause 4.2.18)."""

import binascii

from drivers.modem.lines import fields
from mms.errors import ModemError, SimError
from mms.limits import const

COMMANDS = (  # see dialogue.py
    "\n"
    "imsi|sim|AT+CIMI|20|2|#|OK\n"
    "administrative|sim|AT+CRSM=176,28589,0,0,4|5|2|+CRSM:|OK\n"  # EF_AD, TS 31.102 4.2.18
    "size|sim|AT+CRSM=192,{file},0,0,15|5|1|+CRSM:|OK\n"  # GET RESPONSE, TS 51.011 9.2.1
    "binary|sim|AT+CRSM=176,{file},{high},{low},{count}|5|2|+CRSM:|OK\n"
    "iccid|sim|AT+CCID|5|2|#F|OK\n"
    "number|sim|AT+CNUM|5|2|+CNUM:|OK\n"
)

_FILE = const(1024)  # octets of a file that are read: more than any operator writes
_PIECE = const(128)  # octets that are read at a time: their digits fit well into a line
_GOOD = const(("144", "145", "158", "159"))  # 9000, 91xx, 9Exx and 9Fxx: it went well (TS 51.011, 9.4.1)
_LONG_MNC = const(("302", "310", "311", "312", "313", "316", "334", "338", "722"))  # E.212, the Americas


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


async def read_file(modem, file):
    """The octets of a transparent file of the SIM, at most _FILE; none when it cannot be read."""
    found = b""
    try:
        told = _response(await modem.ask("size", file))
        octets = min(_size(told), _FILE)
        while len(found) < octets:
            count = min(octets - len(found), _PIECE)
            piece = _response(await modem.ask("binary", file, len(found) >> 8, len(found) & 255, count))
            if len(piece) != count:
                return b""
            found += piece
    except (ModemError, ValueError, IndexError):
        return b""
    return found


def _response(lines):
    """The octets of a +CRSM line, none when the SIM refused; raises ValueError, IndexError."""
    values = fields(lines[0])
    return binascii.unhexlify(values[2]) if values[0] in _GOOD and len(values) > 2 else b""


def _size(told):
    """The octets of a file as a SIM (TS 51.011, 9.2.1) or a USIM (TS 102 221, 11.1.1.3) tells of it."""
    if told[:1] != b"\x62":
        return told[2] << 8 | told[3] if len(told) > 3 else 0
    at = 2
    while at + 1 < len(told):
        if told[at] == 0x80 and told[at + 1] == 2 and at + 3 < len(told):
            return told[at + 2] << 8 | told[at + 3]
        at += 2 + told[at + 1]
    return 0


def _make_international(values):
    """The number of a +CNUM line in E.164, or None: '"","+447700900001",145'."""
    if len(values) < 3 or not values[1].strip("+").isdigit():
        return None
    if values[1][0] == "+":
        return values[1]
    return "+" + values[1] if values[2] == "145" else None
