"""MM4 of one message centre on loopback: a Mm4 with its SMTP server and client, on the world's clock."""

import asyncio
import collections
import logging

from tools.lab.network import smtp
from tools.lab.network.mm4 import reading
from tools.lab.network.mm4.machine import Mm4
from tools.lab.network.mm4.messages import Malformed, NoMm4
from tools.lab.shell import Tasks, Wall

_LOG = logging.getLogger("lab.mm4")
_AT_ONCE = 8  # connections to one peer
_BASE64 = 1.4  # octets of a mail for each of a message
_CONNECTIONS = 50
_RECIPIENTS = 100  # of one mail
_UNFIT = 554


class Interconnect:
    """The port "mm4" of a Relay, with its sockets: `address` is where its SMTP listens, once started.

    `machine` is the port, which is put into `relay.ports`. `wall` is that of the Relay, whose milliseconds it shares;
    `delay` is in seconds of the world, for each mail. The others are those of Mm4. `machine.peers` may be changed at
    any time.
    """

    def __init__(self, relay, wall, domain, peers, find, agreements, journal, delay, port=0, speed=1.0):
        self.machine = Mm4(relay, domain, peers, find, agreements, journal, relay.date, self._send)
        relay.ports[self.machine.name] = self.machine
        self._relay_wall, self._wall = wall, Wall(self.machine, speed)
        self._delay = delay
        octets = int(relay.octets * _BASE64)
        self._server = smtp.Server(self, domain, port, octets, _CONNECTIONS, self._told)
        self._gates = collections.defaultdict(lambda: asyncio.Semaphore(_AT_ONCE))
        self._tasks = Tasks()

    @property
    def address(self):
        """HOST:PORT where it listens."""
        return self._server.address

    async def start(self):
        """Listen, and send what an earlier run has left; the Relay's wall has to run."""
        self._wall.start(self._relay_wall)
        await self._server.start()
        self._wall.wake()

    async def stop(self):
        """Listen no more; mails under way are sent again by the next run."""
        self._wall.stop()
        await self._tasks.stop()
        await self._server.stop()

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Take a recipient, or say at once that there is none."""
        if len(envelope.rcpt_tos) >= _RECIPIENTS:
            return "452 4.5.3 too many recipients"
        refusal = self.machine.mailbox(address, self._wall.now)
        if refusal:
            return "%d %s" % refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        """Take a mail, which is parsed beside the loop."""
        date = self.machine.date(self._wall.now)
        message = await asyncio.to_thread(_read, envelope.content, date)
        mail_from = smtp.sender(envelope.mail_from)
        host = session.peer[0]
        answer = self.machine.received(mail_from, envelope.rcpt_tos, message, self._wall.now, host)
        self._wake()
        return "%d %s" % answer

    def _wake(self):
        self._wall.wake()
        self._relay_wall.wake()

    def _told(self, text, host):
        self.machine.log("smtp", self._wall.now, what=text, client=host)

    def _send(self, mail):
        self._tasks.spawn(self._deliver(mail))

    async def _deliver(self, mail):
        async with self._gates[mail.peer.address]:
            await self._wall.sleep(self._delay)
            code, text = await self._attempt(mail)
        self.machine.sent(mail.transaction, code, text, self._wall.now)
        self._wake()

    async def _attempt(self, mail):
        """The code and text of SMTP for a mail; None for no code."""
        try:
            octets = await asyncio.to_thread(mail.build)
        except Exception as error:  # octets from outside are in it: the delivery ends, and the sender is told
            _LOG.exception("a mail cannot be built")
            return _UNFIT, "content: %r" % error
        try:
            await smtp.deliver(mail.peer.address, self.machine.domain, mail.sender, mail.mailbox, octets)
        except (smtp.Failed, smtp.Refused) as failure:
            return failure.code, str(failure)
        return 250, ""


def _read(octets, date):
    """The message in a mail, or the reason why there is none, which the machine answers."""
    try:
        return reading.read(octets, date)
    except (NoMm4, Malformed, reading.Loop) as reason:
        return reason
