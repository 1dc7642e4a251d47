"""The SIM: its PIN, and who its subscriber is (3GPP TS 27.007 clauses 5.6, 7.1 and 8.3, TS 31.102 clause 4.2.18).

Loaded when the modem starts and when its SIM is read.
"""

from drivers.modem.digester import fields
from mms import clock
from mms.errors import ModemError, SimError
from mms.limits import const

_BUSY_MS = const(20000)  # for so long a SIM is busy after power on
_TAKEN_MS = const(5000)  # from the OK to a PIN until the SIM is ready
_PIN_NEEDED = ((11, "pin"), (12, "puk"), (311, "pin"), (316, "puk"))  # +CME and +CMS
_LONG_MNC = ("302", "310", "311", "312", "313", "316", "334", "338", "722")  # E.212, the Americas


async def ask_state(modem):
    """What the SIM waits for: "ready" for nothing, "pin" or "puk"; raises SimError when there is none that works."""
    since = clock.ticks()
    while True:
        try:
            answer = fields((await modem.patient("pin") + [""])[0])[0]
        except SimError as error:
            for code, state in _PIN_NEEDED:
                if error.code == code:
                    return state
            text = "no SIM" if error.code == 10 else "the SIM does not work"
            raise SimError("sim", error.code, text)
        if answer == "READY":
            return "ready"
        if answer in ("SIM PIN", "SIM PUK"):
            return "pin" if answer == "SIM PIN" else "puk"
        if answer == "NOT INSERTED":
            raise SimError("sim", 10, "no SIM")
        if clock.since(since) > _BUSY_MS:
            raise SimError("sim", None, "the SIM says %s" % (answer or "nothing"))
        await clock.sleep(500)


async def unlock(modem, pin):
    """Give the PIN, once; raises SimError with the modem's code when the SIM refuses it."""
    state = await ask_state(modem)
    if state == "puk":
        raise SimError("sim", 12, "the SIM asks for its PUK")
    if state == "pin":
        if not (pin.isdigit() and 4 <= len(pin) <= 8):
            raise SimError("sim", None, "a PIN has 4 to 8 digits")
        await modem.ask("unlock", pin)


async def wait_unlocked(modem):
    """Wait for a SIM that has accepted its PIN; raises ModemError where it wants it again, and SimError."""
    since = clock.ticks()
    while await ask_state(modem) != "ready":
        if clock.since(since) > _TAKEN_MS:
            raise ModemError("modem", None, "the SIM wants its PIN again")  # the modem has lost its power since
        await clock.sleep(500)


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
