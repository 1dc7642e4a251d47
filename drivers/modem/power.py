"""What each family is told to switch itself off and to sleep; loaded for that.

A name is the family's and what the command does: "off", "by dtr" to sleep while DTR is off, "by itself" to sleep some
seconds after the last octet, where that exists. The least of these times is five seconds.
"""

COMMANDS = (  # see dialogue.py
    "\n"
    "sim800 off|modem|AT+CPOWD=1|10|1|-|NORMAL POWER DOWN\n"  # AT manual V1.09, 6.2.2
    "sim800 by dtr|sleep|AT+CSCLK=1|5|2|-|OK\n"  # 6.2.20
    "sim800 by itself|sleep|AT+CSCLK=2|5|2|-|OK\n"
    "sim7600 off|modem|AT+CPOF|9|1|-|OK\n"  # A76XX manual, 3.2.5
    "sim7600 by dtr|sleep|AT+CSCLK=1|9|2|-|OK\n"  # 10.2.7
    "sim7600 by itself|sleep|AT+CSCLK=2|9|2|-|OK\n"
    "bg95 off|modem|AT+QPOWD=1|10|1|-|OK\n"
    "bg95 by dtr|sleep|AT+QSCLK=1|5|2|-|OK\n"
    "m66 off|modem|AT+QPOWD=1|10|1|-|NORMAL POWER DOWN\n"
    "m66 by dtr|sleep|AT+QSCLK=1|5|2|-|OK\n"
    "m66 by itself|sleep|AT+QSCLK=2|5|2|-|OK\n"
    "sara off|modem|AT+CPWROFF|40|1|-|OK\n"
    "sara by dtr|sleep|AT+UPSV=3|10|2|-|OK\n"
    "sara by itself|sleep|AT+UPSV=1|10|2|-|OK\n"
)


def find(modem, does):
    """The name of the command of a modem's family, or None."""
    name = "%s %s" % (type(modem).__name__.lower(), does)
    return name if "\n%s|" % name in COMMANDS else None
