"""The cells around a module: AT+QENG (AT commands manual, 6.17), in the lines of logs."""

from tools.lab.modem.registration import CELL, EUTRAN, LAC
from tools.lab.modem.syntax import SET, TEST, Refused, arguments

_GSM, _EDGE, _UTRAN = 0, 3, 2
_CHANNELS = {_GSM: 62, _EDGE: 62, _UTRAN: 10738, EUTRAN: 1650}  # of the serving cell, as AT+QNWINFO has it
_APART = {_GSM: 11, _EDGE: 11, _UTRAN: -25, EUTRAN: 200}  # from one network's channel to the next one's
_NAMES = {"BG95-M3": "eMTC", "BG96": "CAT-M"}  # of LTE for the serving cell, in logs; of the others "LTE"
_BAND, _BANDWIDTH, _BSIC, _CODE = 3, 3, 31, 84  # 10 MHz; the code is that of a cell in W-CDMA or LTE
_RSRP, _RSRQ, _SINR, _LEVEL = -28, -10, 11, 41  # RSRP is so many dB below the whole strength
_NO_CALL = '-,-,-,-,-,-,-,-,-,"-"'  # the fields of a GSM call that there is not


class Cells:
    """Lines about the cells that a `modem` hears."""

    def __init__(self, modem):
        self._modem = modem

    def command(self, kind, text):
        """AT+QENG="servingcell" or "neighbourcell"."""
        if kind == TEST:
            return ['+QENG: ("servingcell","neighbourcell")']
        lines = {"servingcell": self._serving, "neighbourcell": self._neighbours}
        if kind != SET or arguments(text)[0] not in lines:
            raise Refused(50)
        return lines[arguments(text)[0]]()

    def _camped(self):
        """(state, cell): a modem that no network takes camps on the first cell in reach, for emergency calls."""
        registration = self._modem.registration
        if registration.registered:
            busy = [there for there in self._modem.sockets.connections.values() if there.open and not there.closed]
            return "CONNECT" if busy else "NOCONN", registration.cell  # [M] of data: the manual says a call
        heard = [cell for cell in registration.selection.heard() if registration.selection.readable(cell)]
        if registration.searching or self._modem.identity.functions != 1 or not heard:
            return "SEARCH", None
        return "LIMSRV", heard[0]

    def _serving(self):
        state, cell = self._camped()
        if cell is None:
            return ['+QENG: "servingcell","SEARCH"']
        access, place, dbm = self._access(cell), self._place(cell, 0), _dbm(cell)
        channel = _CHANNELS[access]
        if access == EUTRAN:
            name = _NAMES.get(self._modem.identity.model, "LTE")
            network, area, identity = place
            told = '"%s","FDD",%s,%s,%d,%d,%d,%d,%d,%s,' % (
                name, network, identity, _CODE, channel, _BAND, _BANDWIDTH, _BANDWIDTH, area,
            )  # fmt: skip
            told += "%d,%d,%d,%d,%d" % (dbm + _RSRP, _RSRQ, dbm, _SINR, _LEVEL)
        elif access == _UTRAN:
            told = '"WCDMA",%s,%s,%s,%d,%d,254,%d,-7,-,-,-,-,-' % (place + (channel, _CODE, dbm))
        else:
            told = '"GSM",%s,%s,%s,%d,%d,-,%d,255,255,0,' % (place + (_BSIC, channel, dbm))
            told += "%d,%d,1,%s" % (dbm + 105, dbm + 105, _NO_CALL)
        return ['+QENG: "servingcell","%s",%s' % (state, told)]

    def _neighbours(self):
        """The cells of other networks, and in LTE the serving cell as the first neighbour, as in logs."""
        state, serving = self._camped()
        if serving is None:
            return []
        cells = [serving] + [cell for cell in self._modem.registration.selection.heard() if cell is not serving]
        mode, lines = self._access(serving), []
        for at, cell in enumerate(cells):
            access = self._access(cell)
            if access == EUTRAN:
                told = self._lte(at, cell, mode, cell.mccmnc == serving.mccmnc) if at or mode == EUTRAN else None
            elif not at or access != _UTRAN and state == "CONNECT":  # GSM is heard in idle mode only (6.17)
                told = None
            else:
                told = self._other(at, cell, mode, access)
            if told is not None:
                lines.append("+QENG: " + told)
        return lines

    def _lte(self, at, cell, mode, same):
        """A neighbour that is LTE; only in LTE mode RSRQ is told before RSRP."""
        channel, code, rsrp = _CHANNELS[EUTRAN] + at * _APART[EUTRAN], _CODE + at, _dbm(cell) + _RSRP
        if mode != EUTRAN:
            rest = ",%d" % _LEVEL if mode == _UTRAN else ""
            return '"neighbourcell","LTE",%d,%d,%d,%d%s' % (channel, code, rsrp, _RSRQ, rest)
        measured = "%d,%d,%d,%d,%d" % (_RSRQ, rsrp, _dbm(cell), _SINR, _LEVEL)
        if same:
            return '"neighbourcell intra","LTE",%d,%d,%s,6,22,6,46' % (_CHANNELS[EUTRAN], code, measured)
        return '"neighbourcell inter","LTE",%d,%d,%s,0,22,6' % (channel, code, measured)

    def _other(self, at, cell, mode, access):
        """A neighbour that is W-CDMA or GSM, in the words of the mode of the serving cell."""
        channel, dbm = _CHANNELS[access] + at * _APART[access], _dbm(cell)
        if access == _UTRAN:
            forms = {
                EUTRAN: '"WCDMA",%d,3,16,2,%d,%d,-70,%d' % (channel, _CODE + at, dbm * 10, _LEVEL),
                _UTRAN: '"WCDMA",%d,-723,%d,%d,-70,2,-32768,-' % (channel, _CODE + at, dbm * 10),
            }
            return '"neighbourcell",' + forms.get(mode, '"WCDMA",%d,%d,%d,-7' % (channel, _CODE + at, dbm))
        forms = {
            EUTRAN: '"GSM",%d,3,14,50,255,0,%d,%d,%d' % (channel, _BSIC, dbm * 10, _LEVEL),
            _UTRAN: '"GSM",%d,%d,%d,-5' % (_BSIC, dbm, dbm + 111),
        }
        levels = (_BSIC, channel, dbm, dbm + 105, dbm + 105)
        usual = '"GSM",%s,%s,%s,%d,%d,%d,%d,%d,0,0' % (self._place(cell, at) + levels)
        return '"neighbourcell",' + forms.get(mode, usual)

    def _access(self, cell):
        return self._modem.registration.access_of(cell)

    def _place(self, cell, at):
        """(network, area, cell) as text; area and cell are hexadecimal without zeros in front."""
        network = "%s,%s" % (cell.mccmnc[:3], cell.mccmnc[3:])
        return network, "%X" % int(LAC, 16), "%X" % (int(CELL, 16) + at)


def _dbm(cell):
    return -113 + 2 * cell.signal
