"""Advice to the user for each error; loaded when one occurs."""

from mms.errors import Damaged, PduError, SettingsError, StoreError, StoreFull, Stuck, UsageError
from mms.limits import const

_AGAIN = const("try again later; if it stays so, ask the sender to send it again")
_GONE = const("the message centre has it no more: ask the sender to send it again")
_RESTART = const("nothing is lost: if it happens again, restart the handset")
_POWER = const(
    "its supply gave way, most likely: a modem takes 2 A in bursts while it sends, so put 470 to 1000 uF across its"
    " supply pins, use short thick wires, and a cell or a supply of 2 A; the handset starts it again"
)
_ADVICE = {  # by step
    "line": "plug it in, and see whether the path is right",
    "modem": "check power and the serial line of the modem",
    "baud": "check ground and levels of its serial line, or set a speed there by AT+IPR",
    "power": _POWER,
    "flow": "it is used without; modem.flow false in the settings leaves RTS and CTS alone",
    "sleep": "it stays awake; modem.sleep false in the settings says so",
    "family": "name a family like it as modem.family in the settings, or write one",
    "camera": "check power and the serial line of the camera",
    "record": "check the microphone and its wires; the modem's own works on a SIM800 with a recorder only",
    "picture": "try again; where it stays so, a lower camera.baud in the settings or shorter wires may help",
    "sim": "check the SIM and its PIN",
    "register": "go where there is coverage, and check the antenna; a modem of 2G alone works where 2G has not ended",
    "roaming": "change roaming in the settings, or type scan, then register MCCMNC for another network",
    "price": "change spending in the settings, or wait: the message goes when its price is allowed and known",
    "attach": "see whether the SIM has data service here",
    "context": "check apn, user and password in the settings",
    "connect": "check proxy and mmsc in the settings",
    "proxy": "check proxy in the settings: it takes connections from its operator's own access point only",
    "mmsc": "check mmsc and proxy in the settings, which have to be of one operator",
    "send": "the connection was lost",
    "receive": "the connection was lost",
    "sms": "see whether this SIM sends and receives texts in a telephone",
    "read": "the message stays where it is: look for it with the SIM in a telephone",
    "operators": "add the operator to the settings, or apply settings that it sends",
    "header": "correct user_agent, profile_url and headers in the settings",
    "body": "delete the message and send it anew",
    "answer": "check proxy and mmsc in the settings",
    "confirmation": "the message stays in the outbox: correct it, or send it again with retry",
    "address": "ask the sender to send it again: this announcement does not say where the message lies",
    "location": "ask the operator on which hosts messages lie, and add them to its hosts in the settings",
    "retrieve": _AGAIN,
    "size": "ask the sender for a smaller one; should less have been announced than there is, fetch it",
    "room": "delete messages to make room, then fetch it",
    "store": "delete messages to make room",
    "carry": "a supply that gives way when the modem sends may restart the board: put 470 to 1000 uF across the modem's"
    " supply pins; then try once more with retry or fetch, or delete it",
    "time": "try again where the coverage is better",
    "wifi": "check wifi.name and wifi.password in the settings",
    "display": "see whether SDA, SCL, 3V3 and GND are wired; panel.display false in the settings says there is none",
    "battery": "charge it: what waits goes then",
    "page": "install microdot 2.7.0 beside the program, or remove page from the settings",
    "memory": _RESTART,
}
_CODES = (  # steps, codes, and advice. The codes are errno of a line, +CMS of a text, else +CME (SIM800 manual 19)
    ("line", (11, 16), "another program has the line: end that one"),
    ("line", (1, 13), "this user may not open it: see who owns it, and which group"),
    ("sms", (1, 21, 22, 27, 28, 195, 196), "check the number"),
    ("sms", (8, 10, 29, 50, 55, 69, 193), "ask the operator whether this SIM may send texts"),
    ("sms", (38, 41, 42, 47, 98, 192, 194, 331, 332, 500), "send it again later"),
    ("sms", (208, 211, 322, 531), "delete messages on the SIM"),
    ("sms", (330,), "the SIM does not name a centre for texts: ask its operator"),
    ("sms", (302, 314, 521), "the modem is not ready yet: wait a minute"),
    ("sms", (310, 313, 315), "check the SIM: it is not in the modem, or has no contact"),
    ("register", (3, 32), "type scan, then register MCCMNC for another one; if none takes the SIM, ask its operator"),
    ("register attach context connect", (30,), "wait, or go where there is better coverage"),
    ("sim register attach context", (10, 13, 15), "check the SIM: it is not in the modem, or has no contact"),
    ("page", (48, 98, 112), "another program has it: name another page.port in the settings"),
    ("page", (1, 13), "this user may not have it: name a page.port above 1023 in the settings"),
    ("mmsc", (403, 407), "the proxy refuses: check apn and proxy, or ask the operator whether this SIM has MMS"),
    ("record", (5000, 5001, 5002), "the sound of the modem is in use, by a call or another recording: try again later"),
    ("record", (5003,), "the flash of the modem is full: delete files in it, or record for a shorter time"),
    ("record", (4, 100), "use a board with a SIM800 that records, or an I2S microphone"),
    ("sim", (14,), "the SIM is busy: wait a minute"),
    ("sim", (16,), "correct the PIN in the settings: after three wrong ones the SIM wants its PUK"),
    ("sim register attach context", (11, 12), "check the SIM and its PIN"),
    # Response-Status and Retrieve-Status (OMA-TS-MMS_ENC, 7.3.48 and 7.3.50), and statuses of HTTP
    ("confirmation", (0x82, 0xE1), "ask the operator whether the subscription has MMS"),
    ("confirmation", (0x83, 0xE2), "send it again with other words, or set another version in the settings"),
    ("confirmation", (0x84, 0xE3), "ask the operator: the message centre does not know our number"),
    ("confirmation", (0x87, 0xE5), "send less (camera.size and operators.*.octets in the settings) or other content"),
    ("confirmation", (0xEA,), "send it without hide: the message centre shows every sender"),
    ("confirmation", (0xEB,), "top up the SIM, then send it again with retry"),
    ("confirmation", (0x85, 0xE4), _GONE),
    ("retrieve", (0xE2, 404, 410), _GONE),
    ("retrieve", (0xE1,), "ask the operator whether the subscription has MMS"),
    ("retrieve", (0xE3,), "ask the sender for another form: user_agent and profile_url say what this handset takes"),
)
_CAUSES = const("""
2|the home network does not know this SIM: ask its operator whether it is active
3|the network takes this SIM for invalid: ask its operator, or use another SIM
5|the network refuses this modem by its IMEI: ask the operator, or use another modem
6|the network bars this modem: ask the operator, or use another modem
7|the SIM has no data service: ask its operator for data service with this SIM
8|the SIM has neither calls nor data service: ask its operator
9|the network has lost this SIM: try again
10|the network has detached this SIM: try again
11|this network refuses the SIM, whose operator has no agreement with it: type scan, then register MCCMNC for another
12|this network refuses the SIM in this area: type scan, then register MCCMNC for another, or go elsewhere
13|this network refuses roaming in this area: type scan, then register MCCMNC for another, or go elsewhere
14|this network has no data service for the SIM: type scan, then register MCCMNC for another
15|no cell here is for this SIM: type scan, then register MCCMNC for another, or go elsewhere
16|the network is out of order: wait, or register MCCMNC for another
17|the network failed, or the home network steers to another: wait, or type register auto
22|the network is congested: wait
26|the network has no room: wait
27|the network does not know the access point: check apn in the settings
28|the network does not give this kind of address: check apn in the settings
29|the network refuses the login: check user and password in the settings
30|the operator's gateway refuses: check apn, user and password in the settings
31|the network refuses: check apn, user and password in the settings
32|the network has no such service: check apn, or ask the operator for data service with this SIM
33|the SIM is not subscribed to this access point: check apn, or ask the operator for data service with it
34|the service is out of order for a while: wait, or go where there is better coverage
38|the network failed: wait
""")  # 3GPP TS 24.008, 10.5.5.14 and 10.5.6.6: as +CME with 100 more (TS 27.007, 9.2.2)
_SAME = const(((149, 29), (148, 31)))  # +CME of PDP authentication and of an unspecified GPRS error
_KINDS = (
    (SettingsError, "correct the settings"),
    (PduError, _AGAIN),
    (Stuck, _RESTART),
    (Damaged, "delete it, and have it sent again"),
    (StoreFull, _ADVICE["store"]),
    (StoreError, "restart the handset; if it comes again, the flash is worn: save the messages with export"),
)
_RESET = const("the handset starts it again; if that happens often, check the power of the modem")
_TAKEN_DOWN = const("the network took the context down")  # as drivers/modem/sockets.py says it
_NAMED = const(", and modem.family if it is there")  # a modem of another family knows none of a context's commands
_FAMILY = const("see whether modem.family in the settings is right for this modem")


