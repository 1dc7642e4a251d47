"""A multimedia message from one handset to another, step by step, as the cases put it together.

The subject of each message is one that no other attempt has, by which a message is known again when it arrives. Notes
in the journal: `octets` of the whole message, `arrived` (its id at the recipient), `intact` and `compared` (how), and
at the end of the guard time `copies`.
"""

import asyncio
import dataclasses
import hashlib
import re

from tools.campaign.attempt import Impossible
from tools.campaign.cases import content
from tools.campaign.probes.probe import Refused, Silent

_TEXT = "text/plain"
_SHOWN = 2000  # octets of a text that `read` shows
_OURS = re.compile(r"[a-z0-9-]+ [0-9a-f]{8}(?![0-9a-f])")  # how messages of campaigns begin, late ones too
_HERE = ("retrieved", "acknowledged", "text")  # states of the inbox
AT_ONCE, WAITS = "now", "manual"  # of the setting `retrieve`


@dataclasses.dataclass
class Sent:
    """A message that the MMSC has: `id` at the sender, `message_id` of the MMSC, its `subject` and `text`.

    `begun` is the moment at which it was given to the handset, `reply` the handset's answer to that.
    """

    id: str
    message_id: str
    subject: str
    text: str
    begun: float
    reply: dict


async def ready(attempt, retrieve=AT_ONCE):
    """Have both handsets on their networks, and set so that messages go and are retrieved, or wait for `fetch`."""
    await ready_for_texts(attempt)
    if attempt.mt:
        await set_all(attempt, "mt", {"retrieve.home": retrieve, "retrieve.roaming": retrieve})
    await set_all(attempt, "mo", {"roaming.send": "yes"})


async def ready_for_texts(attempt):
    """Have both handsets on their networks."""
    if attempt.mt:
        number_of(attempt, "mt")
    await attempt.register("mo")
    if attempt.mt:
        await attempt.register("mt")


def number_of(attempt, role):
    """The number of a probe; the case is not possible where it is unknown."""
    probe = attempt.probe(role)
    if not probe.facts["number"]:
        attempt.impossible("the number of %s is not known: write it into its [[probes]]" % probe.name)
    return probe.facts["number"]


async def set_all(attempt, role, wanted):
    """Change settings {name: value} of a handset that are otherwise; the attempt's end puts them back."""
    settings = (await attempt.ask(role, "settings"))["settings"]
    for name, value in wanted.items():
        before = settings
        for word in name.split("."):
            before = before.get(word) if isinstance(before, dict) else None
        if before != value:
            attempt.later(role, "set", setting=name, value=before)
            await attempt.ask(role, "set", setting=name, value=value)


async def send(attempt, to=None, octets=None, **wishes):
    """Send a text and wait until the MMSC has it: a Sent. `to` is MT where it is None.

    The whole message has the attempt's size, or its text has `octets`, where there is more in it than a text.

    Raises Refused with step and code of the layer that failed, Silent, Gone.
    """
    to = to or attempt.mt.facts["number"]
    octets = octets or content.size_of_text(attempt.octets, attempt.token, to)
    text = content.text(attempt.token, octets)
    if attempt.mt:
        attempt.at_end("mt", tidy_inbox)
    given = await content.give(attempt, "mo", text)
    begun = attempt.clock.now()
    wishes.setdefault("delivery_report", False)  # a report is a short message, which costs time and may cost money
    reply = await attempt.ask("mo", "send", to=[to], subject=attempt.token, **given, **wishes)
    id = attempt.message["id"] = reply["id"]
    attempt.later("mo", "delete", id=id)
    accepted = await attempt.seen("mo", "accepted", id=id)
    attempt.note(octets=accepted["octets"])
    confirmed = await attempt.seen("mo", "confirmed", id=id)
    return Sent(id, confirmed.get("message_id") or "", attempt.token, text, begun, reply)


