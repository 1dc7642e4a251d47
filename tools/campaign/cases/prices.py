"""The price that a handset shows before a message goes, against the one that the operator bills."""

from tools.campaign.cases import exchange
from tools.campaign.cases.case import Case
from tools.campaign.probes.probe import Refused


async def _compare(attempt):
    """The reply to `send` shows the price that the operator bills, and that the handset keeps."""
    before = await attempt.mo.billed()
    if before is None:
        attempt.impossible("the operator tells no bill to this probe")
    await exchange.ready(attempt)
    await _know_price(attempt)
    sent = await exchange.send(attempt)
    await exchange.receive(attempt, sent)
    shown, currency = sent.reply["price"], sent.reply["currency"]
    billed = (await attempt.mo.billed()).get(currency, 0) - before.get(currency, 0)
    messages = (await attempt.ask("mo", "outbox"))["messages"]
    kept = next((one["paid"] for one in messages if one["id"] == sent.id), None)
    kept = kept and kept[0] + kept[1]  # the amount, and the month's fee
    attempt.note(shown=shown, billed=billed, kept=kept, currency=currency)
    if not shown == billed == kept:
        text = "%s was shown, %s billed and %s kept, in minor units of %s" % (shown, billed, kept, currency)
        attempt.fail("price", text=text, advice="compare the tariff of assets/tariffs.toml with the operator's")


async def _know_price(attempt):
    """Have the handset know what a message costs, which takes the date of the network; else it is not possible."""
    told = await attempt.ask("mo", "price", octets=attempt.octets)
    if not told["known"]:
        try:
            await attempt.ask("mo", "check")  # the MMSC's answer has the date
        except Refused:
            pass  # the price says whether it was enough
        told = await attempt.ask("mo", "price", octets=attempt.octets)
    if not told["known"]:
        attempt.impossible("the handset knows no price: %s" % told["why"])


CASES = (
    Case(
        name="price",
        group="prices",
        roles=("mo", "mt"),
        title="Price shown and price billed",
        about="the price that `send` shows is the one that the operator bills and the handset keeps",
        source="project's own",
        timeout_s=600,
        costs=True,
        run=_compare,
        octets=10000,
    ),
)
