"""How much of a text fits into a record, which has at most limits.RECORD octets of JSON."""

import json

from mms import limits

TOLD = limits.TEXT // 2  # octets of a record for an identifier of the MMSC's, which has 60, or why something failed


def octets_of(value):
    """The octets that `value` takes in a record, in UTF-8: MicroPython's JSON escapes no letters."""
    return len(json.dumps(value).encode())


def shortened(text):
    """The beginning of a text that takes at most TOLD octets of a record."""
    while octets_of(text) > TOLD:
        text = text[: len(text) // 2]
    return text


def fitting(name):
    """An identifier of a peer, or "" when it takes more than TOLD octets: its beginning would be another one."""
    return name if shortened(name) == name else ""


def shrink(status, octets):
    """Halve "text" or "subject" until `status` has so few octets; False when that does not suffice."""
    while octets_of(status) > octets:
        key = "text" if len(status.get("text", "")) > len(status["subject"]) else "subject"
        if not status[key]:
            return False
        status[key] = status[key][: len(status[key]) // 2]
    return True
