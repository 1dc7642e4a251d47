"""A modem of any family: the family and the speed of its line are found each time it starts."""

from drivers.modem.family import Family


class Auto:
    """Has the verbs of the Family that was found last; before the first start, those that all families share.

    pipe: a Stream with `baud`, the speed that it has.
    """

    FASTEST = 921600  # of any family: the one that is found has less, perhaps

    def __init__(self, pipe, events, power=None, off=None):
        self._modem = Family(pipe, events, power, off)

    def __getattr__(self, name):
        return getattr(self._modem, name)

    async def start(self):
        """Find the modem, which may be another one than before, and start it: see Family."""
        from drivers.modem import finding

        self._modem = await finding.find(self._modem)
        return await self._modem.start()


open = Auto  # drivers.modem finds it by this name
