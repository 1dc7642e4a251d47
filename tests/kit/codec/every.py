"""One PDU of every type, and between them every header field, as lists that mm1.build takes."""

from mms.codec import mm1, multipart

TEXT = "Grüße ☺"
LOCATION = "http://mmsc.example/m?id=T1"
BODY = multipart.count(1) + multipart.entry("text/plain", 2, [("charset", 106)], "t", "t.txt") + b"hi"
RELATED = mm1.ContentType(
    "application/vnd.wap.multipart.related", [("type", "application/smil"), ("start", "<s>"), ("name", "n")]
)
_HEAD = [(mm1.TRANSACTION_ID, "T1"), (mm1.VERSION, 0x13)]
_SENDER = [(mm1.FROM, None), (mm1.TO, "+15550101/TYPE=PLMN"), (mm1.CC, "a@b.example"), (mm1.BCC, "12345/TYPE=PLMN")]
_MAILBOX = [(mm1.STORE, True), (mm1.MM_STATE, 0x82), (mm1.MM_FLAGS, (0x80, "new")), (mm1.MM_FLAGS, (0x82, TEXT))]
_SENT = [
    (mm1.SUBJECT, TEXT),
    (mm1.MESSAGE_CLASS, "auto-reply"),
    (mm1.EXPIRY, ("absolute", 1800000000)),
    (mm1.DELIVERY_TIME, ("relative", 3600)),
    (mm1.PRIORITY, 0x82),
    (mm1.SENDER_VISIBILITY, 0x80),
    (mm1.DELIVERY_REPORT, True),
    (mm1.READ_REPORT, False),
]
_REPLY = [
    (mm1.REPLY_CHARGING, 0x80),
    (mm1.REPLY_CHARGING_DEADLINE, ("relative", 86400)),
    (mm1.REPLY_CHARGING_ID, "M0"),
    (mm1.REPLY_CHARGING_SIZE, 30720),
]
_PAST = [(mm1.PREVIOUSLY_SENT_BY, (1, "+15550100/TYPE=PLMN")), (mm1.PREVIOUSLY_SENT_DATE, (1, 1700000000))]
_APPLICATION = [(mm1.APPLIC_ID, "app"), (mm1.REPLY_APPLIC_ID, "reply"), (mm1.AUX_APPLIC_INFO, "aux")]
_STORED = [(mm1.CONTENT_LOCATION, LOCATION), (mm1.STORE_STATUS, 0x80), (mm1.STORE_STATUS_TEXT, TEXT)]
_REFUSED = [(mm1.RESPONSE_STATUS, 0xE3), (mm1.RESPONSE_TEXT, TEXT)]
_CONTENT = [(mm1.CONTENT_TYPE, RELATED)]
_READ = [(mm1.VERSION, 0x13), (mm1.MESSAGE_ID, "M1"), (mm1.TO, "+1/TYPE=PLMN"), (mm1.FROM, "a@b"), (mm1.DATE, 1)]
_CLASS = [(mm1.CONTENT_CLASS, 0x82), (mm1.DRM_CONTENT, False), (mm1.ADAPTATION_ALLOWED, True)]

