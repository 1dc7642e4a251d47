"""The retrieval of an announced message (OMA-TS-MMS_ENC, 6.3): HTTP GET into the store; loaded for each.

The codec is not needed before the connection has ended: a board's heap need not hold both at a time.
"""

from mms.errors import Coverage, Refused
from mms.handset import rooms, states
from mms.limits import const

_GONE = const((404, 410))


async def locate(bearer, settings, inbox, item):
    """The Url to retrieve `item` from, or None when it was deferred: the settings leave it to the user.

    Raises Coverage where nothing tells whether the handset is abroad, TooLarge, Refused, and the errors of an answer.
    """
    network = await bearer.network()
    if network.status not in ("home", "roaming"):
        raise Coverage("register", None, "nobody knows whether this is abroad")
    room, octets = rooms.arriving, item.status["octets"]
    url = room.location(bearer.profile, item)
    if item.state == states.NOTIFIED:  # a message that the user asks for is tried: it may be smaller than announced
        room.check_size(octets, bearer.profile.receives)
        why = rooms.abroad.postpone(bearer, item, network) if network.roaming else _postpone(settings)
        if why:
            room = None
            await rooms.answers.defer(bearer, settings, item, why, network.roaming)
            return None
        room.check_room(inbox.store, octets)
    return url


def _postpone(settings):
    """The reason for which a message that is announced at home is not fetched, or ""."""
    return "" if settings["retrieve"]["home"] == "now" else "retrieve.home is manual"


async def fetch(bearer, inbox, item, url):
    """Store the message at `url` and publish it as that of `item`; raises TooLarge, Refused, LinkError, ModemError."""
    room, most = rooms.arriving, bearer.profile.receives

    async def consume(response, buffer):
        return await room.receive(inbox.store, inbox.events, item, response, buffer, most)

    try:
        media = await bearer.request("GET", url, consume)
    except Refused as error:
        if error.step == "answer" and error.code in _GONE:
            raise Refused("retrieve", error.code, "the MMSC does not have the message, or no more")
        raise
    room = None
    await inbox.publish(item, media)
