"""Network time, and what a SIM800 tells of the cells around it (AT manual V1.09, chapters 6 and 7)."""

from tools.lab.modem.registration import CELL, LAC
from tools.lab.modem.syntax import READ


class Surroundings:
    """AT+CENG, AT+CROAMING, and the lines of AT+CLTS."""

    def __init__(self, modem):
        self._modem = modem

    def reset(self):
        """Power-on: nothing here is kept."""

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {"+CROAMING": self._croaming, "+CENG": self._ceng}

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

    def _ceng(self, kind, text):
        cell = self._modem.registration.cell
        if kind != READ or cell is None:
            return None
        mcc, mnc = cell.mccmnc[:3], cell.mccmnc[3:]
        line = '+CENG: 0,"0081,%d,00,%s,%s,31,%s,08,05,%s,255"'
        return ["+CENG: 1,0", line % (cell.signal * 2, mcc, mnc, CELL, LAC)]
