"""One round of everything: each command of the console, each kind of message and each kind of error once."""

import json

from mms.codec import mm1, multipart, provisioning, push, segments
from tools.heap.process import Failed
from tools.heap.world import NUMBER, OTHER, PROPOSAL
from tools.lab.modem.sim800 import Cell

_ANSWER_MS, _DONE_MS, _BACK_MS, _RETRY_MS, _QUIET_MS = 120000, 900000, 200000, 60000, 30000
_STRANGER = "+447700900009"
_NOTE = "album/note.txt"
_MIXED = "application/vnd.wap.multipart.mixed"
_SI = b'<?xml version="1.0"?><si><indication href="http://www.example.com/mms">A link</indication></si>'
_SL = b'<?xml version="1.0"?><sl href="http://www.example.com/x"/>'
_SETTINGS = bytes.fromhex(  # NAPDEF MMSNAP (wap.o2.co.uk), APPLICATION w4
    "030b6a00c54503312e310001c65501871106034d4d534e41500001871006ab01870706034f32204d4d530001870806037761702e6f322e636f2e"
    "756b0001870906890101c600015501873600000603773400018700013400000603687474703a2f2f6d6d73632e6d6d732e6f322e636f2e756b3a"
    "3830303200018700013900000603503100010101"
)
_FILE = """
with open("album/large.jpg", "wb") as file:
    file.write(b"\\xff\\xd8\\xff\\xfe")
    for left in range(%d, 0, -1000):
        file.write(bytes(min(left, 1000)))
    file.write(b"\\xff\\xd9")
"""
_HTML = b"<html><body>Please log in.</body></html>"
_ENDS = ("confirmed", "acknowledged")
_REFUSALS = (0xC0, 0xE1)  # of X-Mms-Response-Status


