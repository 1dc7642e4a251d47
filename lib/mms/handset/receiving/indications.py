"""Links that come by WAP push, as service indication (WAP-167) or service loading (WAP-168); loaded when one comes.

A link is stored to be shown, and never followed.
"""

from mms import limits
from mms.errors import PduError
from mms.handset import rooms, states
from mms.limits import const

_DELETE = const("delete")  # an action: the indication before it is void (WAP-167, 6.2)


def store(inbox, id, message, push, body):
    """Store the link in `body`, in place of an older one with the same id and sender; raises PduError, StoreError."""
    link = rooms.links.parse(body, push.media)
    if len(link.href) > limits.URL:
        raise PduError(push.body, "a link of %d characters" % len(link.href))
    if link.expires is not None and message.time is not None and link.expires <= message.time:
        inbox.events.say("expired", id=id)
        return
    created, key = link.created or message.time or 0, link.id or link.href

    def is_same(item):
        known = item.status
        same = (known["sender"], known["key"] or known["url"]) == (message.originator, key)
        return same and item.state == states.LINK

    id, item = rooms.dedup.find(inbox, id, ("%s %s" % (message.originator, key)).encode(), is_same)
    if item:
        if item.status["created"] > created:
            return
        inbox.delete(id)
    if link.action == _DELETE:
        return
    rooms.retention.make_room(inbox, states.LINK, limits.LINKS)
    rooms.entries.add(
        inbox,
        id,
        states.LINK,
        sender=message.originator,
        url=link.href,
        text=link.text,
        key=link.id or "",
        action=link.action,
        created=created,
        expires=link.expires,
        time=message.time,
    )
    inbox.events.say("link", id=id, sender=message.originator, url=link.href, text=link.text)
