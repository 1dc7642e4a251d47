"""The SIM card of a simulated modem and the networks around it: plain values."""

from tools.lab.network.roaming import FAILURE, NO_PLMN, Terms


class Card:
    """A SIM card. `pin` None: none is asked for; `retries` are [PIN, PUK] attempts that are left."""

    def __init__(self, number="+447700900001", imsi="234100000000001", iccid="8944110000000000016"):
        self.number, self.imsi, self.iccid = number, imsi, iccid
        self.network_digits = 2  # of the mobile network code: EF_AD, octet 4 (TS 31.102, 4.2.18)
        self.centre = "+447802000332"  # the SMS centre's number
        self.pin, self.puk = None, "12345678"
        self.retries = [3, 10]
        self.unlocked = False
        self.present = True
        self.home = imsi[:5]
        self.provider = "Lab"  # EF_SPN
        self.files = {}  # identifier: octets, beside EF_AD, EF_ICCID and EF_IMSI
        self.forbidden = []  # networks that said so (EF_FPLMN), the newest last
        self.slots = {"SM": [None] * 20, "ME": [None] * 50}  # None or [status, TPDU]


class Cell:
    """A network in reach: `signal` is AT+CSQ's 0 to 31, of a hundred segments `loss` are lost.

    `allowed` False: its operator's SIM cards forbid it. `terms`: what it serves this subscriber (network/roaming.py).
    `radios` {access technology: row of the radio}; None: the modem's own row. `added`: ms that home routing adds to a
    round trip. `access` is the <AcT> of 27.007, 7.3 (0 GSM, 2 UTRAN, 7 E-UTRAN), None that of the radio's row;
    `sms_only`: in E-UTRAN the circuit-switched side has messages alone.
    `chances`: Chances of what fails by itself there (network/chances.py), or None.
    """

    def __init__(
        self, mccmnc, name, short=None, allowed=True, signal=17, access=None, sms_only=False,
        terms=None, radios=None, added=0, loss=0, chances=None,
    ):  # fmt: skip
        self.mccmnc, self.name, self.short = mccmnc, name, short or name[:8]
        self.allowed, self.signal, self.loss = allowed, signal, loss
        self.access, self.sms_only = access, sms_only
        self.terms = terms or Terms()
        self.radios, self.added = radios, added
        self.chances = chances
        self.steered = self.terms.steered  # location updates that the home network still refuses

    def update(self):
        """The cause of a refused location update, or None."""
        if not self.allowed:
            return NO_PLMN
        if self.steered:
            self.steered -= 1
            return FAILURE
        return self.terms.refused or self.chance("registration", FAILURE)

    def chance(self, name, cause):
        """The cause, where this attempt is one that fails by chance, or None."""
        return cause if self.chances is not None and self.chances.fails(name) else None


class Delays:
    """Milliseconds, none of them zero."""

    power_on = 3000  # from power to RDY
    sim = 2000  # from there until the SIM answers: +CME ERROR: 14 before
    sms_ready = 1000  # from there until SMS Ready
    registration = 2500
    scan = 15000
    attach = 1500
    context = 1000
    shut = 400
    dns = 700
    sms = 2000
    retry = 30000  # the network offers a message again that the SIM had no room for
    brown_out = 3000  # silence after the supply gave way
    idle_shut = 33  # AT+CIPSHUT with nothing up: 16 to 35 in logs
    network_time = 900  # from registration until the network time is sent
    first_seconds = 3000  # ERROR to everything, where the switch says so
    refusal = 75500  # CONNECT FAIL after OK, where the switch says so


class Drawn:
    """The delays `plain` in a network whose Chances have some of them drawn anew for each use."""

    def __init__(self, plain, chances):
        self.plain, self._chances = plain, chances

    def __getattr__(self, name):
        return self._chances.delay(name, getattr(self.plain, name))


# name of a delay: round trips to the home network in it; a location update asks it for triplets and for a profile
_TRIPS = {"registration": 2, "attach": 2, "context": 1, "dns": 1, "sms": 1}


class Profile:
    """An APN that the network knows; `user` None: any user gets in."""

    def __init__(self, apn, user=None, password=None):
        self.apn, self.user, self.password = apn, user, password


class Environment:
    """The networks around a modem: `cells` in order of strength, APNs (an empty list accepts any), names."""

    def __init__(self, cells=None, profiles=()):
        self.cells = [Cell("23410", "O2 - UK", "O2")] if cells is None else cells
        self.profiles = profiles
        self.names = {}  # name: address, as the network's name servers have it
        self.time = lambda: (2026, 11, 27, 10, 0, 0)  # UTC, for the network time
        self.address = "10.64.0.1"  # of the handset in the context
        self.sound = b"#!AMR\n\x7c"  # that a microphone hears, as an AMR file; this one is a frame without any
        self.delays = Delays()
        self.access = {}  # access technology: {name of a delay: ms}, where it is another than GSM's
        self._usual = None  # {name of a delay: ms} before the first cell that changed any

    def enter(self, cell, access):
        """Let delays be those of a cell: of its access technology, and by way of the home network."""
        self.leave()
        if self._usual is None and (cell.added or access in self.access):
            self._usual = {name: getattr(self.delays, name) for name in _TRIPS}
        for name in self._usual or ():
            ms = self.access.get(access, {}).get(name, self._usual[name])
            setattr(self.delays, name, ms + _TRIPS[name] * cell.added)
        if cell.chances is not None:
            self.delays = Drawn(self.delays, cell.chances)

    def leave(self):
        """Let delays be what they are: no network draws them."""
        self.delays = getattr(self.delays, "plain", self.delays)