class Round:
    """Plays on a Board whose handset is ready. `number` is different each time."""

    def __init__(self, board, number):
        self.board, self.number = board, number
        self.around, self.network = board.around, board.around.network
        self.relay = self.network.relay
        self.met = {}  # event or error: how often

    # the console

    def ask(self, do, fails=False, **arguments):
        """The reply to a command; raises Failed when it fails and should not, or the other way round."""
        return self.reply(json.dumps(dict(arguments, do=do)), do, fails)

    def reply(self, line, do, fails):
        """The reply to a line."""
        before = len(self.board.replies)
        self.board.type(line)
        if not self.board.run(_ANSWER_MS, lambda: len(self.board.replies) > before):
            raise Failed("no answer to %s" % line[:60])
        reply = self.board.replies[before]
        if reply["ok"] is fails or reply["reply"] != do:
            raise Failed("%s: %s" % (line[:60], reply))
        return reply

    def wait_for(self, event, since, **fields):
        """Wait until the console has said that event, after `since` others."""

        def found():
            said = self.board.events[since:]
            return any(one["event"] == event and all(one.get(k) == fields[k] for k in fields) for one in said)

        if not self.board.run(_DONE_MS, found):
            raise Failed("no %s %s: %s" % (event, fields, self.board.events[since:][-3:]))

    def send(self, do="send", event="confirmed", **arguments):
        """Have a message accepted, and wait for the event: the id of the message."""
        since = len(self.board.events)
        id = self.ask(do, **arguments).get("id") or arguments["id"]
        self.wait_for(event, since, id=id)
        return id

    def type_line(self, line):
        """Type a line as a person does, and wait until the console prints a line."""
        before = len(self.board.text)
        self.board.type(line)
        self.board.run(_ANSWER_MS, lambda: len(self.board.text) > before)
        self.board.run(1000)

    # messages from the network

    def push(self, media, body, application=None, params=()):
        """Deliver a WAP push from the operator."""
        self.network.centre.push(NUMBER, "MMSC", push.build(1, media, body, application, params), self.around.now)
        self.board.run(_QUIET_MS)

    def pdu(self, octets):
        """Deliver a PDU by push."""
        self.push(mm1.MEDIA, octets, push.MMS_UA)

    def text(self, text):
        """Deliver a short message."""
        for tpdu in segments.submit(NUMBER, text, reference=self.number):
            self.network.centre.submit(OTHER, tpdu, self.around.now)
        self.board.run(_QUIET_MS)

    def receive(self, event="retrieved", parts=(("text/plain", b"Hello"), ("image/jpeg", bytes(3000))), **more):
        """The other subscriber sends a message: its id on the board, once the console has said `event`."""
        fields = [(mm1.TRANSACTION_ID, "o%d" % len(self.network.journal)), (mm1.VERSION, mm1.VERSION_1_2)]
        fields += [(mm1.FROM, mm1.address(OTHER)), (mm1.TO, mm1.address(NUMBER)), (mm1.TO, mm1.address(_STRANGER))]
        fields += [(mm1.SUBJECT, "Round %d" % self.number), (mm1.DELIVERY_REPORT, True), (mm1.READ_REPORT, True)]
        fields += [(mm1.CONTENT_TYPE, mm1.ContentType(_MIXED, []))]
        octets = mm1.build(mm1.SEND_REQ, fields) + multipart.count(len(parts))
        for n, (media, part) in enumerate(parts):
            octets += multipart.entry(media, len(part), location="part%d" % n) + part
        since = len(self.board.events)
        self.relay.post(OTHER, octets, self.around.now)
        self.wait_for(event, since, **more)
        return next(said["id"] for said in self.board.events[since:] if said["event"] == event)

    def _wait(self, id):
        """Wait until nothing more is tried for that message."""

        def over():
            mine = [said for said in self.board.events if said.get("id") == id]
            return any(said["event"] in _ENDS or said["event"] == "failed" and said["final"] for said in mine)

        self.board.run(_DONE_MS, over)

    # the round

    def play(self):
        """Play everything, and delete all messages: {event, command or error: how often it was met}."""
        since = len(self.board.events), len(self.board.replies)
        for part in (self._sending, self._receiving, self._person, self._pushes, self._usage, self._trouble):
            part()
        self._forget()
        for said in self.board.events[since[0] :]:
            self._count(said["event"])
        for said in self.board.replies[since[1] :]:
            self._count(said["reply"] if said["ok"] else "%s: %s" % (said["reply"], said["error"]))
        return self.met

    def _count(self, name):
        self.met[name] = self.met.get(name, 0) + 1

    def _sending(self):
        self.ask("snap", size="QVGA")
        self.ask("record", seconds=2)
        self.send(to=[OTHER], text="Hello")
        self.send(
            to=[OTHER], cc=[_STRANGER], bcc=["someone@example.com"], subject="Grüße", text="Grüße " * 40,
            files=[_NOTE], picture=True, size="QQVGA", priority="high", hide=True, validity=86400,
            delivery_report=True, read_report=True, event="delivered", **{"class": "informational"},
        )  # fmt: skip
        self.send("photo", to=[OTHER], text="A picture")
        self.send("press")
        self.ask("more", to=[OTHER], subject="In pieces", text="One. ")
        self.ask("more", text="Two. ")
        self.send()
        self.ask("more", text="Forgotten")
        self.ask("more")
        self.ask("sms", to=OTHER, text="Short")
        self.ask("sms", to=OTHER, text="Lang, mit Ж " * 20)
        self.board.run(_QUIET_MS)
        self.ask("set", setting="press.text", value="Look")
        for do in ("inbox", "outbox", "status", "settings", "set", "check", "support", "help"):
            self.ask(do)

    def _receiving(self):
        id = self.receive()
        self.ask("read", id=id)
        self.ask("export", id=id)
        self.send("reply", id=id, text="Thank you")
        self.send("replyall", id=id, text="Thank you all")
        key = [entry["message_id"] for entry in self.network.journal if entry["event"] == "retrieved"][-1]
        self.relay.cancel(key, self.around.now)
        self.board.run(_QUIET_MS)
        for name in ("not-found", "busy", "http-404", "cut-in-part", "cut-in-header", "no-length", "huge-size"):
            self.relay.deviations.switch(name, 1)
            self._wait(self.receive(event="notified"))
        self.receive(parts=(("text/plain", b"A rare one"), ("application/smil", b"<smil><body/></smil>"), ("a/b", b"")))
        self._abroad()

    def _abroad(self):
        """Messages that come abroad wait until a command asks for them."""
        modem = self.around.modem
        home = modem.environment.cells
        modem.environment.cells = [Cell("26201", "Telekom.de", "TDG")]
        modem.brown_out()
        self.board.run(_BACK_MS)
        ids = [self.receive("deferred") for _ in range(3)]
        self.board.run(_QUIET_MS)
        self.ask("read", fails=True, id=ids[0])
        self.send("forward", id=ids[0], to=[OTHER])
        self.send("fetch", id=ids[1], event="retrieved")
        self.ask("delete", id=ids[2])
        modem.environment.cells = home
        modem.brown_out()
        self.board.run(_BACK_MS)

    def _person(self):
        self.type_line('{"do": "mode", "mode": "text"}')
        messages = [reply for reply in self.board.replies if "messages" in reply and reply["messages"]]
        id = messages[-1]["messages"][-1]["id"]
        for line in "help status inbox outbox settings check support".split() + [
            "read " + id,
            "reply",
            "nonsense",
            "{",
        ]:
            self.type_line(line)
        self.type_line("send %s Hello from a person" % OTHER)
        self.board.run(_QUIET_MS)
        self.board.type('{"do": "mode", "mode": "json"}')
        self.board.run(5000)

    def _pushes(self):
        self.text("Hello")
        self.text("Ein langer Text, Ж. " * 12)
        self.push("text/vnd.wap.si", _SI)
        self.push("text/vnd.wap.sl", _SL)
        since = len(self.board.events)
        self.push(provisioning.BINARY, _SETTINGS)
        self.wait_for("proposed", since)
        since = len(self.board.events)
        ours = PROPOSAL.encode()
        self.push(provisioning.TEXTUAL, ours, params=provisioning.mac("USERPIN", ours, pin="1234"))
        id = [said["id"] for said in self.board.events[since:] if said["event"] == "proposed"][-1]
        self.ask("apply", fails=True, id=id, pin="4321")
        self.ask("apply", id=id, pin="1234")
        self.push("application/x-unknown", b"nobody knows")
        self.push("text/vnd.wap.si", b"<si><indication")
        self.pdu(b"\x8c\x82\x98T1\x00\x8d\x90")
        self.pdu(b"\x8c\x82")
        self.pdu(b"\x8c\x82\x98T2\x00\x8d\xa0\x83http://mmsc.example/m\x00")
        self.pdu(mm1.build(mm1.READ_ORIG_IND, [
            (mm1.VERSION, mm1.VERSION_1_2), (mm1.MESSAGE_ID, "nobody's"), (mm1.TO, mm1.address(OTHER)),
            (mm1.FROM, mm1.address(NUMBER)), (mm1.DATE, 1790000000), (mm1.READ_STATUS, 0x80),
        ]))  # fmt: skip

    def _usage(self):
        """Commands with the mistakes that people and programs make."""
        for do, wrong in (
            ("send", {}), ("send", {"to": ["nobody"], "text": "x"}), ("send", {"to": [OTHER], "files": ["nowhere"]}),
            ("send", {"to": [OTHER], "text": "x", "color": 1}), ("send", {"to": [OTHER], "sound": "nowhere.amr"}),
            ("send", {"to": [OTHER], "text": "x", "class": "none"}), ("send", {"to": [OTHER], "text": 1}),
            ("sms", {"to": "x", "text": "x"}), ("read", {"id": "x"}), ("read", {"id": "00000000"}),
            ("forward", {"id": "00000000", "to": [OTHER]}), ("snap", {"size": "huge"}), ("export", {"id": "00000000"}),
            ("retry", {"id": "00000000"}), ("cancel", {"id": "00000000"}), ("delete", {"id": "00000000"}),
            ("fetch", {"id": "00000000"}), ("apply", {"id": "00000000", "pin": "x"}), ("mode", {"mode": "x"}),
            ("reply", {"id": "00000000", "text": "x"}), ("nonsense", {}),
        ):  # fmt: skip
            self.ask(do, fails=True, **wrong)
        self.reply("{", "console", True)
        self.reply("x" * 3000, "console", True)
        self.reply('{"do": "sms", "to": "%s", "text": "\\u041f"}' % OTHER, "sms", False)

    def _trouble(self):
        """Errors of the network, the modem and the camera."""
        network, modem, around = self.network, self.around.modem, self.around
        for status in _REFUSALS:
            self.relay.refuse_the_next(status)
            self._try()
        for status, media, octets in ((200, "text/html", _HTML), (503, "text/html", _HTML), (200, mm1.MEDIA, b"\x8c")):
            network.answers.append(("answer", status, media, octets))
            self._try()
        network.drops = 1
        self._try()
        network.mute = 1
        self._try()
        network.refusals = 2
        self._try()
        for answer in (False, True):
            network.reset = [answer, 100]
            self._try()
        for harm, repair in (
            (modem.drop_context, None), (modem.lose_coverage, modem.find_coverage), (modem.deny, None),
            (modem.brown_out, None), (modem.power_off, None), (modem.send_fail, None),
        ):  # fmt: skip
            harm()
            self._try()
            if repair:
                repair()
            modem.deny(False)
            self.board.run(_BACK_MS)
        around.camera.hang(3)
        self.ask("snap", fails=True)
        around.camera.power(around.now)
        self.board.run(_QUIET_MS)
        around.camera.truncate(50)
        self.send("photo", to=[OTHER])  # taken again
        self.ask("snap")

    def _try(self):
        """Send a message while something is wrong: if it is not confirmed, it is retried once and then cancelled."""
        since = len(self.board.events)
        id = self.ask("send", to=[OTHER], text="In trouble")["id"]

        def said_any(*names):
            return any(said.get("id") == id and said["event"] in names for said in self.board.events[since:])

        self.board.run(_BACK_MS, lambda: said_any("confirmed", "failed", "in_doubt"))
        if not said_any("confirmed"):
            self.board.type(json.dumps({"do": "retry", "id": id}))
            if not self.board.run(_RETRY_MS, lambda: said_any("confirmed")):
                self.board.type(json.dumps({"do": "cancel", "id": id}))
        self.board.run(5000)

    def large(self, octets):
        """Send a message with a file of so many octets, and receive one."""
        self.board.python(_FILE % octets)
        self.send(to=[OTHER], files=["album/large.jpg"])
        self.receive(event="acknowledged", parts=(("image/jpeg", bytes(octets)),))
        self._forget()

    def _forget(self):
        self.relay._deliveries.clear()
        for do in ("inbox", "outbox"):
            for item in self.ask(do)["messages"]:
                self.ask("delete", id=item["id"])
