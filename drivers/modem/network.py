"""The radio network: registration, the network that serves, signal (3GPP TS 27.007 clauses 7.2, 7.3 and 8.5).

Loaded when the handset registers or asks where it is.
"""

from drivers.modem.dialogue import is_refusal
from drivers.modem.lines import fields
from mms import clock
from mms.errors import Coverage
from mms.limits import const

COMMANDS = (  # see dialogue.py
    "\n"
    "registration|register|AT+CREG?|5|3|+CREG:|OK\n"
    "packet|register|AT+CGREG?|5|3|+CGREG:|OK\n"
    "eps|register|AT+CEREG?|5|3|+CEREG:|OK\n"
    "signal|register|AT+CSQ|5|2|+CSQ:|OK\n"
    "numeric|register|AT+COPS=3,2|5|2|-|OK\n"
    "operator|register|AT+COPS?|45|1|+COPS:|OK\n"
    "automatic|register|AT+COPS=0|120|1|-|OK\n"
)

_DENIED = const(3)
_ATTACHING_MS = const(5000)  # a modem that is denied, or registered for texts alone, may still be attached for packets
_POLL_MS = const(200)  # a handset that is registered knows it so soon
# +CREG, +CGREG and +CEREG (7.2, 10.1.20, 10.1.22); 6 and 7: for short messages only; 9 and 10: CSFB is not preferred
_STATUS = const(
    ("idle", "home", "searching", "denied", "unknown", "roaming", "home", "roaming", "unknown", "home", "roaming")
)
_BEST = const(("1", "5", "9", "10", "6", "7", "2", "3", "0", "4"))  # which status counts where there are several
_SMS_ONLY = const((6, 7))
_RATS = const("GSM GSM UMTS GSM UMTS UMTS UMTS LTE LTE LTE")  # by <AcT> of 7.3; 8 is eMTC to Quectel


class Network:
    """mccmnc or None; status "home", "roaming", "searching", "denied", "idle" or "unknown"; roaming;
    rat: "GSM", "UMTS" or "LTE"; signal: dBm or None; sms_only: nothing but short messages goes.
    """

    def __init__(self, mccmnc, status, rat, signal, sms_only=False):
        self.mccmnc, self.status, self.rat, self.signal, self.sms_only = mccmnc, status, rat, signal, sms_only
        self.roaming = status == "roaming"


async def read(modem):
    """The Network that the modem is on; raises Coverage when it does not say."""
    code = await _ask_status(modem)
    status, rat = _STATUS[code], modem.RAT
    mccmnc = signal = None
    if status in ("home", "roaming"):
        mccmnc, rat = await ask_serving(modem)
    strength = fields((await modem.ask("signal") + ["+CSQ: 99,99"])[0])[0]
    if strength.isdigit() and int(strength) <= 31:
        signal = 2 * int(strength) - 113  # 8.5
    return Network(mccmnc, status, rat, signal, code in _SMS_ONLY)


def name_rat(access):
    """The radio technology of an <AcT>, or ""."""
    names = _RATS.split()
    return names[int(access)] if access.isdigit() and int(access) < len(names) else ""


async def register(modem, seconds):
    """Wait until registered, and return the status; raises Coverage, code 3 when denied."""
    if not modem.registered:
        await _end_choice(modem)
    return await wait(modem, seconds, _end_choice)


async def _end_choice(modem):
    """Have the modem choose where a choice by hand is in force, which outlives power: it must not outlive its use."""
    modem.chosen = False
    if fields((await modem.ask("operator") + ["+COPS: 0"])[0])[0] != "0":
        await choose_again(modem)


async def choose_again(modem):
    """Have the modem choose its network from here on."""
    modem.chosen = False
    try:
        await modem.ask("automatic")
    except Coverage:
        pass  # the mode holds, though there is no network just then


async def wait(modem, seconds, lost=None):
    """Wait until registered: "home" or "roaming"; `await lost(modem)` where it was otherwise registered before."""
    since = clock.ticks()
    while True:
        code = await _ask_status(modem)
        status = _STATUS[code]
        if lost and modem.registered not in (None, status):
            await lost(modem)
        attaching = len(modem.REGISTRATIONS) > 1 and clock.since(since) < _ATTACHING_MS
        sms_only = code in _SMS_ONLY
        if status in ("home", "roaming") and not (sms_only and attaching):
            if (status, sms_only) != (modem.registered, modem.sms_only):
                modem.registered, modem.sms_only = status, sms_only
                mccmnc, rat = await ask_serving(modem)
                modem.events.say("registered", mccmnc=mccmnc, status=status, rat=rat)
                if sms_only:
                    modem.events.say("sms_only", mccmnc=mccmnc)
            return status
        modem.registered = None
        if code == _DENIED and not attaching:
            raise Coverage("register", _DENIED, await modem.ask_why() or "the network refuses this SIM")
        if clock.since(since) > seconds * 1000:
            raise Coverage("register", code, "no network")
        modem.check_ready("register")  # one that restarts meanwhile has to be started first
        await clock.sleep(_POLL_MS)


async def _ask_status(modem):
    """The status of the best registration that the modem tells, as its place in _STATUS."""
    best = len(_BEST) - 1
    for name in modem.REGISTRATIONS:
        for line in await _ask_registration(modem, name):
            value = (fields(line) + ["", ""])[1]  # of news, which begin alike, it is a location area
            if value in _BEST:
                best = min(best, _BEST.index(value))
        if best < 4:
            break  # registered for everything
    return int(_BEST[best])


async def _ask_registration(modem, name):
    """The lines of a registration; none where the modem does not know it, though it knows another one."""
    try:
        return await modem.ask(name)
    except Coverage as error:
        if not is_refusal(error) or name == modem.REGISTRATIONS[-1]:
            raise
        return []


async def ask_serving(modem):
    """(MCC and MNC of the network that serves the handset, or None; its radio technology)."""
    await modem.ask("numeric")
    values = fields((await modem.ask("operator") + [""])[0]) + ["", "", "", ""]
    return values[2] or None, name_rat(values[3]) or modem.RAT
