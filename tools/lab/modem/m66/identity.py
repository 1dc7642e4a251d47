"""The identity of an M66 or M95, its clock, its supply and its end."""

from tools.lab.modem import identity
from tools.lab.modem.syntax import READ, RUN, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Reply

_REVISIONS = {"M66": "M66FAR01A12BT", "M95": "M95FAR02A08"}  # logs


class Identity(identity.Identity):
    """The answers of one of the models."""

    def constants(self):
        """Rows (name of the command, lines of its answer)."""
        name = self._modem.switches["model"]
        maker, model, revision = "Quectel_Ltd", "Quectel_" + name, "Revision: " + _REVISIONS[name]
        return (
            ("I", [maker, model, revision]),
            ("+GSV", [maker, model, revision]),
            ("+GMI", [maker]),
            ("+CGMI", [maker]),
            ("+GMM", [model]),
            ("+CGMM", [model]),
            ("+GMR", [revision]),
            ("+CGMR", [revision]),
            ("+GSN", [self.imei]),
            ("+CGSN", [self.imei]),
            ("+GCAP", ["+GCAP: +FCLASS,+CGSM"]),
            ("+CPAS", ["+CPAS: 0"]),
            ("+CLCC", []),
            ("H", []),
        )

    def commands(self):
        """Handlers {name: handler(kind, text)}; the model is a switch, so its lines are asked for each time."""
        found = super().commands()
        for place, (name, _) in enumerate(self.constants()):
            found[name] = self._row(place)
        found["+CBC"] = self._cbc
        found["+CCLK"] = self._cclk
        found["+QCCID"] = self._qccid
        found["+QSIMSTAT"] = self._qsimstat
        found["+QINISTAT"] = self._qinistat
        found["+QPOWD"] = self._qpowd
        return found

    def _row(self, place):
        return lambda kind, text: self._constant(self.constants()[place][1])(kind, text)

    def _cbc(self, kind, text):
        if kind == TEST:
            return ["+CBC: (0-2),(1-100),(voltage)"]
        return ["+CBC: 0,%d,%d" % (min(max((self.millivolts - 3300) // 9, 1), 100), self.millivolts)]

    def _cclk(self, kind, text):
        if kind != READ:
            return None
        time = self._modem.network_time()
        return ['+CCLK: "%s"' % (time or "04/01/01,00:00:00+00")]  # log: the clock of a start

    def _qccid(self, kind, text):
        if kind == TEST:
            return None
        self._modem.sim.need()
        return [self._modem.sim.card.iccid]

    def _qsimstat(self, kind, text):
        if kind == TEST:
            return ["+QSIMSTAT: (0,1)"]
        return ["+QSIMSTAT: 0,%d" % self._modem.sim.card.present]

    def _qinistat(self, kind, text):
        """0 nothing, 1 commands, 2 the phone book, 3 messages are ready (a header file quotes the manual so)."""
        if kind == TEST:
            return None
        return ["+QINISTAT: %d" % (3 if self._modem.sms.ready else int(self._modem.sim.ready()))]

    def _qpowd(self, kind, text):
        """NORMAL POWER DOWN, after which nothing is answered (M66 HD, 3.4.2.2); AT+QPOWD=0: OK, at once."""
        if kind == TEST:
            return ["+QPOWD: (0,1)"]
        if kind not in (RUN, SET):
            raise Refused()
        orderly = number(arguments(text)[0] if kind == SET else None, (0, 1), 1)
        self._modem.agenda.after(1, self._modem.power_off)
        return Reply((), "NORMAL POWER DOWN" if orderly else "OK")
