"""The way from a message centre to a recipient: a handset of its own, or one of the relay's ports.

Nothing is told by the beginning of a number, for numbers are ported: a table has each of them.
"""

from tools.lab.network.mmsc.ports import PAGE

_SHORT = 6  # digits of a short code at most
NOWHERE = ""


class Router:
    """The `route` of the relay of the operator `code`.

    `numbers` {number: code of the operator that serves it}; `short_codes` {short code: port}; `passes(source, target,
    octets, date)` says whether an agreement lets a message pass; `takes_mms(number)` whether a subscriber's handset
    does; `date(now)` is in seconds since 1970.
    """

    def __init__(self, code, numbers, short_codes, passes, takes_mms, date):
        self._code, self._numbers, self._short_codes = code, numbers, short_codes
        self._passes, self._takes_mms, self._date = passes, takes_mms, date

    def __call__(self, sender, recipient, now, octets=0):
        """The name of a port, None for a handset of this operator, or NOWHERE."""
        if "@" in recipient:
            return "mm3"
        if recipient.isdigit() and len(recipient) <= _SHORT:
            return self._short_codes.get(recipient, NOWHERE)
        home = self._numbers.get(recipient)
        if home == self._code:
            return None if self._takes_mms(recipient) else PAGE
        if home is None or self._numbers.get(sender) != self._code:
            return NOWHERE
        return "mm4" if self._passes(self._code, home, octets, self._date(now)) else PAGE
