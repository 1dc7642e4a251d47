"""The key performance indicators: each with its trigger points, by the lines of the journal.

"After ETSI TS 102 250-2" means that name and definition follow that standard as far as a handset's console can see its
trigger points; conformance is not claimed (docs/kpis.md). A procedure gives a ratio of failures, and the times of its
successes. Each attempt counts once at most for each KPI, in the row of the network of the role that the table names:
the network of the sender ("mo"), or that of the recipient ("mt").
"""

from typing import Callable, NamedTuple

from tools.campaign.figures.course import Course, Step

STANDARD = "after ETSI TS 102 250-2"
PROJECT = "project KPI"
NOT_ANNOUNCED = ("mms-no-agreement",)  # cases that want no notification at the recipient
NOT_RETRIEVED = (*NOT_ANNOUNCED, "expired", "forward")  # and those whose message is not to be retrieved there
BY_HAND = ("deferred",)  # cases in which the recipient waits before it retrieves
_SENDING = ("send", "photo", "reply", "replyall", "press")


class Kpi(NamedTuple):
    """One row of the table: `kind` is "ratio" or "time"; of a ratio `better` says which way is good.

    `start`, `stop` and `failure` are the trigger points in words; `role` tells whose network the figure belongs to.
    """

    name: str
    title: str
    kind: str
    procedure: str
    role: str
    start: str
    stop: str
    failure: str
    source: str
    better: str = "lower"

    @property
    def unit(self):
        """The unit in which people read the figure."""
        return "%" if self.kind == "ratio" else "s"


class Procedure(NamedTuple):
    """A procedure of the network; `find(course)` gives its Step, or None where the attempt did not try it."""

    name: str
    title: str
    role: str
    start: str
    stop: str
    failure: str
    source: str
    find: Callable[[Course], Step | None]
    ratio: bool = True


class Mark(NamedTuple):
    """A ratio without times; `find(course)` tells whether the attempt is counted in k, or None where not in n."""

    name: str
    title: str
    role: str
    start: str
    stop: str
    failure: str
    source: str
    find: Callable[[Course], bool | None]
    better: str


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
    for entry in course.every("mt", "event", ("notified",), ask.at, **({"id": arrived} if arrived else {})):
        if arrived or ours is None or course.subject("mt", entry.fields.get("id")) in (None, ours):
            return entry
    return None


PROCEDURES = (
    Procedure(
        "network-registration",
        "Network selection and registration",
        "mo",
        "`ask register` is written",
        "its reply says ok",
        "a reply that does not, or none; steering is not counted",
        STANDARD,
        find_registration,
    ),
    Procedure(
        "attach",
        "GPRS attach",
        "mo",
        "event `probing`, action attach",
        "event `probed`, action attach",
        "no such event",
        STANDARD,
        find_attach,
    ),
    Procedure(
        "context-activation",
        "PDP context activation",
        "mo",
        "event `probing`, action context",
        "event `probed`, action context",
        "no such event",
        STANDARD,
        find_context,
    ),
    Procedure(
        "sms",
        "SMS end-to-end delivery",
        "mo",
        "`ask sms` is written at MO",
        "event `text` with that text at MT",
        "no such event",
        STANDARD,
        find_sms,
    ),
    Procedure(
        "mms-send",
        "MMS send",
        "mo",
        "`ask send` (or photo, reply, replyall, press) is written at MO",
        "event `confirmed` of that message",
        "no such event, whatever the reason",
        STANDARD,
        find_send,
    ),
    Procedure(
        "mms-notification",
        "MMS notification",
        "mt",
        "event `confirmed` at MO",
        "event `notified` at MT",
        "no such event after a confirmation",
        STANDARD,
        find_notification,
    ),
    Procedure(
        "mms-retrieval",
        "MMS retrieval",
        "mt",
        "event `notified` at MT, or `ask fetch` where the message is deferred",
        "event `acknowledged` of that message",
        "no such event, or the content differs",
        STANDARD,
        find_retrieval,
    ),
    Procedure(
        "mms-end-to-end",
        "MMS end-to-end delivery",
        "mo",
        "`ask send` is written at MO",
        "event `retrieved` at MT",
        "no such event, whatever the stage that failed, or the content differs",
        STANDARD,
        find_end_to_end,
    ),
    Procedure(
        "delivery-report",
        "MMS delivery report",
        "mo",
        "event `confirmed` at MO",
        "event `delivered` of that message at MO, status retrieved",
        "no such event, where the message asked for a report and was retrieved",
        PROJECT,
        find_report,
        ratio=False,
    ),
)

MARKS = (
    Mark(
        "context-cut-off-ratio",
        "PDP context cut-off",
        "mo",
        "event `context_up` (or `probed`, action context)",
        "the end of the attempt",
        "event `context_lost` in between",
        STANDARD,
        is_cut_off,
        "lower",
    ),
    Mark(
        "content-integrity-ratio",
        "Content integrity",
        "mo",
        "the message is complete at MT",
        "the case compared it with what was sent: note `intact`",
        "not counted in k: it differs",
        PROJECT,
        is_intact,
        "higher",
    ),
    Mark(
        "duplicate-ratio",
        "Duplicates",
        "mo",
        "the message is complete at MT",
        "the end of the guard time: note `copies`",
        "more than one copy came",
        PROJECT,
        is_duplicate,
        "lower",
    ),
    Mark(
        "price-agreement-ratio",
        "Price shown and price billed",
        "mo",
        "the reply to `ask send`: note `shown`",
        "the bill: note `billed`",
        "not counted in k: the two differ",
        PROJECT,
        is_price_right,
        "higher",
    ),
)


def _table():
    """The rows of KPIs: for each procedure its ratio and its time, then the marks."""
    rows = []
    for name, title, role, start, stop, failure, source, _, ratio in PROCEDURES:
        told = (name, role, start, stop, failure, source)
        if ratio:
            rows.append(Kpi("%s-failure-ratio" % name, "%s failure ratio" % title, "ratio", *told))
        rows.append(Kpi("%s-time" % name, "%s time" % title, "time", *told))
    for mark in MARKS:
        told = (mark.name, mark.role, mark.start, mark.stop, mark.failure, mark.source, mark.better)
        rows.append(Kpi(mark.name, "%s ratio" % mark.title, "ratio", *told))
    return tuple(rows)


KPIS = _table()
BY_NAME = {kpi.name: kpi for kpi in KPIS}
