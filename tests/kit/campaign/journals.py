"""Journals of campaigns that never were: lines as tools/campaign/journal.py writes them, from chances and delays.

The lines of one seed are always the same. Failures and seconds of each network are drawn as its Chances say, so that a
test knows the true values behind its figures.
"""

import dataclasses
import json
import random

CASES = (  # (case, group, octets)
    ("register", "network", None),
    ("attach", "network", None),
    ("context", "network", None),
    ("sms", "sms", None),
    ("mms-30", "mms", 30720),
    ("mms-300", "mms", 307200),
)
HOME = "23410"
DATE = "2026-11-28T02:00:00+00:00"


@dataclasses.dataclass
class Chances:
    """What one network does: the chance that a step fails, and the median seconds of each step (log-normal)."""

    fail: dict = dataclasses.field(default_factory=dict)
    seconds: dict = dataclasses.field(default_factory=dict)
    spread: float = 0.3

    DEFAULTS = {
        "register": 3.0,
        "attach": 1.5,
        "context": 2.0,
        "sms": 4.0,
        "send": 12.0,
        "notify": 3.0,
        "retrieve": 9.0,
        "report": 2.5,
    }

    def fails(self, dice, step):
        return dice.random() < self.fail.get(step, 0.02)

    def takes(self, dice, step):
        return dice.lognormvariate(0, self.spread) * self.seconds.get(step, self.DEFAULTS[step])


class _Writer:
    """The lines of one attempt after the other, and the clock of the campaign."""

    def __init__(self, at=0.0):
        self.at = at
        self.lines = []
        self.number = 0

    def wait(self, seconds):
        self.at = round(self.at + seconds, 4)

    def say(self, what, **fields):
        self.lines.append({"what": what, "at": self.at, **fields})

    def ask(self, probe, do, **arguments):
        self.say("ask", attempt=self.number, probe=probe, do=do, **arguments)

    def reply(self, probe, do, ok=True, **fields):
        self.say("reply", attempt=self.number, probe=probe, do=do, ok=ok, **fields)

    def event(self, probe, event, **fields):
        self.say("event", attempt=self.number, probe=probe, event=event, ms=int(self.at * 1000), **fields)

    def trace(self, probe, sent, text):
        self.say("trace", attempt=self.number, probe=probe, line="modem", sent=sent, text=text)


class _Failed(Exception):
    def __init__(self, step, code, text, advice=""):
        super().__init__(text)
        self.outcome = {"step": step, "code": code, "text": text, "advice": advice}


def head(networks, cases=CASES, repetitions=1, thresholds=None, name="sample", expect=None, **more):
    """The first line of a journal."""
    plan = {
        "campaign": {"name": name, "seed": 1, "repetitions": repetitions, "pause_s": 2, "guard_s": 5},
        "probes": [{"name": probe, "kind": "simulated", "subscriber": probe} for probe in ("alice", "bob")],
        "networks": [
            {"mccmnc": network, "country": "Country %d" % at, **({"expect": "refused"} if network == expect else {})}
            for at, network in enumerate(networks)
        ],
        "cases": [{"case": case} for case, _, _ in cases],
        "thresholds": thresholds or {},
    }
    line = {"what": "campaign", "version": 1, "name": name, "plan": plan, "plan_sha256": "0" * 64}
    return {**line, "clock": "monotonic", "date": DATE, "program": "0.1.0", **more}


def journal(networks=(HOME, "26207", "20801"), cases=CASES, repetitions=5, seed=1, chances=None, trace=True, **about):
    """The lines of a journal as dicts: `chances` {network: Chances}; the recipient stays in the first network."""
    dice, chances, writer = random.Random(seed), chances or {}, _Writer()
    yield head(networks, cases, repetitions, **about)
    writer.say("run", run=1, date=DATE)
    for probe in ("alice", "bob"):
        writer.say("probe", probe=probe, state="ready", text="", facts={"home": HOME, "number": "***********01"})
    for repetition in range(1, repetitions + 1):
        for case, group, octets in cases:
            for network in networks:
                writer.number += 1
                writer.wait(2)
                place = (network, networks[0], repetition)
                _attempt(writer, dice, chances.get(network, Chances()), (case, group, octets), place)
                if not trace:
                    writer.lines = [line for line in writer.lines if line["what"] != "trace"]
                yield from writer.lines
                writer.lines = []


def _attempt(writer, dice, chances, kind, place):
    (case, group, octets), (network, mt_network, repetition) = kind, place
    mt = "bob" if group in ("sms", "mms") else None
    writer.say(
        "attempt",
        attempt=writer.number,
        key="/".join((case, network, mt_network if mt else "-", str(repetition))),
        case=case,
        group=group,
        network=network,
        mt_network=mt_network if mt else None,
        repetition=repetition,
        mo="alice",
        mt=mt,
        octets=octets,
        timeout_s=300,
        pause_s=2,
        guard_s=5,
    )
    verdict, outcome = "passed", {"step": None, "code": None, "text": "", "advice": ""}
    try:
        _run(writer, dice, chances, case, octets, network)
    except _Failed as failed:
        verdict, outcome = "failed", failed.outcome
    spent = {"minor": 40, "currency": "GBP"} if group == "mms" and verdict == "passed" else None
    writer.say("outcome", attempt=writer.number, verdict=verdict, **outcome, spent=spent)


