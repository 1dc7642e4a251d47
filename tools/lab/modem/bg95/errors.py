"""Result codes of the TCP/IP commands (TCP/IP application note V1.1, chapter 4)."""

from tools.lab.modem.syntax import TEST, Refused

PARAMETERS, CONTEXT_OPEN, IDENTITY_USED = 552, 561, 563
NAME_UNKNOWN, CONNECT_FAILED, SOCKET_CLOSED = 565, 566, 567
CONTEXT_BROKEN, NOT_ALLOWED, NO_APN = 570, 572, 573

_TEXTS = {
    0: "operate successfully",
    PARAMETERS: "invalid parameters",
    CONTEXT_OPEN: "PDP context opening failed",
    IDENTITY_USED: "socket identity has been used",
    NAME_UNKNOWN: "DNS parse failed",
    CONNECT_FAILED: "socket connect failed",
    SOCKET_CLOSED: "socket has been closed",
    CONTEXT_BROKEN: "PDP context broken down",
    NOT_ALLOWED: "operation not allowed",
    NO_APN: "APN not configured",
}


class Errors:
    """The last result code, which AT+QIGETERROR tells."""

    def __init__(self, modem):
        self._modem = modem
        self.reset()

    def reset(self):
        """Power-on: nothing has failed."""
        self.last = 0

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {"+QIGETERROR": self._tell}

    def refuse(self, code):
        """The refusal of a TCP/IP command: ERROR, or with the code in it where the switch says so [M]."""
        self.last = code
        return Refused(code if self._modem.switches["ip-errors"] == "coded" else None)

    def _tell(self, kind, text):
        return None if kind == TEST else ["+QIGETERROR: %d,%s" % (self.last, _TEXTS[self.last])]
