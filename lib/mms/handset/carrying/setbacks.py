"""Attempts that have failed: they are noted and told, and the carrier knows when the next is due; loaded then.

Of the Carrier these functions use `later`, `unreached`, `barred`, `bearer`, `events` and `supervisor`.
"""

from mms import clock, flash
from mms.errors import Coverage, ModemError, StoreError, TooLarge
from mms.handset import policy, rooms, states
from mms.limits import const

_UNREACHED_MS = const(300000)  # between two searches for a network
_UNREACHED = const(3)  # the longest wait while attaching fails, an index of those below
_RETRY_MINUTES = const((0, 1, 5, 10, 30))  # waits before the second, third ... attempt
_BARRED = const((103, 106, 107))  # +CME of an attach that is refused until the modem was off (TS 24.008, 4.7.3.1.4)
_GOES_ON = (states.QUEUED, states.NOTIFIED, states.WANTED, states.RETRIEVED, states.REJECTING)


async def note(carrier, item, error, attempts, starved):
    """Note that an attempt failed, tell it, and know when the next is due; a starved job is retried once."""
    wait = None
    if isinstance(error, Coverage) and error.step in ("roaming", "price"):
        carrier.later[item.id] = (clock.ticks(), _UNREACHED_MS)
        await flash.quiet()
        rooms.abroad.hold(item, error, carrier.events)
        return
    if getattr(error, "step", "") == "time" and "text" not in getattr(item, "record", ()):
        if carrier.bearer.candidate is not None:
            rooms.choice.doubt(carrier.bearer, error)  # the proxy was silent
    carrier.unreached = 0 if item.status["attempts"] == attempts else carrier.unreached + 1
    if not (getattr(error, "permanent", False) or starved and item.status.get("why") == str(error)):
        wait = _wait(carrier.unreached, item, error, attempts)
    told = getattr(error, "step", "") == "operators" and item.status.get("why") == str(error)
    await flash.quiet()
    try:
        item.failed(error, wait is None)
    except StoreError as full:
        error, wait = full, wait or policy.IDLE_MS  # the item stays as it was, and there may be room later
    carrier.later.pop(item.id, None)
    if item.state in _GOES_ON:  # nothing is kept of other items, since strangers announce any number of them
        carrier.later[item.id] = (clock.ticks(), wait or 0)
    over = item.state not in _GOES_ON or isinstance(error, TooLarge)  # of a TooLarge one only the answer goes on
    sent = item.state == states.SENT  # and noted: the failure came later
    if over or not told:  # the file of operators stays as it is until a person does something
        carrier.events.fail(error, id=None if sent else item.id, final=over and not sent, retry_ms=wait)
    if starved:
        carrier.supervisor.starved()
    if getattr(error, "step", "") == "attach" and error.code in _BARRED:
        await _lift(carrier)


async def _lift(carrier):
    """Switch the modem off and on, once a network until data passes: the refusal may be that of one before it."""
    bearer, before = carrier.bearer, carrier.barred
    try:
        network = await bearer.network()
        carrier.barred = network.mccmnc
        if before == network.mccmnc or before is None and network.roaming:
            return
        async with bearer.exclusive:
            await bearer.modem.power_cycle()
    except ModemError:
        carrier.barred = before  # so that it is tried again after the next attempt
    carrier.events.say("modem_reset")


def _wait(unreached, item, error, attempts):
    """Milliseconds until the next attempt, or None when that was the last."""
    if unreached:
        if isinstance(error, Coverage):
            return _UNREACHED_MS  # the modem has searched for register_seconds
        attempts = min(unreached, _UNREACHED)
    elif item.state == states.LEAVING:
        attempts = max(attempts, 2)  # a possible duplicate waits until the MMSC may have recovered
    return retry_ms(attempts, item.id)


def retry_ms(attempts, id):
    """Milliseconds until the next attempt after `attempts` failed ones, or None after the last one.

    Up to a fifth more or less, by the message's `id`, whose digits are random: handsets that one outage struck
    together do not come back together.
    """
    if attempts > len(_RETRY_MINUTES):
        return None
    at = 2 * (attempts % 4)
    return _RETRY_MINUTES[attempts - 1] * (60000 + 12000 * (int(id[at : at + 2], 16) - 128) // 128)


def settle(carrier, item):
    """Doubt an Item that is still LEAVING: the store was too full to note how its attempt ended."""
    try:
        rooms.attempts.doubt(item, "the end of its last attempt could not be noted")
    except StoreError:
        carrier.later[item.id] = (clock.ticks(), policy.IDLE_MS)
