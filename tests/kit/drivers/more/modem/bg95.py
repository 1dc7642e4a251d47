"""BG95 and EC2x as far as a test of the rooms that all families share needs them: tables and hooks only.

Quectel BG95&BG77 TCP/IP Application Note, as drivers of others quote it.
"""

from drivers.modem import family
from drivers.modem.lines import fields

COMMANDS = (
    "\n"
    "attached|attach|AT+CGATT?|5|2|+CGATT:|OK\n"
    "attach|attach|AT+CGATT=1|140|2|-|OK\n"
    "access point|context|AT+QICSGP=1,1,{apn},{user},{password},{type}|5|1|-|OK\n"
    "context|context|AT+QIACT=1|150|1|-|OK\n"
    "address|context|AT+QIACT?|150|1|+QIACT:|OK\n"
    "down|modem|AT+QIDEACT=1|40|1|-|OK\n"
    "open|connect|AT+QIOPEN=1,{number},{protocol},{host},{port},0,0|10|1|-|OK\n"
    "send|send|AT+QISEND={number},{octets}|120|1|-|SEND OK\n"
    "acknowledged|send|AT+QISEND={number},0|5|2|+QISEND:|OK\n"
    "state|connect|AT+QISTATE=1,{number}|5|2|+QISTATE:|OK\n"
    "waiting|receive|AT+QIRD={number},0|5|2|+QIRD:|OK\n"
    "receive|receive|AT+QIRD={number},{octets}|5|1|+QIRD:|OK\n"
    "close|connect|AT+QICLOSE={number}|10|1|-|OK\n"
    "restart|modem|AT+CFUN=1,1|15|1|-|OK\n"
)
NEWS = (
    '\n+QIURC: "recv",|octets 1\n+QIURC: "closed",|closed 1\n+QIURC: "pdpdeact",|deactivated\n+QIOPEN:|opened 0\n'
    "APP RDY|reset\nPOWERED DOWN|reset\n+QIND:|settled\n"
)
FINAL = "\nSEND OK|good\nSEND FAIL|bad\n"


class Bg95(family.Family):
    """The driver; its contract is that of family.py."""

    TABLES = (COMMANDS, family.COMMANDS), (NEWS, family.NEWS), (FINAL, family.FINAL)
    RAT = "LTE"
    CONNECTIONS = 12
    CONNECT_MS = 150000
    FULL = "SEND FAIL"  # the buffer is full
    TAKEN = None
    COUNT = 0  # and no value tells how much is left

    async def define_context(self, profile):
        type = {"pap": 1, "chap": 2}.get(profile.auth, 3 if profile.user else 0)
        await self.ask("access point", profile.apn, profile.user or "", profile.password or "", type)

    async def activate(self):
        await self.ask("context")
        return fields((await self.ask("address"))[0])[3]

    async def is_up(self, number, opening):
        lines = await self.ask("state", number)
        state = fields(lines[0])[5:6] if lines else []
        return None if state == ["1"] else state == ["2"]  # connecting, connected


open = Bg95
