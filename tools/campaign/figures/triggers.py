"""Trigger points in an attempt: each finder gives the Step of one procedure, or None where it was not tried.

docs/kpis.md has them in words, and the table of kpis.py beside each figure.
"""

from tools.campaign.figures.course import Step

NOT_ANNOUNCED = ("mms-no-agreement",)  # cases that want no notification at the recipient
NOT_RETRIEVED = (*NOT_ANNOUNCED, "expired", "forward")  # and those whose message is not to be retrieved there
BY_HAND = ("deferred",)  # cases in which the recipient waits before it retrieves
_SENDING = ("send", "photo", "reply", "replyall", "press")


def find_registration(course):
    """The handset is told to be on the attempt's network, or to choose one; steering by the home network is no try."""
    ask = course.first("mo", "ask", ("register",))
    if ask is None or course.notes.get("already") or course.notes.get("steered"):
        return None
    if ask.fields.get("network") not in (course.head.get("network"), "auto"):
        return None
    reply = course.reply(ask)
    well = reply is not None and reply.fields.get("ok")
    return Step("network-registration", "mo", ask.at, reply.at if well else None)


def _find_probed(action, procedure):
    """The finder of a procedure that the handset's room `probe` does in one step."""

    def find(course):
        begun = course.first("mo", "event", ("probing",), action=action)
        if begun is None:
            return None
        held = course.first("mo", "event", ("probed",), begun.at, action=action)
        return Step(procedure, "mo", begun.at, held.at if held else None)

    return find


find_attach = _find_probed("attach", "attach")
find_context = _find_probed("context", "context-activation")


def find_sms(course):
    """A short message from the sender's command to the recipient's handset."""
    ask = course.first("mo", "ask", ("sms",))
    if ask is None or not course.head.get("mt") or _refused(course, ask):
        return None
    arrived = course.notes.get("arrived")
    told = {"id": arrived} if arrived else {"text": ask.fields.get("text")}
    text = course.first("mt", "event", ("text",), ask.at, **told)
    return Step("sms", "mo", ask.at, text.at if text else None)


def find_send(course):
    """A message from the sender's command to the MMSC's confirmation; retries of the handset are within."""
    ask = _sending(course)
    if ask is None:
        return None
    confirmed = _confirmed(course, ask)
    return Step("mms-send", "mo", ask.at, confirmed.at if confirmed else None)


def find_notification(course):
    """The announcement of a confirmed message; one that comes before the confirmation takes 0 s."""
    ask = _sending(course)
    confirmed = ask and _confirmed(course, ask)
    if not confirmed or not course.head.get("mt") or course.head.get("case") in NOT_ANNOUNCED:
        return None
    notified = _notified(course, ask)
    stop = max(notified.at, confirmed.at) if notified else None
    return Step("mms-notification", "mt", confirmed.at, stop)


def find_retrieval(course):
    """The recipient's handset gets an announced message by itself, or a deferred one when it is told to."""
    ask = _sending(course)
    notified = ask and _notified(course, ask)
    if not notified or course.head.get("case") in NOT_RETRIEVED:
        return None
    id = notified.fields.get("id")
    fetch = course.first("mt", "ask", ("fetch",), notified.at, id=id)
    if not fetch and course.first("mt", "event", ("deferred",), id=id):
        return None
    known = course.first("mt", "event", ("acknowledged",), notified.at, id=id)
    stop = known.at if known and is_intact(course) is not False else None
    return Step("mms-retrieval", "mt", (fetch or notified).at, stop)


def find_end_to_end(course):
    """A message from the sender's command to its last octet at the recipient's handset, which gets it by itself."""
    ask = _sending(course)
    if not ask or not course.head.get("mt") or course.head.get("case") in (*NOT_RETRIEVED, *BY_HAND):
        return None
    notified = _notified(course, ask)
    id = notified.fields.get("id") if notified else None
    retrieved = notified and course.first("mt", "event", ("retrieved",), notified.at, id=id)
    stop = retrieved.at if retrieved and is_intact(course) is not False else None
    return Step("mms-end-to-end", "mo", ask.at, stop)


def find_report(course):
    """The delivery report of a confirmed message that asked for one."""
    ask = _sending(course)
    confirmed = ask and ask.fields.get("delivery_report") and _confirmed(course, ask)
    if not confirmed or not course.head.get("mt") or course.head.get("case") in NOT_RETRIEVED:
        return None
    id = confirmed.fields.get("id")
    delivered = course.first("mo", "event", ("delivered",), id=id, status="retrieved")
    if not delivered and not _waited_for_report(course):
        return None
    return Step("delivery-report", "mo", confirmed.at, max(delivered.at, confirmed.at) if delivered else None)


def _waited_for_report(course):
    """Whether the attempt ended because no report came; one that failed before did not wait for it."""
    here = course.first("mt", "event", ("retrieved",))
    return bool(here and course.outcome and course.outcome.get("step") in ("delivered", "report", "timeout"))


def is_cut_off(course):
    """Whether the network took a context down that was up, and that nothing of the attempt took down itself."""
    up = course.first("mo", "event", ("context_up",)) or course.first("mo", "event", ("probed",), action="context")
    if up is None:
        return None
    own = course.first("mo", "ask", ("probe", "register"), up.at)
    lost = course.first("mo", "event", ("context_lost",), up.at)
    return lost is not None and (own is None or lost.at < own.at)


def is_intact(course):
    """Whether the content that arrived equals what was sent, as the case noted it."""
    return course.notes.get("intact")


def is_duplicate(course):
    """Whether the message came more than once, as the case noted it."""
    copies = course.notes.get("copies")
    return None if not copies else copies > 1


def is_price_right(course):
    """Whether the price that the handset showed is the one that was billed, as the case noted both."""
    shown, billed = course.notes.get("shown"), course.notes.get("billed")
    return None if shown is None or billed is None else shown == billed


def _refused(course, ask):
    """Whether the handset itself refused a command, before anything went to the network."""
    reply = course.reply(ask)
    return reply is not None and not reply.fields.get("ok")


def _sending(course):
    """The command that sends the attempt's message, unless there is none, or the handset refused it."""
    ask = course.first("mo", "ask", _SENDING)
    return None if ask is None or _refused(course, ask) else ask


def _confirmed(course, ask):
    reply = course.reply(ask)
    return reply and course.first("mo", "event", ("confirmed",), ask.at, id=reply.fields.get("id"))


def _notified(course, ask):
    """The announcement of the attempt's message at the recipient; late ones of other attempts have other subjects."""
    arrived, ours = course.notes.get("arrived"), ask.fields.get("subject")
    announced = list(course.every("mt", "event", ("notified",), ask.at))
    for entry in announced:
        if entry.fields.get("id") == arrived:
            return entry
    for entry in announced:
        if ours is None or course.subject("mt", entry.fields.get("id")) in (None, ours):
            return entry
    return None
