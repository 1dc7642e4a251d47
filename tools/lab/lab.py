"""The whole lab in one process: the network, and a modem and a camera for each subscriber."""

from tools.lab import dates, options
from tools.lab.camera.shell import Camera
from tools.lab.modem.shell import Modem
from tools.lab.network.billing.shell import Billing, Bills
from tools.lab.network.gateway.shell import Gateway
from tools.lab.network.gateway.wap import deviations as wap
from tools.lab.network.gateway.wap.shell import WapGateway
from tools.lab.network.mmsc.shell import Mmsc
from tools.lab.network.smsc.shell import Smsc
from tools.lab.places import Places

CAMERA = "vc0706"  # the family
HANDSET_BAUD = 115200  # of modem and camera, as the settings ask for
WAP_PORT = 9201  # connection-mode WSP (WAP-230-WSP, appendix B)


def wap_address(operator):
    """HOST:PORT of the WAP gateway of an operator that has a gateway."""
    return "%s:%d" % (operator.gateway.partition(":")[0], WAP_PORT)


class Lab:
    """All shells of the lab; `folder` holds serial lines, journal and frames.

    `octets` is the MMSC's largest message; `deviations` are the MMSC's and the WAP gateway's, `switches` the modems';
    `modems` are families, of each subscriber in turn. An operator of the world without a gateway lets handsets connect
    directly; `proxy` "wsp" has them speak WAP 1.x. `date` is the local time of each operator at the start, None: today.
    `calendars` and `billings` are the operators', by the codes of their networks, `desks` those of the terminal.
    """

    def __init__(
        self,
        world,
        folder,
        radio,
        speed=1.0,
        tap=None,
        octets=None,
        deviations=(),
        switches=(),
        modems=("sim800",),
        proxy="http",
        date=None,
    ):
        self.world = world
        self.folder = folder
        self.cameras, self.modems = {}, {}
        self.places = Places(world, self.modems)
        self._radio, self._speed, self._tap = radio, speed, tap
        self._octets, self._deviations, self._switches = octets, deviations, dict(switches)
        self._families = {row.name: modems[at % len(modems)] for at, row in enumerate(world.subscribers)}
        self._proxy = proxy
        self.calendars = {row.mccmnc: dates.calendar(row.mccmnc, date) for row in world.operators}
        self.billings = {}
        self.desks = [dates.Dates(self._named_calendars(), lambda: self.smsc.now), Bills(world, self.billings)]
        self._routes = {}
        self._home = world.operator(world.home)
        self._running = []

    async def start(self):
        """Switch everything on, in the order in which one needs the other."""
        self.folder.mkdir(parents=True, exist_ok=True)
        controls = {}
        callers = {row.address: row.number for row in self.world.subscribers}
        calendar = self.calendars[self.world.home]
        self.smsc = await self._on(Smsc(controls, self.world, speed=self._speed, calendar=calendar))
        rows = [row for row in self.world.subscribers if row.home == self.world.home]
        billing = Billing(self.folder / "billing", self.world.home, self.smsc.url, rows, self._visited)
        self.billings[self.world.home] = await self._on(billing)
        self.mmsc = Mmsc(
            self.folder / "mmsc",
            self.smsc.url,
            [row.number for row in rows],
            self.world,
            speed=self._speed,
            octets=self._octets,
            deviations=[row for row in self._deviations if row[0] not in wap.NAMES],
            callers=callers,
            calendar=calendar,
        )
        self.mmsc.machine.charging = billing.charging
        await self._on(self.mmsc)
        hosts = dict.fromkeys(self.mmsc.hosts, self.mmsc.address)
        self.gateway = await self._on(Gateway(hosts, callers, self.world, speed=self._speed))
        self._routes = {self._home.gateway: self.gateway.address} if self._home.gateway else hosts
        if self._home.gateway:
            deviations = [row for row in self._deviations if row[0] in wap.NAMES]
            self.wap = await self._on(WapGateway(self.gateway, 0, deviations))
            self._routes[wap_address(self._home)] = self.wap.address
        for row in self.world.subscribers:
            modem_line, camera_line = self.lines(row.name)
            modem = await self._on(self._modem(row, modem_line))
            controls[row.number] = modem.control_url
            self.modems[row.name] = modem
            self.cameras[row.name] = await self._on(
                Camera(camera_line, self.world, row.name, self._speed, family=CAMERA)
            )

    async def stop(self):
        """Switch everything off, the last one first."""
        while self._running:
            await self._running.pop().stop()

    def unplug(self, name):
        """Take the serial line of a subscriber's modem away."""
        self.lines(name)[0].unlink()

    def lines(self, name):
        """The paths of the serial lines of a subscriber's modem and camera."""
        return self.folder / (name + "-modem"), self.folder / (name + "-camera")

    def submitted(self, tid, media):
        """(octets, SHA-256) of the part of that type in the submission with that transaction id."""
        for entry in self.mmsc.journal.all("submitted"):
            for part in entry["parts"] if entry["tid"] == tid else ():
                if part["media"] == media:
                    return part["octets"], part["sha256"]
        raise LookupError("no %s in submission %s" % (media, tid))

    def settings(self, name, folder):
        """Settings for the handset of the subscriber `name`, which keeps its things in `folder` and finds its modem."""
        row = self.world.subscriber(name)
        return {
            "number": row.number,
            "store": str(folder / name / "store"),
            "album": str(folder / name / "album"),
            "modem": {"baud": HANDSET_BAUD},
            "camera": {
                "family": CAMERA,
                "baud": HANDSET_BAUD,
                "size": "VGA",
                "quality": 79,
            },
            "operators": {
                operator.mccmnc: {
                    "name": operator.name,
                    "apn": operator.apn,
                    "user": operator.user,
                    "password": operator.password,
                    "auth": operator.auth,
                    "mmsc": operator.mmsc,
                    **({"proxy": self._proxy_of(operator)} if operator.gateway else {}),
                }
                for operator in self.world.operators
            },
        }

    def _named_calendars(self):
        return {"%s %s" % (row.mccmnc, row.name): self.calendars[row.mccmnc] for row in self.world.operators}

    def _visited(self, number):
        """The code of the network on which a subscriber is, or None."""
        cell = self.modems[self.world.subscriber(number).name].machine.registration.cell
        return cell and cell.mccmnc

    def _proxy_of(self, operator):
        return "wsp://" + wap_address(operator) if self._proxy == "wsp" else operator.gateway

    def _modem(self, row, line):
        family = self._families[row.name]
        return Modem(
            line,
            routes=self._routes,
            number=row.number,
            imsi=row.imsi,
            iccid=row.iccid,
            address=row.address,
            smsc=self.smsc.url,
            row=self._radio,
            speed=self._speed,
            lab=self.world,
            tap=self._tap,
            name=row.name,
            switches=options.switches_of(family, self._switches),
            family=family,
        )

    async def _on(self, shell):
        self._running.append(shell)
        await shell.start()
        return shell
