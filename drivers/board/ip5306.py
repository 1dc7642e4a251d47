"""The power chip of a T-Call (Injoinic IP5306), by I2C; loaded at each start. Not tried on hardware."""

from mms import memory
from mms.limits import const

_ADDRESS = const(0x75)
_SYSTEM = const(0x00)  # SYS_CTL0
_KEEP_ON = const(b"\x37")  # bit 1: the boost converter stays on at a light load
_ABSENT = const(
    "the power chip IP5306 does not answer: on a cell the board may go off half a minute after it falls silent;"
    " look at the wires to SDA and SCL, or use USB"
)


def keep_on(sda, scl):
    """Keep the board on: otherwise the chip takes its supply away 32 s after the load gets light.

    The chip forgets this at a hard reset. The result is None, or what a person has to know where it does not answer.
    """
    from machine import I2C, Pin

    memory.forget(__name__)
    try:
        I2C(0, sda=Pin(sda), scl=Pin(scl)).writeto_mem(_ADDRESS, _SYSTEM, _KEEP_ON)
    except OSError:
        return _ABSENT
