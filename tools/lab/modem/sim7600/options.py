"""Values that these modems only keep (A76XX manual V2.03), beside the options of all families, and their switches."""

from tools.lab.modem import options
from tools.lab.modem.options import KEPT, SAVED, VOLATILE, joined

SWITCHES = joined(
    options.SWITCHES,
    {
        "access-asked": (
            ("any", "lte"),
            "AT+COPS=1 without <AcT> finds every network, or those of E-UTRAN alone (4.2.2.1)",
        ),
        "announced": (("once", "each"), "+CIPRXGET: 1 until the buffer was read empty, or for each segment"),
        "attach-itself": (("yes", "no"), "packet service is attached after the registration, or by AT+CGATT=1 only"),
        "buffer-full": (
            ("waits", "zero"),
            "octets that find the buffer full: +CIPSEND waits, or says that 0 were taken",
        ),
        "cells": (("bare", "quoted"), "area and cell of +CREG, +CGREG and +CEREG"),
        "contexts": (("kept", "forgotten"), "AT+CGDCONT survives a restart, or does not [M]"),
        "cgauth": (("password-first", "user-first"), "the order of the last two arguments of AT+CGAUTH"),
        "iccid": (("shown", "refused"), "AT+CICCID shows the number of the card, or is refused"),
        "model": (("A7670E", "SIM7600E", "A7608E"), "its identity, and what it says at its start"),
        "netopen": (("attaches", "refused"), "AT+NETOPEN attaches where that is missing, or is +NETOPEN: 1 [M]"),
        "partial": (("goes-on", "ends"), "after a +CIPSEND that took less than asked, the connection is usable or not"),
        "prompt": (("bare", "spaced"), "AT+CIPSEND asks for octets with > or with > and a space"),
        "push-labels": (("off", "on"), '+CMTI of a WAP push says "MMS PUSH"'),
        "waking": (
            ("lost", "heard"),
            "octets that wake it from AT+CSCLK=2 are lost, or heard [M] (10.2.7 has neither)",
        ),
        "refusal": (("soon", "late"), "a refused connection: +CIPOPEN: n,1 after a round trip, or n,10 after 75.5 s"),
    },
)

_NUMBERS = {
    "+CMEE": (2, (0, 1, 2), SAVED),  # log: words from the start
    "+CREG": (0, (0, 1, 2), VOLATILE),  # 4.2.1
    "+CGREG": (0, (0, 1, 2), VOLATILE),  # 5.2.1
    "+CEREG": (0, (0, 1, 2), VOLATILE),  # 5.2.2
    "+CSCLK": (0, (0, 1, 2), VOLATILE),  # 10.2.7
    "+CATR": (0, tuple(range(8)), VOLATILE),  # 10.2.9
    "+CTZR": (0, (0, 1), SAVED),  # [M]
    "+CTZU": (0, (0, 1), KEPT),  # [M]
    "+CNMP": (2, (2, 13, 14, 38), KEPT),  # log; automatic, GSM, WCDMA, LTE alone, as programs quote the manual
    "+CSOCKSETPN": (1, tuple(range(1, 17)), KEPT),  # [M]: the context of the sockets
    "+CIPMODE": (0, (0,), VOLATILE),  # transparent mode is not simulated
    "+CIPSENDMODE": (0, (0, 1), VOLATILE),
    "+CIPHEAD": (1, (0, 1), VOLATILE),
    "+CIPSRIP": (1, (0, 1), VOLATILE),
}

_STRINGS = {
    "+CSCS": ("IRA", '("IRA","GSM","UCS2")', VOLATILE),  # 1.5.3
}

_MS = range(3000, 120001)
_TUPLES = {
    "+IFC": ((0, 0), ((0, 1, 2), (0, 1, 2)), VOLATILE),  # 10.2.6
    "+ICF": ((2, 2), ((1, 2, 3, 4), (0, 1, 2)), VOLATILE),  # 10.2.5
    "+CNMI": ((2, 1, 0, 0, 0), ((0, 1, 2), (0, 1, 2, 3), (0, 2), (0, 1, 2), (0, 1)), VOLATILE),
    "+CGEREP": ((2, 0), ((0, 1, 2), (0, 1)), VOLATILE),  # 5.2.15
    "+CFGRI": ((0, 60, 120), ((0, 1), range(10, 6001), range(20, 6001)), VOLATILE),  # 10.2.10
    "+CURCD": ((0, 1), (range(10001), (1,)), VOLATILE),  # 10.2.11
    "+CIPTIMEOUT": ((120000, 120000, 120000), (_MS, _MS, _MS), VOLATILE),  # NETOPEN, CIPOPEN, CIPSEND
    "+CIPCCFG": (
        (10, 0, 0, 1, 1, 0, 500),  # the fourth: errors as numbers or words (note, 4.1)
        (range(11), range(1001), (0, 1), (0, 1), (0, 1), (0, 1), range(500, 120001)),
        VOLATILE,
    ),
}

_RATES = (  # 10.2.3
    300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1800000, 3600000,
)  # fmt: skip


def made():
    """The options of a new modem."""
    return options.Options(
        joined(options.NUMBERS, _NUMBERS),
        joined(options.STRINGS, _STRINGS),
        joined(options.TUPLES, _TUPLES),
        _RATES,
        VOLATILE,
    )
