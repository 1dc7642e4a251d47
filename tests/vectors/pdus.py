"""Every type of PDU and every header field as the standard has them (OMA-TS-MMS_ENC, clauses 6 and 7)."""

_V10 = "8D 90 # X-Mms-MMS-Version: 1.0"
_V12 = "8D 92 # X-Mms-MMS-Version: 1.2"
_V13 = "8D 93 # X-Mms-MMS-Version: 1.3"
_TID = "98 'T1' 00 # X-Mms-Transaction-Id: T1"
_INSERT = "89 01 81 # From: insert-address-token"
_FROM = "89 < 80 '+447700900001/TYPE=PLMN' 00 > # From: +447700900001/TYPE=PLMN"
_TO = "97 '+447700900002/TYPE=PLMN' 00 # To: +447700900002/TYPE=PLMN"
_DATE = "85 04 65 53 F1 00 # Date: 2023-11-14 22:13:20 UTC"
_ID = "8B 'M1' 00 # Message-ID: M1"
_URL = "83 'http://mmsc.example/m?id=T1' 00 # X-Mms-Content-Location"
_SMIL = '\'<smil><body><par dur="5s"><img src="p.jpg"/><text src="t.txt"/></par></body></smil>\''
_RELATED = "84 < B3 89 'application/smil' 00 8A '<layout>' 00 > # Content-Type: related, type, start"
_MIXED = "84 A3 # Content-Type: application/vnd.wap.multipart.mixed"
_BODY = f"""
03 # three parts
[ 'application/smil' 00 C0 22 '<layout>' 00 8E 'layout.smil' 00 | {_SMIL} ] # the layout
[ < 9E 85 'p.jpg' 00 > C0 22 '<p>' 00 8E 'p.jpg' 00 | FF D8 FF E0 00 00 FF D9 ] # a picture
[ < 83 81 EA 85 't.txt' 00 > C0 22 '<t>' 00 8E 't.txt' 00 | 'Grüße' ] # a text in UTF-8
"""

VECTORS = {}


def _vector(name, about, *rows):
    VECTORS[name] = (about, "\n".join(row.strip("\n") for row in rows))


