"""A modem's identity and what switches it on and off (3GPP TS 27.007, clauses 5 and 8.2)."""

from tools.lab.modem.syntax import READ, SET, TEST, Refused, arguments, number
from tools.lab.modem.terminal import Wait

_RESET_MS = 100  # from AT+CFUN=1,1 to silence
MINIMUM, FULL, NO_RADIO = 0, 1, 4


class Identity:
    """Answers that never change, and AT+CFUN. A family has the lines of `constants` and more commands."""

    MODES = (MINIMUM, FULL, NO_RADIO)

    def __init__(self, modem, imei):
        self._modem, self.imei = modem, imei
        self.functions = FULL
        self.millivolts = 4000

    def reset(self):
        """Power-on: minimum functionality is not kept."""
        self.functions = self.functions or FULL

    def constants(self):
        """Rows (name of the command, lines of its answer)."""
        raise NotImplementedError

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        found = {}
        for name, lines in self.constants():
            found[name] = self._constant(lines)
        found["+CFUN"] = self._cfun
        return found

    def _constant(self, lines):
        def handle(kind, text):
            if kind in (READ, SET) and not (kind == SET and text in ("0", "")):
                raise Refused()
            return None if kind == TEST else lines

        return handle

    def _cfun(self, kind, text):
        if kind == READ:
            return ["+CFUN: %d" % self.functions]
        if kind == TEST:
            return ["+CFUN: (%s),(0-1)" % ",".join([str(mode) for mode in self.MODES])]
        values = arguments(text)
        wanted = number(values[0] if kind == SET else None, self.MODES)
        if len(values) > 1 and number(values[1], (0, 1)):
            self.functions = wanted
            self._modem.agenda.after(_RESET_MS, self._modem.power_on)
            return None
        if wanted != self.functions and MINIMUM in (wanted, self.functions) and NO_RADIO in (wanted, self.functions):
            raise Refused(3)  # minimum and RF off do not follow each other
        return Wait(_RESET_MS, lambda: self._function(wanted))

    def _function(self, wanted):
        changed, self.functions = wanted != self.functions, wanted
        if changed and wanted == FULL:
            self._modem.start_card()
        elif changed:
            self._modem.registration.leave()
            self._modem.terminal.urc("+CPIN: NOT READY")
