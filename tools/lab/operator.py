"""One operator of the lab: SMS centre, billing, MMSC and gateways on one calendar, in a folder of its own."""

from tools.lab.network.billing.shell import Billing
from tools.lab.network.gateway.shell import Gateway
from tools.lab.network.gateway.wap import deviations as wap
from tools.lab.network.gateway.wap.shell import WapGateway
from tools.lab.network.mmsc.shell import Mmsc
from tools.lab.network.smsc.shell import Smsc

WAP_PORT = 9201  # connection-mode WSP (WAP-230-WSP, appendix B)


def wap_address(operator):
    """HOST:PORT of the WAP gateway of an operator that has a gateway."""
    return "%s:%d" % (operator.gateway.partition(":")[0], WAP_PORT)


class Operator:
    """The operator `row` of a world, with the subscribers that are in it.

    `controls` {number: URL of a modem's control} are those of all operators, for texts reach any handset. `octets` and
    `deviations` are as in Lab; `visited(number)` tells in which cell a subscriber is, or None. `routes` are for modems,
    once it is started: each host or gateway, and where it listens.
    """

    def __init__(self, world, row, folder, controls, calendar, visited, speed=1.0, octets=None, deviations=()):
        self.row, self.calendar, self.folder = row, calendar, folder
        self.subscribers = [each for each in world.subscribers if each.home == row.mccmnc]
        self._world, self._visited, self._speed, self._octets = world, visited, speed, octets
        self._deviations = deviations
        self._callers = {each.address: each.number for each in self.subscribers}
        self.smsc = Smsc(controls, world, speed=speed, calendar=calendar)
        self.smsc.machine.chances = self._chances
        self.routes, self._running = {}, []

    async def start(self, join=lambda operator: None):
        """Switch everything on; `join(operator)` gives its relay ports, before the queue goes on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        await self._on(self.smsc)
        self.billing = await self._on(
            Billing(self.folder / "billing", self.row, self.smsc.url, self.subscribers, self._network)
        )
        self.mmsc = Mmsc(
            self.folder / "mmsc",
            self.smsc.url,
            [each.number for each in self.subscribers],
            self._world,
            self.row.mccmnc,
            speed=self._speed,
            octets=self._octets,
            deviations=[each for each in self._deviations if each[0] not in wap.NAMES],
            callers=self._callers,
            calendar=self.calendar,
        )
        self.mmsc.machine.charging = self.billing.charging
        self.mmsc.machine.chances = self._chances
        join(self)
        await self._on(self.mmsc)
        hosts = dict.fromkeys(self.mmsc.hosts, self.mmsc.address)
        self.gateway = await self._on(Gateway(hosts, self._callers, self._world, speed=self._speed))
        self.routes = {self.row.gateway: self.gateway.address} if self.row.gateway else hosts
        if self.row.gateway:
            deviations = [each for each in self._deviations if each[0] in wap.NAMES]
            self.wap = await self._on(WapGateway(self.gateway, 0, deviations))
            self.routes[wap_address(self.row)] = self.wap.address

    async def stop(self):
        """Switch everything off, the last one first."""
        while self._running:
            await self._running.pop().stop()

    def _network(self, number):
        """The code of the network where a subscriber is, or None."""
        cell = self._visited(number)
        return cell and cell.mccmnc

    def _chances(self, number):
        """The Chances of that network, or None; those of other operators' subscribers are not drawn here."""
        cell = self._visited(number) if number in self._callers.values() else None
        return cell and cell.chances

    async def _on(self, shell):
        self._running.append(shell)
        await shell.start()
        return shell
