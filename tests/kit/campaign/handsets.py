"""Handsets that answer a campaign as docs/console.md says, without a network; any step can be made to fail."""

import asyncio
import hashlib
import itertools
import json

from tests.kit.campaign import fakes
from tools.campaign.clock import Clock
from tools.campaign.plan import Plan
from tools.campaign.probes.probe import Probe
from tools.campaign.runner import Runner

HOME, VISITED, OTHER = "23410", "26201", "23433"
_SHOWN = 2000
_KNOWN = ("mode", "status", "settings", "set", "register", "scan", "check", "probe", "send", "sms", "more", "inbox")
_KNOWN += ("outbox", "read", "fetch", "forward", "delete", "price")
_ids = itertools.count(1)


class Handset(Probe):
    """A handset on which everything goes well, unless a test says otherwise; `peer` is the one to which messages go.

    `refusing` {command: (step, code, text)}; `failing` {event: (step, code, text)}: an event `failed` comes in its
    place; `silent`: events that do not come; `statuses` {event: status} of reports; `altered(text)` is a text as it
    arrives; `copies` of each message; `line` is the bound of the console; `rooms` are the rooms that are loaded;
    `rate` is the price that is shown (None: unknown) and `charge` the one that is billed and kept; `bill` the
    operator's; `refused_networks` {code: (code of the error, text)}; `steered_to` the network that is got by hand.
    """

    kind = "fake"

    def __init__(self, name, clock, number, home=HOME):
        super().__init__(name, clock, "any", number)
        self.refusing, self.failing, self.silent = {}, {}, set()
        self.statuses, self.altered, self.copies = {"delivered": "retrieved", "read": "read"}, lambda text: text, 1
        self.subject_kept, self.takes_mms, self.bill = True, True, None
        self.line, self.rooms, self.rate, self.charge = 2048, {"probe"}, 40, 40
        self.home, self.steered_to, self.by_itself, self.country = home, None, home, None
        self.network = {"mccmnc": home, "status": "home"}
        self.networks, self.refused_networks = [HOME, VISITED], {}
        self.settings = {
            "retrieve": {"home": "now", "roaming": "manual"},
            "roaming": {"send": "yes"},
            "delivery_report": True,
            "report_allowed": True,
            "read_report_allowed": False,
        }
        self.received, self.sent, self.pieces, self.done = {}, {}, "", []
        self.taken_off = 1000  # octets of the limit that a picture does not have where it arrives
        self.peer, self.at_home = None, lambda: None

    async def _open(self):
        """The line is always open."""

    async def _close(self):
        """The line stays open."""

    async def move(self, network):
        self.country = network
        if network == self.home:
            self.at_home()

    async def billed(self):
        return self.bill

    async def _write(self, octets):
        asyncio.get_running_loop().call_soon(self._take, octets)

    def _take(self, octets):
        command = json.loads(octets)
        do = command.pop("do")
        if len(octets) > self.line:
            return self._refuse("console", None, None, "a line of more than %d octets: give it in pieces" % self.line)
        if do == "probe" and "probe" not in self.rooms:
            return self._refuse(do, None, None, "no command probe: type help")
        self.done.append((do, command))
        key = "probe " + command["action"] if do == "probe" else do
        if do == "register" and command["network"] in self.refused_networks:
            return self._refuse(do, "register", *self.refused_networks[command["network"]])
        if key in self.refusing:
            return self._refuse(do, *self.refusing[key])
        assert do in _KNOWN
        result, after = getattr(self, "do_" + do)(**command) or ({}, None)
        self._tell({"reply": do, "ok": True, **result})
        if after:
            after()

    def _refuse(self, do, step, code, text):
        self._tell({"reply": do, "ok": False, "error": text, "step": step, "code": code, "advice": "try again"})

    def _tell(self, said):
        self.hear(json.dumps(said).encode())

    def say(self, event, **fields):
        """Say an event, unless it is made to fail; whether it was said."""
        if event in self.failing:
            step, code, text = self.failing[event]
            fields = {"step": step, "code": code, "text": text, "advice": "", "final": True, "id": fields.get("id")}
            self._tell({"event": "failed", **fields})
            return False
        if event in self.silent:
            return False
        self._tell({"event": event, **fields})
        return True

    def left(self):
        """What is not as it was found: messages, pieces of a text, settings, a network chosen by hand."""
        found = [*self.received, *self.sent, self.pieces]
        chosen = [command["network"] for do, command in self.done if do == "register"][-1:]
        usual = Handset(self.name, self.clock, None)
        return [one for one in found if one], self.settings == usual.settings, chosen in ([], ["auto"])

    def do_mode(self, mode):
        """JSON it is."""

    def do_status(self):
        return {"home": self.home, "interpreter": "fake 1", "network": self.network}, None

    def do_settings(self):
        return {"settings": self.settings}, None

    def do_set(self, setting, value):
        place, *rest = setting.split(".")
        if rest:
            self.settings[place] = {**self.settings[place], rest[0]: value}
        else:
            self.settings[place] = value

    def do_register(self, network):
        got = self.by_itself if network == "auto" else self.steered_to or network
        self.network = {"mccmnc": got, "status": "home" if got == self.home else "roaming"}
        return {"network": self.network}, None

    def do_scan(self):
        return {"networks": [{"mccmnc": one} for one in self.networks], "cells": []}, None

    def do_check(self):
        for step in ("modem", "register", "attach", "context"):
            self.say("checked", step=step, text="", took_ms=1)

    def do_probe(self, action, line=None, id=None):
        if action == "digest":
            digest = hashlib.sha256(self.received[id]["body"].encode()).hexdigest()
            layout = {"type": "application/smil", "octets": 9, "sha256": "0"}
            return {"parts": [{"type": "text/plain", "octets": 9, "sha256": digest}, layout]}, None
        return {"address": "10.0.0.1"} if action == "context" else {}, None

    def do_price(self, octets):
        return {"known": self.rate is not None, "why": "the date is not known", "price": 40}, None

    def do_more(self, text=None):
        self.pieces = self.pieces + text if text else ""
        return {"octets": len(self.pieces)}, None

    def do_send(self, to, subject, text=None, **wishes):
        text, self.pieces = text or self.pieces, ""
        id = self._keep(wishes)
        if wishes.get("picture"):
            self.say("captured", octets=wishes["limit"] - 1000)
        self.say("accepted", id=id, octets=len(text) + 460)

        def go():
            if self.bill is not None:
                self.bill = {"GBP": self.bill["GBP"] + self.charge}
            if not self.say("confirmed", id=id, message_id="mmsc"):
                return
            if "@" in to[0]:
                self.say("delivered", id=id, status=self.statuses["delivered"])
            elif self.peer:
                self.peer.announce(self, id, subject, text, wishes)

        return {"id": id, "price": self.rate, "currency": "GBP"}, go

    def _keep(self, wishes):
        id = "%08x" % next(_ids)
        self.sent[id] = {"id": id, "paid": [self.charge, 0, "GBP"], **wishes}
        return id

    def do_sms(self, to, text):
        id = self._keep({})

        def go():
            if self.say("confirmed", id=id, message_id=""):
                self.peer.take_text(text)
                if self.settings["delivery_report"]:
                    self.say("delivered", id=id, status=self.statuses["delivered"])

        return {"id": id}, go

    def take_text(self, text, link=""):
        """A short message arrives."""
        for _ in range(self.copies):
            id, arrived = "%08x" % next(_ids), self.altered(text)
            if self.say("text", id=id, text=arrived, link=link):
                self.received[id] = {"id": id, "subject": "", "text": arrived[:60], "state": "text"}

    def announce(self, sender, id_there, subject, text, wishes):
        """A message is announced, and retrieved or deferred, as the settings say."""
        if not self.takes_mms:
            return self.take_text("Media message from %s: http://page" % sender.facts["number"], "http://page")
        for _ in range(self.copies):
            id = "%08x" % next(_ids)
            row = {"id": id, "subject": subject if self.subject_kept else "", "state": "notified"}
            self.received[id] = {**row, "body": self.altered(text), "from": (sender, id_there), "wishes": wishes}
            if not self.say("notified", id=id, octets=len(text)):
                continue
            if self.settings["retrieve"]["home" if self.network["status"] == "home" else "roaming"] == "now":
                self._retrieve(id)
            elif self.say("deferred", id=id, why="the settings say so"):
                self.received[id]["state"] = "deferred"
                if "validity" in wishes:
                    sender.say("delivered", id=id_there, status=sender.statuses["delivered"])

    def _retrieve(self, id):
        row = self.received[id]
        if not self.say("retrieved", id=id):
            return
        row["state"], row["subject"] = "retrieved", row["body"].partition("\n")[0]
        if not self.say("acknowledged", id=id):
            return
        row["state"] = "acknowledged"
        sender, id_there = row["from"]
        if row["wishes"].get("delivery_report") and self.settings["report_allowed"]:
            sender.say("delivered", id=id_there, status=sender.statuses["delivered"])

    def do_inbox(self):
        rows = [{key: row.get(key) for key in ("id", "subject", "text", "state")} for row in self.received.values()]
        return {"messages": rows}, None

    def do_outbox(self):
        return {"messages": list(self.sent.values())}, None

    def do_read(self, id):
        row = self.received[id]
        parts = [{"type": "text/plain", "octets": len(row["body"])}, {"type": "application/smil", "octets": 9}]
        if row["wishes"].get("picture"):
            parts.append({"type": "image/jpeg", "octets": row["wishes"]["limit"] - self.taken_off})

        def report():
            sender, id_there = row["from"]
            if row["wishes"].get("read_report") and self.settings["read_report_allowed"]:
                if self.say("read_reported", id=id):
                    sender.say("read", id=id_there, status=sender.statuses["read"])

        return {
            "subject": row["subject"],
            "text": row["body"][:_SHOWN],
            "parts": parts,
        }, report

    def do_fetch(self, id):
        return {}, lambda: self._retrieve(id)

    def do_forward(self, id, to):
        row, forwarded = self.received[id], self._keep({})

        def go():
            if self.say("confirmed", id=forwarded, message_id="x") and to == [self.peer.facts["number"]]:
                self.peer.announce(self, forwarded, row["subject"], row["body"], {})

        return {"id": forwarded}, go

    def do_delete(self, id):
        assert self.received.pop(id, None) or self.sent.pop(id, None)


