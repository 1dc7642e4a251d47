"""Message centres joined by MM4 over SMTP on loopback, with Relays in the same process."""

import asyncio

from mms.codec import mm1, push
from tests.kit.lab.mm4 import CONTENT, NUMBERS, O2, ORANGE, Agreements
from tests.kit.lab.mmsc_machine import EPOCH
from tools.lab.calendar import Calendar
from tools.lab.network.mm4.machine import Peer
from tools.lab.network.mm4.shell import Interconnect
from tools.lab.network.mmsc import contents
from tools.lab.network.mmsc.machine import Relay
from tools.lab.network.mmsc.store import Memory
from tools.lab.shell import Wall


class Centre:
    """One message centre: its `relay`, its `shell` of MM4, its `journal`, and the PDUs that it `pushed`."""

    def __init__(self, domain, speed, octets=307200, port=0):
        self.domain, self.journal, self.pushed = domain, [], []
        self.store = Memory()
        own = [number for number, home in NUMBERS.items() if home == domain]
        self.relay = Relay(self.journal.append, self._push, {}, own, "http://" + domain, Calendar(EPOCH),
                           seed=domain.encode(), octets=octets, store=self.store)  # fmt: skip
        self.relay.route = lambda sender, recipient, now, octets: None if recipient in own else "mm4"
        self.wall = Wall(self.relay, speed)
        self.shell = Interconnect(self.relay, self.wall, domain, {}, NUMBERS.get, Agreements(), self.journal.append,
                                  0.05, port, speed)  # fmt: skip
        self.mm4 = self.shell.machine

    def _push(self, number, octets):
        self.pushed.append((number, mm1.parse(octets[push.parse(octets).body :])))

    async def start(self):
        self.wall.start()
        self.relay.resume(self.wall.now)
        await self.shell.start()
        self.wall.wake()

    async def stop(self):
        self.wall.stop()
        await self.shell.stop()

    def join(self, other, profile=frozenset()):
        """The other one is a peer from now on."""
        self.mm4.peers[other.domain] = Peer(other.shell.address, profile)

    def submit(self, sender, to, *fields, content=CONTENT):
        """A subscriber sends a message; returns its message id."""
        head = [(mm1.TRANSACTION_ID, "t1"), (mm1.VERSION, 0x12), (mm1.FROM, None), (mm1.TO, mm1.address(to)), *fields]
        octets = mm1.build(mm1.SEND_REQ, head) + contents.pack(content)
        answer = mm1.parse(self.relay.post(sender, octets, self.wall.now).octets)
        assert answer.get(mm1.RESPONSE_STATUS) == mm1.OK
        self.wall.wake()
        return answer.get(mm1.MESSAGE_ID)

    def retrieve(self, number):
        """A subscriber retrieves what was announced to him last: the M-Retrieve.conf."""
        notification = self.shown(number, mm1.NOTIFICATION_IND)[-1]
        path = "/m/" + notification.get(mm1.CONTENT_LOCATION).split("/m/")[1]
        retrieved = mm1.parse(self.relay.get(number, path, self.wall.now).octets)
        fields = [(mm1.TRANSACTION_ID, retrieved.get(mm1.TRANSACTION_ID)), (mm1.VERSION, 0x12)]
        self.relay.post(number, mm1.build(mm1.ACKNOWLEDGE_IND, fields), self.wall.now)
        return retrieved

    def shown(self, number, type):
        return [pdu for to, pdu in self.pushed if to == number and pdu.type == type]

    def said(self, event):
        return [entry for entry in self.journal if entry["event"] == event]


class Line:
    """A client that says lines to an SMTP server and reads its answers."""

    def __init__(self, address):
        self._place = address.rpartition(":")[::2]

    async def __aenter__(self):
        self._reader, self._writer = await asyncio.open_connection(self._place[0], int(self._place[1]))
        self.greeting = await self.answer()
        return self

    async def __aexit__(self, *what):
        self._writer.close()

    def write(self, octets):
        self._writer.write(octets)

    async def answer(self):
        """The lines of one answer, or "" when the connection has ended."""
        lines = []
        while not lines or lines[-1][3:4] == "-":
            line = (await asyncio.wait_for(self._reader.readline(), 10)).decode()
            if not line:
                break
            lines.append(line.strip())
        return "\n".join(lines)

    async def say(self, line):
        self.write(line.encode() + b"\r\n")
        return await self.answer()

    async def mail(self, sender, mailbox, octets):
        """The first refusal, or the answer to the mail."""
        for line in ("EHLO x.example", "MAIL FROM:<%s>" % sender, "RCPT TO:<%s>" % mailbox, "DATA"):
            answer = await self.say(line)
            if answer[0] not in "23":
                return answer
        self.write(octets + b"\r\n.\r\n")
        return await self.answer()


async def two(speed=50, octets=307200):
    """O2 and Orange, running, each the other's peer."""
    o2, orange = Centre(O2, speed, octets), Centre(ORANGE, speed, octets)
    await o2.start()
    await orange.start()
    o2.join(orange)
    orange.join(o2)
    return o2, orange
