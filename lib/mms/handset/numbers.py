"""Telephone numbers in international form (ITU-T E.164), and other addresses of recipients; loaded when needed."""

from mms.errors import UsageError
from mms.events import masked
from mms.handset import rooms
from mms.limits import const
from mms.link.url import PLAIN

_ONE_DIGIT = const("1 7")  # country codes of one digit, then of two; all others have three
_TWO_DIGITS = const(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66"
    " 81 82 84 86 90 91 92 93 94 95 98"
)
_KEEP_THE_ZERO = const(("39", "225", "229", "242", "378"))  # countries whose numbers keep their 0 in international form


def decimal(text):
    """Whether a text has ASCII digits only; str.isdigit knows those of other scripts, too."""
    return text.isdigit() and text.encode().isdigit()


def country(number):
    """The country code of a number in international form."""
    for digits, codes in ((1, _ONE_DIGIT), (2, _TWO_DIGITS)):
        if number[1 : 1 + digits] in codes.split(" "):
            return number[1 : 1 + digits]
    return number[1:4]


def is_short_code(text):
    """Whether a text is the short code of an operator's service: 3 to 6 digits, which belong to no country."""
    return decimal(text) and 3 <= len(text) <= 6


def e164(number, own):
    """`number` in international form, completed by the country of `own`; short codes and names unchanged."""
    digits = number
    for mark in " -.()/":
        digits = digits.replace(mark, "")
    if not decimal(digits[1:] if digits[:1] == "+" else digits):
        return number
    if digits[:1] == "+" or is_short_code(digits):
        return digits
    if digits[:2] == "00":
        return "+" + digits[2:]
    if not own or own[:1] != "+":
        return digits
    code = country(own)
    if code == "1" and digits[:3] == "011":
        return "+" + digits[3:]
    if digits[0] == "0":
        return "+" + code + (digits if code in _KEEP_THE_ZERO else digits[1:])
    national = len(own) - 1 - len(code)
    if len(digits) == national:
        return "+" + code + digits
    if len(digits) == national + 1 and code + digits[0] in ("11", "78"):  # the trunk prefix
        return "+" + code + digits[1:]
    return digits


def same(one, other):
    """Whether two addresses are equal: one may be a national number, and capitals in e-mail do not count."""
    one, other = one.lower(), other.lower()
    if one == other:
        return True
    if one[:1] == "+":
        return e164(other, one) == one
    return other[:1] == "+" and e164(one, other) == other


def person(address):
    """(name or None, number or address) of an address, which may be "Name <address>" or end with its type."""
    address = address.strip(" ")
    name = None
    at = address.find("<")
    if at >= 0 and address.endswith(">"):
        name = address[:at].strip(' "') or None
        address = address[at + 1 : -1]
    return name, rooms.mm1.number(address)


def recipient(to, own=None):
    """A recipient as messages carry it; raises UsageError.

    That is a number in international form, a short code or an e-mail address.
    """
    text = to.strip()
    if "@" in text:
        local, _, domain = text.partition("@")
        plain = "/" not in text and not text.strip(PLAIN)
        if plain and local and domain and len(text) <= 128:
            return text
    else:
        digits = e164(text, own)
        if is_short_code(digits) or digits[:1] == "+" and decimal(digits[1:]) and 5 <= len(digits) <= 16:
            return digits
    shown = to if len(to) < 7 else masked(to) if len(to) <= 128 else "this"  # no number is so short
    keys = "* and # are keys, not part of a number: " if "@" not in text and ("*" in text or "#" in text) else ""
    wanted = "a number in international form (+447700900001), a short code or an e-mail address, please"
    raise UsageError("%s: %s%s" % (shown, keys, wanted))
