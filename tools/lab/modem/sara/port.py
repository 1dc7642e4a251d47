"""The serial port, its sleep and its first line: AT+IPR, AT&K, AT+IFC, AT+UPSV (integration, 1.9.1.3 and 1.9.1.4)."""

from tools.lab.modem.sara.errors import NOT_ALLOWED, PARAMETERS
from tools.lab.modem.sara.options import G350
from tools.lab.modem.sleep import BY_DTR, BY_ITSELF, BY_RTS, NEVER
from tools.lab.modem.syntax import READ, SET, TEST, Refused, arguments, number

_MODES = (NEVER, BY_ITSELF, BY_RTS, BY_DTR)  # of AT+UPSV
_FRAME_MS = 4.615  # of GSM, which AT+UPSV counts its time in
_GREETING = 49  # characters of AT+CSGT [M]
_HIGHEST = 115200  # bit/s of a G350
_NO_FLOW, _HARDWARE = 0, 3  # AT&K
_FLOWS = {_NO_FLOW: (0, 0), _HARDWARE: (2, 2)}


class Port:
    """Commands of the port; their values are options."""

    def __init__(self, modem):
        self._modem = modem
        self.greets, self.greeting = 0, ""  # AT+CSGT, which survives a restart

    def reset(self):
        """Power-on: the options have their saved values."""

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {"+IPR": self._ipr, "&K": self._k, "+IFC": self._ifc, "+UPSV": self._upsv, "+CSGT": self._csgt}

    def mode(self):
        """The way in which the module sleeps, of those in tools/lab/modem/sleep.py."""
        mode, frames = self._modem.options["+UPSV"]
        self._modem.sleep.idle_ms = frames * _FRAME_MS
        return _MODES[mode]

    def _ipr(self, kind, text):
        options, slow = self._modem.options, self._modem.switches["model"] == G350
        rates = [rate for rate in options.rates if not slow or rate <= _HIGHEST]
        if kind == READ:
            return ["+IPR: %d" % options["+IPR"]]
        if kind == TEST:
            return ["+IPR: (),(%s)" % ",".join([str(rate) for rate in rates])]
        options["+IPR"] = number(arguments(text)[0] if kind == SET else None, rates)
        return None

    def _k(self, kind, text):
        """AT&K0 no flow control, AT&K3 RTS and CTS, which AT+IFC says likewise."""
        mode = number(text or "0", tuple(_FLOWS))
        self._flow(mode, _FLOWS[mode])

    def _ifc(self, kind, text):
        flow = self._modem.options["+IFC"]
        if kind == READ:
            return ["+IFC: %d,%d" % flow]
        if kind == TEST:
            return ["+IFC: (0,2),(0,2)"]
        values = arguments(text) if kind == SET else []
        flow = tuple([number(value, (0, 2)) for value in values])
        if flow not in _FLOWS.values():
            raise Refused(PARAMETERS)
        self._flow(_HARDWARE if flow == _FLOWS[_HARDWARE] else _NO_FLOW, flow)
        return None

    def _flow(self, mode, flow):
        self._modem.options["&K"], self._modem.options["+IFC"] = mode, flow

    def _upsv(self, kind, text):
        """AT+UPSV=<mode>[,<frames>]: 1 by itself, 2 by RTS without flow control only, 3 by DTR, not on a G350."""
        options = self._modem.options
        mode, frames = options["+UPSV"]
        if kind == READ:
            return ["+UPSV: %d%s" % (mode, ",%d" % frames if mode == 1 else "")]
        modes = (0, 1, 2) if self._modem.switches["model"] == G350 else (0, 1, 2, 3)
        if kind == TEST:
            return ["+UPSV: (0-%d),(40-65000)" % modes[-1]]
        values = arguments(text) if kind == SET else []
        if not 1 <= len(values) <= 2:
            raise Refused(PARAMETERS)
        mode = number(values[0], modes)
        if mode == 2 and options["&K"] == _HARDWARE:
            raise Refused(NOT_ALLOWED)
        options["+UPSV"] = (mode, number(values[1] if len(values) > 1 else None, range(40, 65001), frames))
        return None

    def _csgt(self, kind, text):
        """AT+CSGT=<mode>[,<text>]: what is said at the start (27.007, 8.32; programs for an R4 set RDY)."""
        if kind == READ:
            return ['+CSGT: "%s",%d' % (self.greeting, self.greets)]
        if kind == TEST:
            return ["+CSGT: (0,1),%d" % _GREETING]
        values = arguments(text) if kind == SET else []
        if not 1 <= len(values) <= 2 or len(values) > 1 and len(values[1] or "") > _GREETING:
            raise Refused(PARAMETERS)
        self.greets = number(values[0], (0, 1))
        self.greeting = (values[1] or "") if len(values) > 1 else self.greeting
        return None
