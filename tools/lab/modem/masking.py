"""Secrets are masked in the lines of a modem's dialogue before anybody writes them down."""

import re

_PIN = re.compile(rb"(?i)(\+CPIN=|\+CPWD=|\+CLCK=)(.*)")
_PASSWORD = re.compile(
    rb'(?i)(\+CSTT=[^,]*,[^,]*,|"PWD",|\+(?:CGAUTH|UAUTHREQ)=(?:[^,]*,){2}|\+QICSGP=[^"]*"[^,]*,|\+UPSD=\d+,3,)(.*)'
)
_IMEI = re.compile(rb"(IMEI: )(\d*)")
_NUMBER = re.compile(rb'"\+?\d{6,}"')
_IDENTITY = re.compile(rb"^(?:\+I?CCID: )?\d{14,20}[0-9A-Fa-f]{0,2}$")


def _stars(octets):
    """As many octets, of which only the last two digits of a number can be read."""
    keep = b""
    if octets.strip(b'"').lstrip(b"+").isalnum() and len(octets) > 7:
        keep = octets.rstrip(b'"')[-2:] + (b'"' if octets.endswith(b'"') else b"")
    return b"*" * (len(octets) - len(keep)) + keep


def masked(line):
    """A line of the dialogue without its secrets."""
    for secret in (_PIN, _PASSWORD, _IMEI):
        line = secret.sub(lambda found: found.group(1) + b"*" * len(found.group(2)), line)
    if _IDENTITY.match(line):
        return _stars(line)
    return _NUMBER.sub(lambda found: _stars(found.group()), line)
