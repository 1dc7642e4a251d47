"""Answers of a network to a subscriber of another one: agreements for voice, short messages and GPRS, and their causes.

Causes of location updates and GPRS attaches are those of TS 24.008, 10.5.3.6 and 10.5.5.14, causes of contexts those of
10.5.6.6. Plain values, without I/O.
"""

UNKNOWN_IMSI, ILLEGAL_MS, ILLEGAL_ME, NO_GPRS = 2, 3, 6, 7
NO_PLMN, NO_AREA, NO_ROAMING_HERE, NO_GPRS_IN_PLMN, FAILURE = 11, 12, 13, 14, 17
RESOURCES, UNKNOWN_APN, NO_AUTHENTICATION, NOT_SUPPORTED, NOT_SUBSCRIBED = 26, 27, 29, 32, 33

WORDS = {
    UNKNOWN_IMSI: "IMSI unknown in HLR",
    ILLEGAL_MS: "Illegal MS",
    ILLEGAL_ME: "Illegal ME",
    NO_GPRS: "GPRS services not allowed",
    NO_PLMN: "PLMN not allowed",
    NO_AREA: "Location area not allowed",
    NO_ROAMING_HERE: "Roaming not allowed in this location area",
    NO_GPRS_IN_PLMN: "GPRS services not allowed in this PLMN",
    FAILURE: "Network failure",
    RESOURCES: "Insufficient resources",
    UNKNOWN_APN: "Missing or unknown APN",
    NO_AUTHENTICATION: "User authentication failed",
    NOT_SUPPORTED: "Service option not supported",
    NOT_SUBSCRIBED: "Requested service option not subscribed",
}

STEERED = 4  # location updates that the home network refuses on a network that it likes less (IR.73)

_SERVICES = ("voice", "sms", "gprs")
_CAUSES = {
    "refused": (ILLEGAL_MS, ILLEGAL_ME, NO_PLMN, NO_AREA, NO_ROAMING_HERE, FAILURE),
    "attach": (ILLEGAL_MS, ILLEGAL_ME, NO_GPRS, NO_PLMN, NO_AREA, NO_ROAMING_HERE, NO_GPRS_IN_PLMN, FAILURE),
    "context": (UNKNOWN_APN, NO_AUTHENTICATION, NOT_SUPPORTED, NOT_SUBSCRIBED),
}


class Terms:
    """Terms of a subscriber on a network.

    `voice`, `sms` and `gprs` are True where they are served, `circuit` where one of the first two is: without it a
    modem is attached for GPRS alone, and cause 2 is told for the rest (TS 24.008, 4.7.3.2.3.2). Causes, None where
    nothing is refused: `refused` of location updates, `attach` of GPRS, `context` of each context. `steered`: location
    updates that are refused first.
    """

    def __init__(self, serves=_SERVICES, refused=None, attach=None, context=None, steered=0):
        self.voice, self.sms, self.gprs = [service in serves for service in _SERVICES]
        self.circuit = self.voice or self.sms
        self.refused = refused or (None if serves else NO_PLMN)
        self.attach = attach or (None if self.gprs else NO_GPRS_IN_PLMN)
        self.context, self.steered = context, steered


NONE = Terms(())  # no agreement


def read(values):
    """The Terms of a row of the world's agreements; raises ValueError that names the key."""
    serves = values.get("serves", "").split()
    for service in serves:
        if service not in _SERVICES:
            raise ValueError("serves has %r: there are %s" % (service, ", ".join(_SERVICES)))
    for key in values:
        if key in _CAUSES and values[key] not in _CAUSES[key]:
            raise ValueError("%s is %r: there are %s" % (key, values[key], ", ".join(map(str, _CAUSES[key]))))
        if key not in _CAUSES and key not in ("serves", "steered"):
            raise ValueError("%s: there are serves, steered, %s" % (key, ", ".join(_CAUSES)))
    steered = STEERED if values.get("steered", False) else 0
    return Terms(serves, values.get("refused"), values.get("attach"), values.get("context"), steered)
