"""The submission of an accepted message: M-Send.req or M-Forward.req out, its confirmation in; loaded for each."""

from mms import flash, limits
from mms.errors import LinkError
from mms.handset import rooms


async def submit(bearer, inbox, events, item):
    """Send the content of `item` to the MMSC, and note what the confirmation says.

    Raises Refused with the MMSC's response status, LinkError for another answer, Coverage where the settings do not
    allow its price, and the errors of Bearer.request.
    """
    forwarded = item.record.get("forwards")
    priced = not forwarded and rooms.has("prices")
    prices = {"perhaps": await rooms.prices.permit(bearer, item)} if priced else {}
    content = item.content(**prices)

    def sent(done):
        events.say("sent", id=item.id, octets=min(done, content.octets), of=content.octets)

    try:
        answer, media = await bearer.request("POST", bearer.profile.mmsc, read_confirmation, content, sent)
    finally:
        content.close()
    message_id = rooms.confirmation.message_id(answer, media, item)
    await flash.quiet()
    if priced:
        prices = {"perhaps": None, "paid": rooms.prices.charge(bearer, events, item)}
    item.confirm(message_id, **prices)
    waiting = inbox.get(forwarded) if forwarded else None
    if waiting and not waiting.hidden:
        rooms.noting.note_forwarded(waiting)


async def read_confirmation(response, buffer):
    """(body, its media type) of a response; raises LinkError for more than limits.CONFIRMATION octets."""
    octets = bytearray()
    while True:
        count = await response.readinto(buffer)
        if not count:
            return bytes(octets), response.media
        if len(octets) + count > limits.CONFIRMATION:
            raise LinkError("confirmation", None, "more than %d octets" % limits.CONFIRMATION)
        octets.extend(memoryview(buffer)[:count])
