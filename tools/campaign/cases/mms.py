"""Multimedia messages of each size, and to recipients beyond the sender's operator."""

import functools

from tools.campaign.cases import exchange
from tools.campaign.cases.case import Case
from tools.campaign.probes.probe import Refused

SIZES_KB = (1, 10, 30, 100, 300)  # of 1,000 octets
_MAILED = ("retrieved", "forwarded", "indeterminate")  # statuses of a message that a mail server took
_CAPTION = 40  # octets of the text beside a picture
_DIGITS = 6  # of the sender's number, by which a text with a link is known


async def _carry(attempt):
    """A text of the attempt's size goes from MO to MT, which retrieves and acknowledges it."""
    await exchange.ready(attempt)
    await exchange.receive(attempt, await exchange.send(attempt))


async def _with_picture(attempt):
    """A picture of MO's camera, which leaves the message below the attempt's size, arrives as it was taken."""
    await exchange.ready(attempt)
    try:
        sent = await exchange.send(attempt, octets=_CAPTION, picture=True, limit=attempt.octets)
    except Refused as error:
        if error.step == "camera":
            attempt.impossible("%s takes no picture: %s" % (attempt.mo.name, error.text))
        raise
    taken = (await attempt.seen("mo", "captured", sent.begun))["octets"]
    id = await exchange.receive(attempt, sent)
    parts = (await attempt.ask("mt", "read", id=id))["parts"]
    arrived = [part["octets"] for part in parts if part["type"].startswith("image/")]
    attempt.note(intact=arrived == [taken], compared="the octets of the picture")
    if arrived != [taken]:
        text = "pictures of %s octets arrived, and one of %d was taken" % (arrived, taken)
        attempt.fail("content", text=text, advice="the message centre adapts pictures to the recipient, most likely")


async def _to_another_operator(attempt):
    """MT is a subscriber of another operator, which takes messages of MO's."""
    _want_two_homes(attempt)
    await _carry(attempt)


async def _without_agreement(attempt):
    """MT's operator takes no messages of MO's: MT gets a text with a link, and nothing to retrieve."""
    _want_two_homes(attempt)
    await exchange.ready(attempt)
    sent = await exchange.send(attempt)
    others = []
    while True:
        said = await exchange.first_of(attempt, "mt", ("text", "notified"), sent.begun, others)
        if said["event"] == "notified":
            attempt.later("mt", "delete", id=said["id"])
            attempt.fail("agreement", text="a multimedia message was announced: the operators have an agreement")
        if said.get("link") and attempt.mo.facts["number"][-_DIGITS:] in said["text"]:
            attempt.later("mt", "delete", id=said["id"])
            return
        others.append(said["id"])


async def _to_mail(attempt):
    """The message leaves as e-mail to the option `to`, and the mail server's report comes back."""
    to = attempt.options["to"]
    if not to or "@" not in to:
        attempt.impossible('no address of mail: write to = "you@mail.example" into its [[cases]]')
    await exchange.ready(attempt)
    sent = await exchange.send(attempt, to, delivery_report=True)
    report = await attempt.seen("mo", "delivered", id=sent.id)
    attempt.note(report=report["status"])
    if report["status"] not in _MAILED:
        text = "the mail server says %s" % report["status"]
        attempt.fail("report", text=text, advice="see whether the address of mail exists")


def _want_two_homes(attempt):
    home = attempt.mo.facts["home"]
    if attempt.mt.facts["home"] == home:
        attempt.impossible("both probes are of operator %s, and one of another is needed" % home)


_case = functools.partial(
    Case, group="mms", roles=("mo", "mt"), source="after GSMA IR.53 3.6", timeout_s=600, costs=True, octets=10000
)


def _of_size(kb):
    about = "a text of {:,} octets with its headers is sent, announced, retrieved whole and acknowledged"
    octets = 1000 * kb
    return _case(
        name="mms-%d" % kb,
        title="MMS of %d kB" % kb,
        about=about.format(octets),
        timeout_s=300 + 2 * kb,
        run=_carry,
        octets=octets,
    )


CASES = (
    *(_of_size(kb) for kb in SIZES_KB),
    _case(
        name="mms-picture",
        title="MMS with a picture",
        about="a picture of MO's camera, with which the message has at most 30,000 octets, arrives with as many octets",
        run=_with_picture,
        octets=30000,
    ),
    _case(
        name="mms-other-operator",
        title="MMS to another operator",
        about="MT, of another home network than MO, retrieves a message whole and acknowledges it",
        source="after GSMA IR.53 3.6 and IR.52",
        run=_to_another_operator,
    ),
    _case(
        name="mms-no-agreement",
        title="MMS without an agreement",
        about="MT, of an operator that takes no messages of MO's, gets a text with a link to the message",
        source="after GSMA IR.53 3.6; the text is the home operator's own service",
        run=_without_agreement,
    ),
    _case(
        name="mms-mail",
        roles=("mo",),
        title="MMS to e-mail",
        about="a message to the address `to` is taken by its mail server, whose report MO gets",
        source="after GSMA IR.53 3.6; RFC 4356",
        run=_to_mail,
    ),
)
