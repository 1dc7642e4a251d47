"""Decisions of the handset: how often it tries, how long it sleeps, how long an exchange may take."""

ATTEMPTS = 12  # of one message; an attempt counts also when the handset ended in it
IDLE_MS = 60000  # the longest sleep of the carrier between two looks at what is due


def budget_ms(octets):
    """How long an exchange of so many octets may take: a connection that is refused after 90 seconds, a minute, and
    500 octets a second.
    """
    return 150000 + octets * 2


def version(settings):
    """The version of MMS to speak, as MM1 writes it: 1.2 is 12 in hexadecimal digits."""
    return int(settings["version"].replace(".", ""), 16)
