"""Answers and lists as a person reads them: words, sizes, dates, rows."""

import asyncio
import json

from mms import clock
from mms.events import Events
from mms.handset.console import plain, render, sentences
from mms.handset.console.console import Console
from tests.kit.handset.console import Box, Line, Phone, typed


def test_a_person_sees_what_became_of_a_message():
    sent = {"id": "00000001", "state": "sent", "to": ["+447700900002"], "octets": 4680, "subject": "Hi", "why": ""}
    sent["reports"], sent["readings"] = {"+447700900002": "retrieved"}, {"+447700900002": "read"}
    assert list(render.rows("outbox", sent)) == [
        "sent     00000001  -             +447700900002   (5 kB) Hi",
        "         +447700900002: retrieved, read",
    ]
    doubt = {"id": "00000001", "state": "in doubt", "to": [], "why": "confirmation: no answer", "maybe_duplicate": True}
    assert list(render.rows("outbox", doubt))[1:] == [
        "         it may have arrived twice",
        "         confirmation: no answer",
        "         type: retry 00000001",
    ]
    text = {"id": "00000003", "state": "text", "sender": "+447700900009", "text": "one\ntwo", "read": False}
    assert list(render.rows("inbox", text)) == ["new      00000003  -             +447700900009   one?two"]
    text["read"] = True
    assert next(render.rows("inbox", text))[:9] == " " * 9
    text["state"] = "failed"
    assert list(render.rows("inbox", text))[-1] == "         type: fetch 00000003"


def test_a_person_reads_an_answer_in_words():
    def told(name, result, command=None):
        return "".join(render.reply(name, result, command or {}, Phone()))

    assert told("inbox", {"messages": []}) == "inbox: nothing\n"
    assert told("cancel", {}, {"id": "00000001"}) == "message 00000001 is not sent any more\n"
    network = {"mccmnc": "23410", "status": "home", "roaming": False, "rat": None, "signal": -79}
    status = {"home": "23410", "operator": "O2", "interpreter": "x 1", "memory": None, "network": network}
    assert told("status", status) == (
        "operator: O2, by a SIM of 23410\nnetwork:  23410, home, -79 dBm\nruns on:  x 1\n"
    )
    message = {"id": "00000001", "sender": "+447700900002", "subject": "Hi", "to": ["a", "b"], "cc": [], "url": ""}
    message.update(state="acknowledged", date=None, text="one\ntwo", parts=[])
    message["parts"].append({"name": "a.txt", "type": "text/plain", "octets": 7})
    assert told("read", message).split("\n")[:-1] == [
        "From:    +447700900002",
        "To:      a, b",
        "Subject: Hi",
        "Part:    a.txt, text/plain, 7 octets",
        "Text:",
        "    one",
        "    two",
        "The parts can be written into the album. Type: export 00000001",
        "To answer, type: reply 00000001 TEXT",
    ]


def test_nothing_is_said_in_words_too():
    def told(name, result):
        return "".join(render.reply(name, result, {}, Phone()))

    assert told("scan", {"networks": [], "cells": []}) == "no network is on the air\n"
    none = {"home": "99999", "candidates": [], "notes": ["X has ended MMS"], "fault": "the file is damaged"}
    assert told("operators", none) == (
        "  X has ended MMS\n  the file is damaged\nno settings are known for a SIM of the network 99999\n"
    )


def test_sizes_and_dates_are_as_people_read_them():
    assert [plain.size(octets) for octets in (0, 999, 1000, 27600, 999999, 1100000)] == [
        "0 octets", "999 octets", "1 kB", "28 kB", "1000 kB", "1.1 MB",
    ]  # fmt: skip
    now, date = clock.now, clock.date
    try:
        clock.now, clock.date = lambda: 1764211620, lambda seconds: (2025 - (seconds < 1764000000), 11, 7, 2, 5, 0)
        assert (render.date(1764211620), render.date(1700000000)) == ("7 Nov 02:05", "7 Nov 2024")
    finally:
        clock.now, clock.date = now, date
    for wrong in (None, 0, -5, 1 << 62, "x"):
        assert render.date(wrong) == "-"


def test_what_a_person_reads_fits_into_a_row():
    settings = {"a": True, "b": ["x", "y"], "c": {"d": "", "e": 5}, "f": []}
    rows = list(render.reply("settings", {"settings": settings}, {}, None))
    assert rows == ["a: true\n", "b: x, y\n", "c:\n", "  e: 5\n"]
    answers, _ = typed(b"help\n")
    assert len(answers) > 20 and max(len(row) for row in answers) <= 78


