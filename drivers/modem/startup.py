"""The start of a modem, up to a SIM that is ready (3GPP TS 27.007 clause 8.3, TS 27.005 clause 3)."""

from drivers.modem.lines import fields
from mms import clock
from mms.errors import ModemError, SimError
from mms.limits import const

COMMANDS = (  # see dialogue.py
    "\n"
    "echo|modem|ATE0|2|3|-|OK\n"
    "errors|modem|AT+CMEE=1|2|3|-|OK\n"
    "quiet|register|AT+CREG=0|2|2|-|OK\n"  # so that a reply is never taken for news
    "pin|sim|AT+CPIN?|5|3|+CPIN:|OK\n"
    "unlock|sim|AT+CPIN={pin}|5|1|-|OK\n"
    "pdu|sms|AT+CMGF=0|5|2|-|OK\n"
    'memories|sms|AT+CPMS="SM","SM","SM"|5|2|+CPMS:|OK\n'  # new messages go to the last one
    "notify|sms|AT+CNMI=2,1,0,1,0|5|2|-|OK\n"  # stored first, so that the SIM keeps them
)

_BUSY_MS = const(20000)  # for so long a SIM is busy after power on
_AGAIN_MS = const(200)
_TAKEN_MS = const(5000)  # from the OK to a PIN until the SIM is ready
_PIN_NEEDED = const(((11, "pin"), (12, "puk"), (311, "pin"), (316, "puk")))  # +CME and +CMS


async def start(modem, power):
    """Begin the dialogue, by `power` if need be, and `ask_state`."""
    pipe = modem.dialogue.pipe
    if getattr(pipe, "flow", False):
        pipe.set_flow(False)  # a modem that was reset has none
    try:
        await modem.dialogue.sync(modem.way_out())
    except ModemError:
        if power is None:
            raise
        await power()
        await modem.dialogue.sync(modem.way_out())
    for name in ("echo", "errors", "quiet"):
        await modem.ask(name)
    if getattr(pipe, "settings", {}).get("flow", getattr(pipe, "flow", None) is not None):
        from drivers.modem import flow

        await flow.start(modem)
    return await ask_state(modem)


async def prepare(modem):
    """Set up short messages on a modem whose SIM is ready."""
    for name in ("pdu", "memories", "notify"):
        await modem.patient(name, early=_BUSY_MS)
    if getattr(modem.dialogue.pipe, "settings", {}).get("sleep"):
        from drivers.modem import sleep

        await sleep.start(modem)


async def ask_state(modem):
    """The state of the SIM: "ready", or "pin" or "puk" when it asks for that; raises SimError when none works."""
    since = clock.ticks()
    while True:
        try:
            # a modem that restarts in the middle answers ERROR: it has forgotten AT+CMEE, and the SIM is busy again
            answer = fields((await modem.patient("pin", early=_BUSY_MS) + [""])[0])[0]
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
        await clock.sleep(_AGAIN_MS)


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
        await clock.sleep(_AGAIN_MS)
