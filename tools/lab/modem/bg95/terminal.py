"""The line of a module that may say its unsolicited lines elsewhere (AT+QURCCFG="urcport")."""

from tools.lab.modem import terminal


class Terminal(terminal.Terminal):
    """The shared terminal; only while AT+QURCCFG names this line, unsolicited lines come here."""

    def urc(self, *lines):
        """Send unsolicited lines, if this is their port."""
        if self.settings["+QURCCFG"] == "uart1":
            super().urc(*lines)
