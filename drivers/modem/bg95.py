"""BG95, BG96, EC21, EC25 and EG91: LTE modems by Quectel, twelve connections on context 1.

Quectel's BG95&BG77 TCP/IP Application Note, as drivers of others quote it. A connection buffers what comes until it is
read (QIOPEN with access mode 0), and SEND OK means that the whole block was taken. Not tried on hardware.
"""

from drivers.modem import family
from drivers.modem.lines import fields, read_value
from mms.errors import ModemError

COMMANDS = (  # name, step, line, seconds, attempts, reply, the line that ends it well: see dialogue.py
    "\n"
    "iccid|sim|AT+QCCID|5|2|+QCCID:|OK\n"
    "acknowledge|sms|AT+CNMA|5|1|-|OK\n"  # refused unless AT+CSMS=1 was set, by whatever program
    "quiet packet|register|AT+CGREG=0|5|2|-|OK\n"
    "quiet eps|register|AT+CEREG=0|5|2|-|OK\n"
    "attached|attach|AT+CGATT?|5|2|+CGATT:|OK\n"
    "attach|attach|AT+CGATT=1|140|2|-|OK\n"
    "access point|context|AT+QICSGP=1,1,{apn},{user},{password},{type}|5|1|-|OK\n"
    "context|context|AT+QIACT=1|150|1|-|OK\n"
    "address|context|AT+QIACT?|150|1|+QIACT: 1,|OK\n"
    "down|modem|AT+QIDEACT=1|40|1|-|OK\n"
    "open|connect|AT+QIOPEN=1,{number},{protocol},{host},{port},0,0|10|1|-|OK\n"
    "send|send|AT+QISEND={number},{octets}|120|1|-|SEND OK\n"
    "acknowledged|send|AT+QISEND={number},0|5|2|+QISEND:|OK\n"
    "state|connect|AT+QISTATE=1,{number}|5|2|+QISTATE:|OK\n"
    "waiting|receive|AT+QIRD={number},0|5|2|+QIRD:|OK\n"
    "receive|receive|AT+QIRD={number},{octets}|5|1|+QIRD:|OK\n"
    "close|connect|AT+QICLOSE={number}|10|1|-|OK\n"
)
NEWS = (  # word, meaning (see Family)
    '\n+QIURC: "recv",|octets 1\n+QIURC: "closed",|closed 1\n+QIURC: "pdpdeact",|deactivated\n+QIOPEN:|opened 0\n'
    "RDY|reset\nAPP RDY|reset\n+CFUN:|reset\nPOWERED DOWN|reset\nNORMAL POWER DOWN|reset\n+QIND:|settled\n"
    "+QIURC:|\n+QUSIM:|\n+CREG:|\n+CGREG:|\n+CEREG:|\n+CGEV:|\n+CTZV:|\n+CTZE:|\n+CUSD:|\nRING|\n+CLIP:|\n"
    "NO CARRIER|\n"
)
FINAL = "\nSEND OK|good\nSEND FAIL|bad\n"


class Bg95(family.Family):
    """The driver; its contract is that of family.py."""

    TABLES = (COMMANDS, family.COMMANDS), (NEWS, family.NEWS), (FINAL, family.FINAL)
    RAT = "LTE"
    ACKNOWLEDGES = True
    REGISTRATIONS = ("eps", "packet", "registration")
    OPTIONAL = ("quiet packet", "quiet eps")
    CELLS = "qeng_lte"
    FASTEST = 921600
    CONNECTIONS = 12
    CONNECT_MS = 150000
    HOLDS = True
    LEAVE = b"AT+QIDEACT=1"
    FULL = "SEND FAIL"  # the buffer is full
    TAKEN = None
    COUNT, LEFT = 0, None

    async def define_context(self, profile):
        """Tell the modem the access point; a profile without a user has no authentication."""
        kind = {"pap": 1, "chap": 2}.get(profile.auth, 3) if profile.user else 0
        await self.ask("access point", profile.apn, profile.user or "", profile.password or "", kind)

    async def activate(self):
        """Bring the context up: the handset's IP address."""
        await self.ask("context")
        return read_value(await self.ask("address"), 3)

    async def deactivate(self):
        """Take the context down, with every connection on it: one that the network ended, too, or it stays refused."""
        up = await self.ask("address")
        try:
            await self.ask("down")
        except ModemError:
            if up:
                raise

    async def is_up(self, number, opening):
        """Whether a connection is up, by the state that QISTATE tells: 1 connecting, 2 (or 3, in a log) connected."""
        lines = await self.ask("state", number)
        state = fields(lines[0])[5:6] if lines else []
        return None if state == ["1"] else state in (["2"], ["3"])


open = Bg95  # drivers.modem finds a family by this name
