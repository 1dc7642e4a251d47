"""Network time, and what a SIM800 tells of the cells around it (AT manual V1.09, chapters 6 and 7)."""

from tools.lab.modem.registration import CELL, LAC
from tools.lab.modem.syntax import READ, SET, TEST, arguments, number
from tools.lab.modem.terminal import Wait

_CHANNEL, _APART, _BSIC = 81, 11, "31"
_MOST = 7  # the serving cell and six others


class Surroundings:
    """AT+CENG (6.2.21), AT+CROAMING (6.2.66), AT+CNETSCAN (6.2.67), and the lines of AT+CLTS."""

    def __init__(self, modem):
        self._modem = modem
        self.reset()

    def reset(self):
        """Power-on: nothing here is kept."""
        self._mode = self._neighbours = self._wide = 0

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {"+CROAMING": self._croaming, "+CENG": self._ceng, "+CNETSCAN": self._cnetscan}

    def time_lines(self):
        """The lines that come unasked: four of the manual (6.2.12) and +CIEV, as logs of real modems show them."""
        cell = self._modem.registration.cell
        return (
            '*PSNWID: "%s", "%s", "%s", 0, "%s", 0' % (cell.mccmnc[:3], cell.mccmnc[3:], cell.name, cell.short),
            '*PSUTTZ: %d, %d, %d, %d, %d, %d, "+0", 0' % tuple(self._modem.environment.time()),
            "+CTZV: +0,0",
            "DST: 0",
            '+CIEV: 10,"%s","%s","%s", 0, 0' % (cell.mccmnc, cell.name, cell.short),
        )

    def local_time(self):
        """The time of AT+CCLK? after the first network time, None before."""
        if not self._modem.options["+CLTS"] or not self._modem.registration.registered:
            return None
        year, month, day, hour, minute, second = self._modem.environment.time()
        return "%02d/%02d/%02d,%02d:%02d:%02d+00" % (year % 100, month, day, hour, minute, second)

    def _croaming(self, kind, text):
        home, cell = self._modem.sim.card.home, self._modem.registration.cell
        if cell is None or cell.mccmnc == home:
            return ["+CROAMING: 0"]
        return ["+CROAMING: %d" % (2 if cell.mccmnc[:3] == home[:3] else 1)]

    def _cells(self):
        """(cell, channel, cell identity) of the cells in reach, the serving one first."""
        serving, heard = self._modem.registration.cell, self._modem.registration.selection.heard()
        cells = [cell for cell in heard if cell is serving] + [cell for cell in heard if cell is not serving]
        return [(cells[at], _CHANNEL + at * _APART, "%04X" % (int(CELL, 16) + at)) for at in range(len(cells))]

    def _ceng(self, kind, text):
        if kind == TEST:
            return ["+CENG: (0,1,3),(0,1)"]
        if kind == SET:
            values = arguments(text)
            self._mode = number(values[0], (0, 1, 3))  # the others are not simulated
            self._neighbours = number(values[1], (0, 1)) if len(values) > 1 else self._neighbours
        if kind != READ:
            return None
        found = ["+CENG: %d,%d" % (self._mode, self._neighbours)]
        if self._mode and self._modem.registration.cell is not None:
            for cell, channel, identity in self._cells()[:_MOST]:
                found.append(self._engineering(len(found) - 1, cell, channel, identity))
        return found

    def _engineering(self, index, cell, channel, identity):
        """The line of a cell: <rxl> is twice the <rssi> of AT+CSQ (note of 6.2.21)."""
        mcc, mnc, level = cell.mccmnc[:3], cell.mccmnc[3:], cell.signal * 2
        if self._mode == 3:
            return "+CENG: %d,%s,%s,%s,%s,%s,%d" % (index, mcc, mnc, LAC, identity, _BSIC, level)
        if not index:
            values = (channel, level, mcc, mnc, _BSIC, identity, LAC)
            return '+CENG: 0,"%04d,%d,00,%s,%s,%s,%s,08,05,%s,255"' % values
        own = identity + "," if self._neighbours else ""
        return '+CENG: %d,"%04d,%d,%s,%s%s,%s,%s"' % (index, channel, level, _BSIC, own, mcc, mnc, LAC)

    def _cnetscan(self, kind, text):
        if kind == TEST:
            return ["+CNETSCAN: (0,1)"]
        if kind == READ:
            return ["+CNETSCAN: %d" % self._wide]
        if kind == SET:
            self._wide = number(arguments(text)[0], (0, 1))
            return None
        return Wait(self._modem.environment.delays.scan, self._surveyed)

    def _surveyed(self):
        line = 'Operator:"%s",MCC:%s,MNC:%s,Rxlev:%d,Cellid:%s,Arfcn:%d'
        more = ",Lac:%s,Bsic:%s" % (LAC, _BSIC) if self._wide else ""
        return [
            line % (cell.name, cell.mccmnc[:3], cell.mccmnc[3:], cell.signal * 2, identity, channel) + more
            for cell, channel, identity in self._cells()
        ]
