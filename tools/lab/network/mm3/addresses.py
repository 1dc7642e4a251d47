"""Addresses of MMS in mail, and of mail in MMS (RFC 4356, clause 2.1.3.1)."""

import re

ANONYMOUS = "anonymous"  # the local part that stands for every hidden sender
OCTETS = 254  # of an address (RFC 5321, 4.5.3.1.3, without its angle brackets)

# A "/" is missing on purpose: MM1 takes the end of an address from there on as its type.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_NUMBER = re.compile(r"\+[0-9]{5,15}|[0-9]{3,6}")
_LOCAL = re.compile(r"(?:\+?([0-9]{7,15})|([0-9]{3,6}))(?:/TYPE=PLMN)?", re.IGNORECASE)


def is_mail(address):
    """Whether a text is an address of e-mail that MM1 and SMTP carry unchanged."""
    return len(address) <= OCTETS and _ADDRESS.fullmatch(address) is not None


def to_mail(address, domain):
    """A number or short code at the operator's domain, or the e-mail address itself; raises ValueError for others."""
    if _NUMBER.fullmatch(address):
        return "%s@%s" % (address, domain)
    if is_mail(address):
        return address
    raise ValueError("no address of mail: %.80r" % address)


def to_number(address, domain):
    """The number in E.164, or the short code, of an address in the operator's domain, with or without + and type.

    None for any other address.
    """
    local, _, host = address.rpartition("@")
    match = _LOCAL.fullmatch(local)
    if not match or host.lower() != domain:
        return None
    return match[2] or "+" + match[1]


def is_anonymous(address, domain):
    """Whether the address is the one that stands for hidden senders."""
    return address.lower() == "%s@%s" % (ANONYMOUS, domain)


def xtext(text):
    """A text as parameters of SMTP carry it (RFC 3461, clause 4)."""
    return "".join(c if "!" <= c <= "~" and c not in "+=" else "+%02X" % ord(c) for c in text if ord(c) < 128)


def from_xtext(text):
    """The text in a parameter of SMTP; a broken one is left as it is."""
    return re.sub(r"\+([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), text)
