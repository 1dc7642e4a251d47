"""MM1 as the standard has it: one row for a header field, for a PDU, for a field of a PDU and for a value with a name.

The standard is OMA-TS-MMS_ENC V1.3 (13 September 2011); clause 7.3 describes the fields in the order of their names, so
"7.3" alone is enough to find one. All rows were compared with Android's PduHeaders, Firefox OS's MmsPduHelper and
Wireshark's packet-mmse.

`python -m tools.pdu.pack` packs these rows into modules of lib/mms/codec, and a test fails where the two differ.
"""

from collections import namedtuple

# The types of values and their octets (WAP-230-WSP, clause 8.4, and MMS_ENC, clause 7.3); the order is that of
# `_TYPES` in lib/mms/codec/fields.py. `pair` names the two types of which a value in a length consists.
ValueType = namedtuple("ValueType", ("name", "wire", "pair"))
VALUE_TYPES = [
    ValueType(*row)
    for row in (
        ("Any-value", "told by its first octet (WSP 8.4.1.2)", ()),
        ("Boolean", "80 yes, 81 no; another octet is read as no", ()),
        ("Content-type-value", "media type and parameters; the body follows", ()),
        ("Element-descriptor-value", "Value-length Text-string *Parameter", ()),
        ("Encoded-string-value", "Text-string | Value-length Char-set Text-string", ()),
        ("From-value", "Value-length (80 Encoded-string-value | 81)", ()),
        ("Integer-value", "Short-integer | Long-integer", ()),
        ("Long-integer", "length, octets", ()),
        ("Message-class-value", "80 to 83 | Token-text", ()),
        ("Text-string", "octets up to 00", ()),
        ("Time-value", "Value-length (80 Long-integer | 81 Long-integer)", ("Token", "Long-integer")),
        ("Token", "one octet of 80 to FF", ()),
        ("Version-value", "Short-integer: major in three bits, minor in four", ()),
        ("Counted-date", "Value-length Integer-value Long-integer", ("Integer-value", "Long-integer")),
        ("Counted-string", "Value-length Integer-value Encoded-string", ("Integer-value", "Encoded-string-value")),
        ("Counted-uri", "Value-length Integer-value Text-string", ("Integer-value", "Text-string")),
        ("Token-integer", "Value-length Token Integer-value", ("Token", "Integer-value")),
        ("Token-string", "Value-length Token Encoded-string-value", ("Token", "Encoded-string-value")),
    )
]

