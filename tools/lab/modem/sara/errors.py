"""Errors of the sockets: a result that is ERROR has its reason in AT+USOER (19.1, 19.8; numbers of BSD sockets [M])."""

from tools.lab.modem.syntax import READ, SET, Refused

NOT_ALLOWED = 3  # +CME ERROR (log)
PARAMETERS = 50
WOULD_BLOCK, BROKEN_PIPE, REFUSED, UNREACHABLE = 11, 32, 111, 113  # 11: the queue is full (19.10.1)


class Errors:
    """The last error of any socket."""

    def __init__(self, modem):
        self._modem = modem
        self.reset()

    def reset(self):
        """Power-on: nothing has failed."""
        self.last = 0

    def commands(self):
        """Handlers {name: handler(kind, text)}."""
        return {"+USOER": self._tell}

    def refuse(self, code, connection):
        """The refusal of a socket command with that error: ERROR, whatever AT+CMEE says (log)."""
        self.last = connection.error = code
        return Refused()

    def _tell(self, kind, text):
        if kind in (READ, SET):
            raise Refused(NOT_ALLOWED)
        return ["+USOER: %d" % self.last]