_vector(
    "pdu-80-send-req-1.0",
    "M-Send.req as MMS 1.0 has it: a layout, a picture and a text",
    "8C 80 # X-Mms-Message-Type: M-Send.req",
    _TID,
    _V10,
    _INSERT,
    _TO,
    "96 < EA 'Grüße' 00 > # Subject in UTF-8",
    "86 80 # X-Mms-Delivery-Report: yes",
    "90 81 # X-Mms-Read-Reply, as 1.0 calls it: no",
    _RELATED,
    _BODY,
)
_vector(
    "pdu-80-send-req-1.3",
    "M-Send.req of MMS 1.3 with every header that it may have",
    "8C 80 # X-Mms-Message-Type: M-Send.req",
    _TID,
    _V13,
    _DATE,
    _FROM,
    _TO,
    "97 'bob@example.com' 00 # To: e-mail",
    "82 '192.0.2.1/TYPE=IPv4' 00 # Cc: IPv4",
    "82 '2001:db8::1/TYPE=IPv6' 00 # Cc: IPv6",
    "81 '12345/TYPE=PLMN' 00 # Bcc: a short code",
    "96 'Hello' 00 # Subject in ASCII",
    "8A 83 # X-Mms-Message-Class: auto",
    "88 < 81 03 02 A3 00 > # X-Mms-Expiry: 172800 s from now",
    "87 < 80 04 65 53 F1 00 > # X-Mms-Delivery-Time: 2023-11-14 22:13:20 UTC",
    "8F 82 # X-Mms-Priority: high",
    "94 80 # X-Mms-Sender-Visibility: hide",
    "86 80 # X-Mms-Delivery-Report: yes",
    "90 80 # X-Mms-Read-Report: yes",
    "A2 80 # X-Mms-Store: yes",
    "A3 80 # X-Mms-MM-State: draft",
    "A4 < 80 'holidays' 00 > # X-Mms-MM-Flags: add holidays",
    "9C 80 # X-Mms-Reply-Charging: requested",
    "9D < 81 03 01 51 80 > # X-Mms-Reply-Charging-Deadline: 86400 s from now",
    "9F 02 78 00 # X-Mms-Reply-Charging-Size: 30720",
    "9E 'M0' 00 # X-Mms-Reply-Charging-ID: M0",
    "B7 'game' 00 # X-Mms-Applic-ID: game",
    "B8 'score' 00 # X-Mms-Reply-Applic-ID: score",
    "B9 'level=3' 00 # X-Mms-Aux-Applic-Info: level=3",
    "BA 81 # X-Mms-Content-Class: image-basic",
    "BB 81 # X-Mms-DRM-Content: no",
    "BC 80 # X-Mms-Adaptation-Allowed: yes",
    _RELATED,
    _BODY,
)
_vector(
    "pdu-81-send-conf",
    "M-Send.conf: taken",
    "8C 81 # X-Mms-Message-Type: M-Send.conf",
    _TID,
    _V12,
    "92 80 # X-Mms-Response-Status: ok",
    _ID,
)
_vector(
    "pdu-81-send-conf-refused",
    "M-Send.conf: refused, with a reason for people, stored all the same",
    "8C 81 # X-Mms-Message-Type: M-Send.conf",
    _TID,
    _V12,
    "92 EB # X-Mms-Response-Status: lack of prepaid credit",
    "93 < EA 'Guthaben zu klein: 1,20 €' 00 > # X-Mms-Response-Text",
    "83 'http://mmsc.example/m?id=D1' 00 # X-Mms-Content-Location of what was stored",
    "A5 80 # X-Mms-Store-Status: ok",
    "A6 'kept as a draft' 00 # X-Mms-Store-Status-Text",
)
_vector(
    "pdu-82-notification-ind",
    "M-Notification.ind with what it must have",
    "8C 82 # X-Mms-Message-Type: M-Notification.ind",
    _TID,
    _V12,
    "8A 80 # X-Mms-Message-Class: personal",
    "8E 02 78 00 # X-Mms-Message-Size: 30720",
    "88 < 81 03 02 A3 00 > # X-Mms-Expiry: 172800 s from its reception",
    _URL,
)
_vector(
    "pdu-82-notification-ind-1.3",
    "M-Notification.ind of MMS 1.3 with every header that it may have",
    "8C 82 # X-Mms-Message-Type: M-Notification.ind",
    _TID,
    _V13,
    _FROM,
    "96 < EA 'Grüße aus Köln' 00 > # Subject",
    "86 81 # X-Mms-Delivery-Report: no",
    "A7 80 # X-Mms-Stored: yes",
    "8A 'vendor-class' 00 # X-Mms-Message-Class: one of its own",
    "8F 80 # X-Mms-Priority: low",
    "8E 03 01 00 00 # X-Mms-Message-Size: 65536",
    "88 < 80 04 65 53 F1 00 > # X-Mms-Expiry: 2023-11-14 22:13:20 UTC",
    "9C 82 # X-Mms-Reply-Charging: accepted",
    "9D < 80 04 65 53 F1 00 > # X-Mms-Reply-Charging-Deadline: 2023-11-14 22:13:20 UTC",
    "9F 01 64 # X-Mms-Reply-Charging-Size: 100",
    "9E 'M0' 00 # X-Mms-Reply-Charging-ID",
    "B1 81 # X-Mms-Distribution-Indicator: no",
    "B2 < 'cid:p' 00 89 9E > # X-Mms-Element-Descriptor: a picture",
    "B4 80 # X-Mms-Recommended-Retrieval-Mode: manual",
    "B5 'costly here' 00 # X-Mms-Recommended-Retrieval-Mode-Text",
    "B7 'game' 00 # X-Mms-Applic-ID",
    "BA 85 # X-Mms-Content-Class: megapixel",
    "BB 80 # X-Mms-DRM-Content: yes",
    "BD 'M7' 00 # X-Mms-Replace-ID",
    _URL,
)
_vector(
    "pdu-83-notifyresp-ind",
    "M-NotifyResp.ind: retrieved, no report allowed",
    "8C 83 # X-Mms-Message-Type: M-NotifyResp.ind",
    _TID,
    _V12,
    "95 81 # X-Mms-Status: retrieved",
    "91 81 # X-Mms-Report-Allowed: no",
)
_vector(
    "pdu-84-retrieve-conf",
    "M-Retrieve.conf with every header that it may have, and three parts",
    "8C 84 # X-Mms-Message-Type: M-Retrieve.conf",
    _TID,
    _V13,
    _ID,
    _DATE,
    _FROM,
    _TO,
    "82 'carol@example.com' 00 # Cc",
    "96 < 02 03 E8 26 3A 00 48 00 69 00 00 > # Subject in UCS-2: a smile, Hi",
    "8A 82 # X-Mms-Message-Class: informational",
    "8F 81 # X-Mms-Priority: normal",
    "86 80 # X-Mms-Delivery-Report: yes",
    "90 80 # X-Mms-Read-Report: yes",
    "9C 81 # X-Mms-Reply-Charging: requested, text only",
    "99 80 # X-Mms-Retrieve-Status: ok",
    "9A 'here it is' 00 # X-Mms-Retrieve-Text",
    "A0 < 81 '+447700900003/TYPE=PLMN' 00 > # X-Mms-Previously-Sent-By: the first to send it",
    "A1 < 81 04 65 53 F0 00 > # X-Mms-Previously-Sent-Date",
    "A3 82 # X-Mms-MM-State: new",
    "A4 < 82 < EA 'größer' 00 > > # X-Mms-MM-Flags: filter, in UTF-8",
    "B1 80 # X-Mms-Distribution-Indicator: yes",
    _RELATED,
    _BODY,
)
_vector(
    "pdu-84-retrieve-conf-failed",
    "M-Retrieve.conf without a message: it has expired",
    "8C 84 # X-Mms-Message-Type: M-Retrieve.conf",
    _TID,
    _V12,
    _DATE,
    "99 E2 # X-Mms-Retrieve-Status: permanent, message not found",
    "9A 'Message not found' 00 # X-Mms-Retrieve-Text",
    "84 83 # Content-Type: text/plain",
    "'4504:Message not found' # a body that is no multipart",
)
_vector(
    "pdu-85-acknowledge-ind",
    "M-Acknowledge.ind: a report is allowed",
    "8C 85 # X-Mms-Message-Type: M-Acknowledge.ind",
    _TID,
    _V12,
    "91 80 # X-Mms-Report-Allowed: yes",
)
_vector(
    "pdu-86-delivery-ind",
    "M-Delivery.ind of MMS 1.3",
    "8C 86 # X-Mms-Message-Type: M-Delivery.ind",
    _V13,
    _ID,
    _TO,
    _DATE,
    "95 87 # X-Mms-Status: unreachable",
    "B6 'switched off' 00 # X-Mms-Status-Text",
    "B7 'game' 00 # X-Mms-Applic-ID",
)
_vector(
    "pdu-87-read-rec-ind",
    "M-Read-Rec.ind: read",
    "8C 87 # X-Mms-Message-Type: M-Read-Rec.ind",
    _V12,
    _ID,
    _TO,
    _INSERT,
    _DATE,
    "9B 80 # X-Mms-Read-Status: read",
)
_vector(
    "pdu-88-read-orig-ind",
    "M-Read-Orig.ind: deleted unread",
    "8C 88 # X-Mms-Message-Type: M-Read-Orig.ind",
    _V12,
    _ID,
    _TO,
    _FROM,
    _DATE,
    "9B 81 # X-Mms-Read-Status: deleted without being read",
)
_vector(
    "pdu-89-forward-req",
    "M-Forward.req: on to another, without a download",
    "8C 89 # X-Mms-Message-Type: M-Forward.req",
    _TID,
    _V12,
    _DATE,
    _INSERT,
    _TO,
    "88 < 81 03 02 A3 00 > # X-Mms-Expiry",
    "87 < 81 02 0E 10 > # X-Mms-Delivery-Time: 3600 s from now",
    "91 80 # X-Mms-Report-Allowed: yes",
    "86 80 # X-Mms-Delivery-Report: yes",
    "90 81 # X-Mms-Read-Report: no",
    "A2 81 # X-Mms-Store: no",
    "A3 84 # X-Mms-MM-State: forwarded",
    "A4 < 81 'old' 00 > # X-Mms-MM-Flags: remove old",
    _URL,
)
_vector(
    "pdu-8a-forward-conf",
    "M-Forward.conf",
    "8C 8A # X-Mms-Message-Type: M-Forward.conf",
    _TID,
    _V12,
    "92 80 # X-Mms-Response-Status: ok",
    _ID,
    "A5 C1 # X-Mms-Store-Status: transient, network problem",
)
_vector(
    "pdu-8b-mbox-store-req",
    "M-Mbox-Store.req: to be kept in the mailbox",
    "8C 8B # X-Mms-Message-Type: M-Mbox-Store.req",
    _TID,
    _V12,
    _URL,
    "A3 83 # X-Mms-MM-State: retrieved",
    "A4 < 80 'kept' 00 > # X-Mms-MM-Flags",
)
_vector(
    "pdu-8c-mbox-store-conf",
    "M-Mbox-Store.conf: the mailbox is full",
    "8C 8C # X-Mms-Message-Type: M-Mbox-Store.conf",
    _TID,
    _V12,
    "A5 E4 # X-Mms-Store-Status: permanent, mailbox full",
    "A6 'no room' 00 # X-Mms-Store-Status-Text",
)
_vector(
    "pdu-8d-mbox-view-req",
    "M-Mbox-View.req: some messages, some of their headers, and the totals",
    "8C 8D # X-Mms-Message-Type: M-Mbox-View.req",
    _TID,
    _V12,
    "83 'http://mmsc.example/m?id=A' 00 # X-Mms-Content-Location",
    "83 'http://mmsc.example/m?id=B' 00 # X-Mms-Content-Location",
    "A3 82 # X-Mms-MM-State: new",
    "A4 < 82 'work' 00 > # X-Mms-MM-Flags: filter work",
    "AF 80 # X-Mms-Start: 0",
    "B3 8A # X-Mms-Limit: 10",
    "A8 96 # X-Mms-Attributes: Subject",
    "A8 89 # X-Mms-Attributes: From",
    "A9 80 # X-Mms-Totals: yes",
    "AB 80 # X-Mms-Quotas: yes",
)
_vector(
    "pdu-8e-mbox-view-conf",
    "M-Mbox-View.conf: one message and the totals",
    "8C 8E # X-Mms-Message-Type: M-Mbox-View.conf",
    _TID,
    _V12,
    "92 80 # X-Mms-Response-Status: ok",
    "AA < 80 81 > # X-Mms-Mbox-Totals: 1 message",
    "AA < 81 02 78 00 > # X-Mms-Mbox-Totals: 30720 octets",
    "AC < 80 02 03 E8 > # X-Mms-Mbox-Quotas: 1000 messages",
    "AD 81 # X-Mms-Message-Count: 1",
    _MIXED,
    "01 # one part",
    "[ BE | 8C 93 8D 92 8B 'M1' 00 83 'http://mmsc.example/A' 00 ] # its description",
)
_vector(
    "pdu-8f-mbox-upload-req",
    "M-Mbox-Upload.req: a draft to be kept",
    "8C 8F # X-Mms-Message-Type: M-Mbox-Upload.req",
    _TID,
    _V12,
    "A3 80 # X-Mms-MM-State: draft",
    "A4 < 80 'draft' 00 > # X-Mms-MM-Flags",
    _RELATED,
    _BODY,
)
_vector(
    "pdu-90-mbox-upload-conf",
    "M-Mbox-Upload.conf",
    "8C 90 # X-Mms-Message-Type: M-Mbox-Upload.conf",
    _TID,
    _V12,
    "83 'http://mmsc.example/m?id=D1' 00 # X-Mms-Content-Location",
    "A5 80 # X-Mms-Store-Status: ok",
)
_vector(
    "pdu-91-mbox-delete-req",
    "M-Mbox-Delete.req",
    "8C 91 # X-Mms-Message-Type: M-Mbox-Delete.req",
    _TID,
    _V12,
    "83 'http://mmsc.example/m?id=A' 00 # X-Mms-Content-Location",
    "83 'http://mmsc.example/m?id=B' 00 # X-Mms-Content-Location",
)
_vector(
    "pdu-92-mbox-delete-conf",
    "M-Mbox-Delete.conf: values that begin with a count",
    "8C 92 # X-Mms-Message-Type: M-Mbox-Delete.conf",
    _TID,
    _V12,
    "83 < 80 'http://mmsc.example/m?id=A' 00 > # X-Mms-Content-Location of status 0",
    "92 E4 # X-Mms-Response-Status: permanent, message not found",
    "93 < 80 'gone' 00 > # X-Mms-Response-Text of status 0",
)
_vector(
    "pdu-93-mbox-descr",
    "M-Mbox-Descr: what a mailbox has of a message",
    "8C 93 # X-Mms-Message-Type: M-Mbox-Descr",
    _V12,
    _URL,
    _ID,
    "A3 81 # X-Mms-MM-State: sent",
    _DATE,
    "8E 02 78 00 # X-Mms-Message-Size: 30720",
)
_vector(
    "pdu-94-delete-req",
    "M-Delete.req",
    "8C 94 # X-Mms-Message-Type: M-Delete.req",
    _TID,
    _V13,
    _URL,
)
_vector(
    "pdu-95-delete-conf",
    "M-Delete.conf: values that begin with a count",
    "8C 95 # X-Mms-Message-Type: M-Delete.conf",
    _TID,
    _V13,
    "83 < 81 'http://mmsc.example/m?id=T1' 00 > # X-Mms-Content-Location of status 1",
    "92 80 # X-Mms-Response-Status: ok",
    "93 < 81 'gone' 00 > # X-Mms-Response-Text of status 1",
)
_vector(
    "pdu-96-cancel-req",
    "M-Cancel.req",
    "8C 96 # X-Mms-Message-Type: M-Cancel.req",
    _TID,
    _V13,
    "BE 'M1' 00 # X-Mms-Cancel-ID: M1",
)
_vector(
    "pdu-97-cancel-conf",
    "M-Cancel.conf",
    "8C 97 # X-Mms-Message-Type: M-Cancel.conf",
    _TID,
    _V13,
    "BF 80 # X-Mms-Cancel-Status: request successfully received",
)
_vector(
    "headers-content-and-additional",
    "M-Mbox-View.req with the two headers of the mailbox whose values tshark and others pass over",
    "8C 8D # X-Mms-Message-Type: M-Mbox-View.req",
    _TID,
    _V12,
    "AE < 83 > # Content: a length and what it encloses",
    "B0 < 01 02 03 > # Additional-Headers",
)
