"""What people call the types and fields of MM1, and those that only some need (OMA-TS-MMS_ENC, 7.3.30, 7.4).

All of it is seen as part of mm1, which loads it when asked for.
"""

from mms.limits import const

# Types of PDU: forwarding, the mailbox, deleting and cancelling
FORWARD_REQ = const(0x89)
FORWARD_CONF = const(0x8A)
MBOX_STORE_REQ = const(0x8B)
MBOX_STORE_CONF = const(0x8C)
MBOX_VIEW_REQ = const(0x8D)
MBOX_VIEW_CONF = const(0x8E)
MBOX_UPLOAD_REQ = const(0x8F)
MBOX_UPLOAD_CONF = const(0x90)
MBOX_DELETE_REQ = const(0x91)
MBOX_DELETE_CONF = const(0x92)
MBOX_DESCR = const(0x93)
DELETE_REQ = const(0x94)
DELETE_CONF = const(0x95)
CANCEL_REQ = const(0x96)
CANCEL_CONF = const(0x97)

# Header fields, without the top bit: reply charging, the mailbox, and what 1.3 added
REPLY_CHARGING = const(0x1C)
REPLY_CHARGING_DEADLINE = const(0x1D)
REPLY_CHARGING_ID = const(0x1E)
REPLY_CHARGING_SIZE = const(0x1F)
PREVIOUSLY_SENT_BY = const(0x20)
PREVIOUSLY_SENT_DATE = const(0x21)
STORE = const(0x22)
MM_STATE = const(0x23)
MM_FLAGS = const(0x24)
STORE_STATUS = const(0x25)
STORE_STATUS_TEXT = const(0x26)
STORED = const(0x27)
ATTRIBUTES = const(0x28)
TOTALS = const(0x29)
MBOX_TOTALS = const(0x2A)
QUOTAS = const(0x2B)
MBOX_QUOTAS = const(0x2C)
MESSAGE_COUNT = const(0x2D)
CONTENT = const(0x2E)
START = const(0x2F)
ADDITIONAL_HEADERS = const(0x30)
DISTRIBUTION_INDICATOR = const(0x31)
ELEMENT_DESCRIPTOR = const(0x32)
LIMIT = const(0x33)
RECOMMENDED_RETRIEVAL_MODE = const(0x34)
RECOMMENDED_RETRIEVAL_MODE_TEXT = const(0x35)
STATUS_TEXT = const(0x36)
APPLIC_ID = const(0x37)
REPLY_APPLIC_ID = const(0x38)
AUX_APPLIC_INFO = const(0x39)
CONTENT_CLASS = const(0x3A)
DRM_CONTENT = const(0x3B)
ADAPTATION_ALLOWED = const(0x3C)
REPLACE_ID = const(0x3D)
CANCEL_ID = const(0x3E)
CANCEL_STATUS = const(0x3F)

TYPES = {
    0x80 + at: "M-" + name
    for at, name in enumerate(
        "Send.req Send.conf Notification.ind NotifyResp.ind Retrieve.conf Acknowledge.ind"
        " Delivery.ind Read-Rec.ind Read-Orig.ind Forward.req Forward.conf Mbox-Store.req"
        " Mbox-Store.conf Mbox-View.req Mbox-View.conf Mbox-Upload.req Mbox-Upload.conf"
        " Mbox-Delete.req Mbox-Delete.conf Mbox-Descr Delete.req Delete.conf Cancel.req"
        " Cancel.conf".split()
    )
}

# A leading "-" stands for "X-Mms-"
NAMES = {
    1 + at: "X-Mms" + name if name[0] == "-" else name
    for at, name in enumerate(
        "Bcc Cc -Content-Location Content-Type Date -Delivery-Report -Delivery-Time -Expiry From"
        " -Message-Class Message-ID -Message-Type -MMS-Version -Message-Size -Priority"
        " -Read-Report -Report-Allowed -Response-Status -Response-Text -Sender-Visibility -Status"
        " Subject To -Transaction-Id -Retrieve-Status -Retrieve-Text -Read-Status -Reply-Charging"
        " -Reply-Charging-Deadline -Reply-Charging-ID -Reply-Charging-Size -Previously-Sent-By"
        " -Previously-Sent-Date -Store -MM-State -MM-Flags -Store-Status -Store-Status-Text"
        " -Stored -Attributes -Totals -Mbox-Totals -Quotas -Mbox-Quotas -Message-Count Content"
        " -Start Additional-Headers -Distribution-Indicator -Element-Descriptor -Limit"
        " -Recommended-Retrieval-Mode -Recommended-Retrieval-Mode-Text -Status-Text -Applic-ID"
        " -Reply-Applic-ID -Aux-Applic-Info -Content-Class -DRM-Content -Adaptation-Allowed"
        " -Replace-ID -Cancel-ID -Cancel-Status".split()
    )
}

# The values of the fields that tell how something ended (7.3), in their order; the last stands for what is unknown
_PERMANENT = "failure service-denied message-format-corrupt "
STATUS_VALUES = {
    0x15: {
        0x80: "expired retrieved rejected deferred unrecognised indeterminate forwarded unreachable",
    },
    0x12: {
        0x80: "ok unspecified service-denied message-format-corrupt sending-address-unresolved message-not-found"
        " network-problem content-not-accepted unsupported-message",
        0xC0: "failure sending-address-unresolved message-not-found network-problem partial-success",
        0xE0: _PERMANENT + "sending-address-unresolved message-not-found content-not-accepted"
        " reply-charging-limitations-not-met reply-charging-request-not-accepted"
        " reply-charging-forwarding-denied reply-charging-not-supported"
        " address-hiding-not-supported lack-of-prepaid",
    },
    0x19: {
        0x80: "ok",
        0xC0: "failure message-not-found network-problem",
        0xE0: "failure service-denied message-not-found content-unsupported",
    },
    0x25: {
        0x80: "ok",
        0xC0: "failure network-problem",
        0xE0: _PERMANENT + "message-not-found mailbox-full",
    },
    0x1B: {0x80: "read deleted-without-being-read"},
    0x3F: {0x80: "received corrupted"},
}
# Those of a Status that another attempt may change, and those of MMS 1.0's Response-Status that may pass
_STATUS_ENDS = {0x80: "permanent", 0x82: "permanent", 0x84: "permanent", 0x83: "transient", 0x85: "transient"}
_STATUS_ENDS[0x87] = "transient"
_OLD_TRANSIENT = (0x81, 0x86)


def status(field, value):
    """(name, "ok" or "transient" or "permanent") of a value of a field that tells how something ended.

    A field is STATUS, RESPONSE_STATUS, RETRIEVE_STATUS, STORE_STATUS, READ_STATUS or CANCEL_STATUS.
    What is unknown counts as the failure of its range (7.3.48); what is in no range as a permanent one.
    """
    names = STATUS_VALUES[field]
    first = 0xE0 if 0xE0 in names else 0x80
    if 0xC0 in names and 0xC0 <= value < 0xE0:
        first = 0xC0
    elif 0x80 <= value < 0xC0:
        first = 0x80
    known = names[first].split()
    name = known[value - first] if 0 <= value - first < len(known) else None
    if field == 0x15:
        return name or "indeterminate", _STATUS_ENDS.get(value, "ok" if name else "permanent")
    if first == 0xC0:
        return name or known[0], "transient"
    if first == 0x80 and name:
        if field == 0x12 and value != 0x80:
            return name, "transient" if value in _OLD_TRANSIENT else "permanent"
        return name, "ok" if value == 0x80 or field == 0x1B else "permanent"
    return name if name and first == 0xE0 else "failure", "permanent"
