"""An operator's e-mail on loopback: an SMTP server for mail to its subscribers, and a client for theirs."""

import asyncio

from tools.lab.network import smtp
from tools.lab.network.mm3.machine import NAME, Mail, read
from tools.lab.shell import Tasks, Wall

_ENCODED = 1.4  # octets of a mail for each of a message: base64, and its lines
_DELAY_S = 0.3
_RECIPIENTS = 100  # of one mail


class MailService:
    """The port "mm3" of a relay with its sockets; `wall` is the relay's clock.

    `smarthost()` gives HOST:PORT of the SMTP server that takes every mail: any will do. `knows(number)` tells whether a
    number is a subscriber's; `delay` is in seconds of the world, for each mail that goes out. `address` is HOST:PORT
    where mail for `domain` comes in, `machine` the port.
    """

    def __init__(self, relay, wall, domain, knows, smarthost, port=0, speed=1.0, delay=_DELAY_S):
        self.machine = Mail(relay, domain, knows, self._send, self._woken)
        self._wall, self._relays = Wall(self.machine, speed), wall
        self._relay, self._domain, self._smarthost = relay, domain, smarthost
        relay.ports[NAME] = self.machine
        self._delay = delay
        self._server = smtp.Server(self, domain, port, int(relay.octets * _ENCODED), heard=self._told)
        self._tasks = Tasks()

    @property
    def address(self):
        """HOST:PORT where it listens."""
        return self._server.address

    async def start(self):
        """Listen, and send what waits."""
        self._wall.start(self._relays)
        await self._server.start()
        self._wall.wake()

    async def stop(self):
        """Listen no more; what is under way is tried again after the next start."""
        self._wall.stop()
        await self._tasks.stop()
        await self._server.stop()

    async def handle_MAIL(self, server, session, envelope, address, options):
        """Keep the sender, and the id that its reports shall have."""
        envelope.mail_from = address
        envelope.envid = server.asked.get("ENVID", "")
        envelope.asked = []
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Take a recipient, or say at once that there is none."""
        if len(envelope.rcpt_tos) >= _RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        refusal = self.machine.recipient(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        notify = server.asked.get("NOTIFY", "").upper()
        envelope.asked.append((address, tuple(notify.split(",")) if notify else (), server.asked.get("ORCPT", "")))
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        """Take a mail; its parser works beside the loop."""
        mail_from = smtp.sender(envelope.mail_from)
        date = self._relay.date(self._wall.now)
        arrival = await asyncio.to_thread(read, envelope.content, mail_from, self._domain, date)
        reply = self.machine.take(arrival, mail_from, envelope.asked, envelope.envid, self._wall.now)
        self._woken()
        return reply

    def _told(self, text, host):
        self._relay.log("smtp", self._wall.now, what=text, client=host, port=NAME)

    def _woken(self):
        """Look at both clocks again: the relay and the port may have something to do."""
        self._wall.wake()
        self._relays.wake()

    def _send(self, row):
        self._tasks.spawn(self._try(row, self.machine.octets(row)))

    async def _try(self, row, octets):
        await self._wall.sleep(self._delay)
        try:
            known = await smtp.deliver(
                self._smarthost(), self._domain, row.mail_from, row.recipient, octets, row.notify, row.message
            )
        except smtp.Failed as error:
            self.machine.failed(row, str(error), self._wall.now)
        except smtp.Refused as error:
            self.machine.refused(row, str(error), self._wall.now)
        else:
            self.machine.sent(row, known, self._wall.now)
        self._woken()