FIELDS = (
    (mm1.SEND_REQ, _HEAD + [(mm1.DATE, 1700000000)] + _SENDER + _SENT + _REPLY + _MAILBOX + _APPLICATION + _CLASS
     + _CONTENT),
    (mm1.SEND_CONF, _HEAD + _REFUSED + [(mm1.MESSAGE_ID, "M1"), (mm1.CONTENT_LOCATION, LOCATION)] + _STORED[1:]),
    (mm1.NOTIFICATION_IND, _HEAD + _SENDER[:1] + _SENT[:2] + [(mm1.MESSAGE_SIZE, 1), (mm1.EXPIRY, ("relative", 60))]
     + [(mm1.DISTRIBUTION_INDICATOR, True), (mm1.ELEMENT_DESCRIPTOR, ("c", [("type", "image/gif")]))]
     + [(mm1.RECOMMENDED_RETRIEVAL_MODE, 0x80), (mm1.RECOMMENDED_RETRIEVAL_MODE_TEXT, TEXT), (mm1.STORED, True)]
     + [(mm1.REPLACE_ID, "M0"), (mm1.CONTENT_LOCATION, LOCATION)] + _REPLY),
    (mm1.NOTIFYRESP_IND, _HEAD + [(mm1.STATUS, 0x83), (mm1.REPORT_ALLOWED, False)]),
    (mm1.RETRIEVE_CONF, _HEAD + [(mm1.MESSAGE_ID, "M1"), (mm1.DATE, 1700000000)] + _PAST
     + [(mm1.RETRIEVE_STATUS, 0xC1), (mm1.RETRIEVE_TEXT, TEXT)] + _CONTENT),
    (mm1.ACKNOWLEDGE_IND, _HEAD + [(mm1.REPORT_ALLOWED, True)]),
    (mm1.DELIVERY_IND, _READ[:3] + [(mm1.DATE, 0xFFFFFFFF), (mm1.STATUS, 0x87), (mm1.STATUS_TEXT, TEXT)]),
    (mm1.READ_REC_IND, _READ + [(mm1.READ_STATUS, 0x80)]),
    (mm1.READ_ORIG_IND, _READ + [(mm1.READ_STATUS, 0x81)]),
    (mm1.FORWARD_REQ, _HEAD + _SENDER + [(mm1.CONTENT_LOCATION, LOCATION)] + _SENT[2:]),
    (mm1.FORWARD_CONF, _HEAD + _REFUSED + [(mm1.MESSAGE_ID, "M1")]),
    (mm1.MBOX_STORE_REQ, _HEAD + [(mm1.CONTENT_LOCATION, LOCATION)] + _MAILBOX),
    (mm1.MBOX_STORE_CONF, _HEAD + _STORED),
    (mm1.MBOX_VIEW_REQ, _HEAD + [(mm1.ATTRIBUTES, 0x89), (mm1.START, 0), (mm1.LIMIT, 300)]
     + [(mm1.TOTALS, True), (mm1.QUOTAS, True), (mm1.CONTENT, b"\x80")]),
    (mm1.MBOX_VIEW_CONF, _HEAD + _REFUSED + [(mm1.MBOX_TOTALS, (0x80, 5)), (mm1.MBOX_QUOTAS, (0x81, 70000))]
     + [(mm1.MESSAGE_COUNT, 128), (mm1.ADDITIONAL_HEADERS, "x")] + _CONTENT),
    (mm1.MBOX_UPLOAD_REQ, _HEAD + _MAILBOX[1:] + _CONTENT),
    (mm1.MBOX_UPLOAD_CONF, _HEAD + _STORED),
    (mm1.MBOX_DELETE_REQ, _HEAD + [(mm1.CONTENT_LOCATION, LOCATION), (mm1.CONTENT_LOCATION, "http://m/2")]),
    (mm1.MBOX_DELETE_CONF, _HEAD + [(mm1.CONTENT_LOCATION, (0, LOCATION)), (mm1.RESPONSE_STATUS, 0xE4)]
     + [(mm1.RESPONSE_TEXT, (0, TEXT))]),
    (mm1.MBOX_DESCR, [(mm1.CONTENT_LOCATION, LOCATION), (mm1.MESSAGE_ID, "M1")] + _SENT + _CONTENT),
    (mm1.DELETE_REQ, _HEAD + [(mm1.CONTENT_LOCATION, LOCATION)]),
    (mm1.DELETE_CONF, _HEAD + [(mm1.CONTENT_LOCATION, (200, LOCATION)), (mm1.RESPONSE_STATUS, 0x80)]
     + [(mm1.RESPONSE_TEXT, (200, "ok"))]),
    (mm1.CANCEL_REQ, _HEAD + [(mm1.CANCEL_ID, "M1")]),
    (mm1.CANCEL_CONF, _HEAD + [(mm1.CANCEL_STATUS, 0x80)]),
)  # fmt: skip


def pdus():
    """(name, octets) of each; those with a Content-Type have a body."""
    return [
        (mm1.TYPES[type], mm1.build(type, fields) + (BODY if fields[-1][0] == mm1.CONTENT_TYPE else b""))
        for type, fields in FIELDS
    ]
