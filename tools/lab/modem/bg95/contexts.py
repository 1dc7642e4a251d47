"""TCP/IP contexts: AT+QICSGP, AT+QIACT, AT+QIDEACT (TCP/IP application note V1.1, 2.3.1 to 2.3.3).

They are the contexts of AT+CGDCONT, or have APNs of their own that no restart survives: a switch. AT+QIACT attaches
where the modem has not attached by itself, as 27.007, 10.1.10 has it of AT+CGACT.
"""

from tools.lab.modem import contexts
from tools.lab.modem.bg95 import errors
from tools.lab.modem.contexts import Context
from tools.lab.modem.syntax import READ, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Wait

_MOST = 3  # active at a time: LTE Cat M and EGPRS (2.3.2)
_APN, _USER = 62, 127  # characters
_TYPES = ("IP", "IPV6", "IPV4V6")  # 1 to 3 in AT+QICSGP


class Contexts(contexts.Contexts):
    """The shared contexts; credentials count only with an authentication."""

    def __init__(self, modem):
        self._authentications = {}  # number: 1 PAP, 2 CHAP, 3 either; kept as the contexts are
        self._own = {}  # number: the Context of AT+QICSGP, where that is another one than AT+CGDCONT's
        super().__init__(modem)

    def reset(self):
        """Power-on: none is active."""
        super().reset()
        self._broken = []  # those that the network ended
        if self._own:
            self._own, self._authentications = {}, {}

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = super().commands()
        found["+QICSGP"], found["+QIACT"], found["+QIDEACT"] = self._qicsgp, self._qiact, self._qideact
        return found

    def deactivate(self, cid=None):
        """Deactivate a context and close its connections; None: the network ended all, and a line tells of each."""
        ended = self.active
        super().deactivate(cid)
        if cid is not None:
            self._modem.sockets.close_context(cid)
            return
        self._broken = self._broken + ended
        for lost in ended:
            self._modem.sockets.context_lost(lost)
            self._modem.terminal.urc('+QIURC: "pdpdeact",%d' % lost)

    def admit(self, cid):
        """Attach where that is missing; raise Refused unless the network gives that context."""
        there, known = self._known(cid), self._authentications.get(cid)
        if not self._modem.registration.attached:
            self._modem.registration.attach()
        self._modem.admit(there.apn, there.user if known else "", there.password if known else "")

    def _tcpip(self):
        """The contexts that AT+QICSGP defines, by number."""
        return self._own if self._modem.switches["contexts"] == "apart" else self.defined

    def _known(self, cid):
        return self._tcpip().get(cid) or self.defined[cid]

    def _number(self, value, allowed, default=None):
        try:
            return number(value, allowed, default)
        except Refused:
            raise self._modem.errors.refuse(errors.PARAMETERS) from None

    def _qicsgp(self, kind, text):
        if kind == TEST:
            return ["+QICSGP: (1-16),(1-3),<APN>,<username>,<password>,(0-3)"]
        if kind != SET:
            raise self._modem.errors.refuse(errors.PARAMETERS)
        values = arguments(text)
        cid = self._number(values[0], self._modem.CONTEXTS)
        if len(values) == 1:
            there = self._tcpip().get(cid) or Context("IP", "")
            kind, authentication = _TYPES.index(there.kind) + 1, self._authentications.get(cid, 0)
            return ['+QICSGP: %d,"%s","%s","%s",%d' % (kind, there.apn, there.user, there.password, authentication)]
        padded = values + [None] * 5
        apn, user, password = [value or "" for value in padded[2:5]]
        kind, authentication = self._number(values[1], (1, 2, 3)), self._number(padded[5], (0, 1, 2, 3), 0)
        if len(values) > 6 or len(apn) > _APN or max(len(user), len(password)) > _USER:
            raise self._modem.errors.refuse(errors.PARAMETERS)
        there = self._tcpip()[cid] = Context(_TYPES[kind - 1], apn)
        there.user, there.password, self._authentications[cid] = user, password, authentication
        return None

    # activation

    def _qiact(self, kind, text):
        if kind == TEST:
            return ["+QIACT: (1-16)"]
        if kind == READ:
            line = '+QIACT: %d,1,%d,"%s"'
            return [line % (cid, _TYPES.index(self._known(cid).kind) + 1, self._address(cid)) for cid in self.active]
        cid = self._number(arguments(text)[0] if kind == SET else None, self._modem.CONTEXTS)
        if cid not in self._tcpip():
            raise self._modem.errors.refuse(errors.NO_APN)
        if cid in self.active and self._modem.switches["active-again"] == "works":
            return None
        if cid in self.active or len(self.active) >= _MOST:
            raise self._modem.errors.refuse(errors.NOT_ALLOWED)
        if cid in self._broken and self._modem.switches["after-deactivation"] == "deactivate":
            raise self._modem.errors.refuse(errors.CONTEXT_BROKEN)
        delays = self._modem.environment.delays
        wait = delays.context + (0 if self._modem.registration.attached else delays.attach)
        return Wait(wait, lambda: self._up(cid))  # 2.3.2: at most 150 s

    def _up(self, cid):
        try:
            self.admit(cid)
        except Refused:
            raise self._modem.errors.refuse(errors.CONTEXT_OPEN) from None
        self.active = sorted(self.active + [cid])

    def _qideact(self, kind, text):
        """Close the context and all its connections; the network takes its time (2.3.3: at most 40 s)."""
        if kind == TEST:
            return ["+QIDEACT: (1-16)"]
        cid = self._number(arguments(text)[0] if kind == SET else None, self._modem.CONTEXTS)
        self._broken = [broken for broken in self._broken if broken != cid]
        was = cid in self.active
        self.deactivate(cid)
        return Wait(self._modem.environment.delays.shut if was else 1)
