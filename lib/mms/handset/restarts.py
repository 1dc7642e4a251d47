"""A modem that was reset is started again; loaded then."""

from mms import clock
from mms.errors import LineLost, ModemError, SimError
from mms.limits import const

_ATTEMPTS = const(5)
_PAUSE_MS = const(5000)


async def restart(bearer, events, supervisor):
    """Start the modem of a Bearer: whether its line is there; raises SimError, ModemError after _ATTEMPTS."""
    attempts = _ATTEMPTS
    while True:
        supervisor.beat("recover")
        attempts -= 1
        try:
            await bearer.start()
            return True
        except LineLost:
            return False  # an event follows when the line is back
        except ModemError as error:
            if isinstance(error, SimError) and error.code is not None or not attempts:
                raise
            events.fail(error, id=None, final=False)
        await clock.sleep(_PAUSE_MS)
