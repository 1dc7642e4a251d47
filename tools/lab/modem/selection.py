"""The choice of a network by a modem, and what a refusal makes of it (TS 23.122; TS 24.008, 4.4.4 and 4.7.3)."""

from tools.lab.network import roaming
from tools.lab.network.radio import GSM, LTE, UMTS, access

AGAIN_MS = 15000  # T3211: until the next location update after a failure of the network
_ATTEMPTS = 4  # location updates that fail so, until another network is tried
_WEAKEST = 2  # AT+CSQ of a cell that can be read
_FORBIDDEN = 4  # places of EF_FPLMN (TS 31.102, 4.2.16)
_BEST = (LTE, UMTS, GSM)


class Selection:
    """The candidates of a search, in order; `cause` is that of the last refusal.

    `access` are the technologies that the modem has.
    """

    def __init__(self, modem, environment, access):
        self._modem, self._environment, self._access = modem, environment, access
        self.reset()

    def reset(self):
        """Power-on: refusals that hold until then are forgotten."""
        self.cause = None
        self.report = None  # the words of the last refusal of any kind
        self._barred = None  # the cause that made the SIM invalid
        self._no_gprs = None  # the cause that made it invalid for GPRS
        self._no_gprs_at = []  # networks that said so of themselves
        self.forget()

    @property
    def invalid(self):
        """Whether a network has made the SIM invalid until the next power-on."""
        return self._barred is not None

    @property
    def barred(self):
        """Whether a network has made the SIM invalid for GPRS until the next power-on."""
        return self._no_gprs is not None

    def bar(self):
        """The network makes the SIM invalid for GPRS."""
        self._no_gprs = roaming.NO_GPRS

    def forget(self):
        """The search has ended, or another one begins."""
        self._left, self._attempts, self.wait = None, 0, None

    def radio(self, cell):
        """(access technology, row of the radio) that a cell and the modem both have, the best one; None without."""
        if cell.radios is None:
            return access(self._modem.radio.usual), None
        for technology in _BEST:
            if technology in cell.radios and technology in self._access:
                return technology, cell.radios[technology]
        return None

    def heard(self):
        """The cells in reach that the modem has a radio for, in the order of the environment."""
        return [cell for cell in self._environment.cells if self.radio(cell) is not None]

    def readable(self, cell):
        """Whether the signal of a cell is strong enough to be read."""
        return cell.signal >= _WEAKEST

    def forbidden(self, cell):
        """Whether the SIM lists the network of a cell as forbidden."""
        return not cell.allowed or cell.mccmnc in self._modem.sim.card.forbidden

    def next(self, asked=None, only=False):
        """The cell that the next location update goes to, or None at the end of the search.

        The network that was `asked` for comes first, or is the `only` one; otherwise home comes first, and forbidden
        networks are not asked (TS 23.122, 4.4.3.1.1).
        """
        if self._left is None:
            home = self._modem.sim.card.home
            cells = [cell for cell in self.heard() if self.readable(cell)]
            named = [cell for cell in cells if cell.mccmnc == asked]
            free = [cell for cell in cells if not self.forbidden(cell) and cell not in named]
            self.cause = roaming.NO_PLMN if cells and not free else None
            at_home = [cell for cell in free if cell.mccmnc == home]
            self._left = named if only else named + at_home + [cell for cell in free if cell not in at_home]
        if self._barred:
            self.cause, self._left = self._barred, []
        return self._left[0] if self._left else None

    def update(self, cell):
        """One location update; whether it is accepted. If not, `wait` is ms until the next one, None: the usual."""
        card, cause = self._modem.sim.card, cell.update()
        self.cause, self.wait = cause, None
        if cause is None:
            card.forbidden = [network for network in card.forbidden if network != cell.mccmnc]
            if not cell.terms.circuit:
                self.report = roaming.WORDS[roaming.UNKNOWN_IMSI]
            return True
        self.report = roaming.WORDS[cause]
        if cause == roaming.FAILURE:
            self._attempts += 1
            if self._attempts < _ATTEMPTS or len(self._left) == 1:
                self.wait = AGAIN_MS
                return False
        if cause == roaming.NO_PLMN and cell.mccmnc != card.home:
            card.forbidden = (card.forbidden + [cell.mccmnc])[-_FORBIDDEN:]
        if cause in (roaming.ILLEGAL_MS, roaming.ILLEGAL_ME):
            self._barred = cause
        self._left = [] if cause == roaming.NO_AREA else self._left[1:]  # that one starts no search (4.4.4.7)
        self._attempts = 0
        return False

    def attach(self, cell):
        """The cause of a refused GPRS attach, or None."""
        cause = self._no_gprs
        if cause is None and cell.mccmnc in self._no_gprs_at:
            cause = roaming.NO_GPRS_IN_PLMN
        cause = cause or cell.terms.attach or cell.chance("attach", roaming.FAILURE)
        if cause == roaming.NO_GPRS_IN_PLMN:
            self._no_gprs_at.append(cell.mccmnc)
        elif cause in (roaming.ILLEGAL_MS, roaming.ILLEGAL_ME, roaming.NO_GPRS):
            self._no_gprs = cause
        return self._refused(cause)

    def context(self, cell, apn, user, password):
        """The cause of a refused context, or None."""
        profiles = self._environment.profiles
        known = [profile for profile in profiles if profile.apn == apn]
        if profiles and not known:
            return self._refused(roaming.UNKNOWN_APN)
        if known and known[0].user is not None and (known[0].user, known[0].password) != (user, password):
            return self._refused(roaming.NO_AUTHENTICATION)
        return self._refused(cell.terms.context or cell.chance("context", roaming.RESOURCES))

    def _refused(self, cause):
        if cause is not None:
            self.report = roaming.WORDS[cause]
        return cause