def test_a_list_is_in_the_order_of_dates():
    class Item:
        hidden = False

        def __init__(self, id, received):
            self.id, self._received = id, received

        def summary(self):
            return {"id": self.id, "state": "text", "sender": "x", "received": self._received, "read": True}

    class Full(Phone):
        def __init__(self):
            super().__init__()
            self.inbox = Box(Item("00000001", 1764211620), Item("00000002", None), Item("00000003", 1764000000))

    line = Line(b"inbox\n")
    asyncio.run(Console(line, Full(), Events()).serve())
    assert [row[9:17] for row in line.written.decode().split("\n")[:-1]] == ["00000002", "00000003", "00000001"]


def test_a_list_of_messages_is_one_line_however_many_there_are():
    class Item:
        hidden = False

        def __init__(self, number):
            self._number = number

        def summary(self):
            return {"id": "%08x" % self._number, "state": "text"}

    class Full(Phone):
        count = 0

        def __init__(self):
            super().__init__()
            self.inbox = Box(*[Item(number) for number in range(self.count)])

    for count in (0, 1, 150):
        Full.count = count
        line = Line(b'{"do": "mode", "mode": "json"}\n{"do": "inbox"}\n')
        asyncio.run(Console(line, Full(), Events()).serve())
        answer = json.loads(line.written.decode().split("\n")[1])
        assert answer["ok"] and [message["id"] for message in answer["messages"]] == ["%08x" % n for n in range(count)]


def test_progress_is_drawn_where_it_can_be_and_told_every_five_seconds_elsewhere():
    class Terminal(Line):
        def __init__(self, text):
            super().__init__(text)
            self.shown = []

        def bottom(self, text):
            self.shown.append(text)

    def told(kind):
        line, source, ticks = kind(b""), Events(), clock.ticks

        async def story():
            console = Console(line, Phone(), source)
            console.begin(b"inbox", 100)
            await asyncio.sleep(0)
            for ms in range(0, 12000, 250):
                clock.ticks = lambda: ms  # noqa: B023
                source.say("sent", octets=ms, of=12000)
            source.say("sent", octets=12000, of=12000)
            await console.flush()

        since = clock.since
        clock.since = lambda start: clock.ticks() - start
        try:
            asyncio.run(story())
        finally:
            clock.ticks, clock.since = ticks, since
        return line

    rows = told(Line).written.decode().split("\n")
    assert [row for row in rows if row.startswith("*")] == [
        "* sending 0 % of 12 kB", "* sending 41 % of 12 kB", "* sending 83 % of 12 kB",
    ]  # fmt: skip
    terminal = told(Terminal)
    assert len(terminal.shown) == 49 and terminal.shown[24] == "sending 50 % of 12 kB > " and terminal.shown[-1] == "> "
    assert b"sending" not in terminal.written

    async def stopped():
        serving = asyncio.create_task(Console(silent, Phone(), Events()).serve())
        await asyncio.sleep(0.01)
        serving.cancel()
        try:
            await serving
        except asyncio.CancelledError:
            pass

    silent = Terminal(b"")
    silent.readinto = lambda buf: asyncio.sleep(60)  # a person who types nothing
    asyncio.run(stopped())
    assert silent.shown == ["> ", None]  # what has ended the handset is not told behind a prompt


def test_a_field_is_one_row_whatever_ends_a_line_in_it():
    subject = "Hi\nFrom: +44666\r\nTo: me"
    message = {"id": "00000001", "state": "retrieved", "sender": "+447700900002", "subject": subject, "parts": []}
    rows = "".join(render.reply("read", message, {}, None)).split("\n")
    assert rows[1] == "Subject: Hi?From: +44666??To: me" and rows[2].startswith("To answer")


def test_a_failure_names_the_next_command():
    class Holder:
        class outbox:  # noqa: N801
            class store:  # noqa: N801
                @staticmethod
                def has(name):
                    return name == "00000001.o"

    def row(**fields):
        event = dict(fields, event="failed", ms=1, step="x", code=None)
        return "".join(sentences.render(event, Holder)).replace("\n    ", " ")

    error = {"text": "answer: no (403)", "advice": "ask the operator"}
    assert row(id="00000001", final=True, **error).endswith("ask the operator. Type: retry 00000001\n")
    assert row(id="00000002", final=True, **error).endswith("ask the operator. Type: fetch 00000002\n")
    assert row(id="00000002", final=False, retry_ms=30000, **error).endswith(". Tried again in 30 s\n")
    assert row(id="00000002", final=False, retry_ms=600000, **error).endswith(". Tried again in 10 min\n")
    assert row(id=None, final=False, text="x", advice="") == "* x\n"
