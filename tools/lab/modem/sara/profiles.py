"""Profiles of packet data, which the SARA-G3 and SARA-U2 have: AT+UPSD, AT+UPSDA, AT+UPSND, AT+UDNSRN.

Numbers of parameters are those of the R4/N4 manual UBX-17003787 R11, 13.4; the dialogue is that of the logs.
"""

from tools.lab.modem.connection import is_address
from tools.lab.modem.sara.errors import NOT_ALLOWED, PARAMETERS
from tools.lab.modem.syntax import SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Wait

_NUMBERS = range(7)
_TEXTS = (1, 2, 3, 4, 5, 7)  # APN, user, password, two name servers, address
_PASSWORD = 3
_LONGEST = 99  # characters of an APN (13.4.3)
_FACTORY = {0: 0, 1: "", 2: "", 3: "", 4: "0.0.0.0", 5: "0.0.0.0", 6: 0, 7: "0.0.0.0", 8: 0, 9: 0}
_RESET, _STORE, _LOAD, _ACTIVATE, _DEACTIVATE = 0, 1, 2, 3, 4
_SERVERS = ("80.58.61.250", "80.58.61.254")


class Profiles:
    """The profiles {number: {parameter: value}}, and the number of the active one or None."""

    def __init__(self, modem):
        self._modem = modem
        self._stored = {}
        self.reset()

    def reset(self):
        """Power-on: stored profiles are there, none is active."""
        self.active = None
        self._profiles = {index: dict(self._stored.get(index, _FACTORY)) for index in _NUMBERS}

    def commands(self):
        """Handlers {name: handler(kind, text)}; an R4 has none of them (log)."""
        own = {"+UPSD": self._upsd, "+UPSDA": self._upsda, "+UPSND": self._upsnd, "+UDNSRN": self._udnsrn}
        return {name: self._unless_lte(own[name]) for name in own}

    def _unless_lte(self, handler):
        def handle(kind, text):
            if self._modem.lte():
                raise Refused()
            return handler(kind, text)

        return handle

    def lost(self):
        """The network ended the context."""
        if self.active is not None:
            ended, self.active = self.active, None
            self._modem.sockets.context_lost()
            self._modem.terminal.urc("+UUPSDD: %d" % ended)

    def _upsd(self, kind, text):
        """AT+UPSD=<profile>[,<parameter>[,<value>]] (13.4)."""
        if kind == TEST:
            return ["+UPSD: (0-6),0,(0-3)", '+UPSD: (0-6),1,"APN"', '+UPSD: (0-6),2,"username"']
        values = arguments(text) if kind == SET else []
        if not 1 <= len(values) <= 3:
            raise Refused(PARAMETERS)
        index = number(values[0], _NUMBERS)
        profile = self._profiles[index]
        if len(values) == 1:
            return [self._line(index, each) for each in sorted(profile) if each != _PASSWORD]
        which = number(values[1], tuple(profile))
        if len(values) == 2:
            if which == _PASSWORD:
                raise Refused(NOT_ALLOWED)  # 13.4.3
            return [self._line(index, which)]
        value = values[2] or ""
        if len(value) > _LONGEST:
            raise Refused(PARAMETERS)
        profile[which] = value if which in _TEXTS else number(value, range(4))
        return None

    def _line(self, index, which):
        form = '+UPSD: %d,%d,"%s"' if which in _TEXTS else "+UPSD: %d,%d,%s"
        return form % (index, which, self._profiles[index][which])

    # activation

    def _upsda(self, kind, text):
        """AT+UPSDA=<profile>,<action>: reset, store, load, activate, deactivate."""
        if kind == TEST:
            return ["+UPSDA: (0-6),(0-4)"]
        values = arguments(text) if kind == SET else []
        if len(values) != 2:
            raise Refused(PARAMETERS)
        index, action = number(values[0], _NUMBERS), number(values[1], range(5))
        if action == _ACTIVATE:
            return self._activate(index)
        if action == _DEACTIVATE:
            return self._deactivate(index)
        if action == _STORE:
            self._stored[index] = dict(self._profiles[index])
        else:
            source = self._stored.get(index, _FACTORY) if action == _LOAD else _FACTORY
            self._profiles[index] = dict(source)
        return None

    def _activate(self, index):
        modem = self._modem
        modem.sim.need()
        if self.active == index and modem.switches["active-again"] == "works":
            return None
        if self.active is not None:
            raise Refused(NOT_ALLOWED)
        delays = modem.environment.delays
        wait = delays.context + (0 if modem.registration.attached else delays.attach)
        if modem.switches["activation"] == "answered":
            return Wait(wait, lambda: self._up(index))
        modem.agenda.after(wait, lambda: self._announce(index))
        return None

    def _up(self, index):
        """The context is up; raises Refused where the network gives none."""
        if not self._modem.registration.attached:
            self._modem.registration.attach()
        profile = self._profiles[index]
        named = profile[6] != 0  # without an authentication the network is told no user
        self._modem.admit(profile[1], profile[2] if named else "", profile[3] if named else "")
        self.active = index

    def _announce(self, index):
        try:
            self._up(index)
        except Refused as refusal:
            self._modem.terminal.urc("+UUPSDA: %d" % refusal.number)  # which numbers it has: [M]
            return
        self._modem.terminal.urc('+UUPSDA: 0,"%s"' % self._modem.environment.address)

    def _deactivate(self, index):
        if self.active != index:
            raise Refused(NOT_ALLOWED)
        return Wait(self._modem.environment.delays.shut, lambda: self._down(index))

    def _down(self, index):
        if self.active == index:
            self.active = None
            self._modem.sockets.context_lost()
            if self._modem.switches["deactivation"] == "told":
                self._modem.agenda.after(1, lambda: self._modem.terminal.urc("+UUPSDD: %d" % index))

    def _upsnd(self, kind, text):
        """AT+UPSND=<profile>,<parameter>: 0 the address, 1 and 2 name servers, 8 whether it is active (log)."""
        if kind == TEST:
            return ["+UPSND: (0-6),(0-18)"]
        values = arguments(text) if kind == SET else []
        if len(values) != 2:
            raise Refused(PARAMETERS)
        index, which = number(values[0], _NUMBERS), number(values[1], (0, 1, 2, 8))
        up = self.active == index
        if which == 8:
            return ["+UPSND: %d,8,%d" % (index, up)]
        told = (self._modem.environment.address,) + _SERVERS
        return ['+UPSND: %d,%d,"%s"' % (index, which, told[which] if up else "")]

    def _udnsrn(self, kind, text):
        """AT+UDNSRN=0,<name>: its address (examples, 8.1)."""
        if kind == TEST:
            return ["+UDNSRN: (0,1)"]
        values = arguments(text) if kind == SET else []
        if len(values) != 2 or number(values[0], (0, 1)) or not values[1]:
            raise Refused(PARAMETERS)
        if self.active is None:
            raise Refused(NOT_ALLOWED)
        return Wait(self._modem.environment.delays.dns, lambda: self._resolved(values[1]))

    def _resolved(self, name):
        address = name if is_address(name) else self._modem.environment.names.get(name)
        if address is None:
            raise Refused()
        return ['+UDNSRN: "%s"' % address]