class Lines:
    """A journal in memory: `lines` are dicts."""

    def __init__(self):
        self.lines = []

    def write(self, what, **fields):
        self.lines.append({"what": what, **fields})

    def notes(self):
        """The notes of the campaign as one dict."""
        return {key: value for line in self.lines if line["what"] == "note" for key, value in line.items()}


def play(case, change=lambda mo, mt: None, mt_home=HOME, network=None, seconds=5, campaign=None, **row):
    """Make attempts of a case with two handsets, as the real runner does: (the first outcome, Lines, mo, mt).

    `change(mo, mt)` makes them fail; `network`, `campaign` and `row` are more of these rows of the plan.
    """

    async def story():
        clock, journal = Clock(), Lines()
        mo = Handset("mo", clock, "+447700900001")
        mt = Handset("mt", clock, "+447700900002", mt_home)
        mo.peer, mt.peer = mt, mo
        plan = Plan(
            {
                "campaign": {"name": "fake", "repetitions": 1, "pause_s": 0, **(campaign or {})},
                "probes": [{"name": name, "kind": "simulated", "subscriber": name} for name in ("mo", "mt")],
                "networks": [{"mccmnc": VISITED, **(network or {})}],
                "cases": [{"case": case, "timeout_s": seconds, **row}],
            }
        )
        change(mo, mt)
        await Runner(plan, plan.attempts(), [mo, mt], clock, journal).run()
        outcome = next(line for line in journal.lines if line["what"] == "outcome")
        return outcome, journal, mo, mt

    return fakes.play(story())
