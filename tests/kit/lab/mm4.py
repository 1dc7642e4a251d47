"""Message centres joined by MM4, in virtual time and without sockets: real Relays, their handsets, and mail between."""

import dataclasses

from mms.codec import mm1, push
from tests.kit.lab.mmsc_machine import EPOCH
from tools.lab.calendar import Calendar
from tools.lab.network.mm4 import reading
from tools.lab.network.mm4.machine import Mm4, Peer
from tools.lab.network.mm4.messages import Malformed, NoMm4
from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.machine import Relay
from tools.lab.network.mmsc.store import Memory

O2, ORANGE, T_MOBILE = ("mms.mnc%s.mcc234.gprs" % mnc for mnc in ("010", "033", "030"))
ALICE, BOB, CAROL, DAVE = "+447700900001", "+447700900002", "+447700900102", "+447700900103"
NUMBERS = {ALICE: O2, BOB: O2, CAROL: ORANGE, DAVE: T_MOBILE}
CONTENT = contents.Content(
    contents.RELATED,
    (
        contents.Part("application/smil", b"<smil><body/></smil>", "0.smil", "0.smil"),
        contents.Part("image/jpeg", bytes(range(256)) * 40, "p", "p.jpg", "p.jpg"),
        contents.Part("text/plain", "Grüße".encode(), "t", "t.txt", "t.txt", "utf-8"),
    ),
    "0.smil",
)
_MAIL_MS = 50


class Agreements:
    """Everybody with everybody; `refused` has (own, peer, direction) that are not agreed, `octets` bounds a message."""

    def __init__(self):
        self.refused, self.octets = set(), 1 << 20

    def allows(self, own, peer, octets, date, direction):
        return (own, peer, direction) not in self.refused and octets <= self.octets


@dataclasses.dataclass
class Sent:
    """A mail on its way."""

    when: int
    centre: "Centre"
    mail: object


class Centre:
    """One operator: `relay`, `mm4`, the `journal`, and what was `pushed` to handsets, as (number, Pdu)."""

    def __init__(self, network, domain, store=None):
        self.network, self.domain = network, domain
        self.journal, self.pushed = [], []
        self.bodies, self.store = {}, store or Memory()
        self.start()

    def start(self):
        """Begin with what the store has, as after a restart."""
        network = self.network
        numbers = [number for number, domain in network.numbers.items() if domain == self.domain]
        url = "http://" + self.domain
        self.relay = Relay(self.journal.append, self._push, self.bodies, numbers, url, Calendar(EPOCH),
                           seed=self.domain.encode(), store=self.store)  # fmt: skip
        self.relay.route = self._route
        peers = {domain: Peer(domain, network.profiles.get(domain, frozenset())) for domain in network.domains}
        del peers[self.domain]
        self.mm4 = Mm4(self.relay, self.domain, peers, network.numbers.get, network.agreements,
                       self.journal.append, self.relay.date, self._send)  # fmt: skip
        self.relay.ports["mm4"] = self.mm4

    def _route(self, sender, recipient, now, octets):
        domain = self.network.numbers.get(recipient, "")
        return None if domain == self.domain else "mm4" if domain else ""

    def _push(self, number, octets):
        self.pushed.append((number, mm1.parse(octets[push.parse(octets).body :])))

    def _send(self, mail):
        self.network.under_way.append(Sent(self.network.now + _MAIL_MS, self, mail))

    def post(self, number, type, *fields):
        """A PDU of a handset."""
        return self.relay.post(number, mm1.build(type, fields), self.network.now)

    def said(self, event):
        return [entry for entry in self.journal if entry["event"] == event]

    def shown(self, number, type):
        """What was pushed to a number, of one type."""
        return [pdu for to, pdu in self.pushed if to == number and pdu.type == type]


class Network:
    """Centres by domain. `profiles` {domain: switches} is how everybody else writes to that domain.

    `fault(centre, mail)` may give (code, text) in place of what the peer answers; `mails` keeps (domain, octets).
    """

    def __init__(self, profiles=(), numbers=NUMBERS):
        self.now = 0
        self.numbers, self.profiles = dict(numbers), dict(profiles)
        self.domains = sorted(set(NUMBERS.values()))
        self.agreements = Agreements()
        self.under_way, self.mails = [], []
        self.fault = lambda centre, mail: None
        self.centres = {domain: Centre(self, domain) for domain in self.domains}
        self.o2, self.orange, self.t_mobile = (self.centres[domain] for domain in (O2, ORANGE, T_MOBILE))

    def send(self, *fields, to=(CAROL,)):
        """alice sends a message of a presentation, a picture and a text; returns its message id."""
        head = [(mm1.TRANSACTION_ID, "t1"), (mm1.VERSION, 0x12), (mm1.FROM, None)]
        head += [(mm1.TO, mm1.address(number)) for number in to]
        octets = mm1.build(mm1.SEND_REQ, head + list(fields)) + contents.pack(CONTENT)
        answer = self.o2.relay.post(ALICE, octets, self.now)
        confirmation = mm1.parse(answer.octets)
        assert confirmation.get(mm1.RESPONSE_STATUS) == mm1.OK
        return confirmation.get(mm1.MESSAGE_ID)

    def run(self, seconds):
        """Let so many seconds of the world pass."""
        end = self.now + int(seconds * 1000)
        while True:
            moments = [sent.when for sent in self.under_way]
            for centre in self.centres.values():
                moments += [due for due in (centre.relay.due, centre.mm4.due) if due is not None]
            if not moments or min(moments) > end:
                break
            self.now = max(self.now, min(moments))
            for centre in self.centres.values():
                centre.relay.advance(self.now)
                centre.mm4.advance(self.now)
            for sent in [sent for sent in self.under_way if sent.when <= self.now]:
                self.under_way.remove(sent)
                code, text = self.fault(sent.centre, sent.mail) or self._carry(sent.mail)
                sent.centre.mm4.sent(sent.mail.transaction, code, text, self.now)
        self.now = end

    def _carry(self, mail):
        octets, domain = mail.build(), mail.peer.address
        self.mails.append((domain, octets))
        return self.give(domain, mail.sender, [mail.mailbox], octets)

    def give(self, domain, sender, mailboxes, octets):
        """What the SMTP of a domain answers to a mail."""
        mm4 = self.centres[domain].mm4
        for mailbox in mailboxes:
            refusal = mm4.mailbox(mailbox, self.now)
            if refusal:
                return refusal
        try:
            message = reading.read(octets, mm4.date(self.now))
        except (NoMm4, Malformed, reading.Loop) as reason:
            message = reason
        return mm4.received(sender, mailboxes, message, self.now)

    def retrieve(self, centre, number):
        """The handset of a number retrieves what was announced last: (notification, M-Retrieve.conf, its octets)."""
        notification = centre.shown(number, mm1.NOTIFICATION_IND)[-1]
        url = notification.get(mm1.CONTENT_LOCATION)
        octets = centre.relay.get(number, "/m/" + url.split("/m/")[1], self.now).octets
        retrieved = mm1.parse(octets)
        fields = [(mm1.TRANSACTION_ID, retrieved.get(mm1.TRANSACTION_ID)), (mm1.VERSION, 0x12)]
        centre.post(number, mm1.ACKNOWLEDGE_IND, *fields)
        return notification, retrieved, octets