async def announced(attempt, sent, state="notified", role="mt"):
    """The id at the recipient of a message that waits there in a `state`; raises as `send` does.

    Messages of other attempts, which come late, are left alone.
    """
    others = []
    while True:
        event = await attempt.seen(role, state, sent.begun, others)
        messages = (await attempt.ask(role, "inbox"))["messages"]
        subject = next((one["subject"] for one in messages if one["id"] == event["id"]), None)
        if subject in (sent.subject, ""):  # the MMSC may leave the subject out
            attempt.message["there"] = event["id"]
            return event["id"]
        others.append(event["id"])


async def receive(attempt, sent, role="mt"):
    """Wait until the recipient has the message, compare it, and wait until the MMSC knows; its id there."""
    others = []
    while True:
        id = (await attempt.seen(role, "notified", sent.begun, others))["id"]
        others.append(id)
        try:
            await attempt.seen(role, "retrieved", id=id)
        except Refused:
            if not await _is_other(attempt, role, id, sent):
                raise
            continue
        contents = await attempt.ask(role, "read", id=id)
        if contents["subject"] == sent.subject:
            return await _received(attempt, sent, role, id, contents)


async def fetched(attempt, sent, id, role="mt"):
    """Wait for a message that was asked for by `fetch`, compare it, and wait until the MMSC knows; its id."""
    await attempt.seen(role, "retrieved", id=id)
    return await _received(attempt, sent, role, id, await attempt.ask(role, "read", id=id))


async def _is_other(attempt, role, id, sent):
    """Whether a message that could not be retrieved is one of another attempt."""
    messages = (await attempt.ask(role, "inbox"))["messages"]
    return any(one["id"] == id and one["subject"] not in ("", sent.subject) for one in messages)


async def _received(attempt, sent, role, id, contents):
    attempt.note(arrived=id)
    await _compare(attempt, sent, role, id, contents)
    await attempt.seen(role, "acknowledged", id=id)
    return id


async def _compare(attempt, sent, role, id, contents):
    """Compare the text that arrived with the one that was sent, and fail where it differs."""
    octets = sum(part["octets"] for part in contents["parts"] if part["type"] == _TEXT)
    intact = octets == len(sent.text) and contents["text"][:_SHOWN] == sent.text[:_SHOWN]
    compared = "the whole text"
    if intact and len(sent.text) > _SHOWN:
        digests = await _digests(attempt, role, id)
        intact = digests in (None, [hashlib.sha256(sent.text.encode()).hexdigest()])
        compared = "SHA-256" if digests else "the first %d octets, and their number" % _SHOWN
    attempt.note(intact=intact, compared=compared)
    if not intact:
        text = "%d octets of text arrived, and %d were sent, or others: the message was changed on its way"
        attempt.fail("content", text=text % (octets, len(sent.text)), advice="read the message at the recipient")


async def _digests(attempt, role, id):
    """The SHA-256 of each text of a message, in hex, or None where the handset has no command for that."""
    try:
        parts = (await attempt.ask(role, "probe", action="digest", id=id))["parts"]
    except Impossible:
        return None
    return [part["sha256"] for part in parts if part["type"] == _TEXT]


async def tidy_inbox(attempt, role):
    """Count the copies of the attempt's message that a handset has; delete them, and late ones of other attempts."""
    messages = await attempt.put_back(role, "inbox")
    ours = [one for one in messages["messages"] if _is_ours(one) or one["id"] == attempt.message.get("there")]
    copies = sum(_begins(one, attempt.token) and one["state"] in _HERE for one in ours)
    if copies:
        attempt.note(copies=copies)
    for one in ours:
        await attempt.put_back(role, "delete", id=one["id"])


def _is_ours(one):
    return _OURS.match(one["subject"] or one.get("text") or "")


def _begins(one, token):
    return (one["subject"] or one.get("text") or "").startswith(token)


async def first_of(attempt, role, events, since, skip):
    """The event of one of these names that comes first, as `seen` finds it; raises Silent where none comes, Gone."""
    waiting = [asyncio.ensure_future(attempt.seen(role, event, since, skip)) for event in events]
    try:
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        return min((task.result() for task in done), key=lambda said: said["at"])
    except Silent as error:
        raise Silent(events[0], text=error.text, advice=error.advice) from None
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
