"""SMTP on loopback for the lab's services, both sides, with delivery status notifications (RFC 5321, RFC 3461).

The server is aiosmtpd's in the loop of its caller, the client aiosmtplib's.
"""

import asyncio
import contextlib
import logging
import re

import aiosmtplib
from aiosmtpd.smtp import SMTP

from tools.lab.shell import HOST

_LOG = logging.getLogger("lab.smtp")
logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd warns of every unknown command

_IDLE_S = 60  # of a connection
_ATTEMPT_S = 60
_QUIT_S = 5
_COMMANDS = 200  # of each kind in a connection
_VALUE = re.compile(r"[!-~]{1,500}")
_EVENTS = {"SUCCESS", "FAILURE", "DELAY"}


class Failed(Exception):
    """The other side was not reached, or does not take the mail yet: try again later. `code` is its answer, or None."""

    code = None


class Refused(Exception):
    """The other side will never take the mail. `code` is its answer."""

    code = 554


class _Busy(asyncio.Protocol):
    """A connection too many."""

    def connection_made(self, transport):
        transport.write(b"421 4.3.2 Too many connections\r\n")
        transport.close()


class _Session(SMTP):
    """A connection; `asked` has the parameters of RFC 3461 in the last MAIL or RCPT, as {name: value}."""

    def __init__(self, handler, connections, heard, **settings):
        super().__init__(handler, **settings)
        self._connections, self._heard, self._in_data = connections, heard, False
        self.asked = {}

    def connection_made(self, transport):
        self._connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, error):
        self._connections.discard(self)
        if self._in_data:
            self._heard("the connection ended within DATA", self.session.peer[0])
        super().connection_lost(error)

    async def smtp_MAIL(self, arg):
        await self._parse(super().smtp_MAIL, arg, ("RET", "ENVID"))

    async def smtp_RCPT(self, arg):
        await self._parse(super().smtp_RCPT, arg, ("NOTIFY", "ORCPT"))

    async def smtp_DATA(self, arg):
        self._in_data = True
        await super().smtp_DATA(arg)
        self._in_data = False

    async def push(self, status):
        if status[:1] in ("4", "5"):
            self._heard(status, self.session.peer[0])
        await super().push(status)

    async def _parse(self, command, arg, names):
        try:
            await command(self._without(arg, names))
        except IndexError:  # Python's parser of addresses, at half an address
            await self.push("553 5.1.3 Error: malformed address")

    def _without(self, arg, names):
        """The argument without the parameters of those names, which aiosmtpd does not know."""
        address, end, rest = (arg or "").partition(">")
        self.asked = {}
        kept = []
        for word in rest.split():
            name, _, value = word.partition("=")
            if name.upper() in names and _is_valid(name.upper(), value):
                self.asked[name.upper()] = value
            else:
                kept.append(word)
        return " ".join([address + end, *kept]) if end else arg


def _is_valid(name, value):
    if name == "NOTIFY":
        words = set(value.upper().split(","))
        return words == {"NEVER"} or words <= _EVENTS
    return _VALUE.fullmatch(value) is not None and (name != "ENVID" or len(value) <= 100)


class Server:
    """An SMTP server on loopback, `address` HOST:PORT once started; mails have at most so many `octets`.

    `handler` has the hooks of aiosmtpd (handle_MAIL, handle_RCPT, handle_DATA), whose first argument has `asked`.
    `heard(text, host)` is called with every refusal, and when a client is gone in the middle of a mail.
    """

    def __init__(self, handler, hostname, port=0, octets=1 << 20, connections=20, heard=lambda text, host: None):
        self._handler, self._hostname, self._port = handler, hostname, port
        self._octets, self._limit, self._heard = octets, connections, heard
        self._connections = set()
        self._server = None
        self.address = None

    async def start(self):
        """Listen."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, HOST, self._port)
        self.address = "%s:%d" % self._server.sockets[0].getsockname()[:2]

    def _session(self):
        if self._server is None or len(self._connections) >= self._limit:
            return _Busy()
        return _Session(
            _Greeting(self._handler), self._connections, self._heard, hostname=self._hostname, ident="lab",
            data_size_limit=self._octets, timeout=_IDLE_S, command_call_limit=_COMMANDS,
            loop=asyncio.get_running_loop(),
        )  # fmt: skip

    async def stop(self):
        """Listen no more, and let go of every connection."""
        if self._server:
            self._server.close()
        self._server = None
        while self._connections:
            for session in list(self._connections):
                session.transport.abort()
            await asyncio.sleep(0)
        await asyncio.sleep(0)  # their handlers are cancelled in this turn of the loop


class _Greeting:
    """A handler whose EHLO tells that the server knows RFC 3461, and whose errors are told once."""

    def __init__(self, handler):
        for name in dir(handler):
            if name.startswith("handle_"):
                setattr(self, name, getattr(handler, name))

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def handle_exception(self, error):
        _LOG.error("%r", error, exc_info=error)
        return "451 4.3.0 An error here: try again later"


def sender(address):
    """The address of a MAIL command in aiosmtpd's words; "" for <>, which it calls by these two characters."""
    return "" if address == "<>" else address


async def deliver(place, hostname, mail_from, recipient, octets, notify="NEVER", envid="", orcpt=""):
    """Give a mail to the server at HOST:PORT; returns whether that knows RFC 3461. Raises Failed and Refused."""
    host, _, port = place.rpartition(":")
    client = aiosmtplib.SMTP(
        hostname=host, port=int(port), local_hostname=hostname, timeout=_ATTEMPT_S, start_tls=False
    )
    try:
        await client.connect()
        await client.ehlo()
        dsn = client.supports_extension("dsn")
        await client.sendmail(
            mail_from, [recipient], octets,
            mail_options=["RET=HDRS"] + (["ENVID=" + envid] if envid else []) if dsn else [],
            rcpt_options=["NOTIFY=" + notify] + (["ORCPT=rfc822;" + orcpt] if orcpt else []) if dsn else [],
        )  # fmt: skip
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):  # the mail is there, whatever comes of this
            await client.quit(timeout=_QUIT_S)
        return dsn
    except aiosmtplib.SMTPRecipientsRefused as error:
        _raise(error.recipients[0])
    except aiosmtplib.SMTPResponseException as error:
        _raise(error)
    except (aiosmtplib.SMTPException, OSError, ValueError, asyncio.TimeoutError) as error:
        raise Failed(str(error) or type(error).__name__) from None
    finally:
        client.close()  # a task that is cancelled in the middle of DATA waits for no answer


def _raise(error):
    text = "%d %s" % (error.code, " ".join(error.message.split())[:200])
    failure = (Refused if error.code >= 500 else Failed)(text)
    failure.code = error.code if error.code > 0 else None  # aiosmtplib's -1 is no answer
    raise failure from None
