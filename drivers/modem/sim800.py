"""SIM800: two IP stacks in one modem; this uses the socket one (AT Command Manual V1.09, chapter 8).

Up to six connections (CIPMUX=1); quick sending (CIPQSEND=1) with CIPACK as the proof of delivery;
octets are read when asked for and counted (CIPRXGET=1), never in between lines. Not tried on
hardware.

A profile's user and password go into AT+CSTT, for PAP and for CHAP alike: the manual has no
AT+CGAUTH. Which of the two is spoken is settled between modem and network, so `profile.auth`
cannot be told to this family.
"""

import asyncio

from drivers.modem import at, base
from drivers.modem.connection import Connection, make_buffers
from drivers.modem.digester import fields
from mms import clock
from mms.errors import BearerError, ModemError
from mms.limits import BLOCK, const

COMMANDS = (  # name, step, line, seconds, attempts, what its replies are (see digester), what ends it well
    "\n"
    "attached|attach|AT+CGATT?|10|2|+CGATT:|OK\n"
    "attach|attach|AT+CGATT=1|75|2|-|OK\n"  # the manual says 10; roaming takes longer
    "shut|modem|AT+CIPSHUT|65|1|-|SHUT OK\n"
    "many|modem|AT+CIPMUX=1|5|2|-|OK\n"
    "manual read|modem|AT+CIPRXGET=1|5|2|-|OK\n"
    "quick send|modem|AT+CIPQSEND=1|5|2|-|OK\n"
    "access point|context|AT+CSTT={apn},{user},{password}|5|1|-|OK\n"
    "context|context|AT+CIICR|85|1|-|OK\n"
    "address|context|AT+CIFSR|5|1|#.|*\n"  # answers the bare address and no OK
    "why|context|AT+CEER|5|1|+CEER:|OK\n"
    "open|connect|AT+CIPSTART={number},{protocol},{host},{port}|10|1|-|OK\n"
    "room|send|AT+CIPSEND?|5|2|+CIPSEND:|OK\n"
    "send|send|AT+CIPSEND={number},{octets}|30|1|-|DATA ACCEPT:\n"
    "acknowledged|send|AT+CIPACK={number}|5|2|+CIPACK:|OK\n"
    "state|connect|AT+CIPSTATUS={number}|5|2|+CIPSTATUS:|OK\n"
    "waiting|receive|AT+CIPRXGET=4,{number}|5|2|+CIPRXGET: 4,|OK\n"
    "receive|receive|AT+CIPRXGET=2,{number},{octets}|5|1|+CIPRXGET: 2,|OK\n"
    "close|connect|AT+CIPCLOSE={number}|10|1|-|CLOSE OK\n"
    "restart|modem|AT+CFUN=1,1|10|1|-|OK\n"
    "supply|modem|AT+CBATCHK=1|5|1|-|OK\n"  # without it a weak supply is not told
    "no time|modem|AT+CLTS=0|5|1|-|OK\n"  # somebody may have switched the lines of network time on for ever
)
UNSOLICITED = (
    (  # manual 19.3, and what real modules say besides
        "\n+CIPRXGET: 1,\nCLOSED\nCONNECT\nCONNECT OK\nCONNECT FAIL\nALREADY CONNECT\nRECV FROM:\nREMOTE IP:\n+IPD,\n"
        "+RECEIVE,\n+CDNSGIP:\n+PDP: DEACT\n+SAPBR 1:\n+SAPBR 2:\n+SAPBR 3:\n+HTTPACTION:\n"
        "+FTPGET:\n+FTPPUT:\n+FTPDELE:\n+FTPSIZE:\n+FTPMKD:\n+FTPRMD:\n+FTPLIST:\n"
        "RDY\n+CFUN:\nCall Ready\nSMS Ready\nCHARGE-ONLY MODE\nNORMAL POWER DOWN\n"
        "UNDER-VOLTAGE WARNNING\nUNDER-VOLTAGE POWER DOWN\nOVER-VOLTAGE WARNNING\nOVER-VOLTAGE POWER DOWN\n"  # (sic)
        "+CREG:\n+CGREG:\n+CGEV:\n+CMTE:\n+CUSD:\n+CLIP:\n+COLP:\n+CLCC:\n+CRING:\nRING\nMO RING\nMO CONNECTED\n"
        "NO CARRIER\n+CCWA:\n+CCWV\n+CSSI:\n+CSSU:\n+CDRIND:\n+CHF:\n+CR:\n+CENG:\n+CSQN:\n+CSMINS:\n"
        "+SIMTONE:\n+STTONE:\n+DTMF:\n+CTTS:\n+CALV:\nALARM RING\n+STKPCI:\n"
        "+CIEV:\n*PSNWID:\n*PSUTTZ:\n+CTZV:\nDST:\n",  # +CIEV is in no manual
    )
    + base.UNSOLICITED[0],
    ("\n+CBM:\n",) + base.UNSOLICITED[1],
)
FINAL = ("\nSHUT OK\nCLOSE OK\nDATA ACCEPT:\nSEND OK\n",) + base.FINAL[0], ("\nSEND FAIL\n",) + base.FINAL[1]

