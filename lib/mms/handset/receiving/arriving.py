"""A message while it arrives, as large as the settings and the store allow; loaded when one is retrieved."""

from mms import flash, limits
from mms.errors import StoreFull, TooLarge
from mms.handset.store import filenames

_RAISE = "raise operators.*.receive_octets in the settings and fetch it, or delete it: it stays at the MMSC for a while"


def check_size(octets, most):
    """Raise TooLarge when a message of so many octets, and a header, is more than the settings allow."""
    if octets > most + limits.PDU_HEADER:
        told = min(octets, 9999999)  # events mask longer numbers
        error = TooLarge("size", None, "a message of at least %d octets, and %d is the most" % (told, most))
        if most < limits.MESSAGE:
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
