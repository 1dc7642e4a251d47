"""Multimedia messages from one probe to the other."""

from tools.campaign.cases.case import Case


async def _send(attempt):
    """A text of `octets` goes from MO to MT, which retrieves and acknowledges it."""
    await attempt.register("mo")
    await attempt.register("mt")
    began = attempt.clock.now()
    subject = "Campaign %d" % attempt.number
    accepted = await attempt.ask(
        "mo", "send", to=[attempt.mt.facts["number"]], subject=subject, text="x" * attempt.octets
    )
    attempt.message["id"] = accepted["id"]
    await attempt.seen("mo", "confirmed", id=accepted["id"])
    notified = await attempt.seen("mt", "notified", since=began)
    await attempt.seen("mt", "retrieved", id=notified["id"])
    await attempt.seen("mt", "acknowledged", id=notified["id"])


CASES = (
    Case(
        name="mms-1",
        group="mms",
        roles=("mo", "mt"),
        title="MMS of 1 kB",
        about="a text of 1 kB is sent, notified, retrieved and acknowledged",
        source="after GSMA IR.53 3.6",
        timeout_s=300,
        costs=True,
        run=_send,
        octets=1000,
    ),
)
