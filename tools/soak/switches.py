"""The switches of the simulated modems that sessions turn: a kind of fault for each that can matter to a handset."""

from tools.lab.modem import bg95, m66, options, sara, sim800, sim7600

SWITCHES = {
    "bg95": bg95.SWITCHES,
    "m66": m66.SWITCHES,
    "sara": sara.SWITCHES,
    "sim7600": sim7600.SWITCHES,
    "sim800": sim800.SWITCHES,
}
UNFIT = (  # names, or kinds of fault: family and name
    "access-asked",  # few sessions choose a network by hand
    "after-deactivation",  # the drivers deactivate a context before they activate it, always
    "autobaud",  # its value is read at the factory's settings only
    "active-again",  # no driver of ours activates a context twice
    "buffer-full",  # the messages of a session are smaller than a modem's buffer
    "cells",  # a handset reads no cells by itself
    "deactivation",  # it changes what is told, and nothing else
    "define-active",  # the driver detaches first
    "first-index",  # it counts at the first message of a store only
    "hasty",  # the driver keeps the pause
    "ip-errors",  # it changes what is told, and nothing else
    "last-error",  # the driver does not ask for it
    "literal",  # the driver tells addresses and names apart
    "local-address",  # the driver asks for it
    "m66-already",  # its driver opens no number twice
    "m66-data-echo",  # its driver switches the echo off
    "manual",  # few sessions choose a network by hand
    "netopen",  # all is attached before
    "partial-read",  # few reads of a session leave octets
    "reason",  # it changes what is told, and nothing else
    "role",  # the driver sets it
    "rts",  # no line tells of a restart then: the driver hears of it when it asks for something
    "service",  # no message can cross a network that has short messages only
    "uauthreq",  # it is that of the models that have close
    "urc-port",  # its value is read at the factory's settings only
    "sara-close",  # it is that of one of its models
    "unread",  # a modem that forgets octets when the peer closes loses the end of answers where a line is deafened
)


def kind(family, name):
    """The kind of fault that a switch of a family's modem is."""
    return "%s-%s" % ("modem" if name in options.SWITCHES else family, name)


def fitting():
    """[(kind of fault, name of the switch, families of modems that have it)]."""
    found = []
    for family, names in SWITCHES.items():
        for name in names:
            families = tuple(SWITCHES) if name in options.SWITCHES else (family,)
            row = kind(family, name), name, families
            if row not in found and name not in UNFIT and row[0] not in UNFIT:
                found.append(row)
    return found
