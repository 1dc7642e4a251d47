"""SARA-G3, SARA-U2 and SARA-R4: modems by u-blox for GSM, UMTS and LTE, with seven sockets. Experimental.

SARA-R4/N4 AT Commands Manual (UBX-17003787 R09, R16), chapters 13 and 18, and logs; that of SARA-G3 and U2
(UBX-13002752) was not at hand. Up to 1,024 octets go and come at a time, as they are: a block goes 50 ms after the
prompt @, in pieces, since the modem ends it when the peer closes and takes the rest for commands (19.10.1); an answer
has its octets between quotation marks. The modem gives each connection its number. Not tried on hardware.

SARA-G3 and U2 have a profile for the context (UPSD, UPSDA); SARA-R4 has the bearer that it was attached with, so that
another access point, user or password needs an attach of its own (CGDCONT, UAUTHREQ). Editions of its manual differ in
the order of user and password: a network that refuses one order gets the other one, and the one that worked is kept.

Unsure, for want of the manual: how UPSDA reports a context that fails after its OK; that SARA-G3 and U2 want the pause
after @ as R4 does, and tell octets that are not acknowledged (AT+USOCTL with 11) as it does; what AT+CGED=3 tells.
"""

from drivers.modem import family
from drivers.modem.dialogue import is_refusal, read_number
from drivers.modem.lines import fields, read_value
from mms import clock
from mms.errors import BearerError, ModemError
from mms.limits import const

COMMANDS = (  # name, step, line, seconds, attempts, reply, the line that ends it well: see dialogue.py
    "\n"
    "iccid|sim|AT+CCID|5|2|+CCID:|OK\n"
    'greeting|modem|AT+CSGT=1,"RDY"|5|2|-|OK\n'  # no other line would tell of a restart (27.007, 8.32)
    "acknowledge|sms|AT+CNMA|5|1|-|OK\n"  # refused unless AT+CSMS=1 was set, by whatever program
    "quiet packet|register|AT+CGREG=0|5|2|-|OK\n"
    "quiet eps|register|AT+CEREG=0|5|2|-|OK\n"
    "attached|attach|AT+CGATT?|10|2|+CGATT:|OK\n"
    "attach|attach|AT+CGATT=1|180|2|-|OK\n"
    "detach|context|AT+CGATT=0|40|1|-|OK\n"
    "attach anew|context|AT+CGATT=1|180|1|-|OK\n"
    "model|context|AT+CGMM|5|2|?|OK\n"
    "access point|context|AT+UPSD=0,1,{apn}|5|1|-|OK\n"
    "user|context|AT+UPSD=0,2,{user}|5|1|-|OK\n"
    "password|context|AT+UPSD=0,3,{password}|5|1|-|OK\n"
    "login|context|AT+UPSD=0,6,{type}|5|1|-|OK\n"
    'any address|context|AT+UPSD=0,7,"0.0.0.0"|5|1|-|OK\n'
    "context|context|AT+UPSDA=0,3|180|1|-|OK\n"
    "status|context|AT+UPSND=0,8|5|2|+UPSND:|OK\n"
    "address|context|AT+UPSND=0,0|5|2|+UPSND:|OK\n"
    "down|modem|AT+UPSDA=0,4|40|1|-|OK\n"
    "points|context|AT+CGDCONT?|5|2|+CGDCONT:|OK\n"
    'bearer|context|AT+CGDCONT=1,"IP",{apn}|5|1|-|OK\n'
    "no login|context|AT+UAUTHREQ=1,0|5|1|-|OK\n"
    "user first|context|AT+UAUTHREQ=1,{type},{user},{password}|5|1|-|OK\n"  # R09, 13.15
    "password first|context|AT+UAUTHREQ=1,{type},{password},{user}|5|1|-|OK\n"  # R16
    "bearer up|context|AT+CGACT=1,1|150|1|-|OK\n"
    "bearer address|context|AT+CGPADDR=1|5|2|+CGPADDR:|OK\n"
    "allot|connect|AT+USOCR={protocol}|10|1|+USOCR:|OK\n"
    "open|connect|AT+USOCO={number},{host},{port}|130|1|-|OK\n"
    "send|send|AT+USOWR={number},{octets}|120|1|+USOWR:|OK\n"
    "acknowledged|send|AT+USOCTL={number},11|10|2|+USOCTL:|OK\n"
    "last error|send|AT+USOCTL={number},1|10|2|+USOCTL:|OK\n"
    "state|connect|AT+USOCTL={number},10|10|2|+USOCTL:|OK\n"
    'receive|receive|AT+USORD={number},{octets}|10|1|+USORD:"|OK\n'
    "close|connect|AT+USOCL={number}|120|1|-|OK\n"
    "restart|modem|AT+CFUN=16|15|1|-|OK\n"
)
NEWS = (  # word, meaning (see Family)
    "\nRDY|reset\n+UUSORD:|octets 0\n+UUSORF:|octets 0\n+UUSOCL:|closed 0\n+UUPSDD:|deactivated\n"
    "+UUPSDA:|\n+UUSOCO:|\n+UUSIMSTAT:|\n+UMWI:|\n+UCALLSTAT:|\n+CREG:|\n+CGREG:|\n+CEREG:|\n+CGEV:|\n+CTZV:|\n"
    "+CTZE:|\n+CUSD:|\nRING|\n+CRING:|\n+CLIP:|\nNO CARRIER|\n+CBM:|+\n"
)

