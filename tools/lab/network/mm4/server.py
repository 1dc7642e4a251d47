"""The SMTP server of MM4, by aiosmtpd: what it takes beside mail, and the bounds that it has."""

import asyncio
import logging
import re

from aiosmtpd.smtp import SMTP, syntax

_LOG = logging.getLogger("lab.mm4")
logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd's, which tells every line
_CONNECTIONS = 50
_RECIPIENTS = 100
_SILENCE_S = 60  # real seconds until a client that says nothing is let go
_COMMANDS = {"*": 200, "RCPT": 1000}  # of one connection
# RFC 3461: what a relay in between may ask for. A REQ asks for reports in its own way.
_DSN = re.compile(r"\s+(?:RET|ENVID|NOTIFY|ORCPT)=\S*", re.IGNORECASE)


def _plain(argument):
    """An argument of MAIL or RCPT without the parameters of DSN."""
    address, end, parameters = (argument or "").rpartition(">")
    return address + end + _DSN.sub("", parameters) if end else argument


class _Session(SMTP):
    """One connection. `open_sessions` has all of them; `told(status, peer)` is called with each refusal."""

    def __init__(self, handler, size, hostname, open_sessions):
        super().__init__(
            handler, data_size_limit=size, hostname=hostname, ident="MM4", timeout=_SILENCE_S,
            command_call_limit=_COMMANDS, loop=asyncio.get_running_loop(),
        )  # fmt: skip
        self._open, self._in_data = open_sessions, False

    def connection_made(self, transport):
        self._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error):
        self._open.discard(self)
        if self._in_data:
            self.event_handler.told("the connection ended within DATA", self.session.peer)
        super().connection_lost(error)

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg):
        await super().smtp_MAIL(_plain(arg))

    @syntax("RCPT TO: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_RCPT(self, arg):
        await super().smtp_RCPT(_plain(arg))

    @syntax("DATA")
    async def smtp_DATA(self, arg):
        self._in_data = True
        await super().smtp_DATA(arg)
        self._in_data = False

    async def push(self, status):
        text = status if isinstance(status, str) else status.decode("ascii", "replace")
        if text[:1] in ("4", "5"):
            self.event_handler.told(text, self.session.peer)
        await super().push(status)


class _Busy(asyncio.Protocol):
    """A connection too many."""

    def connection_made(self, transport):
        transport.write(b"421 4.3.2 too many connections\r\n")
        transport.close()


class Handler:
    """What aiosmtpd asks.

    `mailbox(address)` gives None or the refusal of a RCPT, and `take(sender, mailboxes, octets, host)` the answer to a
    mail, both as (code, text); `told(text, peer)` gets every refusal.
    """

    def __init__(self, mailbox, take, told):
        self._mailbox, self._take, self.told = mailbox, take, told

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def handle_RCPT(self, server, session, envelope, address, options):
        if len(envelope.rcpt_tos) >= _RECIPIENTS:
            return "452 4.5.3 too many recipients"
        refusal = self._mailbox(address)
        if refusal:
            return "%d %s" % refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        host = session.peer[0]
        return "%d %s" % await self._take(envelope.mail_from, envelope.rcpt_tos, envelope.content, host)

    async def handle_exception(self, error):
        _LOG.error("MM4: %r", error, exc_info=error)
        return "451 4.3.0 an error here: try again later"


class Server:
    """Listens on HOST:PORT, `address` once started. `size`: octets of the largest mail."""

    def __init__(self, handler, size, hostname, host, port):
        self._handler, self._size, self._hostname = handler, size, hostname
        self._place = host, port
        self._open = set()
        self._server = None
        self.address = None

    async def start(self):
        """Listen."""
        self._server = await asyncio.get_running_loop().create_server(self._accept, *self._place)
        self.address = "%s:%d" % self._server.sockets[0].getsockname()[:2]

    async def stop(self):
        """Listen no more, and let go of every connection."""
        if self._server:
            self._server.close()
        for session in list(self._open):
            session.transport.abort()

    def _accept(self):
        if len(self._open) >= _CONNECTIONS:
            return _Busy()
        return _Session(self._handler, self._size, self._hostname, self._open)