# `number` is without the top bit that it has on the wire; `version` is the first that has the field
Field = namedtuple("Field", ("number", "name", "value", "version", "clause"))
FIELDS = [
    Field(*row)
    for row in (
        (0x01, "Bcc", "Encoded-string-value", "1.0", "7.3"),
        (0x02, "Cc", "Encoded-string-value", "1.0", "7.3"),
        (0x03, "X-Mms-Content-Location", "Text-string", "1.0", "7.3.10"),  # Counted-uri in the types of COUNTED
        (0x04, "Content-Type", "Content-type-value", "1.0", "7.3"),
        (0x05, "Date", "Long-integer", "1.0", "7.3"),
        (0x06, "X-Mms-Delivery-Report", "Boolean", "1.0", "7.3"),
        (0x07, "X-Mms-Delivery-Time", "Time-value", "1.0", "7.3"),
        (0x08, "X-Mms-Expiry", "Time-value", "1.0", "7.3.20"),
        (0x09, "From", "From-value", "1.0", "7.3.21"),
        (0x0A, "X-Mms-Message-Class", "Message-class-value", "1.0", "7.3.27"),
        (0x0B, "Message-ID", "Text-string", "1.0", "7.3"),
        (0x0C, "X-Mms-Message-Type", "Token", "1.0", "7.3.30"),
        (0x0D, "X-Mms-MMS-Version", "Version-value", "1.0", "7.3"),
        (0x0E, "X-Mms-Message-Size", "Long-integer", "1.0", "7.3"),
        (0x0F, "X-Mms-Priority", "Token", "1.0", "7.3.35"),
        (0x10, "X-Mms-Read-Report", "Boolean", "1.0", "7.3"),
        (0x11, "X-Mms-Report-Allowed", "Boolean", "1.0", "7.3.47"),
        (0x12, "X-Mms-Response-Status", "Token", "1.0", "7.3.48"),
        (0x13, "X-Mms-Response-Text", "Encoded-string-value", "1.0", "7.3.49"),  # Counted-string in those of COUNTED
        (0x14, "X-Mms-Sender-Visibility", "Token", "1.0", "7.3.52"),
        (0x15, "X-Mms-Status", "Token", "1.0", "7.3.54"),
        (0x16, "Subject", "Encoded-string-value", "1.0", "7.3"),
        (0x17, "To", "Encoded-string-value", "1.0", "7.3"),
        (0x18, "X-Mms-Transaction-Id", "Text-string", "1.0", "7.3.63"),
        (0x19, "X-Mms-Retrieve-Status", "Token", "1.1", "7.3.50"),
        (0x1A, "X-Mms-Retrieve-Text", "Encoded-string-value", "1.1", "7.3.51"),
        (0x1B, "X-Mms-Read-Status", "Token", "1.1", "7.3.38"),
        (0x1C, "X-Mms-Reply-Charging", "Token", "1.1", "7.3.43"),
        (0x1D, "X-Mms-Reply-Charging-Deadline", "Time-value", "1.1", "7.3.44"),
        (0x1E, "X-Mms-Reply-Charging-ID", "Text-string", "1.1", "7.3.45"),
        (0x1F, "X-Mms-Reply-Charging-Size", "Long-integer", "1.1", "7.3.46"),
        (0x20, "X-Mms-Previously-Sent-By", "Counted-string", "1.1", "7.3.23"),
        (0x21, "X-Mms-Previously-Sent-Date", "Counted-date", "1.1", "7.3.24"),
        (0x22, "X-Mms-Store", "Boolean", "1.2", "7.3"),
        (0x23, "X-Mms-MM-State", "Token", "1.2", "7.3.33"),
        (0x24, "X-Mms-MM-Flags", "Token-string", "1.2", "7.3.32"),
        (0x25, "X-Mms-Store-Status", "Token", "1.2", "7.3"),
        (0x26, "X-Mms-Store-Status-Text", "Encoded-string-value", "1.2", "7.3"),
        (0x27, "X-Mms-Stored", "Boolean", "1.2", "7.3"),
        (0x28, "X-Mms-Attributes", "Token", "1.2", "7.3"),
        (0x29, "X-Mms-Totals", "Boolean", "1.2", "7.3"),
        (0x2A, "X-Mms-Mbox-Totals", "Token-integer", "1.2", "7.3"),
        (0x2B, "X-Mms-Quotas", "Boolean", "1.2", "7.3"),
        (0x2C, "X-Mms-Mbox-Quotas", "Token-integer", "1.2", "7.3"),
        (0x2D, "X-Mms-Message-Count", "Integer-value", "1.2", "7.3"),
        (0x2E, "Content", "Any-value", "1.2", "7.3"),
        (0x2F, "X-Mms-Start", "Integer-value", "1.2", "7.3.53"),
        (0x30, "Additional-Headers", "Any-value", "1.2", "7.3"),
        (0x31, "X-Mms-Distribution-Indicator", "Boolean", "1.2", "7.3"),
        (0x32, "X-Mms-Element-Descriptor", "Element-descriptor-value", "1.2", "7.3.18"),
        (0x33, "X-Mms-Limit", "Integer-value", "1.2", "7.3"),
        (0x34, "X-Mms-Recommended-Retrieval-Mode", "Token", "1.3", "7.3.39"),
        (0x35, "X-Mms-Recommended-Retrieval-Mode-Text", "Encoded-string-value", "1.3", "7.3.40"),
        (0x36, "X-Mms-Status-Text", "Encoded-string-value", "1.3", "7.3"),
        (0x37, "X-Mms-Applic-ID", "Text-string", "1.3", "7.3"),
        (0x38, "X-Mms-Reply-Applic-ID", "Text-string", "1.3", "7.3.42"),
        (0x39, "X-Mms-Aux-Applic-Info", "Text-string", "1.3", "7.3"),
        (0x3A, "X-Mms-Content-Class", "Token", "1.3", "7.3.9"),
        (0x3B, "X-Mms-DRM-Content", "Boolean", "1.3", "7.3"),
        (0x3C, "X-Mms-Adaptation-Allowed", "Boolean", "1.3", "7.3"),
        (0x3D, "X-Mms-Replace-ID", "Text-string", "1.3", "7.3.41"),
        (0x3E, "X-Mms-Cancel-ID", "Text-string", "1.3", "7.3"),
        (0x3F, "X-Mms-Cancel-Status", "Token", "1.3", "7.3.7"),
    )
]

