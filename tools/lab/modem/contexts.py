"""Packet contexts by their number: AT+CGDCONT, CGAUTH, CGACT, CGPADDR (3GPP TS 27.007, clause 10)."""

from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Wait


class Context:
    """The definition of one number."""

    def __init__(self, kind, apn):
        self.kind, self.apn = kind, apn
        self.user, self.password = "", ""


class Contexts:
    """The contexts of a modem whose numbers are CONTEXTS, and whose types CONTEXT_TYPES."""

    def __init__(self, modem):
        self._modem = modem
        self.defined = {}  # number: Context
        self.reset()

    def reset(self):
        """Power-on: none is active, and none defined that the modem does not keep."""
        self.active = []
        if not self._modem.KEEPS_CONTEXTS:
            self.defined = {}

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {"+CGDCONT": self._cgdcont, "+CGACT": self._cgact, "+CGPADDR": self._cgpaddr}

    def admit(self, cid):
        """Raise Refused unless the network gives that context."""
        context = self.defined.get(cid) or Context("IP", "")
        self._modem.admit(context.apn, context.user, context.password)

    def activate(self, cid):
        """A context is active, and defined with it."""
        if cid not in self.defined:
            self.defined[cid] = Context("IP", "")
        if cid not in self.active:
            self.active.append(cid)

    def deactivate(self, cid=None):
        """Deactivate all contexts, or one of them."""
        self.active = [active for active in self.active if cid not in (None, active)]

    def _address(self, cid):
        return self._modem.environment.address if cid in self.active else "0.0.0.0"

    def _cgdcont(self, kind, text):
        more = self._modem.CONTEXT_FIELDS
        if kind == READ:
            return [
                '+CGDCONT: %d,"%s","%s","%s",0,0%s'
                % (cid, self.defined[cid].kind, self.defined[cid].apn, self._address(cid), more)
                for cid in sorted(self.defined)
            ]
        numbers, types = self._modem.CONTEXTS, self._modem.CONTEXT_TYPES
        if kind == TEST:
            return ['+CGDCONT: (%d-%d),"%s",,,(0),(0)' % (numbers[0], numbers[-1], name) for name in types]
        values = arguments(text)
        cid = number(values[0], numbers)
        if len(values) == 1:
            self.defined.pop(cid, None)
        elif values[1] not in types:
            raise Refused(50)
        else:
            before = self.defined.get(cid)
            self.defined[cid] = Context(values[1], (values[2] if len(values) > 2 else None) or "")
            if before is not None:
                self.defined[cid].user, self.defined[cid].password = before.user, before.password
        return None

    def authenticate(self, cid, user, password):
        """Set the name and the password of a context; raises Refused for one that is not defined."""
        if cid not in self.defined:
            raise Refused(50)
        self.defined[cid].user, self.defined[cid].password = user, password

    def _cgact(self, kind, text):
        if kind == READ:
            return ["+CGACT: %d,%d" % (cid, cid in self.active) for cid in sorted(self.defined)]
        if kind == TEST:
            return ["+CGACT: (0,1)"]
        if kind == RUN:
            raise Refused()
        values = arguments(text)
        wanted = number(values[0], (0, 1))
        cid = number(values[1] if len(values) > 1 else None, self._modem.CONTEXTS, min(self.defined or (1,)))
        self._modem.sim.need()
        if cid not in self.defined:
            raise Refused(21)  # invalid index (AT manual V1.09, 20.8)
        if wanted == (cid in self.active):
            return None
        delays = self._modem.environment.delays
        if not wanted:
            return Wait(delays.shut, lambda: self.deactivate(cid))
        wait = delays.context + (0 if self._modem.registration.attached else delays.attach)
        return Wait(wait, lambda: self._activate(cid))

    def _activate(self, cid):
        """Activate a context, with the attach if that is missing (the example of AT manual V1.09, 20.8)."""
        if not self._modem.registration.attached:
            self._modem.registration.attach()
        self.admit(cid)
        self.activate(cid)

    def _cgpaddr(self, kind, text):
        if kind == TEST:
            return ["+CGPADDR: (%s)" % ",".join([str(cid) for cid in sorted(self.defined)])]
        chosen = [number(value, self._modem.CONTEXTS) for value in arguments(text)] if kind == SET else self.defined
        line = '+CGPADDR: %d,"%s"' if self._modem.QUOTES_ADDRESSES else "+CGPADDR: %d,%s"
        return [line % (cid, self._address(cid)) for cid in sorted(chosen)]
