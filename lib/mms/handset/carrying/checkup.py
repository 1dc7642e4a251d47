"""The way to the message centre looked at step by step, and the networks on the air; loaded when a user asks."""

from mms import clock
from mms.errors import UsageError

_BUSY = "a message is on its way: try again when it has gone"


async def scan(bearer):
    """The networks and cells that the modem hears, a dict of lists; raises UsageError while a message moves."""
    async with _alone(bearer), bearer.exclusive:
        networks = await bearer.modem.operators()
        cells = await bearer.modem.cells()
    return {
        "networks": [_dict("mccmnc name status rat", one) for one in networks],
        "cells": [_dict("mccmnc area cell signal", one) for one in cells],
    }


def _dict(names, values):
    found = {}
    for at, name in enumerate(names.split()):
        found[name] = values[at]
    return found


async def select(bearer, mccmnc):
    """Register on a network, or on any when that is "auto"; raises Coverage, UsageError while a message moves."""
    async with _alone(bearer), bearer.exclusive:
        bearer.used = None
        await bearer.modem.release()  # a context does not survive its network
        await bearer.modem.register(mccmnc, bearer.settings["register_seconds"])


def _alone(bearer):
    """The lock of the line, when no exchange holds it; raises UsageError."""
    if bearer.line.locked():
        raise UsageError(_BUSY)
    return bearer.line


async def check(bearer, events):
    """Try each step on the way to the MMSC, and return the Network; each that succeeds is an event."""
    say = events.say
    say("checked", step="modem", text="it answers, and the SIM is of %s (%s)" % (bearer.sim.home, bearer.profile.name))
    say("checking", step="register")
    await bearer.registered()
    network = await bearer.network()
    where = network.mccmnc, network.status, network.rat or "", network.signal
    say("checked", step="register", text="%s, %s, %s %s dBm" % where)
    say("checking", step="context")
    await bearer.up()
    say("checked", step="context", text="attached, with a context for %s" % bearer.profile.apn)
    say("checking", step="connect")
    host, port = bearer.profile.where(bearer.profile.mmsc)
    async with bearer.line:
        stream = await bearer.modem.open(host, port)
        stream.close()
        bearer.used = clock.ticks()
    say("checked", step="connect", text="%s:%d takes connections" % (host, port))
    return network
