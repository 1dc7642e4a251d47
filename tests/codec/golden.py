"""Whole PDUs of our own, one of each type of the journey."""

NOTIFICATION = bytes.fromhex(
    "8c82985431008d928915802b31353535303130302f545950453d504c4d4e008a808e0278008805810302a300"
    "83687474703a2f2f6d6d73632e6578616d706c652f6d3f69643d543100"
)
NOTIFYRESP = bytes.fromhex("8c83985431008d9295839180")
ACKNOWLEDGE = bytes.fromhex("8c85985231008d929180")
SEND_HEADER = bytes.fromhex(
    "8c80985331008d92890181972b31353535303130312f545950453d504c4d4e009609ea4772c3bcc39f6500868190"
    "818418b3896170706c69636174696f6e2f736d696c008a3c733e00"
)
SMIL = (
    b'<smil><head><layout><root-layout width="320" height="240"/>'
    b'<region id="I" left="0" top="0" width="320" height="200"/>'
    b'<region id="T" left="0" top="200" width="320" height="40"/></layout></head>'
    b'<body><par dur="5000ms"><text src="t.txt" region="T"/></par></body></smil>'
)
BODY = (
    bytes.fromhex("02 22820a 136170706c69636174696f6e2f736d696c0081ea c0223c733e00 8e732e736d696c00")
    + SMIL
    + bytes.fromhex("18070a8381ea85742e74787400c0223c743e008e742e74787400")
    + "Grüße".encode()
)
SEND_CONF = bytes.fromhex("8c81985331008d9292808b4d3100")
RETRIEVE_CONF = (
    bytes.fromhex(
        "8c84985231008d928b4d310085046553f100"
        "8919802b3434373730303930303030312f545950453d504c4d4e00"
        "972b3434373730303930303030322f545950453d504c4d4e00"
        "960a0203e8004800690000008a808f8184a3"
    )
    + BODY
)
READ_REC = bytes.fromhex("8c878d928b4d3100972b31353535303130302f545950453d504c4d4e0089018185046553f1009b80")
DELIVERY = bytes.fromhex("8c868d928b4d3100972b31353535303130312f545950453d504c4d4e0085046553f1009581")
PUSH = bytes.fromhex("010603beaf84") + NOTIFICATION

PDUS = (
    ("M-Send.req", SEND_HEADER + BODY),
    ("M-Send.conf", SEND_CONF),
    ("M-Notification.ind", NOTIFICATION),
    ("M-NotifyResp.ind", NOTIFYRESP),
    ("M-Retrieve.conf", RETRIEVE_CONF),
    ("M-Acknowledge.ind", ACKNOWLEDGE),
    ("M-Delivery.ind", DELIVERY),
    ("M-Read-Rec.ind", READ_REC),
)
