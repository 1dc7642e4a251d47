"""M66 and M95: GSM modems by Quectel with six connections (QIMUX=1). Experimental.

Quectel's GSM TCPIP Application Notes V1.1 and M95 AT Commands Manual V3.1, as drivers of others quote them; neither was
at hand. SEND OK means that the modem has taken a block, and QISACK tells how much the peer has acknowledged. Octets are
read when they are asked for (QINDI=1); nothing tells how many wait. Not tried on hardware.

Unsure, for want of the manuals: that a connection can be read to its end after CLOSED; that every firmware has the list
of QISTATE between two OKs, and bare digits for AT+QCCID; that user and password serve PAP and CHAP alike, since
`profile.auth` is of no use here; what AT+QENG=1,1 tells.
"""

from drivers.modem import family
from drivers.modem.dialogue import is_refusal
from drivers.modem.lines import consists, fields
from mms.errors import ModemError

COMMANDS = (  # name, step, line, seconds, attempts, reply, the line that ends it well: see dialogue.py
    "\n"
    "iccid|sim|AT+QCCID|5|2|#F|OK\n"
    "attached|attach|AT+CGATT?|10|2|+CGATT:|OK\n"
    "attach|attach|AT+CGATT=1|75|2|-|OK\n"
    "down|modem|AT+QIDEACT|40|1|-|DEACT OK\n"
    "foreground|context|AT+QIFGCNT=0|5|2|-|OK\n"
    "many|context|AT+QIMUX=1|5|2|-|OK\n"
    "plain|context|AT+QIMODE=0|5|2|-|OK\n"
    "read by hand|context|AT+QINDI=1|5|2|-|OK\n"
    "client|context|AT+QISRVC=1|5|2|-|OK\n"
    "no echo|context|AT+QISDE=0|5|2|-|OK\n"  # else the octets of each block come back
    "access point|context|AT+QICSGP=1,{apn},{user},{password}|5|1|-|OK\n"
    "begin|context|AT+QIREGAPP|5|1|-|OK\n"
    "context|context|AT+QIACT|150|1|-|OK\n"
    "address|context|AT+QILOCIP|5|1|#.|*\n"  # answers the bare address and no OK
    "by name|connect|AT+QIDNSIP={named}|5|2|-|OK\n"
    "open|connect|AT+QIOPEN={number},{protocol},{host},{port}|10|1|-|OK\n"
    "send|send|AT+QISEND={number},{octets}|30|1|-|SEND OK\n"
    "acknowledged|send|AT+QISACK={number}|5|2|+QISACK:|OK\n"
    "state|connect|AT+QISTATE|5|2|+QISTATE:|OK&OK\n"  # the list stands between two
    "receive|receive|AT+QIRD=0,1,{number},{octets}|5|1|+QIRD:|OK\n"
    "close|connect|AT+QICLOSE={number}|10|1|-|CLOSE OK\n"
)
NEWS = (  # word, meaning (see Family)
    "\n+QIRDI:|octets 2\nCLOSED|closed\nCONNECT OK|connected\nCONNECT FAIL|refused\nALREADY CONNECT|refused\n"
    "+PDP DEACT|deactivated\nRDY|reset\n+CFUN:|reset\nNORMAL POWER DOWN|reset\nUNDER_VOLTAGE POWER DOWN|reset\n"
    "OVER_VOLTAGE POWER DOWN|reset\nCall Ready|settled\nSMS Ready|settled\n"
    "UNDER_VOLTAGE WARNING|undervoltage\nOVER_VOLTAGE WARNING|undervoltage\n"
    "+CREG:|\n+CGREG:|\n+CGEV:|\n+CTZV:|\n+QNITZ:|\n+CUSD:|\nRING|\n+CRING:|\n+CLIP:|\nNO CARRIER|\n+QENG:|\n+CBM:|+\n"
)
FINAL = "\nDEACT OK|good\nCLOSE OK|good\nSEND OK|good\nSEND FAIL|bad\n"


class M66(family.Family):
    """The driver; its contract is that of family.py."""

    TABLES = (COMMANDS, family.COMMANDS), (NEWS, family.NEWS), (FINAL, family.FINAL)
    EXPERIMENTAL = True
    CELLS = "qeng_gsm"
    FASTEST = 115200
    CONNECTIONS = 6
    CONNECT_MS = 80000  # 75 s, and what a busy modem takes
    LEAVE = b"AT+QIDEACT"
    TAKEN = WAITING = None
    COUNT, LEFT = 2, None  # +QIRD: 10.1.1.1:8080,TCP,1460

    async def define_context(self, profile):
        """Tell the modem how octets are to be exchanged, and the access point."""
        for name in ("foreground", "many", "plain", "client", "read by hand", "no echo"):
            await self.ask(name)
        await self.ask("access point", profile.apn, profile.user or "", profile.password or "")
        await self.ask("begin")

    async def activate(self):
        """Bring the context up: the handset's IP address."""
        await self.ask("context")
        return (await self.ask("address"))[-1]

    async def deactivate(self):
        """Take the context down, with every connection on it; a modem without one refuses."""
        try:
            await self.ask("down")
        except ModemError as error:
            if not is_refusal(error):
                raise

    async def connect(self, number, host, port, udp):
        """Ask for a connection: the modem is told first whether it is to a name or to an address."""
        await self.ask("by name", int(not consists(host, "0123456789.")))
        await self.ask("open", number, "UDP" if udp else "TCP", host, port)

    async def is_up(self, number, opening):
        """Whether a connection is up, by the last value of its line: one that failed is CONNECTING for ever."""
        for line in await self.ask("state"):
            values = fields(line)
            if values[0] == "%d" % number and values[-1] != "CONNECTING":
                return values[-1] == "CONNECTED"
        return None


open = M66  # drivers.modem finds a family by this name
