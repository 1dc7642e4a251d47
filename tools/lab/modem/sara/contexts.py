"""Contexts of AT+CGDCONT, which the sockets of an R4 use (UBX-17003787 R16, 19.1), and AT+UAUTHREQ (R09, 13.15)."""

from tools.lab.modem import contexts
from tools.lab.modem.sara.errors import NOT_ALLOWED, PARAMETERS
from tools.lab.modem.syntax import SET, TEST, Refused, arguments, number

_LONGEST = 64  # characters of a user or a password (13.15.3)


class Contexts(contexts.Contexts):
    """The shared contexts, and their users."""

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = super().commands()
        found["+UAUTHREQ"] = self._uauthreq
        define, act = found["+CGDCONT"], found["+CGACT"]
        found["+CGDCONT"] = lambda kind, text: self._defined(define, kind, text)
        found["+CGACT"] = lambda kind, text: self._acted(act, kind, text)
        return found

    def _defined(self, define, kind, text):
        """AT+CGDCONT; of a context that is up it counts later, or is refused."""
        refused = self._modem.switches["define-active"] == "refused"
        if kind == SET and refused and number(arguments(text)[0], self._modem.CONTEXTS) in self.active:
            raise Refused(NOT_ALLOWED)
        return define(kind, text)

    def _acted(self, act, kind, text):
        """AT+CGACT; in E-UTRAN the last context stays (27.007, 10.1.10)."""
        ends = kind == SET and arguments(text)[0] == "0"
        if ends and self._modem.registration.default_bearer() and len(self.active) == 1:
            raise Refused(NOT_ALLOWED)
        return act(kind, text)

    def _uauthreq(self, kind, text):
        """AT+UAUTHREQ=<cid>,<type>[,<user>,<password>] of a context that is defined and not up (13.15.1)."""
        if kind == TEST:
            return ["+UAUTHREQ: (1-%d),(0-3)" % self._modem.CONTEXTS[-1]]
        values = arguments(text) if kind == SET else []
        if len(values) not in (2, 4):
            raise Refused(PARAMETERS)
        cid, kind_of = number(values[0], self._modem.CONTEXTS), number(values[1], (0, 1, 2, 3))
        names = [value or "" for value in values[2:]] if kind_of else ["", ""]
        if len(names) != 2 or max(map(len, names)) > _LONGEST:
            raise Refused(PARAMETERS)
        if cid in self.active:
            raise Refused(NOT_ALLOWED)
        if self._modem.switches["uauthreq"] == "password-first":
            names.reverse()
        self.authenticate(cid, names[0], names[1])
        return None

    def deactivate(self, cid=None):
        """Deactivate all contexts, or one of them; the sockets of an R4 end with context 1."""
        lost = 1 in self.active and cid in (None, 1)
        super().deactivate(cid)
        self._modem.bearer.reset()
        if lost and self._modem.lte():
            self._modem.sockets.context_lost()
