"""Addresses and identifiers as MM4 writes them, and as real message centres do.

A number is +E164/TYPE=PLMN, with or without @domain. Within the lab a number is E.164 with its +, an e-mail address is
itself, and a short code has up to six digits.
"""

import re

_TYPE = "/TYPE=PLMN"
_DIGITS = re.compile(r"\+?[0-9]{3,15}")
_SHORT = 6  # digits of the longest short code
_CENTRE = re.compile(r"mms\.mnc[0-9]{3}\.mcc[0-9]{3}\.(gprs|3gppnetwork\.org)", re.IGNORECASE)
SYSTEM = "system-user"  # the mailbox of a message centre itself
_SYSTEMS = (SYSTEM, "postmaster")


def write(address, domain="", typed=True):
    """An address for a header of mail; with `domain` for SMTP. `typed`: a number says that it is one."""
    if "@" in address:
        return address
    return address + (_TYPE if typed else "") + ("@" + domain if domain else "")


def read(text):
    """The number, short code or e-mail address in a mailbox without its name; "" where there is none.

    Digits in front of a domain are a number where they begin with +, say their type, or the domain is a message
    centre's; else they are the mailbox of an e-mail address.
    """
    text = text.strip().strip("<>").strip()
    local, at, domain = text.rpartition("@")
    if not at:
        local, domain = text, ""
    number, typed, _ = local.upper().partition("/TYPE=")
    if _DIGITS.fullmatch(number) and (not at or typed or number.startswith("+") or _CENTRE.fullmatch(domain)):
        return _international(number)
    return text if local and domain and not typed else ""


def _international(number):
    if number.startswith("+") or len(number) <= _SHORT:
        return number
    return "+" + number.removeprefix("00")


def domain(text):
    """The domain of a mailbox in lower case, or "". A few write system=DOMAIN;party=NUMBER instead of a mailbox."""
    fields = dict(field.strip().partition("=")[::2] for field in text.split(";"))
    if "system" in fields:
        return fields["system"].strip().lower()
    return text.strip().strip("<>").rpartition("@")[2].lower() if "@" in text else ""


def party(text):
    """The address in system=DOMAIN;party=ADDRESS, or ""."""
    fields = dict(field.strip().partition("=")[::2] for field in text.split(";"))
    return read(fields.get("party", ""))


def is_system(text):
    """Whether a mailbox is that of a message centre itself, to which responses go."""
    return text.strip().strip("<>").partition("@")[0].lower() in _SYSTEMS


def bare(text):
    """An identifier without quotes and brackets."""
    return text.strip().strip("\"'<> ")


def identifier(text):
    """A transaction id or message id to compare with others: without quotes, brackets and case."""
    return bare(text).lower()
