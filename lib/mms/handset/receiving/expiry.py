"""The age of messages that are not whole or not retrieved; loaded while there are some."""

from mms import clock, flash
from mms.errors import ModemError, StoreError
from mms.handset import rooms, states
from mms.limits import const

_HOUR = const(3600)
_EVENING = const(21600)  # seconds from 18:00 to midnight
_UNFETCHED = (states.DEFERRED, states.WANTED)  # abroad one that is wanted may still have to wait for home
_UNDATED = const(43200)  # without a date the evening before is so many seconds before the end


async def expire(inbox, bearer=None):
    """Handle postponed TPDUs, give up segments whose others did not come, and mark notifications that have expired.

    With a Bearer, what was deferred abroad is wanted once that is at home.

    An age is counted while the handset runs, from the reception on: a clock may be wrong, and the MMSC says so when a
    message is retrieved too late.
    """
    if inbox.under_way:
        rooms.assembly.expire(inbox)
    for name in list(inbox.postponed):
        await rooms.retention.choose(inbox)
        await flash.quiet()
        inbox.postponed.remove(name)
        rooms.intake.handle(inbox, name)
    home = bearer is not None and await _is_home(inbox, bearer)
    for id, passed in inbox.waiting.ages():
        await clock.sleep(0)
        await flash.quiet()
        try:
            item = inbox.get(id)
            if item:
                _age(inbox, item, passed)
            if item and home and item.state == states.DEFERRED and item.status.get("abroad"):
                rooms.noting.retry(item)
        except StoreError as error:
            inbox.events.fail(error, id=id, final=False)


async def _is_home(inbox, bearer):
    """Whether a message is deferred, the handset is registered at home, and the settings have it fetched there."""
    deferred = any(row[2] == states.DEFERRED for row in inbox.waiting.rows.values())
    if not deferred or bearer.settings["retrieve"]["home"] != "now":
        return False
    try:
        return (await bearer.network()).status == "home"
    except ModemError:
        return False  # the next minute asks again


def _age(inbox, item, passed):
    status = item.status
    if status["expiry"] is None:
        return
    left = status["expiry"] - status["age"] - passed
    if left <= 0:
        item.save(state=states.EXPIRED)
        inbox.events.say("expired", id=item.id)
        return
    if passed >= _HOUR:
        item.save(age=status["age"] + passed)
        inbox.waiting.renew(item.id)
    if status["deferred"] and item.state in _UNFETCHED and left < status["expiry"] - _HOUR and _is_eve(left):
        _remind(inbox, item, left // _HOUR)


def _remind(inbox, item, hours):
    """Announce a deferred message again, once."""
    status = item.status
    if not status.get("reminded"):
        item.save(reminded=True)
        inbox.events.say("expiring", id=item.id, sender=status["sender"], octets=status["octets"], hours=hours)


def _is_eve(left):
    """Whether it is 18:00 or later of the day before the one on which a message ends, in `left` seconds."""
    now = clock.now()
    if now is None:
        return left <= _UNDATED
    hour, minute, second = clock.date(now + left)[3:]
    return left <= hour * _HOUR + minute * 60 + second + _EVENING
