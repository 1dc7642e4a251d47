"""MM4 of one message centre on loopback: a Mm4 with its SMTP server and client, on the world's clock."""

import asyncio
import collections

from tools.lab.network.mm4 import client, reading
from tools.lab.network.mm4.machine import Mm4
from tools.lab.network.mm4.messages import Malformed, NoMm4
from tools.lab.network.mm4.server import Handler, Server
from tools.lab.shell import HOST, Wall

_AT_ONCE = 8  # connections to one peer
_BASE64 = 1.4  # octets of a mail for each of a message


class Interconnect:
    """The port "mm4" of a Relay: `address` is where its SMTP listens, once started, `machine` what it does.

    `wall` is that of the Relay, whose milliseconds it shares; `octets` bounds a message; `delay` is in seconds of the
    world, for each mail. The others are those of Mm4. `machine.peers` may be changed at any time.
    """

    def __init__(self, relay, wall, domain, peers, find, agreements, journal, date, delay,
                 speed=1.0, octets=307200, host=HOST, port=0):  # fmt: skip
        self.machine = Mm4(relay, domain, peers, find, agreements, journal, date, self._send)
        relay.ports[self.machine.name] = self.machine
        self._relay_wall, self._wall = wall, Wall(self.machine, speed)
        self._delay = delay
        handler = Handler(self._mailbox, self._take, self._told)
        self._server = Server(handler, int(octets * _BASE64), domain, host, port)
        self._gates = collections.defaultdict(lambda: asyncio.Semaphore(_AT_ONCE))
        self._tasks = set()

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
        await self._server.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _wake(self):
        self._wall.wake()
        self._relay_wall.wake()

    def _mailbox(self, text):
        return self.machine.mailbox(text, self._wall.now)

    async def _take(self, sender, mailboxes, octets, host):
        message = await asyncio.to_thread(_read, octets, self.machine.date(self._wall.now))
        answer = self.machine.received(sender, mailboxes, message, self._wall.now, host)
        self._wake()
        return answer

    def _told(self, text, peer):
        self.machine.log("smtp", self._wall.now, what=text, client=str(peer[0]) if peer else None)

    def _send(self, mail):
        task = asyncio.get_running_loop().create_task(self._deliver(mail))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, mail):
        async with self._gates[mail.peer.address]:
            await self._wall.sleep(self._delay)
            code, text = await client.deliver(
                mail.peer.address, self.machine.domain, mail.sender, mail.mailbox, mail.build
            )
        self.machine.sent(mail.transaction, code, text, self._wall.now)
        self._wake()


def _read(octets, date):
    """The message in a mail, or the reason why there is none, which the machine answers."""
    try:
        return reading.read(octets, date)
    except (NoMm4, Malformed, reading.Loop) as reason:
        return reason
