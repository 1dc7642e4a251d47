"""The truth about a simulated network: the true ratio of each failure, and the true quantiles of each time.

Computed from nothing but the chances and delays of the network (tools/lab/chances.toml), the rules by which modem and
handset try again, and what a message costs besides. The file imports no figure, no report and no runner, so that no
fault of theirs can hide in it; coverage.py holds campaigns against it.

Model: MO and MT are SIM800s on the same network, of which no other serves them, each with packet service and without a
context; attempts are far enough apart. A location update that fails is repeated after 15 s (T3211, TS 24.008, 11.2),
for as long as AT+COPS=1 waits. A context that is refused is tried again at once, again at once where MO had begun it
while the message was being accepted, then after about a minute; a submission that meets a 503 after about a minute,
twice; a retrieval, and its answer, at once, then after a minute. The next try comes after about five minutes, when the
attempt is over. A notification is two short messages; where one is lost, the MMSC repeats it too late.
"""

import typing

import numpy

SAMPLE = 1000000
TIMEOUT_S = 250.0  # of each attempt of the model
_BEGUN_S = 0.23  # from the begin of an attempt until the message is given to the handset

# Seconds. Rules of modem and handset:
_SEARCH_S, _AGAIN_S, _SELECTION_S, _LOOK_S = 2.5, 15.0, 120.0, 0.1
_MINUTE_S, _JITTER = 60.0, 0.2  # a wait of a minute, up to a fifth more or less by the id of the message
_AT_ONCE, _MINUTE = 0, 1
_SENDING_CONTEXT = (_AT_ONCE, _AT_ONCE, _AT_ONCE, _MINUTE)
_RECEIVING_CONTEXT = (_AT_ONCE, _AT_ONCE, _MINUTE)
_SUBMISSION = (_AT_ONCE, _MINUTE, _MINUTE)
_RETRIEVAL = (_AT_ONCE, _AT_ONCE, _MINUTE)
_SEGMENTS = 2  # of a notification
_SEGMENT_S, _MMSC_S = 0.8, 0.3  # between them, and before the first

# Seconds that dialogue, serial lines and radio (gprs-10-cs2) add to a message of 1 kB, on the way that nothing delays:
# the test holds them against a world whose delays are all alike.
_REGISTER_S = 0.14
_ATTACH_S = 0.008
_CONTEXT_S = 0.008
_TEXT_S = 0.11
_GIVEN_S = 0.133  # until the context is asked for
_RETRY_S = 0.44  # from a refused context until the next one is asked for
_SUBMIT_S = 2.217
_ANNOUNCED_S = -0.41  # from the submission, of which the sender knows later
_WANTED_S = 0.065
_RETRIEVE_S = 1.925
_ANSWER_S = 1.7
_REFUSED_S = 1.7  # an exchange that ends with 503


class Truth(typing.NamedTuple):
    """The truth of one KPI: of a ratio `ratio`, of a time `median` and `p95`, in seconds of those that succeed."""

    ratio: float | None = None
    median: float | None = None
    p95: float | None = None


class _World:
    """The chances of one network, of which samples are drawn; `delays` {name: (median in ms, sigma)}."""

    def __init__(self, failures, delays, size, seed):
        self._failures, self._delays, self._size = failures, delays, size
        self._random = numpy.random.default_rng(seed)

    def delay(self, name):
        """Seconds of a delay, one for each of the sample."""
        median, sigma = self._delays[name]
        return median / 1000 * numpy.exp(sigma * self._random.standard_normal(self._size))

    def fails(self, name):
        """Whether a try fails, for each of the sample."""
        return self._random.random(self._size) < self._failures.get(name, 0)

    def _wait(self, kind):
        jitter = 2 * self._random.random(self._size) - 1
        return _MINUTE_S * (1 + _JITTER * jitter) if kind == _MINUTE else 0.0

    def tries(self, failure, delay, waits, well_s, ill_s):
        """(seconds, whether it succeeds) of tries that follow each other after `waits`, until one succeeds."""
        seconds, done = numpy.zeros(self._size), numpy.zeros(self._size, bool)
        for wait in waits:
            fails = self.fails(failure)
            passed = self._wait(wait) + self.delay(delay) + numpy.where(fails, ill_s, well_s)
            seconds += numpy.where(done, 0, passed)
            done |= ~fails
        return seconds, done


