"""Options of this family beside those of all (AT commands manuals of BG96 V2.1, EC25 and EC21 V1.3), and switches.

[M] marks rules that are only remembered, of the manuals or of real modules; a switch makes them otherwise.
"""

from tools.lab.modem import options
from tools.lab.modem.options import KEPT, SAVED, VOLATILE

MODELS = ("BG95-M3", "BG96", "EC21", "EC25", "EG91")

# name: (values, what it means); the first value is the usual modem
SWITCHES = dict(options.SWITCHES)
SWITCHES.update(
    {
        "active-again": (("refused", "works"), "AT+QIACT of a context that is active: ERROR, or OK [M]"),
        "after-deactivation": (
            ("deactivate", "free"),
            'after +QIURC: "pdpdeact" AT+QIACT works once AT+QIDEACT was said (EC200U, 2.5.5), or at once',
        ),
        "app-ready": (("said", "silent"), "APP RDY comes after RDY, or never: logs show both"),
        "before-sms-ready": (
            ("302", "error", "100", "works"),
            "SMS commands before SMS DONE: CMS 302, ERROR, CME 100 [M]",
        ),
        "connected-state": (("2", "3"), "AT+QISTATE calls a connection 2 (manual, 2.3.6), or 3 (a log of a BG96)"),
        "contexts": (
            ("shared", "apart"),
            "AT+QICSGP sets what AT+CGDCONT has, for ever [M], or contexts of its own until the end (EC200U, 2.4.2)",
        ),
        "datagrams": (("one", "joined"), "AT+QIRD gives one datagram, or as much as there is (EC200U, 2.4.1)"),
        "failed-open": (("held", "free"), "the number of a connection that failed needs AT+QICLOSE, or is free [M]"),
        "first-index": (("0", "1"), "the first place of a message store: logs of a BG96 and an EC21 have 0"),
        "ip-errors": (
            ("plain", "coded"),
            "TCP/IP commands are refused with ERROR (logs), or +CME ERROR: 552 to 573 [M]",
        ),
        "model": (MODELS, "the answers to ATI and AT+CGMM"),
        "packet-attach": (
            ("itself", "asked"),
            "the module attaches when it registers, or when AT+CGATT=1 asks [M]",
        ),
        "prompt": (
            ("spaced", "bare", "lined"),
            'the prompt of AT+QISEND is "> ", ">" as the manual prints it, or a line (EC200U, 2.4.1, formatcfg)',
        ),
        "push-labels": (("off", "on"), '+CMTI of a WAP push has no label, or "MMS PUSH" as SIMCom writes it'),
        "recv-length": (("hidden", "shown"), '+QIURC: "recv",n, or with the number of octets (manual, 2.4.2)'),
        "service": (("full", "sms-only"), "every registration says 6 or 7 and no context comes up (27.007, 10.1.22)"),
        "sms-done": (("said", "silent"), "+QIND: SMS DONE comes when messages are ready (log of an EC21), or never"),
        "unread": (("kept", "lost"), 'octets that were not read before +QIURC: "closed" can be read after it [M]'),
        "urc-port": (("uart1", "usbat"), "the factory value of AT+QURCCFG: usbat shows no unsolicited line here [M]"),
    }
)
SWITCHES = {name: SWITCHES[name] for name in sorted(SWITCHES)}

# name: (factory value, allowed values, when it is saved)
_NUMBERS = {
    "+CMEE": (1, (0, 1, 2), SAVED),
    "+CEREG": (0, (0, 1, 2), SAVED),
    "+CGEREP": (0, (0, 1, 2), VOLATILE),
    "+CTZR": (0, (0, 1, 2), SAVED),
    "+CTZU": (0, (0, 1, 3), SAVED),
    "+QSCLK": (0, (0, 1), SAVED),
}

_STRINGS = {
    "+CSCS": ("GSM", '("GSM","IRA","UCS2")', SAVED),
    "+QURCCFG": ("uart1", "", KEPT),  # its port of unsolicited lines
}

_RATES = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)


def made():
    """The options of a new modem; AT+IPR takes effect at once, and AT&W saves it."""
    return options.Options(
        options.joined(options.NUMBERS, _NUMBERS),
        options.joined(options.STRINGS, _STRINGS),
        options.TUPLES,
        _RATES,
        SAVED,
    )