def advice(error, waits=False):
    """Advice to the user about an error, in one sentence; "" where only its text helps. `waits`: a message waits."""
    step = getattr(error, "step", "")
    if waits and step == "confirmation":
        return "the message waits"  # the MMSC says that it may take it later
    hint = _about(error, step)
    return hint + "; the message waits" if waits and hint else hint


def was_reset(error):
    """Whether the modem restarted, whatever was under way then: drivers/modem/family.py says so in the error's text."""
    return getattr(error, "text", "").startswith("the modem was re")  # set, or restarted by a command


def _lacked_power(step, text):
    """Whether a modem that was reset says so itself, or began anew in the middle of a transfer, with its SIM in it."""
    if "UNDER" in text:  # VOLTAGE, in the spelling of its family
        return True
    moving = step in ("send", "receive", "power") and text.startswith("the modem was reset")
    return moving and "+CPIN: NOT" not in text


def _about(error, step):
    for kind, hint in _KINDS:
        if isinstance(error, kind):
            return hint
    text = getattr(error, "text", "")
    if was_reset(error):
        return _POWER if _lacked_power(step, text) else _RESET
    if text == _TAKEN_DOWN:
        return "the handset brings it up again; if that happens often, go where there is better coverage"
    if text.startswith("only short messages"):
        return "type scan, then register MCCMNC for another network"
    code = getattr(error, "code", None)
    for steps, codes, hint in _CODES if code is not None else ():
        if code in codes and step in steps.split():
            return hint
    if code is not None and code > 100 and step in ("register", "attach", "context"):
        cause = _about_cause(step, code)
        if cause:
            return cause
    if step == "modem":
        if text.startswith("the modem refused"):
            return _FAMILY  # it is there, and does not know the command
        if text and not text.startswith("nothing"):
            return _RESET
    hint = getattr(error, "advice", "") or _ADVICE.get(step, "")
    return hint + _NAMED if step == "context" and text.startswith("the modem refused") else hint


def _about_cause(step, code):
    """The meaning of a cause of the network, and what to do; "" for one that is not known."""
    if step == "attach" and code == 148:
        return "the network refuses: wait, or type scan, then register MCCMNC for another one"
    for same, cause in _SAME:
        if code == same:
            code = cause + 100
    at = _CAUSES.find("\n%d|" % (code - 100))
    return _CAUSES[_CAUSES.find("|", at) + 1 : _CAUSES.find("\n", at + 1)] if at >= 0 else ""


def sentence(error):
    """One line on what failed and what to do; a fault of the program itself is named by its kind."""
    hint = advice(error)
    text = str(error) if hasattr(error, "step") or isinstance(error, (SettingsError, UsageError)) else _internal(error)
    return "%s; %s" % (text, hint) if hint else text


_PACKAGES = {"serial": "pyserial", "construct": "construct"}  # by the name of their module


def _internal(error):
    module = getattr(error, "name", None) if isinstance(error, ImportError) else None
    if module in _PACKAGES:
        return "%s is missing here or too old: python -m pip install --upgrade %s" % ((_PACKAGES[module],) * 2)
    return "internal: %s %s" % (type(error).__name__, error)
