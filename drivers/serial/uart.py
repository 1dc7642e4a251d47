"""A UART of a board (machine.UART). Not tried on hardware."""

from machine import UART

from drivers.serial.polled import Polled
from mms.limits import const

_RECEIVE = const(4096)  # 355 ms at 115200 baud: longer than a garbage collection
_SEND = const(2048)


class Uart(Polled):
    """The Stream of the UART of that number; pins: what machine.UART takes beside it (tx, rx, rts, cts, flow...)."""

    def __init__(self, baud, uart, rxbuf=_RECEIVE, txbuf=_SEND, **pins):
        if "tx" in pins:  # ports with free pins have a buffer for sending too
            pins["txbuf"] = txbuf
        super().__init__(UART(uart, baudrate=baud, bits=8, parity=None, stop=1, rxbuf=rxbuf, **pins), False)

    async def readinto(self, buf):
        """Read the octets that are there.

        More are not asked for: an rp2 waits at least a millisecond for each further octet (`timeout_char`), and would
        hold the loop for as long as the line is busy.
        """
        view = memoryview(buf)
        octets = await super().readinto(view[:1])
        more = min(self._stream.any(), len(view) - 1) if octets else 0
        if more:
            octets += self._stream.readinto(view[1 : 1 + more]) or 0
        return octets

    def set_baud(self, baud):
        """Change the speed."""
        self._stream.init(baudrate=baud)

    def _release(self, stream):
        stream.deinit()
