"""PDUs that answer the MMSC: M-NotifyResp.ind, M-Acknowledge.ind and what errands.py keeps; loaded to send one."""

from mms import flash
from mms.codec import mm1
from mms.handset import policy, rooms, states


class _Content:
    """The content of a request (see mms.link.http) that is in memory: the octets of a PDU."""

    def __init__(self, pdu):
        self._pdu = pdu
        self._done = 0
        self.octets = len(pdu)

    def readinto(self, buf):
        piece = self._pdu[self._done : self._done + len(buf)]
        memoryview(buf)[: len(piece)] = piece
        self._done += len(piece)
        return len(piece)

    async def completing(self):
        pass  # the MMSC may get an answer twice, so nothing is noted before


async def post(bearer, octets, url=None):
    """Send a PDU to `url`, by default the MMSC's; raises what Bearer.request raises."""
    await bearer.request("POST", url or bearer.profile.mmsc, _ignore, _Content(octets))


async def _ignore(response, buffer):
    """The body of the MMSC's response to an answer has no meaning (OMA-TS-MMS_ENC, 6.3 and 6.4)."""


async def respond(bearer, settings, item, type, tid, status=None):
    """Send the M-NotifyResp.ind or M-Acknowledge.ind of a transaction (OMA-TS-MMS_ENC, 6.2 and 6.4)."""
    fields = [(mm1.TRANSACTION_ID, tid), (mm1.VERSION, policy.version(settings))]
    if status is not None:
        fields.append((mm1.STATUS, status))
    fields.append((mm1.REPORT_ALLOWED, settings["report_allowed"]))
    url = rooms.arriving.location(bearer.profile, item) if bearer.profile.answers_there else None
    await post(bearer, mm1.build(type, fields), url)


async def defer(bearer, settings, item, why, abroad):
    """Tell the MMSC that the message is fetched later, for the reason `why`, and note that it knows."""
    await respond(bearer, settings, item, mm1.NOTIFYRESP_IND, item.status["tid"], mm1.DEFERRED)
    await flash.quiet()
    rooms.noting.note_deferred(item, why, abroad)


async def answer(bearer, settings, item):
    """Answer a retrieval once: the notification, or the message where it was deferred; some networks want both."""
    if item.state == states.REJECTING:
        await respond(bearer, settings, item, mm1.NOTIFYRESP_IND, item.status["tid"], mm1.REJECTED)
        await flash.quiet()
        rooms.noting.note_acknowledged(item, states.REJECTED)
        return
    deferred, both = item.status["deferred"], bearer.profile.answers_twice
    if both or not deferred:
        await respond(bearer, settings, item, mm1.NOTIFYRESP_IND, item.status["tid"], mm1.RETRIEVED)
    if deferred or both and item.status["answer"]:
        await respond(bearer, settings, item, mm1.ACKNOWLEDGE_IND, item.status["answer"])
    await flash.quiet()
    paid = rooms.has("prices") and await rooms.prices.receive(bearer, item.box.events, item)
    if paid:
        item.save(paid=paid)
    rooms.noting.note_acknowledged(item)
