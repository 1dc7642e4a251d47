"""The radio network: registration, signal and the operators on the air (3GPP TS 27.007 clauses 7.2, 7.3 and 8.5).

Loaded when the handset registers or asks where it is.
"""

from drivers.modem.lines import fields
from mms import clock
from mms.errors import Coverage
from mms.limits import const

COMMANDS = (  # see dialogue.py
    "\n"
    "registration|register|AT+CREG?|5|3|+CREG:|OK\n"
    "signal|register|AT+CSQ|5|2|+CSQ:|OK\n"
    "numeric|register|AT+COPS=3,2|5|2|-|OK\n"
    "operator|register|AT+COPS?|45|1|+COPS:|OK\n"
    "operators|register|AT+COPS=?|120|1|+COPS:|OK\n"
    "automatic|register|AT+COPS=0|120|1|-|OK\n"
    "manual|register|AT+COPS=1,2,{operator}|120|1|-|OK\n"
)

_DENIED = const(3)
_STATUS = ("idle", "home", "searching", "denied", "unknown", "roaming")  # +CREG (7.2)
_ON_THE_AIR = {"(0": "unknown", "(1": "available", "(2": "current", "(3": "forbidden"}  # +COPS=? (7.3)


class Network:
    """mccmnc or None; status "home", "roaming", "searching", "denied", "idle" or "unknown"; roaming;
    rat; signal: dBm or None.
    """

    def __init__(self, mccmnc, status, rat, signal):
        self.mccmnc, self.status, self.rat, self.signal = mccmnc, status, rat, signal
        self.roaming = status == "roaming"


async def read(modem):
    """The Network that the modem is on; raises Coverage when it does not say."""
    status = await _ask_status(modem)
    mccmnc = signal = None
    if status in ("home", "roaming"):
        mccmnc = await _ask_serving(modem)
    strength = fields((await modem.ask("signal") + ["+CSQ: 99,99"])[0])[0]
    if strength.isdigit() and int(strength) <= 31:
        signal = 2 * int(strength) - 113  # 8.5
    return Network(mccmnc, status, modem.RAT, signal)


async def read_operators(modem):
    """[(mccmnc, name, status)] of the networks on the air."""
    found = []
    for line in await modem.ask("operators"):
        values = fields(line)
        for index, value in enumerate(values[:-3]):
            mccmnc = values[index + 3].strip(")")
            if value in _ON_THE_AIR and mccmnc.isdigit():
                found.append((mccmnc, values[index + 1], _ON_THE_AIR[value]))
    return found


async def register(modem, mccmnc, seconds):
    """Wait until registered, on the network `mccmnc` if given; raises Coverage, code 3 when denied."""
    if mccmnc is not None:
        await modem.ask("manual", mccmnc)
    elif not modem.registered and fields((await modem.ask("operator") + ["+COPS: 0"])[0])[0] != "0":
        await modem.ask("automatic")  # a choice by hand outlives power: it must not outlive its use
    since = clock.ticks()
    while True:
        status = await _ask_status(modem)
        if status in ("home", "roaming"):
            if status != modem.registered:
                modem.registered = status
                modem.events.say("registered", mccmnc=await _ask_serving(modem), status=status)
            return
        modem.registered = None
        if status == "denied":
            raise Coverage("register", _DENIED, "the network refuses this SIM")
        if clock.since(since) > seconds * 1000:
            raise Coverage("register", _STATUS.index(status), "no network")
        await clock.sleep(500)


async def _ask_status(modem):
    status = "unknown"
    for line in await modem.ask("registration"):
        values = fields(line)  # of news, which begin alike, the second value is a location area
        if len(values) > 1 and values[1] in ("0", "1", "2", "3", "4", "5"):
            status = _STATUS[int(values[1])]
    return status


async def _ask_serving(modem):
    """The MCC and MNC of the network that serves the handset, or None."""
    await modem.ask("numeric")
    values = fields((await modem.ask("operator") + [""])[0])
    return values[2] if len(values) > 2 else None