def _ratio_and_times(done, tried, seconds):
    """{"failure-ratio": Truth, "time": Truth} of a procedure that was `tried`, and was `done` in so many `seconds`."""
    median, p95 = numpy.quantile(seconds[done & tried], (0.5, 0.95))
    ratio = 1 - numpy.count_nonzero(done & tried) / numpy.count_nonzero(tried)
    return {"failure-ratio": Truth(ratio=float(ratio)), "time": Truth(median=float(median), p95=float(p95))}


def _registration(world):
    """A choice by hand: location updates until one is accepted; the modem looks every tenth of a second."""
    seconds, done = numpy.full(world._size, _SEARCH_S), numpy.zeros(world._size, bool)
    for _ in range(int(_SELECTION_S / _AGAIN_S) + 1):
        answered = seconds + world.delay("registration")
        fails = world.fails("registration")
        late = answered > _SELECTION_S
        seconds = numpy.where(done | late, seconds, numpy.where(fails, answered + _AGAIN_S, answered))
        done |= ~fails & ~late
    return done, numpy.ceil(seconds / _LOOK_S) * _LOOK_S + _REGISTER_S


def _messages(world):
    """{procedure: (done, tried, seconds)} of a message from MO to MT."""
    size = world._size
    context, up = world.tries("context", "context", _SENDING_CONTEXT, 0.0, _RETRY_S)
    posted, accepted = world.tries("mmsc", "mmsc", _SUBMISSION, _SUBMIT_S, _REFUSED_S)
    sending = _GIVEN_S + context + posted
    left = TIMEOUT_S - _BEGUN_S
    sent = up & accepted & (sending <= left)
    announcing = _MMSC_S + world.delay("sms") + (_SEGMENTS - 1) * _SEGMENT_S + _ANNOUNCED_S
    lost = numpy.zeros(size, bool)
    for _ in range(_SEGMENTS):
        lost |= world.fails("sms")
    notified = sent & ~lost & (sending + announcing <= left)
    context, up = world.tries("context", "context", _RECEIVING_CONTEXT, 0.0, _RETRY_S)
    got, had = world.tries("mmsc", "mmsc", _RETRIEVAL, _RETRIEVE_S, _REFUSED_S)
    answering, answered = world.tries("mmsc", "mmsc", _RETRIEVAL, _ANSWER_S, _REFUSED_S)
    retrieving = _WANTED_S + context + got
    whole = sending + numpy.maximum(announcing, 0) + retrieving
    retrieved = notified & up & had & (whole <= left)
    return {
        "mms-send": (sent, numpy.ones(size, bool), sending),
        "mms-notification": (notified, sent, numpy.maximum(announcing, 0)),
        "mms-retrieval": (retrieved & answered & (whole + answering <= left), notified, retrieving + answering),
        "mms-end-to-end": (retrieved, numpy.ones(size, bool), whole),
    }


def truth(failures, delays, size=SAMPLE, seed=1):
    """{name of a KPI: Truth} for a network with these chances, as Chances of tools.lab.network.chances have them.

    Raises ValueError for a chance of answers that are dropped, which the model does not have.
    """
    if failures.get("dropped"):
        raise ValueError("the model has no answers that are dropped")
    world = _World(failures, delays, size, seed)
    every = numpy.ones(size, bool)
    procedures = {
        "attach": (~world.fails("attach"), every, world.delay("attach") + _ATTACH_S),
        "context-activation": (~world.fails("context"), every, world.delay("context") + _CONTEXT_S),
        "sms": (~world.fails("sms"), every, world.delay("sms") + world.delay("sms") + _TEXT_S),
        **_messages(world),
    }
    done, seconds = _registration(world)
    procedures["network-registration"] = done, every, seconds
    found = {}
    for name, (done, tried, seconds) in procedures.items():
        for kind, value in _ratio_and_times(done, tried, seconds).items():
            found["%s-%s" % (name, kind)] = value
    return found
