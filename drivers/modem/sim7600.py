"""SIM7600, A7670 and A7608: LTE modems by SIMCom with one socket service (NETOPEN) and ten connections on it.

A76XX Series AT Command Manual V1.09, chapters 5 and 15, and A76XX Series TCPIP Application Note V1.00. Octets are
counted, and read when they are asked for (CIPRXGET=1); +CIPSEND tells how many of a block were taken. Not tried on
hardware.

Firmware differs in the order of AT+CGAUTH's user and password. Both orders are accepted when they are set, and a wrong
one shows when the network refuses the context: then the other order is tried once, and the one that worked is kept.
"""

from drivers.modem import family
from drivers.modem.dialogue import is_refusal, read_number
from drivers.modem.lines import consists, fields, read_value
from mms import clock
from mms.errors import BearerError
from mms.limits import const

COMMANDS = (  # name, step, line, seconds, attempts, reply, the line that ends it well: see dialogue.py
    "\n"
    "iccid|sim|AT+CICCID|9|2|+ICCID:|OK\n"
    "acknowledge|sms|AT+CNMA|9|1|-|OK\n"  # refused unless AT+CSMS=1 was set, by whatever program
    "quiet packet|register|AT+CGREG=0|9|2|-|OK\n"
    "quiet eps|register|AT+CEREG=0|9|2|-|OK\n"
    "attached|attach|AT+CGATT?|9|2|+CGATT:|OK\n"
    "attach|attach|AT+CGATT=1|75|2|-|OK\n"  # the manual says 9; roaming takes longer
    'access point|context|AT+CGDCONT=1,"IP",{apn}|9|1|-|OK\n'
    "no login|context|AT+CGAUTH=1,0|9|1|-|OK\n"
    "password first|context|AT+CGAUTH=1,{type},{password},{user}|9|1|-|OK\n"  # 5.2.16
    "user first|context|AT+CGAUTH=1,{type},{user},{password}|9|1|-|OK\n"  # as 3GPP TS 27.007, 10.1.31
    "plain|context|AT+CIPMODE=0|9|2|-|OK\n"
    "quick send|context|AT+CIPSENDMODE=0|9|2|-|OK\n"
    "read by hand|context|AT+CIPRXGET=1|9|2|-|OK\n"
    "net|context|AT+NETOPEN?|9|2|+NETOPEN:|OK\n"
    "context|context|AT+NETOPEN|120|1|-|+NETOPEN:&OK\n"
    "address|context|AT+IPADDR|9|1|+IPADDR:|OK\n"
    "why|context|AT+CEER|9|1|+CEER:|OK\n"
    "down|modem|AT+NETCLOSE|120|1|-|+NETCLOSE:&OK\n"
    "open|connect|AT+CIPOPEN={number},{protocol},{host},{port}|9|1|-|OK\n"
    'port|connect|AT+CIPOPEN={number},"UDP",,,{port}|9|1|-|OK\n'
    "name|connect|AT+CDNSGIP={host}|30|1|+CDNSGIP:|OK\n"
    "send to|send|AT+CIPSEND={number},{octets},{host},{port}|120|1|-|+CIPSEND:&OK\n"
    "send|send|AT+CIPSEND={number},{octets}|120|1|-|+CIPSEND:&OK\n"
    "acknowledged|send|AT+CIPACK={number}|9|2|+CIPACK:|OK\n"
    "state|connect|AT+CIPCLOSE?|9|2|+CIPCLOSE:|OK\n"
    "waiting|receive|AT+CIPRXGET=4,{number}|9|2|+CIPRXGET: 4,|OK\n"
    "receive|receive|AT+CIPRXGET=2,{number},{octets}|9|1|+CIPRXGET: 2,|OK\n"
    "close|connect|AT+CIPCLOSE={number}|120|1|-|+CIPCLOSE:&OK\n"
    "restart|modem|AT+CRESET|9|1|-|OK\n"  # 3.2.6
)
NEWS = (  # word, meaning (see Family): 15.4, and lines that real modules say besides
    "\n+CIPRXGET: 1,|octets 1\n+CIPOPEN:|opened 0\n+IPCLOSE:|closed 0\n+CIPEVENT:|deactivated\n"
    "RDY|reset\n*ATREADY:|reset\nNORMAL POWER DOWN|reset\nSMS DONE|settled\nPB DONE|settled\n"
    "UNDER-VOLTAGE WARNNING|undervoltage\nUNDER-VOLTAGE POWER DOWN|reset\n"  # (sic)
    "+CIPERROR:|\n+IPERROR:|\n+IP ERROR:|\n+IPADDR:|\nRECV FROM:|\n+CREG:|\n+CGREG:|\n+CEREG:|\n+CGEV:|\n+CTZV:|\n"
    "+CTZE:|\n+CUSD:|\nRING|\n+CLIP:|\nNO CARRIER|\nVOICE CALL: BEGIN|\nVOICE CALL:|\nMISSED_CALL:|\n"
)

