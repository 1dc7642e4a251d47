"""A relay that keeps to the contract with its ports, and no more: what ports tell it is in `said`."""

from tests.kit.mm3.messages import ALICE, BOB, DATE, DOMAIN, YOU, envelope
from tests.kit.programs import until
from tools.lab.network.mm3.mailbox import Mailbox
from tools.lab.network.mm3.shell import MailService
from tools.lab.network.mmsc.store import Memory
from tools.lab.shell import Wall

SPEED = 50


class Relay:
    """Message ids count up; `refusal` is raised instead of accepting."""

    octets = 307200
    due = None

    def __init__(self):
        self.store, self.ports = Memory(), {}
        self.said, self.journal, self.accepted = [], [], []
        self.refusal = None
        self.deliveries = {}

    def date(self, now):
        return DATE + now // 1000

    def log(self, event, now, **entry):
        self.journal.append({"event": event, "ms": now, **entry})

    def events(self):
        return [entry["event"] for entry in self.journal]

    def give(self, port, key, envelope, recipient, now):
        """Let a port forward a message."""
        self.deliveries[key] = envelope
        port.forward(key, envelope, recipient, now)

    def find(self, key):
        return self.deliveries.get(key)

    def envelope(self, delivery):
        return delivery

    def handed(self, key, now):
        self.said.append(("handed", key))

    def answered(self, key, status, now):
        self.said.append((status, key))

    def read_by(self, key, recipient, status, now):
        self.said.append((status, key, recipient))

    def accept(self, envelope, recipients, port, reply, now):
        if self.refusal:
            raise self.refusal
        self.accepted.append((envelope, recipients, port, reply))
        return "m%d" % len(self.accepted)


def knows(number):
    return number in (ALICE, BOB)


class Office:
    """An operator's mail and a mailbox server on loopback, which know each other: `async with Office() as office`."""

    def __init__(self):
        self.relay = Relay()
        self._wall = Wall(self.relay, SPEED)
        self.box = Mailbox("mail.example", speed=SPEED)
        self.place = None  # HOST:PORT of the smarthost, by default the mailbox server
        self.mail = MailService(self.relay, self._wall, DOMAIN, knows, self._smarthost, speed=SPEED)
        self.box.routes[DOMAIN] = lambda: self.mail.address

    def _smarthost(self):
        return self.place or self.box.address

    async def __aenter__(self):
        self._wall.start()
        await self.box.start()
        await self.mail.start()
        return self

    async def __aexit__(self, *error):
        await self.mail.stop()
        await self.box.stop()

    def forward(self, key="k-0", to=YOU, **fields):
        """Let the relay give a message to the port."""
        whole = envelope(**{"expires": DATE + 72 * 3600, **fields})
        self.relay.give(self.mail.machine, key, whole, to, self._wall.now)

    async def said(self, *wanted):
        """Wait until the port has told the relay exactly this."""
        await until(lambda: len(self.relay.said) >= len(wanted), 10)
        assert self.relay.said == list(wanted)