def _run(writer, dice, chances, case, octets, network):
    _register(writer, dice, chances, network)
    if case in ("attach", "context"):
        _probe(writer, dice, chances, case)
    elif case == "sms":
        _sms(writer, dice, chances)
    elif case != "register":
        _mms(writer, dice, chances, octets)


def _register(writer, dice, chances, network):
    writer.ask("alice", "register", network=network)
    writer.trace("alice", True, 'AT+COPS=1,2,"%s"' % network)
    fails = chances.fails(dice, "register")
    writer.wait(chances.takes(dice, "register"))
    if fails:
        writer.trace("alice", False, "+CREG: 3")
        told = {"step": "register", "code": 30, "advice": "try another network"}
        writer.reply("alice", "register", False, error="register: no network service", **told)
        raise _Failed("register", 30, "no network service", "try another network")
    writer.trace("alice", False, "OK")
    writer.event("alice", "registered", mccmnc=network, status="roaming", rat="GSM")
    writer.reply("alice", "register", network=network)


def _probe(writer, dice, chances, action):
    writer.ask("alice", "probe", action=action)
    writer.event("alice", "probing", action=action)
    writer.trace("alice", True, "AT+CGATT=1" if action == "attach" else "AT+CIICR")
    fails, seconds = chances.fails(dice, action), chances.takes(dice, action)
    writer.wait(seconds)
    if fails:
        writer.trace("alice", False, "+CME ERROR: 148")
        writer.reply(
            "alice", "probe", False, error="%s: unspecified GPRS error" % action, step=action, code=148, advice=""
        )
        raise _Failed(action, 148, "unspecified GPRS error")
    writer.trace("alice", False, "OK")
    writer.event("alice", "probed", action=action, took_ms=int(seconds * 1000))
    writer.reply("alice", "probe", action=action)


def _sms(writer, dice, chances):
    writer.ask("alice", "sms", to="***********02", text="hello %d" % writer.number)
    writer.wait(0.05)
    id = "%08x" % writer.number
    writer.reply("alice", "sms", id=id)
    fails, seconds = chances.fails(dice, "sms"), chances.takes(dice, "sms")
    writer.wait(seconds)
    writer.event("alice", "confirmed", id=id, message_id="")
    if fails:
        writer.wait(300)
        raise _Failed("text", None, "no short message came in 300 s")
    writer.event(
        "bob",
        "text",
        id="%08x" % (writer.number | 1 << 28),
        sender="***********01",
        text="hello %d" % writer.number,
        link=None,
    )


def _mms(writer, dice, chances, octets):
    mine, theirs = "%08x" % writer.number, "%08x" % (writer.number | 1 << 28)
    subject = "sample %08x" % writer.number
    writer.ask("alice", "send", to=["***********02"], subject=subject, text="...", delivery_report=True)
    writer.wait(0.1)
    writer.reply("alice", "send", id=mine, price=40, currency="GBP")
    writer.event("alice", "accepted", id=mine, tid=mine, octets=octets, parts=2)
    writer.trace("alice", True, "AT+CIICR")
    fails, seconds = chances.fails(dice, "send"), chances.takes(dice, "send")
    for share, event in ((0.2, "context_up"), (0.3, "connected"), (0.5, "sent"), (0.7, "sent"), (0.9, "sent")):
        more = {"id": mine, "octets": int(share * octets), "of": octets} if event == "sent" else {}
        writer.wait(seconds * 0.2)
        writer.event("alice", event, **more)
        writer.trace("alice", True, "AT+CIPSEND=0,1460")
        writer.trace("alice", False, "SEND OK")
    if fails:
        writer.event("alice", "failed", id=mine, step="answer", code=503, text="503", advice="later", final=True)
        raise _Failed("answer", 503, "the message centre or its proxy says no", "retry %s" % mine)
    writer.event("alice", "confirmed", id=mine, message_id="m%d" % writer.number)
    _notify(writer, dice, chances, theirs, octets)
    intact = not chances.fails(dice, "intact")
    writer.say("note", attempt=writer.number, arrived=theirs, intact=intact, copies=1, shown=40, billed=40)
    if not intact:
        raise _Failed("content", None, "the message was changed on its way")
    writer.wait(chances.takes(dice, "report"))
    writer.event("alice", "delivered", id=mine, recipient="***********02", status="retrieved")


def _notify(writer, dice, chances, theirs, octets):
    fails = chances.fails(dice, "notify")
    writer.wait(300 if fails else chances.takes(dice, "notify"))
    if fails:
        raise _Failed("notified", None, "no notification came in 300 s")
    writer.trace("bob", False, '+CMTI: "SM",1')
    writer.event("bob", "notified", id=theirs, sender="***********01", octets=octets)
    fails, seconds = chances.fails(dice, "retrieve"), chances.takes(dice, "retrieve")
    writer.wait(seconds / 2)
    writer.event("bob", "connected", host="10.1.1.1", port=8080)
    writer.event("bob", "received", id=theirs, octets=octets // 2, of=octets)
    writer.trace("bob", True, "AT+CIPRXGET=2,0,1460")
    writer.wait(seconds / 2)
    if fails:
        writer.event("bob", "failed", id=theirs, step="retrieve", code=404, text="gone", advice="", final=True)
        raise _Failed("retrieve", 404, "the MMSC does not have the message, or no more")
    writer.event("bob", "retrieved", id=theirs, octets=octets, parts=2)
    writer.event("bob", "acknowledged", id=theirs)


def write(path, lines):
    """Write lines into the file `path`, as a journal has them; the path."""
    with open(path, "w") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")
    return path
