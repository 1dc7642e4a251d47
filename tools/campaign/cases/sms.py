"""Short messages from one handset to the other."""

import functools

from tools.campaign.cases import content, exchange
from tools.campaign.cases.case import Case


async def _carry(attempt):
    """A text of the attempt's size goes from MO to MT, and is the same there."""
    await exchange.ready_for_texts(attempt)
    await _send(attempt)


async def _report(attempt):
    """The SMS centre tells MO that MT has the text."""
    await exchange.ready_for_texts(attempt)
    await exchange.set_all(attempt, "mo", {"delivery_report": True})
    await _send(attempt)
    report = await attempt.seen("mo", "delivered", id=attempt.message["id"])
    if report["status"] != "delivered":
        text = "the SMS centre says %s" % report["status"]
        attempt.fail("report", text=text, advice="look at the trace of the recipient")


async def _send(attempt):
    """Send a text, and wait until MO's network and MT have it."""
    text = content.text(attempt.token, attempt.octets)
    since, others = attempt.clock.now(), []
    attempt.at_end("mt", exchange.tidy_inbox)
    reply = await attempt.ask("mo", "sms", to=attempt.mt.facts["number"], text=text)
    id = attempt.message["id"] = reply["id"]
    attempt.later("mo", "delete", id=id)
    await attempt.seen("mo", "confirmed", id=id)
    while True:
        said = await attempt.seen("mt", "text", since, others)
        if said["text"].startswith(attempt.token):
            break
        others.append(said["id"])
    intact = said["text"] == text
    attempt.note(arrived=said["id"], intact=intact, compared="the whole text")
    if not intact:
        attempt.fail("content", text="the text that arrived is not the one that was sent", advice="read it at MT")


_case = functools.partial(
    Case, group="sms", roles=("mo", "mt"), source="after GSMA IR.35", timeout_s=300, costs=True, octets=100
)
CASES = (
    _case(name="sms", title="Short message", about="100 characters, one segment, arrive at MT unchanged", run=_carry),
    _case(
        name="sms-long",
        title="Long short message",
        about="400 characters, three segments, arrive at MT unchanged",
        run=_carry,
        octets=400,
    ),
    _case(
        name="sms-report",
        title="Report on a short message",
        about="MO gets the report that MT has the text",
        run=_report,
    ),
)
