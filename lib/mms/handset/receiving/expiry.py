"""The age of messages that are not whole or not retrieved; loaded while there are some."""

from mms import clock, flash
from mms.errors import StoreError
from mms.handset import rooms, states
from mms.limits import const

_HOUR = const(3600)


async def expire(inbox):
    """Handle postponed TPDUs, give up segments whose others did not come, and mark notifications that have expired.

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
    for id, passed in inbox.waiting.ages():
        await clock.sleep(0)
        await flash.quiet()
        try:
            item = inbox.get(id)
            if item:
                _age(inbox, item, passed)
        except StoreError as error:
            inbox.events.fail(error, id=id, final=False)


def _age(inbox, item, passed):
    status = item.status
    if status["expiry"] is None:
        return
    if status["age"] + passed >= status["expiry"]:
        item.save(state=states.EXPIRED)
        inbox.events.say("expired", id=item.id)
    elif passed >= _HOUR:
        item.save(age=status["age"] + passed)
        inbox.waiting.renew(item.id)
