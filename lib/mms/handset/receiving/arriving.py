"""A message on its way here: where it lies, and its arrival, as large as settings and store allow; loaded for each."""

from mms import flash, limits
from mms.errors import Refused, StoreFull, TooLarge
from mms.handset import rooms
from mms.handset.store import filenames
from mms.limits import const
from mms.link.url import parse_url

_RAISE = const(
    "raise operators.*.receive_octets in the settings and fetch it, or delete it: it stays at the MMSC for a while"
)


def location(profile, item):
    """The Url of a message; some networks leave its transaction id to be added.

    Raises Refused for no URL, and for one whose host is not known as the operator's.
    """
    url = item.status["url"]
    url = parse_url(url + item.status["tid"] if profile.appends and url.endswith("=") else url)
    if profile.proxy is None and not rooms.operators.trusts(profile, url.host):
        error = Refused("location", None, "the message lies on %s, a host that is not the MMSC's" % url.host)
        words = 'if that is your operator\'s, add "%s" to operators.%s.hosts in the settings, then fetch it'
        error.advice = words % (url.host.lower(), profile.code)
        raise error
    return url


def check_size(octets, most):
    """Raise TooLarge when a message of so many octets, and a header, is more than the settings allow."""
    if octets > most + limits.PDU_HEADER:
        told = min(octets, 9999999)  # events mask longer numbers
        error = TooLarge("size", None, "a message of at least %d octets, and %d is the most" % (told, most))
        if most not in (limits.MESSAGE, limits.WSP):  # which no setting raises
            error.advice = _RAISE
        raise error


def check_room(store, octets):
    """Raise TooLarge when the store has no room for so many octets."""
    if not store.holds(octets):
        raise TooLarge("room", None, "no room in the store for a message of %d octets" % octets)


async def receive(store, events, item, response, buffer, most=limits.MESSAGE):
    """Store the PDU in an HTTP response as ID.k while it arrives; returns its media type.

    Raises TooLarge, before anything of it is read where the response tells its length, LinkError, StoreError.
    """
    of = response.octets or item.status["octets"]
    if of > item.status["octets"]:
        await flash.quiet()
        item.save(octets=of)  # the time that another attempt may take depends on it
    check_size(response.octets or 0, most)
    check_room(store, response.octets or 0)
    try:
        async with store.create(item.id + filenames.ARRIVED) as writer:
            while True:
                count = await response.readinto(buffer)
                if not count:
                    return response.media
                check_size(writer.octets + count, most)
                await writer.add(memoryview(buffer)[:count])
                events.say("received", id=item.id, octets=writer.octets, of=of)
    except StoreFull:
        raise TooLarge("room", None, "no room in the store for the message")
