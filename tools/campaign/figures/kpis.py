"""The key performance indicators: each with its trigger points, by the lines of the journal.

"After ETSI TS 102 250-2" means that name and definition follow that standard as far as a handset's console can see its
trigger points; conformance is not claimed (docs/kpis.md). A procedure gives a ratio of failures, and the times of its
successes. Each attempt counts once at most for each KPI, in the row of the network of the role that the table names:
the network of the sender ("mo"), or that of the recipient ("mt").
"""

from typing import Callable, NamedTuple

from tools.campaign.figures import triggers
from tools.campaign.figures.course import Course, Step

STANDARD = "after ETSI TS 102 250-2"
PROJECT = "project KPI"


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


PROCEDURES = (
    Procedure(
        "network-registration",
        "Network selection and registration",
        "mo",
        "`ask register` is written",
        "its reply says ok",
        "a reply that does not, or none; steering is not counted",
        STANDARD,
        triggers.find_registration,
    ),
    Procedure(
        "attach",
        "GPRS attach",
        "mo",
        "event `probing`, action attach",
        "event `probed`, action attach",
        "no such event",
        STANDARD,
        triggers.find_attach,
    ),
    Procedure(
        "context-activation",
        "PDP context activation",
        "mo",
        "event `probing`, action context",
        "event `probed`, action context",
        "no such event",
        STANDARD,
        triggers.find_context,
    ),
    Procedure(
        "sms",
        "SMS end-to-end delivery",
        "mo",
        "`ask sms` is written at MO",
        "event `text` with that text at MT",
        "no such event",
        STANDARD,
        triggers.find_sms,
    ),
    Procedure(
        "mms-send",
        "MMS send",
        "mo",
        "`ask send` (or photo, reply, replyall, press) is written at MO",
        "event `confirmed` of that message",
        "no such event, whatever the reason",
        STANDARD,
        triggers.find_send,
    ),
    Procedure(
        "mms-notification",
        "MMS notification",
        "mt",
        "event `confirmed` at MO",
        "event `notified` at MT",
        "no such event after a confirmation",
        STANDARD,
        triggers.find_notification,
    ),
    Procedure(
        "mms-retrieval",
        "MMS retrieval",
        "mt",
        "event `notified` at MT, or `ask fetch` where the message is deferred",
        "event `acknowledged` of that message",
        "no such event, or the content differs",
        STANDARD,
        triggers.find_retrieval,
    ),
    Procedure(
        "mms-end-to-end",
        "MMS end-to-end delivery",
        "mo",
        "`ask send` is written at MO",
        "event `retrieved` at MT",
        "no such event, whatever the stage that failed, or the content differs",
        STANDARD,
        triggers.find_end_to_end,
    ),
    Procedure(
        "delivery-report",
        "MMS delivery report",
        "mo",
        "event `confirmed` at MO",
        "event `delivered` of that message at MO, status retrieved",
        "no such event, where the message asked for a report and was retrieved",
        PROJECT,
        triggers.find_report,
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
        triggers.is_cut_off,
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
        triggers.is_intact,
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
        triggers.is_duplicate,
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
        triggers.is_price_right,
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
