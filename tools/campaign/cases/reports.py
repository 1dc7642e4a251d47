"""Reports on a message, and messages that wait: deferred, forwarded, expired."""

import functools

from tools.campaign.cases import exchange
from tools.campaign.cases.case import Case

_VALIDITY_S = 120


async def _delivery(attempt):
    """MO asks for a delivery report, and gets it when MT has the message."""
    await exchange.ready(attempt)
    await exchange.set_all(attempt, "mt", {"report_allowed": True})
    sent = await exchange.send(attempt, delivery_report=True)
    await exchange.receive(attempt, sent)
    await _reported(attempt, "delivered", sent, "retrieved")


async def _read(attempt):
    """MO asks for a read report, and gets it when MT has read the message."""
    await exchange.ready(attempt)
    await exchange.set_all(attempt, "mt", {"read_report_allowed": True})
    sent = await exchange.send(attempt, read_report=True)
    id = await exchange.receive(attempt, sent)  # which reads it
    await attempt.seen("mt", "read_reported", id=id)
    await _reported(attempt, "read", sent, "read")


async def _defer(attempt):
    """MT leaves the message at the MMSC, tells so, and fetches it afterwards."""
    await exchange.ready(attempt, exchange.WAITS)
    sent = await exchange.send(attempt)
    id = await exchange.announced(attempt, sent, "deferred")
    await attempt.ask("mt", "fetch", id=id)
    await exchange.fetched(attempt, sent, id)


async def _forward(attempt):
    """MT has the MMSC pass on the message, which it does not fetch, to MO or to the option `forward_to`."""
    to = attempt.options["forward_to"] or exchange.number_of(attempt, "mo")
    await exchange.ready(attempt, exchange.WAITS)
    back = to == attempt.mo.facts["number"]
    if back:
        await exchange.set_all(attempt, "mo", {"retrieve.home": exchange.AT_ONCE, "retrieve.roaming": exchange.AT_ONCE})
        attempt.at_end("mo", exchange.tidy_inbox)
    sent = await exchange.send(attempt)
    id = await exchange.announced(attempt, sent, "deferred")
    forwarded = (await attempt.ask("mt", "forward", id=id, to=[to]))["id"]
    attempt.later("mt", "delete", id=forwarded)
    await attempt.seen("mt", "confirmed", id=forwarded)
    if back:
        await exchange.receive(attempt, sent, "mo")


async def _expire(attempt):
    """The message is not fetched, and MO is told when its validity of the option `validity` seconds has ended."""
    await exchange.ready(attempt, exchange.WAITS)
    validity = attempt.options["validity"] or _VALIDITY_S
    sent = await exchange.send(attempt, validity=validity, delivery_report=True)
    await exchange.announced(attempt, sent, "deferred")
    await _reported(attempt, "delivered", sent, "expired")


async def _reported(attempt, event, sent, status):
    """Wait for a report on the message, and fail where it says anything but `status`."""
    report = await attempt.seen("mo", event, id=sent.id)
    if report["status"] != status:
        text = "the report says %s, and %s is expected" % (report["status"], status)
        attempt.fail("report", text=text, advice="look at the trace of the recipient")


_case = functools.partial(
    Case, group="reports", roles=("mo", "mt"), source="after GSMA IR.53 3.6", timeout_s=600, costs=True, octets=1000
)
CASES = (
    _case(
        name="delivery-report",
        title="Delivery report",
        about="MO gets the report that MT has retrieved the message",
        run=_delivery,
    ),
    _case(
        name="read-report",
        title="Read report",
        about="MT reads the message, and MO gets the report that it was read",
        run=_read,
    ),
    _case(
        name="deferred",
        title="Deferred retrieval",
        about="MT defers a message, then fetches it whole and acknowledges it",
        run=_defer,
    ),
    _case(
        name="forward",
        title="Forward without retrieval",
        about="MT has the MMSC pass on the waiting message to `forward_to`, or back to MO, which retrieves it",
        run=_forward,
    ),
    _case(
        name="expired",
        title="Expiry",
        about="a message of `validity` seconds (120) is not retrieved, and MO gets the report that it has expired",
        run=_expire,
        options={"validity": "seconds"},
        timeout_s=1200,
    ),
)
