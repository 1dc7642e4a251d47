"""Values that a SIM800 only keeps (AT manual V1.09), beside the options of all families, and its switches."""

from tools.lab.modem import options
from tools.lab.modem.options import KEPT, PORT, SAVED, TUPLES, VOLATILE, joined

SWITCHES = joined(
    options.SWITCHES,
    {
        "network-time": (
            ("asked", "saved", "gaps"),
            "lines of network time: with AT+CLTS=1; saved so; in every gap, too",
        ),
    },
)

_NUMBERS = {
    "L": (0, (0, 1, 2, 3), VOLATILE),
    "M": (0, (0, 1, 2, 3), VOLATILE),
    "+CIURC": (1, (0, 1), SAVED),
    "+CGEREP": (0, (0, 1), VOLATILE),
    "+CLTS": (0, (0, 1), SAVED),
    "+CSCLK": (0, (0, 1, 2), PORT),  # 6.2.20
    "+CBATCHK": (0, (0, 1), SAVED),
    "+CFGRI": (0, (0, 1, 2), SAVED),
    "+CIPQSEND": (0, (0, 1), VOLATILE),
    "+CIPHEAD": (0, (0, 1), VOLATILE),
    "+CIPSRIP": (0, (0, 1), VOLATILE),
    "+CIPSHOWTP": (0, (0, 1), VOLATILE),
    "+CIPSPRT": (1, (0, 1, 2), VOLATILE),
    "+CIPMODE": (0, (0,), VOLATILE),  # transparent mode is not simulated
    "+CIPSSL": (0, (0,), VOLATILE),  # nor is TLS
}

_STRINGS = {
    "+CSCS": ("IRA", '("IRA","GSM","UCS2","HEX","PCCP","PCDN","8859-1")', SAVED),
    "+CGCLASS": ("B", '("B","CG","CC")', KEPT),
}

_TUPLES = {
    "+IFC": TUPLES["+IFC"][:2] + (PORT,),  # 2.2.27 and 2.2.30
    "+ICF": TUPLES["+ICF"][:2] + (PORT,),
    "+DDET": ((0, 0, 0, 0), ((0, 1), range(10001), (0, 1), (0, 1)), VOLATILE),
    "+CIPATS": ((0, 0), ((0, 1), tuple(range(101))), VOLATILE),
    "+CIPDPDP": ((1, 10, 3), ((0, 1), tuple(range(1, 181)), tuple(range(1, 11))), VOLATILE),
}

_RATES = (0, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800)


def made():
    """The options of a new SIM800."""
    return options.Options(
        joined(options.NUMBERS, _NUMBERS),
        joined(options.STRINGS, _STRINGS),
        joined(options.TUPLES, _TUPLES),
        _RATES,
    )
