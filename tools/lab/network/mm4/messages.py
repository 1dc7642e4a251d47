"""The messages of MM4 (3GPP TS 23.140, clause 8.4): what they say, apart from how mail says it.

Forward, Report and Response are what writing.py writes and reading.py reads.
"""

import dataclasses

from tools.lab.network.mmsc.envelope import Envelope

VERSION = "6.3.0"  # of TS 23.140; that of a peer is never looked at

# The kinds of a transaction, each with a REQ and a RES
FORWARD = "MM4_forward"
DELIVERY_REPORT = "MM4_delivery_report"
READ_REPORT = "MM4_read_reply_report"
KINDS = (FORWARD, DELIVERY_REPORT, READ_REPORT)

# X-Mms-Request-Status-Code
OK = "Ok"
UNSPECIFIED = "Error-unspecified"
SERVICE_DENIED = "Error-service-denied"
CORRUPT = "Error-message-format-corrupt"
UNRESOLVED = "Error-sending-address-unresolved"
NOT_FOUND = "Error-message-not-found"
NETWORK_PROBLEM = "Error-network-problem"
NOT_ACCEPTED = "Error-content-not-accepted"
UNSUPPORTED = "Error-unsupported-message"

# X-Mms-MM-Status-Code
STATUSES = ("Retrieved", "Forwarded", "Expired", "Rejected", "Deferred", "Unrecognised", "Indeterminate")
# X-Mms-Read-Status
READ, DELETED = "Read", "Deleted without being read"


@dataclasses.dataclass
class Forward:
    """MM4_forward.REQ: a message for subscribers of another operator.

    `transaction` is of this REQ and its RES, `message_id` the originator's for the life of the message; `system` is the
    mailbox that a RES goes to, if one is owed (`acknowledge`). `centre_report`: the originator's message centre wants
    delivery reports, whatever its subscriber asked for.
    """

    transaction: str
    message_id: str
    envelope: Envelope
    system: str = ""
    acknowledge: bool = True
    centre_report: bool = False
    kind = FORWARD


@dataclasses.dataclass
class Report:
    """MM4_delivery_report.REQ or MM4_read_reply_report.REQ (`kind`): `status` is the fate at one recipient.

    `recipient` is the one that reports, in From; `originator` the sender of the message, in To; `date` when it was
    handled, in seconds since 1970. `shown`: the report is for the originator's handset, too.
    """

    kind: str
    transaction: str
    message_id: str
    recipient: str
    originator: str
    status: str
    date: int
    shown: bool = True
    system: str = ""
    acknowledge: bool = True


@dataclasses.dataclass
class Response:
    """The RES to a REQ of that `kind` and `transaction`: `status` is a Request-Status-Code."""

    kind: str
    transaction: str
    message_id: str
    status: str
    text: str = ""


class NoMm4(Exception):
    """A mail that is no message of MM4."""


class Malformed(Exception):
    """A REQ that cannot be understood, of which `kind`, `transaction`, `message_id`, `system` and `acknowledge` can.

    `status` is the Request-Status-Code of the answer.
    """

    def __init__(self, status, text, head):
        super().__init__(text)
        self.status = status
        self.kind, self.transaction, self.message_id = head.kind, head.transaction, head.message_id
        self.system, self.acknowledge = head.system, head.acknowledge
