"""A modem that only tests have, with one connection: all that a new family takes."""

from drivers.modem import family
from drivers.modem.lines import fields

COMMANDS = (  # name, step, line, seconds, attempts, reply, the line that ends it well: see dialogue.py
    "\n"
    "attached|attach|AT+CGATT?|5|2|+CGATT:|OK\n"
    "attach|attach|AT+CGATT=1|75|2|-|OK\n"
    'access point|context|AT+CGDCONT=1,"IP",{apn}|5|1|-|OK\n'
    "context|context|AT+CGACT=1,1|75|1|-|OK\n"
    "address|context|AT+CGPADDR=1|5|1|+CGPADDR:|OK\n"
    "why|context|AT+CEER|5|1|+CEER:|OK\n"
    "down|modem|AT+CGACT=0,1|40|1|-|OK\n"
    "open|connect|AT+XOPEN={number},{protocol},{host},{port}|10|1|-|OK\n"
    "send|send|AT+XSEND={number},{octets}|60|1|-|+XSENT:\n"
    "acknowledged|send|AT+XACKED={number}|5|2|+XACKED:|OK\n"
    "state|connect|AT+XSTATE={number}|5|2|+XSTATE:|OK\n"
    "waiting|receive|AT+XWAITING={number}|5|2|+XWAITING:|OK\n"
    "receive|receive|AT+XREAD={number},{octets}|5|1|+XREAD:|OK\n"
    "close|connect|AT+XCLOSE={number}|10|1|-|OK\n"
    "restart|modem|AT+CFUN=1,1|10|1|-|OK\n"
)
NEWS = "\n+XOPENED:|opened 0\n+XOCTETS:|octets 0\n+XCLOSED:|closed 0\n+XDOWN|deactivated\nRDY|reset\n"


class Textbook(family.Family):
    """The driver; its contract is that of family.py."""

    TABLES = (COMMANDS, family.COMMANDS), (NEWS, family.NEWS), (family.FINAL,)
    ACKED, WAITING = 0, 0
    COUNT, LEFT = 0, 1

    async def define_context(self, profile):
        """Tell the modem the access point."""
        await self.ask("access point", profile.apn)

    async def activate(self):
        """Bring the context up: the handset's IP address."""
        await self.ask("context")
        return fields((await self.ask("address"))[0])[1]

    async def is_up(self, number, opening):
        """Whether a connection is up: 0 no, 1 not yet, 2 yes."""
        state = fields((await self.ask("state", number))[0])[0]
        return None if state == "1" else state == "2"


open = Textbook  # drivers.modem finds a family by this name