_RESETS = (
    "RDY",
    "+CFUN:",  # of a modem that is ready these two are news only when it begins anew, with RDY or without...
    "+CPIN:",  # ... or when the card was taken out, or put back and wants its PIN
    "NORMAL POWER DOWN",
    "UNDER-VOLTAGE POWER DOWN",
    "OVER-VOLTAGE POWER DOWN",
    at.LOST,
    at.ECHOED,  # ATE0 is forgotten with the power: an autobauding modem says nothing else
)
_SETTLED = "Call Ready", "SMS Ready"  # they end a beginning: of one that nobody saw, if none was...
_SETTLED_MS = const(60000)  # ... so shortly before
_EARLY_MS = const(5000)  # real ones refused to attach twice with +CME ERROR: 100, and did it then
_CONNECTIONS = const(6)
_CONNECT_MS = const(80000)  # of a real one "CONNECT FAIL" came 75.5 s after OK
_DOWN_MS = const(2000)  # after the OK of a restart it still answers for a while
_COUNT = const(2)  # of "+CIPRXGET: 2,<number>,<octets>,<left>"...
_LEFT = const(3)


class Sim800(base.Modem):
    """The driver; the contract stands in base.py."""

    TABLES = (COMMANDS, base.COMMANDS), UNSOLICITED, FINAL

    def __init__(self, pipe, events, power=None):
        super().__init__(pipe, events, power)
        self._connections = [None] * _CONNECTIONS
        self._buffers = make_buffers()  # once, before memory is in pieces
        self._profile = None  # what the context was made for, while it is up
        self._prepared = 0  # ticks
        self._bearer_lock = asyncio.Lock()
        self.block = BLOCK  # octets that it takes at a time

    async def attach(self, profile):
        """GPRS and a context for `profile`; raises BearerError("attach" or "context", code)."""
        wanted = (profile.apn, profile.user or "", profile.password or "")
        async with self._bearer_lock:
            if self._profile == wanted:
                return
            self._check_ready("attach")
            await self._down()
            if "+CGATT: 1" not in await self._ask("attached"):
                await self._patient("attach", early=_EARLY_MS)
            self._events.say("attached")
            for name in ("many", "manual read", "quick send"):
                await self._ask(name)
            await self._ask("access point", *wanted)
            try:
                await self._ask("context")
                address = (await self._ask("address"))[-1]
            except BearerError as error:
                raise BearerError("context", error.code, await self._why(error.text))
            self._profile = wanted
            self._events.say("context_up", address=address)

    async def release(self):
        """Take the context down, with every connection on it."""
        async with self._bearer_lock:
            await self._down()

    async def open(self, host, port, udp=False):
        """A Connection to `host` (name or address); raises BearerError("connect")."""
        self._check_ready("connect")
        if self._profile is None:
            raise BearerError("connect", None, "no context")
        if None not in self._connections:
            raise BearerError("connect", None, "all %d connections are open" % _CONNECTIONS)
        connection = Connection(self, self._connections.index(None), udp, self._buffers)
        self._buffers = None
        self._connections[connection.number] = connection
        try:
            try:
                await self._ask("open", connection.number, "UDP" if udp else "TCP", host, port)
            except BearerError:
                self._profile = None  # it may have been reset without a word: the context is made anew
                raise
            well = await connection.settled(_CONNECT_MS)
            if not well:
                raise BearerError("connect", None, "" if well is None else "the connection was refused")
            await self._measure(connection.number)
        except BaseException:  # CancelledError too: the modem must not stay connected
            connection.close()
            raise
        connection.start()
        self._events.say("connected", host=host, port=port)
        return connection

    async def power_cycle(self):
        """Off and on again by the board, or else a restart by command."""
        self._lost("the modem was restarted")
        if self._power is not None:
            await self._power()
        else:
            await self._ask("restart")
            await clock.sleep(_DOWN_MS)

    # What a Connection asks for, by number

    async def push(self, number, block):
        """Send up to one block: the octets that the modem took."""
        octets = min(len(block), self.block)
        try:
            lines = await self._dialogue.send_block("send", block[:octets], number, octets, escape=self._way_out)
        except BearerError as error:
            if error.code is None and not error.text:  # it may still wait for octets that got lost: see _way_out
                self._bearer_lost("a block was not taken")
            if not at.refused(error):  # SEND FAIL, or no answer
                raise
            before = self.block  # what it takes at a time changes with the network
            await self._measure(number)
            if self.block >= before:
                raise
            return 0
        return min(octets, at.number("send", lines[-1:], -1))

    async def acknowledged(self, number):
        """Octets that the peer has acknowledged."""
        return at.number("send", await self._ask("acknowledged", number), 1)

    async def state(self, number):
        """What the modem says of a connection, "" when it says nothing."""
        try:
            lines = await self._ask("state", number)
        except BearerError:
            return ""
        return fields(lines[0])[-1] if lines else ""

    async def waiting(self, number, closed):
        """Octets received and not yet read; none when the modem has forgotten the connection after its end."""
        for _ in range(2):  # one may be of a line that arrived in pieces
            try:
                return at.number("receive", await self._ask("waiting", number), 2)
            except BearerError as error:
                if not closed or not at.refused(error):
                    raise
        return 0

    async def pull(self, number, target, octets):
        """Read `octets`, not more than are waiting, into `target`: (octets, how many are left)."""
        view = memoryview(target)[:octets]
        taken, header = await self._dialogue.read_block("receive", view, _COUNT, number, octets)
        if taken > octets:
            raise BearerError("receive", None, "%d octets instead of %d" % (taken, octets))
        left = header[_LEFT] if len(header) > _LEFT else ""
        return taken, int(left) if left.isdigit() else 0

    def shut(self, connection):
        """The connection is given up: its number is free when the modem has closed it."""
        if connection.up and self._ready:
            self._closing = asyncio.create_task(self._close(connection))
        else:
            self._free(connection)

    async def _close(self, connection):
        try:
            await self._ask("close", connection.number)
        except ModemError:
            pass  # the peer was faster
        finally:
            self._free(connection)

    def _free(self, connection):
        if self._connections[connection.number] is connection:
            self._connections[connection.number] = None
        self._buffers = self._buffers or connection.buffers()

    def _way_out(self):
        # A program that was killed in the middle of a block left a modem that takes everything for data. So much ends
        # any block, and then the context goes with all that is in it, so that in the lab what fills the block never
        # reaches the peer. The commands are few, since a modem with type-ahead runs each of them for up to 100 ms; the
        # empty lines between them cost nothing, and are what a modem without type-ahead misses while it ends the block.
        # No modem of metal has been tried.
        return super()._way_out() + (b"\r" * 120 + b"AT+CIPSHUT") * (BLOCK // 130 + 4) + b"\r"

    async def _prepare(self):
        await super()._prepare()
        self._prepared = clock.ticks()
        for name in ("supply", "no time"):
            await self._try(name)

    async def _down(self):
        self._bearer_lost("the context was released")
        await self._ask("shut")

    async def _measure(self, number):
        """How many octets the modem takes at a time: less than CIPSEND? says of the connection (manual 8.2.3)."""
        room = BLOCK + 1
        lines = await self._ask("room")
        for line in lines:
            if len(lines) == 1 or fields(line)[0] == "%d" % number:
                room = min(room, at.number("send", [line], -1))
        self.block = max(1, min(BLOCK, room - 1))

    async def _try(self, name):
        """Ask for what not every firmware has."""
        try:
            await self._ask(name)
        except ModemError:
            pass

    async def _why(self, text):
        try:
            reason = (await self._ask("why"))[0][len("+CEER:") :].strip()
            return text if not reason or reason.startswith("No ") else reason  # No cause, No information available
        except (ModemError, IndexError):
            return text

    def _check_ready(self, step):
        if not self._ready:
            raise BearerError(step, None, "the modem has to be started first")

    def _hear(self, word, text, second):
        if word in ("+CIPRXGET: 1,", "CLOSED", "CONNECT OK", "CONNECT FAIL", "ALREADY CONNECT"):
            self._of_connection(text)
        elif word == "+PDP: DEACT":
            self._deactivated()
        elif word in _RESETS or word in _SETTLED and not 0 <= clock.since(self._prepared) < _SETTLED_MS:
            self._reset()
        elif word.endswith("WARNNING"):
            self._events.say("undervoltage", text=text)
        else:
            super()._hear(word, text, second)

    def _of_connection(self, text):
        digit = fields(text)[1] if text.startswith("+CIPRXGET") else text[:1]
        connection = self._connections[int(digit)] if digit in ("0", "1", "2", "3", "4", "5") else None
        if connection is None:
            return
        if text.startswith("+CIPRXGET"):
            connection.announce()
        elif text.endswith("CLOSED"):
            connection.closed()
        else:
            connection.connected(text.endswith("CONNECT OK"))

    def _deactivated(self):
        if self._profile is not None:
            self._bearer_lost("the network took the context down")
            self._events.say("context_lost")

    def _reset(self):
        """The modem restarted or is about to go, which it says, or it echoes again; or its card did."""
        if self._ready:
            self._lost("the modem was reset")
            self._events.say("modem_reset")
            self._dialogue.abort("the modem was reset")

    def _lost(self, text):
        super()._lost(text)
        self._bearer_lost(text)

    def _bearer_lost(self, text):
        self._profile = None
        for number, connection in enumerate(self._connections):
            if connection is not None:
                connection.fail(BearerError("receive", None, text))
                self._connections[number] = None
