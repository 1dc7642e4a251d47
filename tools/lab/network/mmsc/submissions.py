"""A submission as an MMSC reads it: recipients, texts, parts, and the offset from which it passes untouched."""

import binascii
import hashlib

from mms import limits
from mms.codec import mm1, multipart
from mms.errors import PduError

# Response-Status (7.3.48 of OMA-TS-MMS_ENC)
DENIED, CORRUPT, UNRESOLVED, NOT_ACCEPTED = 0xE1, 0xE2, 0xE3, 0xE5


class Refused(Exception):
    """The MMSC does not take a submission: `status` is the Response-Status, `text` its Response-Text."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status, self.text = status, text


def recipients(pdu):
    """The numbers and addresses that a submission goes to, each once. Raises Refused."""
    addresses = pdu.all(mm1.TO) + pdu.all(mm1.CC) + pdu.all(mm1.BCC)
    if not addresses:
        raise Refused(CORRUPT, "No recipient")
    numbers = []
    for address in addresses:
        if "/TYPE=" not in address and "@" not in address:
            raise Refused(UNRESOLVED, "Address without its type")
        if mm1.number(address) not in numbers:
            numbers.append(mm1.number(address))
    return numbers


def check_texts(pdu):
    """Refuse control characters in the texts of header fields (RFC 2616, 2.2). Raises Refused."""
    for _, value, _ in pdu.fields:
        if isinstance(value, str) and [c for c in value if c < " " or "\x7f" <= c < "\xa0"]:
            raise Refused(CORRUPT, "Control character in a header field")


def parts(pdu, octets):
    """A dict for each part of the body, for the journal. Raises Refused."""
    media = pdu.get(mm1.CONTENT_TYPE).media
    body = memoryview(octets)[pdu.body :]
    if "multipart" not in media:
        return [{"media": media, "octets": len(body), "sha256": sha256(body)}]
    found, digest = [], None
    parser = multipart.Parser()
    try:
        for start in range(0, len(body), limits.BLOCK):
            for event, value in parser.feed(body[start : start + limits.BLOCK]):
                if event == multipart.PART:
                    digest = hashlib.sha256()
                elif event == multipart.DATA:
                    digest.update(value)
                else:
                    found.append(_entry(value, digest))
        parser.close()
    except PduError as error:
        raise Refused(CORRUPT, str(error))
    return found


def _entry(part, digest):
    return {
        "media": part.media,
        "name": part.name,
        "location": part.location,
        "content_id": part.content_id,
        "octets": part.octets,
        "sha256": _hex(digest.digest()),
    }


def content_type(pdu):
    """The offset of the Content-Type field: from there on a message is passed untouched."""
    for number, _, offset in pdu.fields:
        if number == mm1.CONTENT_TYPE:
            return offset


def sha256(octets):
    """The SHA-256 of the octets, in hex."""
    return _hex(hashlib.sha256(octets).digest())


def _hex(octets):
    return binascii.hexlify(octets).decode()