# The PDUs about several messages, in which these fields begin with the number of the message they are about
COUNTED = ("M-Mbox-Delete.conf", "M-Delete.conf")
COUNTED_FIELDS = {"X-Mms-Content-Location": "Counted-uri", "X-Mms-Response-Text": "Counted-string"}

# How much a PDU needs a field, beside the Message-Type with which each begins
NEEDED = "needed"  # mandatory, and without it nothing can be done: mm1.parse raises PduError
MANDATORY = "mandatory"  # without it mm1.parse warns
BODY = "body"  # mandatory but where X-Mms-Retrieve-Status tells a failure (table 5 of 6.3), as mm1.parse has it
OPTIONAL = "optional"  # listed for the PDUs that this handset sends and understands

CLIENT, MMSC = "client", "MMSC"

# `version` is the first that has the PDU; `fields` are (name, how much it is needed)
Pdu = namedtuple("Pdu", ("type", "name", "sender", "version", "clause", "fields"))
PDUS = [
    Pdu(0x80, "M-Send.req", CLIENT, "1.0", "6.1", [
        ("X-Mms-Transaction-Id", NEEDED),
        ("Content-Type", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
        ("From", MANDATORY),
        ("To", OPTIONAL),
        ("Cc", OPTIONAL),
        ("Bcc", OPTIONAL),
        ("Subject", OPTIONAL),
        ("Date", OPTIONAL),
        ("X-Mms-Message-Class", OPTIONAL),
        ("X-Mms-Expiry", OPTIONAL),
        ("X-Mms-Delivery-Time", OPTIONAL),
        ("X-Mms-Priority", OPTIONAL),
        ("X-Mms-Sender-Visibility", OPTIONAL),
        ("X-Mms-Delivery-Report", OPTIONAL),
        ("X-Mms-Read-Report", OPTIONAL),
    ]),
    Pdu(0x81, "M-Send.conf", MMSC, "1.0", "6.1", [
        ("X-Mms-Response-Status", NEEDED),
        ("X-Mms-Transaction-Id", MANDATORY),
        ("X-Mms-MMS-Version", MANDATORY),
        ("X-Mms-Response-Text", OPTIONAL),
        ("Message-ID", OPTIONAL),
    ]),
    Pdu(0x82, "M-Notification.ind", MMSC, "1.0", "6.2", [
        ("X-Mms-Transaction-Id", NEEDED),
        ("X-Mms-Content-Location", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
        ("X-Mms-Message-Class", MANDATORY),
        ("X-Mms-Message-Size", MANDATORY),
        ("X-Mms-Expiry", MANDATORY),
        ("From", OPTIONAL),
        ("Subject", OPTIONAL),
        ("X-Mms-Priority", OPTIONAL),
        ("X-Mms-Delivery-Report", OPTIONAL),
    ]),
    Pdu(0x83, "M-NotifyResp.ind", CLIENT, "1.0", "6.2", [
        ("X-Mms-Transaction-Id", NEEDED),
        ("X-Mms-Status", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
        ("X-Mms-Report-Allowed", OPTIONAL),
    ]),
    Pdu(0x84, "M-Retrieve.conf", MMSC, "1.0", "6.3", [
        ("X-Mms-MMS-Version", MANDATORY),
        ("Date", MANDATORY),
        ("X-Mms-Transaction-Id", OPTIONAL),
        ("From", OPTIONAL),
        ("To", OPTIONAL),
        ("Cc", OPTIONAL),
        ("Subject", OPTIONAL),
        ("X-Mms-Message-Class", OPTIONAL),
        ("X-Mms-Priority", OPTIONAL),
        ("X-Mms-Delivery-Report", OPTIONAL),
        ("X-Mms-Read-Report", OPTIONAL),
        ("Message-ID", OPTIONAL),
        ("X-Mms-Retrieve-Status", OPTIONAL),
        ("X-Mms-Retrieve-Text", OPTIONAL),
        ("Content-Type", BODY),
    ]),
    Pdu(0x85, "M-Acknowledge.ind", CLIENT, "1.0", "6.3", [
        ("X-Mms-Transaction-Id", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
        ("X-Mms-Report-Allowed", OPTIONAL),
    ]),
    Pdu(0x86, "M-Delivery.ind", MMSC, "1.0", "6", [
        ("Message-ID", NEEDED),
        ("X-Mms-Status", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
        ("To", MANDATORY),
        ("Date", MANDATORY),
    ]),
    Pdu(0x87, "M-Read-Rec.ind", CLIENT, "1.1", "6", [
        ("Message-ID", NEEDED),
        ("X-Mms-Read-Status", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
        ("To", MANDATORY),
        ("From", MANDATORY),
        ("Date", OPTIONAL),
    ]),
    Pdu(0x88, "M-Read-Orig.ind", MMSC, "1.1", "6", [
        ("Message-ID", NEEDED),
        ("X-Mms-Read-Status", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
        ("To", MANDATORY),
        ("From", MANDATORY),
        ("Date", MANDATORY),
    ]),
    Pdu(0x89, "M-Forward.req", CLIENT, "1.1", "6", [
        ("X-Mms-Transaction-Id", NEEDED),
        ("X-Mms-Content-Location", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
        ("From", MANDATORY),
    ]),
    Pdu(0x8A, "M-Forward.conf", MMSC, "1.1", "6", [
        ("X-Mms-Response-Status", NEEDED),
        ("X-Mms-Transaction-Id", MANDATORY),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
    Pdu(0x8B, "M-Mbox-Store.req", CLIENT, "1.2", "6", [
        ("X-Mms-Transaction-Id", NEEDED),
        ("X-Mms-Content-Location", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
    Pdu(0x8C, "M-Mbox-Store.conf", MMSC, "1.2", "6", [
        ("X-Mms-Store-Status", NEEDED),
        ("X-Mms-Transaction-Id", MANDATORY),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
    Pdu(0x8D, "M-Mbox-View.req", CLIENT, "1.2", "6", [
        ("X-Mms-Transaction-Id", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
    Pdu(0x8E, "M-Mbox-View.conf", MMSC, "1.2", "6", [
        ("X-Mms-Response-Status", NEEDED),
        ("X-Mms-Transaction-Id", MANDATORY),
        ("X-Mms-MMS-Version", MANDATORY),
        ("Content-Type", MANDATORY),
    ]),
    Pdu(0x8F, "M-Mbox-Upload.req", CLIENT, "1.2", "6", [
        ("X-Mms-Transaction-Id", NEEDED),
        ("Content-Type", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
    Pdu(0x90, "M-Mbox-Upload.conf", MMSC, "1.2", "6", [
        ("X-Mms-Store-Status", NEEDED),
        ("X-Mms-Transaction-Id", MANDATORY),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
    Pdu(0x91, "M-Mbox-Delete.req", CLIENT, "1.2", "6", [
        ("X-Mms-Transaction-Id", NEEDED),
        ("X-Mms-Content-Location", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
    Pdu(0x92, "M-Mbox-Delete.conf", MMSC, "1.2", "6", [
        ("X-Mms-Response-Status", NEEDED),
        ("X-Mms-Transaction-Id", MANDATORY),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
    Pdu(0x93, "M-Mbox-Descr", MMSC, "1.2", "6", [
        ("X-Mms-Content-Location", MANDATORY),
    ]),
    Pdu(0x94, "M-Delete.req", CLIENT, "1.3", "6", [
        ("X-Mms-Transaction-Id", NEEDED),
        ("X-Mms-Content-Location", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
    Pdu(0x95, "M-Delete.conf", MMSC, "1.3", "6", [
        ("X-Mms-Response-Status", NEEDED),
        ("X-Mms-Transaction-Id", MANDATORY),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
    Pdu(0x96, "M-Cancel.req", MMSC, "1.3", "6", [
        ("X-Mms-Transaction-Id", NEEDED),
        ("X-Mms-Cancel-ID", NEEDED),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
    Pdu(0x97, "M-Cancel.conf", CLIENT, "1.3", "6", [
        ("X-Mms-Cancel-Status", NEEDED),
        ("X-Mms-Transaction-Id", MANDATORY),
        ("X-Mms-MMS-Version", MANDATORY),
    ]),
]  # fmt: skip

# The outcome that a status tells: success, a failure that may pass, or one that another attempt cannot change
OK, TRANSIENT, PERMANENT = "ok", "transient", "permanent"

# `field` is the field's name, `value` the octet; `outcome` is None where the value tells no success or failure
Value = namedtuple("Value", ("field", "value", "name", "version", "outcome"))
VALUES = [
    Value(*row)
    for row in (
        ("X-Mms-Message-Class", 0x80, "personal", "1.0", None),
        ("X-Mms-Message-Class", 0x81, "advertisement", "1.0", None),
        ("X-Mms-Message-Class", 0x82, "informational", "1.0", None),
        ("X-Mms-Message-Class", 0x83, "auto", "1.0", None),
        ("X-Mms-Priority", 0x80, "low", "1.0", None),
        ("X-Mms-Priority", 0x81, "normal", "1.0", None),
        ("X-Mms-Priority", 0x82, "high", "1.0", None),
        ("X-Mms-Sender-Visibility", 0x80, "hide", "1.0", None),
        ("X-Mms-Sender-Visibility", 0x81, "show", "1.0", None),
        ("X-Mms-Status", 0x80, "expired", "1.0", PERMANENT),
        ("X-Mms-Status", 0x81, "retrieved", "1.0", OK),
        ("X-Mms-Status", 0x82, "rejected", "1.0", PERMANENT),
        ("X-Mms-Status", 0x83, "deferred", "1.0", TRANSIENT),
        ("X-Mms-Status", 0x84, "unrecognised", "1.0", PERMANENT),
        ("X-Mms-Status", 0x85, "indeterminate", "1.1", TRANSIENT),
        ("X-Mms-Status", 0x86, "forwarded", "1.1", OK),
        ("X-Mms-Status", 0x87, "unreachable", "1.2", TRANSIENT),
        ("X-Mms-Response-Status", 0x80, "ok", "1.0", OK),
        ("X-Mms-Response-Status", 0x81, "unspecified", "1.0", TRANSIENT),
        ("X-Mms-Response-Status", 0x82, "service-denied", "1.0", PERMANENT),
        ("X-Mms-Response-Status", 0x83, "message-format-corrupt", "1.0", PERMANENT),
        ("X-Mms-Response-Status", 0x84, "sending-address-unresolved", "1.0", PERMANENT),
        ("X-Mms-Response-Status", 0x85, "message-not-found", "1.0", PERMANENT),
        ("X-Mms-Response-Status", 0x86, "network-problem", "1.0", TRANSIENT),
        ("X-Mms-Response-Status", 0x87, "content-not-accepted", "1.0", PERMANENT),
        ("X-Mms-Response-Status", 0x88, "unsupported-message", "1.0", PERMANENT),
        ("X-Mms-Response-Status", 0xC0, "failure", "1.1", TRANSIENT),
        ("X-Mms-Response-Status", 0xC1, "sending-address-unresolved", "1.1", TRANSIENT),
        ("X-Mms-Response-Status", 0xC2, "message-not-found", "1.1", TRANSIENT),
        ("X-Mms-Response-Status", 0xC3, "network-problem", "1.1", TRANSIENT),
        ("X-Mms-Response-Status", 0xC4, "partial-success", "1.2", TRANSIENT),
        ("X-Mms-Response-Status", 0xE0, "failure", "1.1", PERMANENT),
        ("X-Mms-Response-Status", 0xE1, "service-denied", "1.1", PERMANENT),
        ("X-Mms-Response-Status", 0xE2, "message-format-corrupt", "1.1", PERMANENT),
        ("X-Mms-Response-Status", 0xE3, "sending-address-unresolved", "1.1", PERMANENT),
        ("X-Mms-Response-Status", 0xE4, "message-not-found", "1.1", PERMANENT),
        ("X-Mms-Response-Status", 0xE5, "content-not-accepted", "1.1", PERMANENT),
        ("X-Mms-Response-Status", 0xE6, "reply-charging-limitations-not-met", "1.1", PERMANENT),
        ("X-Mms-Response-Status", 0xE7, "reply-charging-request-not-accepted", "1.1", PERMANENT),
        ("X-Mms-Response-Status", 0xE8, "reply-charging-forwarding-denied", "1.1", PERMANENT),
        ("X-Mms-Response-Status", 0xE9, "reply-charging-not-supported", "1.1", PERMANENT),
        ("X-Mms-Response-Status", 0xEA, "address-hiding-not-supported", "1.2", PERMANENT),
        ("X-Mms-Response-Status", 0xEB, "lack-of-prepaid", "1.2", PERMANENT),
        ("X-Mms-Retrieve-Status", 0x80, "ok", "1.1", OK),
        ("X-Mms-Retrieve-Status", 0xC0, "failure", "1.1", TRANSIENT),
        ("X-Mms-Retrieve-Status", 0xC1, "message-not-found", "1.1", TRANSIENT),
        ("X-Mms-Retrieve-Status", 0xC2, "network-problem", "1.1", TRANSIENT),
        ("X-Mms-Retrieve-Status", 0xE0, "failure", "1.1", PERMANENT),
        ("X-Mms-Retrieve-Status", 0xE1, "service-denied", "1.1", PERMANENT),
        ("X-Mms-Retrieve-Status", 0xE2, "message-not-found", "1.1", PERMANENT),
        ("X-Mms-Retrieve-Status", 0xE3, "content-unsupported", "1.1", PERMANENT),
        ("X-Mms-Read-Status", 0x80, "read", "1.1", OK),
        ("X-Mms-Read-Status", 0x81, "deleted-without-being-read", "1.1", OK),
        ("X-Mms-Reply-Charging", 0x80, "requested", "1.1", None),
        ("X-Mms-Reply-Charging", 0x81, "requested-text-only", "1.1", None),
        ("X-Mms-Reply-Charging", 0x82, "accepted", "1.1", None),
        ("X-Mms-Reply-Charging", 0x83, "accepted-text-only", "1.1", None),
        ("X-Mms-MM-State", 0x80, "draft", "1.2", None),
        ("X-Mms-MM-State", 0x81, "sent", "1.2", None),
        ("X-Mms-MM-State", 0x82, "new", "1.2", None),
        ("X-Mms-MM-State", 0x83, "retrieved", "1.2", None),
        ("X-Mms-MM-State", 0x84, "forwarded", "1.2", None),
        ("X-Mms-MM-Flags", 0x80, "add", "1.2", None),
        ("X-Mms-MM-Flags", 0x81, "remove", "1.2", None),
        ("X-Mms-MM-Flags", 0x82, "filter", "1.2", None),
        ("X-Mms-Store-Status", 0x80, "ok", "1.2", OK),
        ("X-Mms-Store-Status", 0xC0, "failure", "1.2", TRANSIENT),
        ("X-Mms-Store-Status", 0xC1, "network-problem", "1.2", TRANSIENT),
        ("X-Mms-Store-Status", 0xE0, "failure", "1.2", PERMANENT),
        ("X-Mms-Store-Status", 0xE1, "service-denied", "1.2", PERMANENT),
        ("X-Mms-Store-Status", 0xE2, "message-format-corrupt", "1.2", PERMANENT),
        ("X-Mms-Store-Status", 0xE3, "message-not-found", "1.2", PERMANENT),
        ("X-Mms-Store-Status", 0xE4, "mailbox-full", "1.2", PERMANENT),
        ("X-Mms-Mbox-Totals", 0x80, "messages", "1.2", None),
        ("X-Mms-Mbox-Totals", 0x81, "octets", "1.2", None),
        ("X-Mms-Mbox-Quotas", 0x80, "messages", "1.2", None),
        ("X-Mms-Mbox-Quotas", 0x81, "octets", "1.2", None),
        ("X-Mms-Recommended-Retrieval-Mode", 0x80, "manual", "1.3", None),
        ("X-Mms-Content-Class", 0x80, "text", "1.3", None),
        ("X-Mms-Content-Class", 0x81, "image-basic", "1.3", None),
        ("X-Mms-Content-Class", 0x82, "image-rich", "1.3", None),
        ("X-Mms-Content-Class", 0x83, "video-basic", "1.3", None),
        ("X-Mms-Content-Class", 0x84, "video-rich", "1.3", None),
        ("X-Mms-Content-Class", 0x85, "megapixel", "1.3", None),
        ("X-Mms-Content-Class", 0x86, "content-basic", "1.3", None),
        ("X-Mms-Content-Class", 0x87, "content-rich", "1.3", None),
        ("X-Mms-Cancel-Status", 0x80, "received", "1.3", OK),
        ("X-Mms-Cancel-Status", 0x81, "corrupted", "1.3", PERMANENT),
    )
]
