"""Dates of mail, in seconds since 1970."""

import datetime
import email.utils

_LATEST = 4102444800  # 2100-01-01: a later date is none


def write(date):
    """A date as of RFC 5322."""
    return email.utils.format_datetime(datetime.datetime.fromtimestamp(date, datetime.UTC))


def write_rfc3339(date):
    """A date as of RFC 3339."""
    return datetime.datetime.fromtimestamp(date, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text):
    """The seconds of a date of RFC 5322 or RFC 3339, 0 for anything else."""
    for parse in (email.utils.parsedate_to_datetime, datetime.datetime.fromisoformat):
        try:
            found = parse(text)
            moment = found.replace(tzinfo=found.tzinfo or datetime.UTC).timestamp()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if 0 < moment < _LATEST:
            return int(moment)
    return 0


def read_expiry(text, date):
    """The seconds at which a message expires: a date, or seconds from `date` on; 0 where the text is neither."""
    if text.isascii() and text.isdigit():
        return min(date + int(text[:10]), _LATEST)
    return read(text)
