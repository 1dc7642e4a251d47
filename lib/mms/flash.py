"""The flash and the serial lines: on some boards no octet is heard while the flash works.

An RP2040 turns its interrupts off for some 45 ms when a sector is erased. Its UART keeps 32 octets, which are 2.8 ms
at 115200 baud: all that comes after them is lost, however large the buffer behind it is. So a driver that waits for
octets that come once says so with `spare`, and whoever writes to the flash waits for `quiet` first. What comes unasked
may still get lost: drivers ask for it now and then.

`deafens` is True on such a board (its file in drivers/board says so); anywhere else nobody waits.
"""

from mms import clock
from mms.limits import const

deafens = False

_LOOK_MS = const(5)
_TURN_MS = const(100)  # who waits to write looks again much sooner than that, or has been cancelled
_spared = []  # [ticks, ms] for each answer that is on its way
_wanted = None  # ticks of the last look of somebody who waits to write


def busy():
    """Whether octets are on their way that would be lost while the flash works."""
    for one in list(_spared):
        if not 0 <= clock.since(one[0]) < one[1]:
            _spared.remove(one)
    return deafens and len(_spared) > 0


async def quiet():
    """Wait until the flash may work: it may from here to the next await."""
    global _wanted
    while busy():
        _wanted = clock.ticks()
        await clock.sleep(_LOOK_MS)
    _wanted = None


async def spare(ms):
    """Octets will be asked for that come within `ms`: the flash rests until `release` of the result, or for so long.

    Whoever waits to write has his turn before that. No task may ask for a second one before it has released the first.
    """
    while deafens and _wanted is not None and 0 <= clock.since(_wanted) < _TURN_MS:
        await clock.sleep(_LOOK_MS)
    one = [clock.ticks(), ms]
    _spared.append(one)
    return one


def release(one):
    """The octets that `spare` was asked for are here, or are given up; None is nothing."""
    if one in _spared:
        _spared.remove(one)
