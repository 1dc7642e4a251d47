"""Options of an M66 or M95 beside those of all, and switches. [M] marks what is only remembered."""

from tools.lab.modem import options
from tools.lab.modem.options import KEPT, SAVED, VOLATILE, joined

MODELS = ("M66", "M95")

# name: (values, what it means); the first value is the usual modem
SWITCHES = joined(
    options.SWITCHES,
    {
        "active-again": (("refused", "works"), "AT+QIACT of a context that is active: ERROR, or OK [M]"),
        "after-deactivation": (
            ("deactivate", "free"),
            "after +PDP DEACT AT+QIREGAPP works once AT+QIDEACT was said, or at once [M]",
        ),
        "already": (("error", "bare"), "ALREADY CONNECT comes with ERROR (log), or alone (log of an M26)"),
        "autobaud": (("off", "on"), "AT+IPR is 115200, or 0 as it left the factory (M95 HD, 3.8.1.1)"),
        "before-sms-ready": (
            ("302", "3515", "error", "100", "works"),
            "SMS commands before messages are ready: CMS 302 or 3515, ERROR, CME 100 [M]",
        ),
        "closed-line": (("plain", "numbered"), "single mode says CLOSED, or 0, CLOSED (log of an M95)"),
        "data-echo": (
            ("commands", "always"),
            "with AT+QISDE=1 octets after the prompt are echoed as commands are, or even after ATE0 [M]",
        ),
        "datagrams": (("one", "joined"), "AT+QIRD gives one datagram at a time, or as much as there is [M]"),
        "failed-open": (("held", "free"), "the number of a connection that failed needs AT+QICLOSE (log), or is free"),
        "last-error": (("absent", "told"), "AT+QIGETERROR does not exist, or tells the last result [M]"),
        "literal": (("works", "refused"), "with AT+QIDNSIP=1 an address works as a name does, or is refused [M]"),
        "local-address": (
            ("needed", "optional"),
            "AT+QIOPEN works after AT+QILOCIP only, or straight after AT+QIACT [M]",
        ),
        "model": (MODELS, "the answers to ATI and AT+CGMM; an M95 says no SMS Ready"),
        "network-time": (
            ("asked", "saved", "gaps"),
            "+QNITZ comes with AT+QNITZ=1; was switched on and saved; comes in every gap, too [M]",
        ),
        "notice": (
            ("once", "each", "twice"),
            "+QIRDI of AT+QINDI=1 comes once until all was read, for each segment, or twice [M]",
        ),
        "prompt": (("spaced", "bare"), 'the prompt of AT+QISEND is "> ", or ">"; logs show both'),
        "push-labels": (("off", "on"), '+CMTI of a WAP push has no label, or "MMS PUSH" as SIMCom writes it'),
        "role": (("client", "unset"), "AT+QISRVC is 1, or sending needs AT+QISRVC=1 first (log of an MC60)"),
        "send-fail": (("none", "half"), "SEND FAIL: none of the octets was taken, or half of them were [M]"),
        "send-ok": (("taken", "acknowledged"), "SEND OK comes with the octets in the buffer, or when they arrived [M]"),
        "under-voltage": (("silent", "told"), "a supply that gives way is told before the silence (M66 HD, 3.4.2.3)"),
        "unread": (("kept", "lost"), "octets that were not read before CLOSED can be read after it [M]"),
    },
)

_NUMBERS = {
    "+CMEE": (1, (0, 1, 2), SAVED),  # log of an M95: numbers from the start
    "+QISDE": (1, (0, 1), VOLATILE),  # echo of the octets of AT+QISEND
    "+QINDI": (0, (0, 1, 2), VOLATILE),
    "+QIHEAD": (0, (0, 1), VOLATILE),
    "+QISHOWRA": (0, (0, 1), VOLATILE),
    "+QISHOWPT": (0, (0, 1), VOLATILE),
    "+QISRVC": (1, (1, 2), VOLATILE),
    "+QIDNSIP": (0, (0, 1), VOLATILE),
    "+QIMODE": (0, (0,), VOLATILE),  # transparent mode is not simulated
    "+QIFGCNT": (0, (0, 1), VOLATILE),
    "+QIURC": (1, (0, 1), SAVED),
    "+QNITZ": (0, (0, 1), SAVED),
    "+QSCLK": (0, (0, 1, 2), SAVED),
}

_STRINGS = {
    "+CSCS": ("GSM", '("GSM","HEX","IRA","UCS2","8859-1")', SAVED),
    "+CGCLASS": ("B", '("B","CG","CC")', KEPT),
}

# M50 HD V2.0, page 43; autobauding knows those from 4800 on
_RATES = (0, 300, 600, 1200, 2400, 4800, 9600, 14400, 19200, 28800, 38400, 57600, 115200)


def made():
    """The options of a new modem; AT+IPR takes effect at once, AT&W saves it, AT&F and ATZ restore it (M10, 2.2.43)."""
    return options.Options(
        joined(options.NUMBERS, _NUMBERS),
        joined(options.STRINGS, _STRINGS),
        options.TUPLES,
        _RATES,
        SAVED,
    )
