"""The mail server of the lab's own internet: mailboxes for one domain, and a way to the operators' domains.

It stands for any mail server, so it takes every mail for its domain, reports what it was asked to report, and tells
that a mail was read when a test or a person reads it.
"""

import asyncio
import collections
import email
import email.policy
import logging
import time

from tools.lab.network import smtp
from tools.lab.network.mm3 import addresses, reports
from tools.lab.shell import Tasks

_LOG = logging.getLogger("lab.mailbox")
_MAILS = 1000  # that are kept, the oldest go first
_OCTETS = 2 << 20
_DELAY_S = 0.5  # of the world, from the last octet of a mail to its delivery
_HOPS = 25


class Mailbox:
    """Mails for `domain` in `mails`, {address: [EmailMessage]}; `routes` {domain: function that gives HOST:PORT}.

    `refused` has addresses that do not exist. `address` is HOST:PORT where it listens.
    """

    def __init__(self, domain, routes=None, port=0, speed=1.0):
        self.domain = domain
        self.routes = routes if routes is not None else {}
        self.refused = set()
        self.mails = collections.defaultdict(list)
        self._order = collections.deque()
        self._speed = speed
        self._server = smtp.Server(self, domain, port, _OCTETS)
        self._tasks = Tasks()
        self._spawn = self._tasks.spawn

    @property
    def address(self):
        """HOST:PORT where it listens."""
        return self._server.address

    async def start(self):
        """Listen."""
        await self._server.start()

    async def stop(self):
        """Listen no more; mails on their way are forgotten."""
        await self._tasks.stop()
        await self._server.stop()

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Take recipients of the domain, and those that a route leads to."""
        host = address.rpartition("@")[2].lower()
        if address.lower() in self.refused or host != self.domain and host not in self.routes:
            return "550 5.1.1 No mailbox here"
        if not envelope.rcpt_tos:
            envelope.asked = []
        envelope.rcpt_tos.append(address)
        envelope.asked.append((address, server.asked.get("NOTIFY", "FAILURE").upper()))
        return "250 2.1.5 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        """Keep the id that reports shall have."""
        envelope.mail_from = address
        envelope.envid = server.asked.get("ENVID", "")
        return "250 2.1.0 OK"

    async def handle_DATA(self, server, session, envelope):
        """Take a mail for all its recipients."""
        if envelope.content.lower().count(b"\nreceived:") > _HOPS:
            return "554 5.4.6 Too many hops"
        mail_from = smtp.sender(envelope.mail_from)
        octets = b"Received: by %s with ESMTP\r\n" % self.domain.encode() + envelope.content
        for address, notify in envelope.asked:
            self._spawn(self._carry(mail_from, address, octets, notify, envelope.envid))
        return "250 2.0.0 Taken"

    async def send(self, mail_from, recipient, octets, notify="FAILURE", envid=""):
        """Send a mail from a mailbox here. Raises smtp.Failed and smtp.Refused."""
        place = self.routes[recipient.rpartition("@")[2].lower()]()
        await smtp.deliver(place, self.domain, mail_from, recipient, octets, notify, envid)

    def read(self, address, mail):
        """Show a mail to its owner: the sender gets the read report that he asked for (RFC 8098)."""
        self.mails[address.lower()].remove(mail)
        wanted = str(mail.get("Disposition-Notification-To", ""))
        if addresses.is_mail(wanted):
            asked = reports.Asked(wanted, str(mail["Message-ID"]))
            report = reports.build_mdn(asked, reports.READ, address, self.domain, time.time())
            self._spawn(self._report(asked, report))

    def post(self, mail_from, recipient, octets):
        """Send a mail from a mailbox here, as `send` does, without waiting; what became of it comes as a mail."""
        self._spawn(self._carry(mail_from, recipient, octets, "SUCCESS,FAILURE", ""))

    async def _carry(self, mail_from, address, octets, notify, envid):
        await asyncio.sleep(_DELAY_S / self._speed)
        asked = reports.Asked(mail_from, envid=envid, notify=tuple(notify.split(",")))
        host = address.rpartition("@")[2].lower()
        try:
            if host == self.domain:
                self._put(address.lower(), octets)
                status = "Retrieved"
            else:
                known = await smtp.deliver(self.routes[host](), self.domain, mail_from, address, octets, notify, envid)
                if known:
                    return  # the next server reports
                status = "Indeterminate"
        except (smtp.Failed, smtp.Refused):
            status = "Rejected"
        if reports.is_wanted(asked, status):
            await self._report(asked, reports.build_dsn(asked, status, address, self.domain, time.time()))

    async def _report(self, asked, mail):
        host = asked.reply_to.rpartition("@")[2].lower()
        if host == self.domain:
            self._put(asked.reply_to.lower(), mail.as_bytes())
        elif host in self.routes:
            try:
                await smtp.deliver(self.routes[host](), self.domain, "", asked.reply_to, mail.as_bytes())
            except (smtp.Failed, smtp.Refused) as error:
                _LOG.warning("no report to %s: %s", asked.reply_to, error)

    def _put(self, address, octets):
        mail = email.message_from_bytes(octets, policy=email.policy.default)
        self.mails[address].append(mail)
        self._order.append((address, mail))
        if len(self._order) > _MAILS:
            address, mail = self._order.popleft()
            self.mails[address] = [row for row in self.mails[address] if row is not mail]
