"""The PDUs of a mailbox at the MMSC (OMA-TS-MMS_ENC, clause 6)."""

from tests.vectors.rows import BODY, DATE, ID, MIXED, RELATED, TID, URL, V12

VECTORS = {}


def _vector(name, about, *rows):
    VECTORS[name] = (about, "\n".join(row.strip("\n") for row in rows))


_vector(
    "pdu-8b-mbox-store-req",
    "M-Mbox-Store.req: to be kept in the mailbox",
    "8C 8B # X-Mms-Message-Type: M-Mbox-Store.req",
    TID,
    V12,
    URL,
    "A3 83 # X-Mms-MM-State: retrieved",
    "A4 < 80 'kept' 00 > # X-Mms-MM-Flags",
)
_vector(
    "pdu-8c-mbox-store-conf",
    "M-Mbox-Store.conf: the mailbox is full",
    "8C 8C # X-Mms-Message-Type: M-Mbox-Store.conf",
    TID,
    V12,
    "A5 E4 # X-Mms-Store-Status: permanent, mailbox full",
    "A6 'no room' 00 # X-Mms-Store-Status-Text",
)
_vector(
    "pdu-8d-mbox-view-req",
    "M-Mbox-View.req: some messages, some of their headers, and the totals",
    "8C 8D # X-Mms-Message-Type: M-Mbox-View.req",
    TID,
    V12,
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
    TID,
    V12,
    "92 80 # X-Mms-Response-Status: ok",
    "AA < 80 81 > # X-Mms-Mbox-Totals: 1 message",
    "AA < 81 02 78 00 > # X-Mms-Mbox-Totals: 30720 octets",
    "AC < 80 02 03 E8 > # X-Mms-Mbox-Quotas: 1000 messages",
    "AD 81 # X-Mms-Message-Count: 1",
    MIXED,
    "01 # one part",
    "[ BE | 8C 93 8D 92 8B 'M1' 00 83 'http://mmsc.example/A' 00 ] # its description",
)
_vector(
    "pdu-8f-mbox-upload-req",
    "M-Mbox-Upload.req: a draft to be kept",
    "8C 8F # X-Mms-Message-Type: M-Mbox-Upload.req",
    TID,
    V12,
    "A3 80 # X-Mms-MM-State: draft",
    "A4 < 80 'draft' 00 > # X-Mms-MM-Flags",
    RELATED,
    BODY,
)
_vector(
    "pdu-90-mbox-upload-conf",
    "M-Mbox-Upload.conf",
    "8C 90 # X-Mms-Message-Type: M-Mbox-Upload.conf",
    TID,
    V12,
    "83 'http://mmsc.example/m?id=D1' 00 # X-Mms-Content-Location",
    "A5 80 # X-Mms-Store-Status: ok",
)
_vector(
    "pdu-91-mbox-delete-req",
    "M-Mbox-Delete.req",
    "8C 91 # X-Mms-Message-Type: M-Mbox-Delete.req",
    TID,
    V12,
    "83 'http://mmsc.example/m?id=A' 00 # X-Mms-Content-Location",
    "83 'http://mmsc.example/m?id=B' 00 # X-Mms-Content-Location",
)
_vector(
    "pdu-92-mbox-delete-conf",
    "M-Mbox-Delete.conf: values that begin with a count",
    "8C 92 # X-Mms-Message-Type: M-Mbox-Delete.conf",
    TID,
    V12,
    "83 < 80 'http://mmsc.example/m?id=A' 00 > # X-Mms-Content-Location of status 0",
    "92 E4 # X-Mms-Response-Status: permanent, message not found",
    "93 < 80 'gone' 00 > # X-Mms-Response-Text of status 0",
)
_vector(
    "pdu-93-mbox-descr",
    "M-Mbox-Descr: what a mailbox has of a message",
    "8C 93 # X-Mms-Message-Type: M-Mbox-Descr",
    V12,
    URL,
    ID,
    "A3 81 # X-Mms-MM-State: sent",
    DATE,
    "8E 02 78 00 # X-Mms-Message-Size: 30720",
)
