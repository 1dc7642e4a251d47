"""A UART with more wires to its modem than two: RTS and CTS, DTR (ITU-T V.24, circuits 105, 106, 108/2).

A board names their pins in its MODEM. All of them are low when they are on. Not tried on hardware.
"""

from machine import UART, Pin

from drivers.serial import uart


class Uart(uart.Uart):
    """The Stream of the UART; `flow`: whether RTS and CTS say when octets may go, None where they are not wired.

    Until `set_flow(True)` RTS is on and CTS is not looked at, so that both ends can always speak.
    """

    def __init__(self, baud, rts=None, cts=None, dtr=None, **line):
        super().__init__(baud, **line)
        self._baud, self._rts, self._cts = baud, rts, cts
        self._dtr = None if dtr is None else Pin(dtr, Pin.OUT, value=0)
        self.flow = None
        if rts is not None and cts is not None:
            self.flow = False
            Pin(rts, Pin.OUT, value=0)

    def set_flow(self, on):
        """Let RTS and CTS say when octets may go, or neither."""
        self.flow = on
        flow = UART.RTS | UART.CTS if on else 0
        self._stream.init(baudrate=self._baud, rts=self._rts, cts=self._cts, flow=flow)
        if not on:
            Pin(self._rts, Pin.OUT, value=0)  # the UART has let go of it, and would leave the modem waiting

    def set_dtr(self, on):
        """Have the modem awake, or allow it to sleep: whether there is such a wire."""
        if self._dtr is None:
            return False
        self._dtr.value(0 if on else 1)
        return True

    def set_baud(self, baud):
        """Change the speed."""
        self._baud = baud
        super().set_baud(baud)
