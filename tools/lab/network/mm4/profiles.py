"""Profiles of peers: what real message centres write otherwise than TS 23.140 has it, as switches by name.

A peer with switches is sent to in that way, so that a lab's own message centre meets what the field has.
"""

NAMES = {
    "other-case": "header names and message types in another case: X-Mms-Transaction-Id, MM4_Delivery_report.REQ",
    "quoted-ids": "identifiers in quotes",
    "bracketed-ids": "identifiers in <>",
    "ids-of-numbers": "the transaction id is the message id with the recipient's number behind it",
    "no-type": "To without /TYPE=PLMN",
    "x-mms-addresses": "X-Mms-Sender-Address and X-Mms-To, with From and To of the system",
    "bare-response": "a response without Date, MIME-Version and Content-Type",
    "talkative-response": "a response with Subject, Message-Class, Request-Recipients, and a sentence as its body",
    "no-acknowledgement": "a request without X-Mms-Ack-Request",
    "mixed": "multipart/mixed with a presentation",
    "bare-start": "Start=0.smil and Content-ID:0, without <>",
    "seconds": "X-Mms-Expiry in seconds",
    "rfc3339": "X-Mms-Expiry as of RFC 3339",
    "system-party": "X-Mms-Originator-System as system=DOMAIN;party=NUMBER",
    "other-status": "X-Mms-Status in place of X-Mms-MM-Status-Code",
    "centre-report": "X-Mms-Originator-R/S-Delivery-Report: reports for the message centre, whatever its user wants",
    "forwarded-by": "an X-Mms-Forwarded-By that no standard has",
}


def profile(names):
    """The set of switches with those names; raises ValueError that names those there are."""
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        raise ValueError("no switch %s: there are %s" % (", ".join(unknown), ", ".join(NAMES)))
    return frozenset(names)
