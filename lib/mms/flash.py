"""Turns of the flash and the serial lines: some boards lose octets of a UART while the flash erases or writes.

An RP2040 turns its interrupts off for some 45 ms when a sector is erased. Its UART keeps 32 octets, which are 2.8 ms
at 115200 baud: octets after them are lost, however large the buffer behind the UART is. So a driver calls `spare`
before it asks for octets that come only once, and code that writes to the flash awaits `quiet` first. Unsolicited
octets may still get lost: drivers ask for their contents now and then.

`deafens` is True on such a board (its file in drivers/board sets it); on others `quiet` returns at once.
"""

from mms import clock
from mms.limits import const

deafens = False

_LOOK_MS = const(5)
_TURN_MS = const(100)  # a task in `quiet` looks every _LOOK_MS: one that has not for so long was cancelled
_spared = []  # [ticks, ms] for each answer that is on its way
_wanted = None  # ticks of the last look of a task that waits in `quiet`


def busy():
    """Whether octets are expected that would be lost while the flash works."""
    for one in list(_spared):
        if not 0 <= clock.since(one[0]) < one[1]:
            _spared.remove(one)
    return deafens and len(_spared) > 0


async def quiet():
    """Wait until the flash may work. It may, after this, up to the next await."""
    global _wanted
    while busy():
        _wanted = clock.ticks()
        await clock.sleep(_LOOK_MS)
    _wanted = None


async def spare(ms):
    """Keep the flash at rest for `ms` milliseconds, or until `release` of the result: octets are about to come.

    A task that waits in `quiet` has its turn first. A task must release its first turn before it asks for a second one.
    """
    while deafens and _wanted is not None and 0 <= clock.since(_wanted) < _TURN_MS:
        await clock.sleep(_LOOK_MS)
    one = [clock.ticks(), ms]
    _spared.append(one)
    return one


def release(one):
    """End the turn that `spare` returned, or nothing when it is None."""
    if one in _spared:
        _spared.remove(one)
