"""Messages and files that the inbox has lost: kept apart for a person, counted, and told; loaded then."""

from mms import limits
from mms.errors import StoreError
from mms.handset.store import filenames


def quarantine(inbox, names, why):
    """Keep raw TPDUs that could not be parsed for a person to look at, in place of the first ones by name."""
    inbox.quarantined += 1
    if inbox.quarantined <= limits.QUARANTINE:
        inbox.events.say("quarantined", why=why)
    others = inbox.store.names(filenames.QUARANTINE)
    for name in names:
        try:
            inbox.store.rename(name, name[:8] + filenames.QUARANTINE)
        except StoreError:
            pass  # it is gone, or will be met again
    for old in others[: max(len(others) + len(names) - limits.QUARANTINE, 0)]:
        inbox.store.remove(old)
        inbox.count_dropped("quarantined")


def report(inbox):
    """Say what was dropped, in one event however much it was, and which files were found to be damaged."""
    dropped, inbox.dropped, inbox.quarantined = inbox.dropped, {}, 0
    if dropped:
        inbox.events.say("flooded", dropped=sum(dropped.values()), **dropped)
    while inbox.store.damaged:
        name = inbox.store.damaged.pop()
        inbox.events.say("damaged", id=name[:8], file=name)
