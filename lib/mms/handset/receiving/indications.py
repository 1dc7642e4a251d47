"""Links that come by WAP push, a service indication or a service loading: kept to be shown, never followed.

Loaded when one comes.
"""

from mms import limits
from mms.errors import PduError
from mms.handset import rooms, states

shelf = rooms.retention

_DELETE = "delete"  # an action: the indication before it is void (WAP-167, 6.2)


def take(box, id, message, told, body):
    """Keep the link in `body`, in place of older ones with the same id; raises PduError."""
    link = rooms.links.parse(body, told.media)
    if len(link.href) > limits.URL:
        raise PduError(told.body, "a link of %d characters" % len(link.href))
    if link.expires is not None and message.time is not None and link.expires <= message.time:
        box.events.say("expired", id=id)
        return
    created, key = link.created or message.time or 0, link.id or link.href
    told = ("%s %s" % (message.originator, key)).encode()

    def is_same(item):
        shown = item.status
        same = (shown["sender"], shown["key"] or shown["url"]) == (message.originator, key)
        return same and item.state == states.LINK

    id, item = rooms.dedup.known(box, id, told, is_same)
    if item:
        if item.status["created"] > created:
            return
        box.delete(id)
    if link.action == _DELETE:
        return
    shelf.make_room(box, states.LINK, limits.LINKS)
    box.add(
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
    box.events.say("link", id=id, sender=message.originator, url=link.href, text=link.text)
