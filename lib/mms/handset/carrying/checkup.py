"""The way to the message centre looked at step by step, and the networks on the air; loaded when a user asks."""

import asyncio

from mms import clock
from mms.errors import BearerError, Coverage, LinkError, ModemError, SimError, UsageError
from mms.limits import const

_WEAK = const(-100)  # dBm: below it GPRS of class 10 often fails
_ANSWER_MS = const(60000)
_ANSWERS = const((400, 404, 405, 406, 411, 413, 415, 500, 501))  # statuses of a server that wants a PDU, and no GET
_BUSY = const("a message is on its way: try again when it has gone")


async def scan(bearer):
    """The networks and cells that the modem hears, a dict of lists; raises UsageError while a message moves."""
    async with _alone(bearer), bearer.exclusive:
        networks, cells = await bearer.modem.operators()
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


async def check(bearer, events, told=None):
    """Try each step on the way to the MMSC, and return the Network; each that holds is an event with its time.

    Raises the error of the first step that fails: ModemError and its kinds, LinkError, UsageError. A bearer that has
    not started is started. `told` is a list that gets a line for each step that holds.
    """
    steps = _Steps(events, told)
    if bearer.sim is None:
        await _start(bearer, steps)
    else:
        steps.begin("modem")
        try:
            await bearer.network()
        except Coverage:
            pass  # it answers, though not with a network
        steps.hold(_heard(bearer.modem))
    steps.begin("sim")
    sim = await bearer.modem.sim()
    name = getattr(bearer.profile, "name", "") or "an unknown operator"
    steps.hold("of %s (%s), %s" % (sim.home, name, "with its number" if sim.number else "no number"))
    steps.begin("signal")
    signal = (await bearer.network()).signal
    weak = ": weak, an antenna may help" if signal is not None and signal < _WEAK else ""
    steps.hold("none is heard yet" if signal is None else "%d dBm%s" % (signal, weak))
    steps.begin("register")
    await bearer.registered()
    network = await bearer.network()
    texts_only = ", for short messages only" if network.sms_only else ""
    steps.hold("%s, %s, %s%s" % (network.mccmnc, network.status, network.rat or "", texts_only))
    steps.begin("attach")
    async with bearer.exclusive:
        await bearer.modem.attach()
    steps.hold("the network gives data service")
    steps.begin("context")
    await bearer.up()
    steps.hold("for %s" % bearer.profile.apn)
    await _ask(bearer, steps)
    return network


def _heard(modem):
    return "it answers; its driver is experimental" if getattr(modem, "EXPERIMENTAL", False) else "it answers"


class _Steps:
    """Says the step that is tried, and the one that holds, with the time that it took; `told` gets a line of it."""

    def __init__(self, events, told=None):
        self._say, self._told = events.say, told

    def begin(self, step):
        self.step, self._since = step, clock.ticks()
        self._say("checking", step=step)

    def hold(self, text):
        took_ms = clock.since(self._since)
        self._say("checked", step=self.step, text=text, took_ms=took_ms)
        if self._told is not None:
            self._told.append("%s: %s (%d ms)" % (self.step, text, took_ms))


async def _start(bearer, steps):
    """Start the modem; one that answers holds, though its SIM may fail."""
    steps.begin("modem")
    try:
        await bearer.start()
    except SimError:
        steps.hold(_heard(bearer.modem))
        raise
    steps.hold(_heard(bearer.modem))


async def _ask(bearer, steps):
    """Ask the MMSC for its own URL, through the proxy where there is one.

    Any status but those of a proxy that does not reach it means that it is there.
    """
    url, proxy = bearer.profile.mmsc, bearer.profile.proxy
    place = "%s:%d" % (proxy or (url.host, url.port))

    def answered(well=True):
        if well and steps.step == "proxy":
            steps.hold(place + " answers")
            steps.begin("mmsc")

    def opened():
        if proxy and not bearer.profile.wsp:  # a datagram has no connection
            steps.hold(place + " takes connections")
            steps.begin("mmsc")

    modem = bearer.modem
    if hasattr(modem, "opened"):  # two would take each other's for the bearer's
        raise UsageError("another check is under way: wait until it has ended")
    steps.begin("proxy" if proxy else "mmsc")
    bearer.modem = _Opening(modem, opened)
    try:
        status = await clock.within(bearer.request("GET", url, _status), _ANSWER_MS)
    except asyncio.TimeoutError:
        raise LinkError(steps.step, None, (place if steps.step == "proxy" else url.host) + ": no answer")
    except BearerError as error:
        raise _told(error, steps.step, place if error.step == "connect" else url.host)
    except LinkError as error:
        status = error.code
        answered(status is not None)
        if error.step != "answer" or status not in _ANSWERS:
            step = "mmsc" if status is not None else steps.step
            raise LinkError(step, status, "%s: %s" % (url.host, error.text or "no answer"))
    finally:
        bearer.modem = modem
    answered()
    steps.hold("%s answers (%d)" % (url.host, status))


def _told(error, step, where):
    """The error of a bearer as one of the step; of a modem that restarted the power is at fault, and no setting."""
    from mms.advice import was_reset

    if was_reset(error):
        return ModemError("power", None, error.text)
    return BearerError(step, error.code, "%s: %s" % (where, error.text or "no answer"))


class _Opening:
    """A modem that says when a connection is open."""

    def __init__(self, modem, opened):
        self._modem, self.opened = modem, opened

    def __getattr__(self, name):
        return getattr(self._modem, name)

    async def open(self, host, port, **how):
        stream = await self._modem.open(host, port, **how)
        self.opened()
        return stream


async def _status(response, buffer):
    return response.status
