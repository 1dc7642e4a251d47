"""A modem of any family: the family and the speed of its line are found each time it starts."""

from drivers.modem import driver
from drivers.modem.family import COMMANDS, FINAL, NEWS, Family


class _Unknown(Family):
    """A modem before its family was found: what an earlier program left it in the middle of is ended for any family."""

    _LEFT = "\nSHUT OK|good\nDEACT OK|good\nSEND OK|good\nDATA ACCEPT:|good\n"  # it answers, and may take long
    TABLES = (COMMANDS,), (NEWS,), (_LEFT, FINAL)
    LEAVE = b"AT+CIPSHUT\rAT+NETCLOSE\rAT+QIDEACT=1\rAT+QIDEACT\rAT+UPSDA=0,4"
    UNWIRED = b"AT&K0\r"


class Auto:
    """Has the verbs of the Family that was found last; before the first start, those of `family` or what all share.

    pipe: a Stream with `baud`, the speed that it has. family: the name of the one that is looked for first, or None.
    """

    FASTEST = 921600  # of any family: the one that is found has less, perhaps

    def __init__(self, pipe, events, power=None, off=None, family=None):
        self._modem = (driver(family) if family else _Unknown)(pipe, events, power, off)

    def __getattr__(self, name):
        return getattr(self._modem, name)

    async def start(self):
        """Find the modem, which may be another one than before, and start it: see Family."""
        from drivers.modem import finding

        self._modem = await finding.find(self._modem)
        return await self._modem.start()


open = Auto  # drivers.modem finds it by this name