_UP_MS = const(30000)  # after the OK to UPSDA
_POLL_MS = const(200)
_FULL = const(11)


class Sara(family.Family):
    """The driver; its contract is that of family.py."""

    TABLES = (COMMANDS, family.COMMANDS), (NEWS, family.NEWS), (family.FINAL,)
    EXPERIMENTAL = True
    ACKNOWLEDGES = True
    REGISTRATIONS = ("eps", "packet", "registration")
    OPTIONAL = ("greeting", "quiet packet", "quiet eps")
    CELLS = "cged"
    FASTEST = 921600
    CONNECTIONS = 7
    BLOCK = 1024  # 18.10.3
    LEAVE = b"AT+UPSDA=0,4"
    UNWIRED = b"AT&K0\r"  # a pull-up holds RTS off where nothing drives it (UBX-13000995, 1.9.1.3)
    UNACKED = True
    TAKEN = COUNT = 1
    ACKED, WAITING, LEFT = 2, None, None  # to ask how many octets wait takes as long as to read them
    bearer = False  # whether the context is the bearer that the modem was attached with: SARA-R4
    login = "user first", "password first"  # the names of the commands, the one to be tried first in front

    async def ask_why(self):
        """The reason of the last refusal, but not 148: a SARA-U201 says that whatever was, writes u-blox in ubxlib."""
        reason = await super().ask_why()
        return "" if ", 148, " in reason else reason

    async def define_context(self, profile):
        """Tell the modem the access point, user and password."""
        self.bearer = "-R4" in "".join(await self.ask("model"))
        if self.bearer:
            self._profile = profile
            return
        kind = 2 if profile.auth == "chap" else 1
        await self.ask("access point", profile.apn)
        await self.ask("login", kind if profile.user else 0)
        if profile.user:
            await self.ask("user", profile.user)
            await self.ask("password", profile.password or "")
        await self.ask("any address")

    async def activate(self):
        """Bring the context up: the handset's IP address."""
        if self.bearer:
            return await self._attach_bearer()
        await self.ask("context")
        since = clock.ticks()
        while not await self._is_up():
            if clock.since(since) > _UP_MS:
                raise BearerError("context", None, "the context did not come up")
            await clock.sleep(_POLL_MS)
        return read_value(await self.ask("address"), 2)

    async def _attach_bearer(self):
        """Attach with the profile where its access point is another one, or it has a user: the handset's IP address."""
        profile = self._profile
        told = [fields(line) for line in await self.ask("points")]
        if profile.user:
            try:
                await self._attach_anew(self.login[0])
            except BearerError:
                self.login = self.login[1], self.login[0]
                await self._attach_anew(self.login[0])
        elif ["1", profile.apn] not in [values[:1] + values[2:3] for values in told]:
            await self._attach_anew("no login")
        else:
            await self.ask("bearer up")
        return read_value(await self.ask("bearer address"), 1)

    async def _attach_anew(self, name):
        profile = self._profile
        await self.ask("detach")  # a bearer that is up takes no login (13.15.1)
        await self.ask("bearer", profile.apn)
        values = [profile.user, profile.password or ""]
        if name == "password first":
            values.reverse()
        if name == "no login":
            await self.ask(name)
        else:
            await self.ask(name, 2 if profile.auth == "chap" else 1, *values)
        await self.ask("attach anew")
        await self.ask("bearer up")

    async def deactivate(self):
        """Take the context down, if there is one, and free every socket, those too that another program left."""
        if not self.bearer and await self._is_up():
            await self.ask("down")
        for number in range(self.CONNECTIONS):
            try:
                await self.ask("close", number)
            except ModemError as error:
                if not is_refusal(error):
                    raise

    async def _is_up(self):
        """Whether the context of the profile is up; a modem without profiles has none."""
        try:
            lines = await self.ask("status")
        except BearerError as error:
            if not is_refusal(error):
                raise
            lines = []
        return bool(lines) and fields(lines[0])[2:3] == ["1"]

    async def allot(self, udp):
        """The number that the modem gives to a new socket: protocol 17 is UDP, 6 TCP (18.3)."""
        lines = await self.ask("allot", 17 if udp else 6)
        number = fields((lines + [""])[0])[0]
        if number not in list("0123456"):
            raise BearerError("connect", None, "an answer without its number")
        return int(number)

    async def connect(self, number, host, port, udp):
        """Connect a socket: whether it is up. Meanwhile the modem answers nothing else (18.9.3)."""
        try:
            await self.ask("open", number, host, port)
        except BearerError as error:
            if not is_refusal(error):
                raise
            return False
        return True

    async def ask_room(self, number):
        """How many octets go at a time: none while the modem's queue is full, whose error is 11 (R16, 19.10.1)."""
        return 0 if read_number("send", await self.ask("last error", number), 2) == _FULL else self.BLOCK

    async def is_up(self, number, opening):
        """Whether a connection is up: 4 is established, 2 and 3 are the way there (18.16)."""
        state = fields((await self.ask("state", number) + [""])[0])[2:3]
        return None if state in (["2"], ["3"]) else state == ["4"]


open = Sara  # drivers.modem finds a family by this name
