"""The ways of messages beside MM1: other operators, mail, the page behind a text, the portal with its album.

They take the packages of the group `world`, so a lab without them never loads this file.
"""

from tools.lab.network.adaptation.adapter import Adapter
from tools.lab.network.adaptation.profiles import Profiles
from tools.lab.network.mm3.desk import MailDesk
from tools.lab.network.mm3.mailbox import Mailbox
from tools.lab.network.mm3.shell import MailService
from tools.lab.network.mm4.machine import Peer
from tools.lab.network.mm4.shell import Interconnect
from tools.lab.network.mmsc.routing import Router
from tools.lab.network.portal.shell import Portal
from tools.lab.network.viewer.shell import Page

MAIL = "mail.example"  # the domain of the lab's own internet
ALBUM = "25286"  # the short code of every operator's album


class Ways:
    """The ways of all operators of a lab: `mailbox` is the mail server beside them, `peers` {domain: Peer} their MMSCs.

    `mm4`, `mail`, `pages` and `portals` {code of a network: shell} are those of the operators.
    """

    def __init__(self, world, agreements, speed=1.0):
        self._world, self._agreements, self._speed = world, agreements, speed
        self._domains = {row.mccmnc: row.domain for row in world.operators}
        self.peers, self.mm4, self.mail, self.pages, self.portals = {}, {}, {}, {}, {}
        self.mailbox = Mailbox(MAIL, speed=speed)

    def desks(self, folder):
        """The desks of a lab's terminal for these ways; the folder is the lab's."""
        return [MailDesk(self.mailbox, folder / "mail")]

    async def start(self):
        """Start the mail server; operators come by `join`."""
        await self.mailbox.start()

    async def stop(self):
        """Stop the mail server."""
        await self.mailbox.stop()

    def join(self, operator):
        """Give the relay of an Operator its ports; they start with its MMSC."""
        row, mmsc, speed = operator.row, operator.mmsc, self._speed
        relay, wall, code = mmsc.machine, mmsc.wall, row.mccmnc
        page = self.pages[code] = Page(
            relay, operator.folder / "page", lambda number: operator.smsc.url, row.short,
            zone=operator.calendar.zone, speed=speed, wake=wall.wake,
        )  # fmt: skip
        given = {each.number: each.profile for each in operator.subscribers if each.profile}
        adapter = relay.fit = Adapter(
            Profiles(), relay.store, page.link, given, lambda number: relay.refit(number, mmsc.now)
        )
        mmsc.heard = adapter.hear
        self.mm4[code] = Interconnect(
            relay, wall, row.domain, self.peers, self._domain, self._agreements,
            mmsc.journal, self._world.delays.mm4, speed=speed,
        )  # fmt: skip
        numbers = [each.number for each in operator.subscribers]
        mail = self.mail[code] = MailService(
            relay, wall, row.mail, numbers.__contains__, lambda: row.smarthost or self.mailbox.address,
            speed=speed, delay=self._world.delays.mm3,
        )  # fmt: skip
        self.mailbox.routes[row.mail] = lambda: mail.address
        portal = self.portals[code] = Portal(
            operator.folder / "portal",
            row.name,
            code,
            numbers,
            relay,
            wall,
            operator.smsc.url,
            country="49" if row.country == "germany" else "44",
        )
        relay.route = Router(
            code, self._world.numbers, {ALBUM: "album"}, self._agreements.passes, adapter.takes_mms, relay.date
        )
        for shell in (page, self.mm4[code], mail, portal):
            mmsc.add(shell)

    def joined(self, operator):
        """Tell the others where a started Operator takes messages."""
        self.peers[operator.row.domain] = Peer(self.mm4[operator.row.mccmnc].address)

    def told(self, code):
        """Where the ways of an operator can be reached, a line each."""
        yield "MM4: SMTP %s, for peers %s" % (self.mm4[code].address, self._domains[code])
        yield "Mail to NUMBER@%s: SMTP %s" % (self._world.operator(code).mail, self.mail[code].address)
        yield "The page of messages: %s" % self.pages[code].url
        yield "The portal: %s" % self.portals[code].url

    def _domain(self, number):
        return self._domains.get(self._world.numbers.get(number))
