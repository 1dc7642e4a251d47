"""The context that comes with the attach in E-UTRAN (UBX-17003787 R16, 19.1; 3GPP TS 23.401, 5.3.2)."""

from tools.lab.modem.syntax import Refused


class Bearer:
    """Context 1 of an R4; one without an APN leads into the internet, and not to an MMSC: `reaches` is False then."""

    def __init__(self, modem):
        self._modem = modem
        self.reset()

    def reset(self):
        """Power-on, or the end of the context."""
        self.reaches = True

    def commands(self):
        """No command."""
        return {}

    def come_up(self):
        """Bring context 1 up with the attach by its definition at that time, where the network gives it."""
        contexts = self._modem.contexts
        there = contexts.defined.get(1)
        try:
            contexts.admit(1)
            self.reaches = True
        except Refused:
            if there is not None and there.apn:
                return
            self.reaches = False
        contexts.activate(1)
