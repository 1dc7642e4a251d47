"""A modem's sleep, and the lines of its serial port that decide on it: DTR and RTS (V.24, circuits 108/2 and 105).

The handset's ends are `Machine.dtr_on`, `dtr_off`, `rts_on` and `rts_off`. A pseudo-terminal carries neither line: on
a PC they stay on, and the control interface of tools/lab/modem/shell.py moves DTR. Asleep, the serial port takes no
octet; the modem's own lines come nevertheless, since a message or octets of a connection wake the modem for them.
"""

NEVER, BY_DTR, BY_ITSELF, BY_RTS = 0, 1, 2, 3


class Sleep:
    """Whether the modem sleeps, and the octets that reach it: `modem.sleeps()` is one of the modes above.

    By a line, the modem sleeps while the handset has it off, and hears octets `wake_ms` after it is on; by itself,
    `idle_ms` after the last octet in either direction, and octets of the first `discard_ms` only wake it.
    """

    wake_ms = 50
    idle_ms = 5000
    discard_ms = 100

    def __init__(self, modem):
        self._modem = modem
        self.dtr = self.rts = True
        self.reset()

    def reset(self):
        """Power-on: awake, whatever the handset's lines are."""
        self._stirred = self._modem.agenda.now
        self._deaf_until = 0

    def commands(self):
        """No command: each family has its own."""
        return {}

    def asleep(self):
        """Whether the modem sleeps; it does not while a command runs, or while octets are under way on the radio."""
        modem, mode = self._modem, self._modem.sleeps()
        if mode == NEVER or not modem.on or modem.terminal.busy or modem.radio.next() is not None:
            return False
        if mode == BY_ITSELF:
            return modem.agenda.now - self._stirred >= self.idle_ms
        return not (self.dtr if mode == BY_DTR else self.rts)

    def set_dtr(self, on):
        """The handset's DTR is on, which is low on the pin, or off."""
        was = self.asleep()
        self.dtr = on
        self._wake(was)

    def set_rts(self, on):
        """The handset's RTS likewise."""
        was = self.asleep()
        self.rts = on
        self._wake(was)

    def _wake(self, was):
        if was and not self.asleep():
            self._deaf_until = self._modem.agenda.now + self.wake_ms
            self.stir()

    def hear(self, octets):
        """The octets that reach the modem, of those that the handset wrote."""
        now = self._modem.agenda.now
        if self.asleep():
            if self._modem.sleeps() != BY_ITSELF:
                return b""
            self._deaf_until = now + self.discard_ms
        self.stir()
        return b"" if now < self._deaf_until else octets

    def stir(self):
        """An octet went one way or the other."""
        self._stirred = self._modem.agenda.now
