"""The cells around an M66 or M95: AT+QENG, as logs of both show it."""

from tools.lab.modem import registration
from tools.lab.modem.registration import CELL, LAC
from tools.lab.modem.syntax import READ, SET, TEST, arguments, number

_CHANNEL, _APART, _BSIC = 81, 11, 31
_MOST = 7  # the serving cell and six others
_NO_CALL = "x,x,x,x,x,x,x"  # the fields of a call that there is not


class Registration(registration.Registration):
    """The shared registration, and what the module hears of cells."""

    def reset(self):
        """Power-on: registered nowhere, and engineering mode is off."""
        super().reset()
        self._engineering, self._dump = 0, 0

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = super().commands()
        found["+QENG"] = self._qeng
        return found

    def _qeng(self, kind, text):
        if kind == TEST:
            return ["+QENG: (0,1),(0,1)"]
        if kind == SET:
            values = arguments(text)
            self._engineering = number(values[0], (0, 1))  # 2, unsolicited reports, is not simulated
            self._dump = number(values[1], (0, 1)) if len(values) > 1 else self._dump  # nor are its other parts
        if kind != READ:
            return None
        lines = ["+QENG: %d,%d" % (self._engineering, self._dump)]
        if not self._engineering or self.cell is None:
            return lines
        cells = [self.cell] + [cell for cell in self.selection.heard() if cell is not self.cell]
        told = [self._cell(at, cells[at]) for at in range(len(cells[:_MOST]))]
        place, channel, bsic, power, choice = told[0]
        lines.append("+QENG: 0,%s,%s,%s,%s,%s,5,5,%s" % (place, channel, bsic, power, choice, _NO_CALL))
        if self._dump and len(told) > 1:
            lines.append("+QENG: 1,%s" % ",".join([self._near(at, *told[at]) for at in range(1, len(told))]))
        return lines

    def _near(self, at, place, channel, bsic, power, choice):
        return "%d,%s,%s,%s,%s,%s" % (at, channel, power, bsic, choice, place)

    def _cell(self, at, cell):
        """(network, area and cell; channel; BSIC; dBm; C1 and C2) as text."""
        place = (cell.mccmnc[:3], cell.mccmnc[3:], LAC.lower(), "%04x" % (int(CELL, 16) + at))
        dbm = -113 + 2 * cell.signal
        return "%s,%s,%s,%s" % place, _CHANNEL + at * _APART, _BSIC, dbm, "%d,%d" % (dbm + 105, dbm + 105)
