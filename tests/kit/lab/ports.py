"""A relay with a port: what the port was given, and the route to it."""

from tests.kit.lab.mmsc_machine import RELATED
from tests.kit.lab.mmsc_machine import Lab as _Lab
from tools.lab.network.mmsc.contents import Content, Part, pack
from tools.lab.network.mmsc.envelope import Envelope
from tools.lab.network.mmsc.ports import Port

DAVE, MAIL = "+447700900301", "dave@mail.example"
TEXT = Part("text/plain", b"hello", "t", "t.txt", charset="utf-8")
CONTENT = pack(Content(RELATED, (Part("application/smil", b"<smil/>", "l"), TEXT), "l"))


class Recorder(Port):
    """A port that notes what it is given."""

    def __init__(self):
        self.forwarded, self.reports, self.read = [], [], []

    def forward(self, key, envelope, recipient, now):
        self.forwarded.append((key, envelope, recipient))

    def report(self, reply, recipient, status, now):
        self.reports.append((reply, recipient, status))

    def read_report(self, reply, recipient, status, now):
        self.read.append((reply, recipient, status))


class Lab(_Lab):
    """A relay that has the ports mm4, mm3, page and portal; `ways` {recipient: port} of those who are not its own."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.ways = {DAVE: "mm4", MAIL: "mm3"}
        self.relay.ports = {name: Recorder() for name in ("mm4", "mm3", "page", "portal")}
        own = self.relay.route
        self.relay.route = lambda sender, to, now, octets=0: self.ways.get(to, own(sender, to, now, octets))

    def port(self, name):
        return self.relay.ports[name]


def envelope(**more):
    """A message from outside to BOB."""
    return Envelope(**{"sender": DAVE, "to": ["+447700900002"], "subject": "hi", "content": CONTENT, **more})
