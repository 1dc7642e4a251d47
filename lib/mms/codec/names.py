"""The names of MM1 (OMA-TS-MMS_ENC).

tools/pdu/pack.py writes this file from tools/pdu/standard.py. mm1 loads it when one of them is asked of it.
"""

from mms.limits import const

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
    0x80: "M-Send.req",
    0x81: "M-Send.conf",
    0x82: "M-Notification.ind",
    0x83: "M-NotifyResp.ind",
    0x84: "M-Retrieve.conf",
    0x85: "M-Acknowledge.ind",
    0x86: "M-Delivery.ind",
    0x87: "M-Read-Rec.ind",
    0x88: "M-Read-Orig.ind",
    0x89: "M-Forward.req",
    0x8A: "M-Forward.conf",
    0x8B: "M-Mbox-Store.req",
    0x8C: "M-Mbox-Store.conf",
    0x8D: "M-Mbox-View.req",
    0x8E: "M-Mbox-View.conf",
    0x8F: "M-Mbox-Upload.req",
    0x90: "M-Mbox-Upload.conf",
    0x91: "M-Mbox-Delete.req",
    0x92: "M-Mbox-Delete.conf",
    0x93: "M-Mbox-Descr",
    0x94: "M-Delete.req",
    0x95: "M-Delete.conf",
    0x96: "M-Cancel.req",
    0x97: "M-Cancel.conf",
}

NAMES = {
    0x01: "Bcc",
    0x02: "Cc",
    0x03: "X-Mms-Content-Location",
    0x04: "Content-Type",
    0x05: "Date",
    0x06: "X-Mms-Delivery-Report",
    0x07: "X-Mms-Delivery-Time",
    0x08: "X-Mms-Expiry",
    0x09: "From",
    0x0A: "X-Mms-Message-Class",
    0x0B: "Message-ID",
    0x0C: "X-Mms-Message-Type",
    0x0D: "X-Mms-MMS-Version",
    0x0E: "X-Mms-Message-Size",
    0x0F: "X-Mms-Priority",
    0x10: "X-Mms-Read-Report",
    0x11: "X-Mms-Report-Allowed",
    0x12: "X-Mms-Response-Status",
    0x13: "X-Mms-Response-Text",
    0x14: "X-Mms-Sender-Visibility",
    0x15: "X-Mms-Status",
    0x16: "Subject",
    0x17: "To",
    0x18: "X-Mms-Transaction-Id",
    0x19: "X-Mms-Retrieve-Status",
    0x1A: "X-Mms-Retrieve-Text",
    0x1B: "X-Mms-Read-Status",
    0x1C: "X-Mms-Reply-Charging",
    0x1D: "X-Mms-Reply-Charging-Deadline",
    0x1E: "X-Mms-Reply-Charging-ID",
    0x1F: "X-Mms-Reply-Charging-Size",
    0x20: "X-Mms-Previously-Sent-By",
    0x21: "X-Mms-Previously-Sent-Date",
    0x22: "X-Mms-Store",
    0x23: "X-Mms-MM-State",
    0x24: "X-Mms-MM-Flags",
    0x25: "X-Mms-Store-Status",
    0x26: "X-Mms-Store-Status-Text",
    0x27: "X-Mms-Stored",
    0x28: "X-Mms-Attributes",
    0x29: "X-Mms-Totals",
    0x2A: "X-Mms-Mbox-Totals",
    0x2B: "X-Mms-Quotas",
    0x2C: "X-Mms-Mbox-Quotas",
    0x2D: "X-Mms-Message-Count",
    0x2E: "Content",
    0x2F: "X-Mms-Start",
    0x30: "Additional-Headers",
    0x31: "X-Mms-Distribution-Indicator",
    0x32: "X-Mms-Element-Descriptor",
    0x33: "X-Mms-Limit",
    0x34: "X-Mms-Recommended-Retrieval-Mode",
    0x35: "X-Mms-Recommended-Retrieval-Mode-Text",
    0x36: "X-Mms-Status-Text",
    0x37: "X-Mms-Applic-ID",
    0x38: "X-Mms-Reply-Applic-ID",
    0x39: "X-Mms-Aux-Applic-Info",
    0x3A: "X-Mms-Content-Class",
    0x3B: "X-Mms-DRM-Content",
    0x3C: "X-Mms-Adaptation-Allowed",
    0x3D: "X-Mms-Replace-ID",
    0x3E: "X-Mms-Cancel-ID",
    0x3F: "X-Mms-Cancel-Status",
}

# By field: the first octet of a range of values, and the names of those from it on
TOKENS = {
    0x0A: {
        0x80: "personal advertisement informational auto",
    },
    0x0F: {
        0x80: "low normal high",
    },
    0x14: {
        0x80: "hide show",
    },
    0x15: {
        0x80: "expired retrieved rejected deferred unrecognised indeterminate forwarded unreachable",
    },
    0x12: {
        0x80: (
            "ok unspecified service-denied message-format-corrupt sending-address-unresolved "
            "message-not-found network-problem content-not-accepted unsupported-message "
        ),
        0xC0: "failure sending-address-unresolved message-not-found network-problem partial-success",
        0xE0: (
            "failure service-denied message-format-corrupt sending-address-unresolved message-not-found "
            "content-not-accepted reply-charging-limitations-not-met "
            "reply-charging-request-not-accepted reply-charging-forwarding-denied "
            "reply-charging-not-supported address-hiding-not-supported lack-of-prepaid "
        ),
    },
    0x19: {
        0x80: "ok",
        0xC0: "failure message-not-found network-problem",
        0xE0: "failure service-denied message-not-found content-unsupported",
    },
    0x1B: {
        0x80: "read deleted-without-being-read",
    },
    0x1C: {
        0x80: "requested requested-text-only accepted accepted-text-only",
    },
    0x23: {
        0x80: "draft sent new retrieved forwarded",
    },
    0x24: {
        0x80: "add remove filter",
    },
    0x25: {
        0x80: "ok",
        0xC0: "failure network-problem",
        0xE0: "failure service-denied message-format-corrupt message-not-found mailbox-full",
    },
    0x2A: {
        0x80: "messages octets",
    },
    0x2C: {
        0x80: "messages octets",
    },
    0x34: {
        0x80: "manual",
    },
    0x3A: {
        0x80: "text image-basic image-rich video-basic video-rich megapixel content-basic content-rich",
    },
    0x3F: {
        0x80: "received corrupted",
    },
}
