"""The MMSC's confirmation of a message: M-Send.conf or M-Forward.conf (OMA-TS-MMS_ENC, 6.1.2 and 6.5.2)."""

from mms.codec import mm1
from mms.errors import LinkError, PduError, Refused
from mms.handset import rooms


def message_id(octets, media, item):
    """The Message-ID in a confirmation of `item`, or "".

    Raises LinkError for octets that are no such confirmation, Refused for a status other than Ok (7.3.48).
    """
    try:
        pdu = mm1.parse(octets)
    except PduError:
        raise LinkError("confirmation", None, "no M-Send.conf, but %s" % (media or "something unnamed"))
    expected = item.record.get("answer", mm1.SEND_CONF)
    if pdu.type != expected or pdu.get(mm1.TRANSACTION_ID) not in (None, item.id):
        raise LinkError("confirmation", None, "the MMSC answered something else")
    status = pdu.get(mm1.RESPONSE_STATUS)
    if status != mm1.OK:
        name, kind = rooms.statuses.status(mm1.RESPONSE_STATUS, status)
        raise Refused("confirmation", status, pdu.get(mm1.RESPONSE_TEXT) or name, kind == "permanent")
    return pdu.get(mm1.MESSAGE_ID) or ""
