"""SIM800: two IP stacks in one modem; this uses the socket one (AT Command Manual V1.09, chapter 8).

Up to six connections (CIPMUX=1); quick sending (CIPQSEND=1) with CIPACK as the proof of delivery; octets are counted
and read when they are asked for (CIPRXGET=1), never in between lines. Not tried on hardware. Modules with a recorder,
to which no SIM800L belongs (manual, 21.13), record sound for a message by AT+CREC or AT+CRECORD (crec.py).

A profile's user and password go into AT+CSTT, for PAP and for CHAP alike: the manual has no AT+CGAUTH. Modem and
network agree on one of the two, so `profile.auth` is of no use to this family.
"""

from drivers.modem import family
from drivers.modem.dialogue import read_number
from drivers.modem.lines import fields
from mms import memory
from mms.limits import BLOCK

COMMANDS = (  # name, step, line, seconds, attempts, reply, the line that ends it well: see dialogue.py
    "\n"
    "attached|attach|AT+CGATT?|10|2|+CGATT:|OK\n"
    "attach|attach|AT+CGATT=1|75|2|-|OK\n"  # the manual says 10; roaming takes longer
    "down|modem|AT+CIPSHUT|65|1|-|SHUT OK\n"
    "many|modem|AT+CIPMUX=1|5|2|-|OK\n"
    "read by hand|modem|AT+CIPRXGET=1|5|2|-|OK\n"
    "quick send|modem|AT+CIPQSEND=1|5|2|-|OK\n"
    "access point|context|AT+CSTT={apn},{user},{password}|5|1|-|OK\n"
    "context|context|AT+CIICR|85|1|-|OK\n"
    "address|context|AT+CIFSR|5|1|#.|*\n"  # answers the bare address and no OK
    "open|connect|AT+CIPSTART={number},{protocol},{host},{port}|10|1|-|OK\n"
    "room|send|AT+CIPSEND?|5|2|+CIPSEND:|OK\n"
    "send|send|AT+CIPSEND={number},{octets}|30|1|-|DATA ACCEPT:\n"
    "acknowledged|send|AT+CIPACK={number}|5|2|+CIPACK:|OK\n"
    "state|connect|AT+CIPSTATUS={number}|5|2|+CIPSTATUS:|OK\n"
    "waiting|receive|AT+CIPRXGET=4,{number}|5|2|+CIPRXGET: 4,|OK\n"
    "receive|receive|AT+CIPRXGET=2,{number},{octets}|5|1|+CIPRXGET: 2,|OK\n"
    "close|connect|AT+CIPCLOSE={number}|10|1|-|CLOSE OK\n"
    "supply|modem|AT+CBATCHK=1|5|1|-|OK\n"  # without it a weak supply is not told
    "no time|modem|AT+CLTS=0|5|1|-|OK\n"  # another program may have switched the lines of network time on for ever
)
NEWS = (  # word, meaning (see Family): manual 19.3, and lines that real modules say besides
    "\n+CIPRXGET: 1,|octets 1\nCLOSED|closed\nCONNECT OK|connected\nCONNECT FAIL|refused\nALREADY CONNECT|refused\n"
    "+PDP: DEACT|deactivated\nRDY|reset\n+CFUN:|reset\nNORMAL POWER DOWN|reset\n"
    "UNDER-VOLTAGE POWER DOWN|reset\nOVER-VOLTAGE POWER DOWN|reset\nCall Ready|settled\nSMS Ready|settled\n"
    "UNDER-VOLTAGE WARNNING|undervoltage\nOVER-VOLTAGE WARNNING|undervoltage\n"  # (sic)
    "CONNECT|\nRECV FROM:|\nREMOTE IP:|\n+IPD,|\n+RECEIVE,|\n+CDNSGIP:|\n+SAPBR 1:|\n+SAPBR 2:|\n+SAPBR 3:|\n"
    "+HTTPACTION:|\n+FTPGET:|\n+FTPPUT:|\n+FTPDELE:|\n+FTPSIZE:|\n+FTPMKD:|\n+FTPRMD:|\n+FTPLIST:|\n"
    "CHARGE-ONLY MODE|\n+CREG:|\n+CGREG:|\n+CGEV:|\n+CMTE:|\n+CUSD:|\n+CLIP:|\n+COLP:|\n+CLCC:|\n+CRING:|\n"
    "+CREC:|\n"
    "RING|\nMO RING|\nMO CONNECTED|\nNO CARRIER|\n+CCWA:|\n+CCWV|\n+CSSI:|\n+CSSU:|\n+CDRIND:|\n+CHF:|\n+CR:|\n"
    "+CENG:|\n+CSQN:|\n+CSMINS:|\n+SIMTONE:|\n+STTONE:|\n+DTMF:|\n+CTTS:|\n+CALV:|\nALARM RING|\n+STKPCI:|\n"
    "+CIEV:|\n*PSNWID:|\n*PSUTTZ:|\n+CTZV:|\nDST:|\n+CBM:|+\n"  # +CIEV is in no manual
)
FINAL = "\nSHUT OK|good\nCLOSE OK|good\nDATA ACCEPT:|good\nSEND OK|good\nSEND FAIL|bad\n"


class Sim800(family.Family):
    """The driver; its contract is that of family.py."""

    TABLES = (COMMANDS, family.COMMANDS), (NEWS, family.NEWS), (FINAL, family.FINAL)
    OPTIONAL = ("supply", "no time")
    CELLS = "ceng"
    CONNECTIONS = 6
    CONNECT_MS = 80000  # of a real one "CONNECT FAIL" came 75.5 s after OK
    LEAVE = b"AT+CIPSHUT"

    async def define_context(self, profile):
        """Tell the modem the access point, and how octets are to be exchanged."""
        for name in ("many", "read by hand", "quick send"):
            await self.ask(name)
        await self.ask("access point", profile.apn, profile.user or "", profile.password or "")

    async def activate(self):
        """Bring the context up: the handset's IP address."""
        await self.ask("context")
        return (await self.ask("address"))[-1]

    def record(self, seconds):
        """A Sound of so many seconds by the modem's microphone: see crec.py."""
        from drivers.modem import crec

        memory.forget(crec.__name__)
        return crec.Sound(self, seconds)

    async def ask_room(self, number):
        """How many octets go at a time: less than CIPSEND? says of the connection (manual 8.2.3)."""
        room = BLOCK + 1
        lines = await self.ask("room")
        for line in lines:
            if len(lines) == 1 or fields(line)[0] == "%d" % number:
                room = min(room, read_number("send", [line], -1))
        return max(1, min(BLOCK, room - 1))

    async def is_up(self, number, opening):
        """Whether a connection is up, by the last value of CIPSTATUS (manual 8.2.10)."""
        lines = await self.ask("state", number)
        word = fields(lines[0])[-1] if lines else ""
        if word in ("CLOSED", "REMOTE CLOSING", "INITIAL"):
            return False
        return True if word == "CONNECTED" else None


open = Sim800  # drivers.modem finds a family by this name
