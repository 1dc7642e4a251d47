"""Attempts to send a message that failed, are repeated or given up; loaded for each.

`item` is an Item of outbox.py.
"""

from mms.errors import Refused, UsageError
from mms.handset import states
from mms.handset.store.records import shortened


def fail(item, error, final):
    """Save that an attempt failed, the last one when `final`.

    A message whose last octets were leaving is in doubt, unless the MMSC has refused it. A message that is saved
    as sent stays sent: the error came after its confirmation.
    """
    if item.state == states.LEAVING and not isinstance(error, Refused):
        doubt(item, str(error))
    elif item.state != states.SENT:
        item.save(state=states.FAILED if final else states.QUEUED, why=shortened(str(error)))


def doubt(item, why):
    """Save that the MMSC may have the message, for the reason `why`.

    One more attempt follows, flagged, unless this was that attempt or the settings leave it to the user.
    """
    why = shortened(why)
    if item.box.hold_doubtful or item.status["maybe_duplicate"]:
        item.save(state=states.IN_DOUBT, why=why)
    else:
        item.save(state=states.QUEUED, why=why, maybe_duplicate=True)
    item.events.say("in_doubt", id=item.id, why=why)


def retry(item):
    """Queue a message again that has failed, is in doubt or waits abroad; raises UsageError for another state."""
    if item.state not in (states.FAILED, states.IN_DOUBT, states.QUEUED):
        raise UsageError("message %s is %s" % (item.id, item.state))
    doubtful = item.status["maybe_duplicate"] or item.state == states.IN_DOUBT
    item.save(state=states.QUEUED, attempts=0, maybe_duplicate=doubtful, abroad=True, why="")


def cancel(item):
    """Give up a queued message; raises UsageError for another state."""
    if item.state != states.QUEUED:
        raise UsageError("message %s is %s" % (item.id, item.state))
    item.save(state=states.FAILED, why="cancelled")
