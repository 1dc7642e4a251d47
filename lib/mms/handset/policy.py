"""Decisions of the handset: when to retrieve, when to try again, how long an exchange may take."""

ATTEMPTS = 12  # of one message; an attempt counts also when the handset ended in it
UNREACHED_MS = 300000  # between two searches for a network
UNREACHED = 3  # the longest wait while attaching fails, an index of those below
_RETRY_MINUTES = (0, 1, 5, 10, 30)  # waits before the second, third ... attempt


def retry_ms(attempts, id):
    """Milliseconds until the next attempt after `attempts` failed ones, or None after the last one.

    Up to a fifth more or less, by the message's `id`, whose digits are random: handsets that one outage struck
    together do not come back together.
    """
    if attempts > len(_RETRY_MINUTES):
        return None
    at = 2 * (attempts % 4)
    return _RETRY_MINUTES[attempts - 1] * (60000 + 12000 * (int(id[at : at + 2], 16) - 128) // 128)


def budget_ms(octets):
    """How long an exchange of so many octets may take: a connection that is refused after 90 seconds, a minute, and
    500 octets a second.
    """
    return 150000 + octets * 2


def version(settings):
    """The version of MMS to speak, as MM1 writes it: 1.2 is 12 in hexadecimal digits."""
    return int(settings["version"].replace(".", ""), 16)