_PORTS = const(49152)  # the first port of our own for datagrams (RFC 6335, 6)
_OPENED = const(1)  # of +NETOPEN in answer to AT+NETOPEN?


class Sim7600(family.Family):
    """The driver; its contract is that of family.py."""

    TABLES = (COMMANDS, family.COMMANDS), (NEWS, family.NEWS), (family.FINAL,)
    RAT = "LTE"
    SEARCHES = 2, 0  # "if not in LTE, the <AcT> is needed" (A76XX manual V2.03, 4.2.2.1)
    ACKNOWLEDGES = True
    REGISTRATIONS = ("eps", "packet", "registration")
    OPTIONAL = ("quiet packet", "quiet eps")
    CELLS = "cpsi"
    FASTEST = 921600
    CONNECTIONS = 10
    CONNECT_MS = 120000  # 15.2.3
    LEAVE = b"AT+NETCLOSE"
    login = "password first", "user first"  # the names of the commands, the one to be tried first in front
    peers = []  # of connections for datagrams: (number, address, port)

    async def define_context(self, profile):
        """Tell the modem the access point, and how octets are to be exchanged."""
        self._profile = profile
        await self.ask("access point", profile.apn)
        if profile.user:
            await self._log_in()
        else:
            await self.ask("no login")
        for name in ("plain", "quick send", "read by hand"):
            await self.ask(name)

    async def activate(self):
        """Bring the context up: the handset's IP address."""
        try:
            await self._activate()
        except BearerError as error:
            if not self._profile.user:
                raise
            why = await self.ask_why() or error.text  # of the other order the modem may only know that it is wrong
            self.login = self.login[1], self.login[0]
            try:
                await self._log_in()
                await self._activate()
            except BearerError:
                self.login = self.login[1], self.login[0]  # neither order helped
                raise BearerError("context", error.code, why)
        return read_value(await self.ask("address"), 0)

    async def deactivate(self):
        """Take the context down, with every connection on it, if there is one."""
        if await self._is_open():
            await self.ask("down")

    async def connect(self, number, host, port, udp):
        """Ask for a connection, or open a port of our own: each datagram names its peer, by its address (15.2.4)."""
        if not udp:
            await self.ask("open", number, "TCP", host, port)
            return
        if not consists(host, "0123456789."):
            host = fields((await self.ask("name", host) + [""])[0])[-1]
        self.peers = [peer for peer in self.peers if peer[0] != number] + [(number, host, port)]
        await self.ask("port", number, _PORTS + clock.ticks() % 16000)

    def send_datagram(self, number, octets):
        """The command for a datagram of a connection, with the address of its peer."""
        host, port = [peer[1:] for peer in self.peers if peer[0] == number][0]
        return "send to", (number, octets, host, port)

    async def is_up(self, number, opening):
        """Whether a connection is up, by the list of CIPCLOSE? (15.2.6)."""
        lines = await self.ask("state")
        up = bool(lines) and fields(lines[0])[number : number + 1] == ["1"]
        return up or (None if opening else False)  # it says 0 of a connection that is being opened

    async def _log_in(self):
        """Tell the modem user and password, in the other order too where the first one is refused."""
        try:
            await self._authenticate(self.login[0])
        except BearerError:
            self.login = self.login[1], self.login[0]
            await self._authenticate(self.login[0])

    async def _authenticate(self, name):
        profile = self._profile
        values = [profile.user, profile.password or ""]
        if name == "password first":
            values.reverse()
        await self.ask(name, 2 if profile.auth == "chap" else 1, *values)

    async def _activate(self):
        try:
            result = read_number("context", await self.ask("context"), 0)
        except BearerError as error:
            if not is_refusal(error) or not await self._is_open():  # "Network is already opened"
                raise
            return
        if result:
            raise BearerError("context", result)

    async def _is_open(self):
        return read_number("context", await self.ask("net"), 0) == _OPENED


open = Sim7600  # drivers.modem finds a family by this name
