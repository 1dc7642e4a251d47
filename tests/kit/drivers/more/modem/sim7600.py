"""SIM7600 and A76XX as far as a test of the rooms that all families share needs them: tables and hooks only.

A76XX Series AT Command Manual V1.09, chapter 15 (TCP/IP), 5.2.3 (CGATT) and 5.2.16 (CGAUTH).
"""

from drivers.modem import family
from drivers.modem.dialogue import read_number
from drivers.modem.lines import fields
from mms.errors import BearerError

COMMANDS = (
    "\n"
    "iccid|sim|AT+CICCID|9|2|+ICCID:|OK\n"
    "attached|attach|AT+CGATT?|9|2|+CGATT:|OK\n"
    "attach|attach|AT+CGATT=1|75|2|-|OK\n"
    'access point|context|AT+CGDCONT=1,"IP",{apn}|9|1|-|OK\n'
    "no login|context|AT+CGAUTH=1,0|9|1|-|OK\n"
    "login|context|AT+CGAUTH=1,{type},{password},{user}|9|1|-|OK\n"  # the password comes first
    "plain|context|AT+CIPMODE=0|9|2|-|OK\n"
    "quick send|context|AT+CIPSENDMODE=0|9|2|-|OK\n"
    "read by hand|context|AT+CIPRXGET=1|9|2|-|OK\n"
    "net|context|AT+NETOPEN?|9|2|+NETOPEN:|OK\n"
    "context|context|AT+NETOPEN|120|1|-|+NETOPEN:\n"
    "address|context|AT+IPADDR|9|1|+IPADDR:|OK\n"
    "down|modem|AT+NETCLOSE|120|1|-|+NETCLOSE:\n"
    "open|connect|AT+CIPOPEN={number},{protocol},{host},{port}|9|1|-|OK\n"
    "send|send|AT+CIPSEND={number},{octets}|120|1|-|+CIPSEND:\n"
    "acknowledged|send|AT+CIPACK={number}|9|2|+CIPACK:|OK\n"
    "state|connect|AT+CIPCLOSE?|9|2|+CIPCLOSE:|OK\n"
    "waiting|receive|AT+CIPRXGET=4,{number}|9|2|+CIPRXGET: 4,|OK\n"
    "receive|receive|AT+CIPRXGET=2,{number},{octets}|9|1|+CIPRXGET: 2,|OK\n"
    "close|connect|AT+CIPCLOSE={number}|120|1|-|+CIPCLOSE:\n"
    "restart|modem|AT+CRESET|9|1|-|OK\n"
)
NEWS = (  # 15.4
    "\n+CIPRXGET: 1,|octets 1\n+CIPOPEN:|opened 0\n+IPCLOSE:|closed 0\n+CIPEVENT:|deactivated\n"
    "RDY|reset\nSMS DONE|settled\nPB DONE|settled\n+CIPERROR:|\n+IPERROR:|\n"
)


class Sim7600(family.Family):
    """The driver; its contract is that of family.py."""

    TABLES = (COMMANDS, family.COMMANDS), (NEWS, family.NEWS), (family.FINAL,)
    RAT = "LTE"
    CONNECTIONS = 10
    CONNECT_MS = 120000  # 15.2.3

    async def define_context(self, profile):
        await self.ask("access point", profile.apn)
        if profile.user:
            await self.ask("login", 2 if profile.auth == "chap" else 1, profile.password or "", profile.user)
        else:
            await self.ask("no login")
        for name in ("plain", "quick send", "read by hand"):
            await self.ask(name)

    async def activate(self):
        result = read_number("context", await self.ask("context"), 0)
        if result:
            raise BearerError("context", result)
        return fields((await self.ask("address"))[0])[0]

    async def deactivate(self):
        if "+NETOPEN: 1" in await self.ask("net"):
            await self.ask("down")

    async def is_up(self, number, opening):
        lines = await self.ask("state")
        up = bool(lines) and fields(lines[0])[number : number + 1] == ["1"]
        return up or (None if opening else False)  # it says 0 of a connection that is being opened


open = Sim7600
