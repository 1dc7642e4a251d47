"""The second IP stack: bearers for HTTP, MMS and FTP (AT+SAPBR, manual 9.2.1). AT+CSTT has no effect on it."""

from tools.lab.modem.syntax import READ, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Wait

_CONNECTING, _CONNECTED, _CLOSING, _CLOSED = 0, 1, 2, 3
_TAGS = {"CONTYPE": 4, "APN": 64, "USER": 32, "PWD": 32, "PHONENUM": 32, "RATE": 1}


class Bearers:
    """Three bearers with parameters and states of their own."""

    def __init__(self, modem):
        self._modem = modem
        self.reset()

    def reset(self):
        """Power-on: all closed, nothing configured."""
        self._states = [_CLOSED] * 3
        self._parameters = [{}, {}, {}]

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {"+SAPBR": self._sapbr}

    def connected(self, cid):
        """Whether that bearer is up."""
        return self._states[cid - 1] == _CONNECTED

    def context_lost(self):
        """GPRS is lost: every bearer is closed."""
        for cid in (1, 2, 3):
            if self._states[cid - 1] == _CONNECTED:
                self._states[cid - 1] = _CLOSED
                self._modem.terminal.urc("+SAPBR %d: DEACT" % cid)
                self._modem.http.bearer_lost(cid)

    def _sapbr(self, kind, text):
        if kind == TEST:
            return ['+SAPBR: (0-4),(1-3),"ConParamTag","ConParamValue"']
        if kind != SET:
            raise Refused(4 if kind == READ else None)
        values = arguments(text)
        command = number(values[0], (0, 1, 2, 3, 4))
        cid = number(values[1] if len(values) > 1 else None, (1, 2, 3))
        if command == 0:
            return self._close(cid)
        if command == 1:
            return self._open(cid)
        if command == 2:
            up = self._states[cid - 1] == _CONNECTED
            address = self._modem.environment.address if up else "0.0.0.0"
            return ['+SAPBR: %d,%d,"%s"' % (cid, self._states[cid - 1], address)]
        if command == 4:
            kept = self._parameters[cid - 1]
            return ["+SAPBR: %s,%s" % (tag, kept[tag]) for tag in sorted(kept)]
        return self._set(cid, values[2:])

    def _set(self, cid, values):
        tag = (values[0] or "").upper() if values else ""
        if len(values) != 2 or tag not in _TAGS or len(values[1] or "") > _TAGS[tag]:
            raise Refused(50)
        self._parameters[cid - 1][tag] = values[1] or ""

    def _open(self, cid):
        if self._states[cid - 1] != _CLOSED:
            raise Refused(3)
        self._states[cid - 1] = _CONNECTING
        return Wait(self._modem.environment.delays.context, lambda: self._opened(cid))

    def _opened(self, cid):
        kept = self._parameters[cid - 1]
        try:
            self._modem.admit(kept.get("APN", ""), kept.get("USER", ""), kept.get("PWD", ""))
        except Refused:
            self._states[cid - 1] = _CLOSED
            raise
        self._states[cid - 1] = _CONNECTED

    def _close(self, cid):
        if self._states[cid - 1] != _CONNECTED:
            raise Refused(3)
        self._states[cid - 1] = _CLOSING
        self._modem.http.bearer_lost(cid)
        return Wait(self._modem.environment.delays.shut, lambda: self._closed(cid))

    def _closed(self, cid):
        self._states[cid - 1] = _CLOSED
