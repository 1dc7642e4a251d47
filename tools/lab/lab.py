"""The whole lab in one process: the network, and a modem and a camera for each subscriber."""

import functools
import importlib

from tools.lab import dates, options
from tools.lab.camera.shell import Camera
from tools.lab.interconnect import Agreements
from tools.lab.modem.shell import Modem
from tools.lab.network.adaptation.profiles import Profiles
from tools.lab.network.billing.shell import Bills
from tools.lab.operator import Operator, wap_address
from tools.lab.places import Places

CAMERA = "vc0706"  # the family
HANDSET_BAUD = 115200  # of modem and camera, as the settings ask for
NAMES = ("alice", "bob")  # the subscribers of a lab that is asked for no others


class Lab:
    """All shells of the lab; `folder` holds serial lines, journal and frames.

    `octets` is the MMSC's largest message; `deviations` are the MMSC's and the WAP gateway's, `switches` the modems';
    `modems` are families, of each subscriber in turn. An operator of the world without a gateway lets handsets connect
    directly; `proxy` "wsp" has them speak WAP 1.x. `date` is the local time of each operator at the start, None: today.
    `names` are the subscribers that it has, with their operators: `operators` {code of a network: Operator}. With
    `wide`, messages go to other operators, to mail, page and album, too, by `ways`. `calendars` and `billings` are the
    operators', by the codes of their networks, `agreements` theirs on messages, `desks` those of the terminal.
    `smsc`, `mmsc`, `gateway` and `wap` are those of the world's home operator.
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
        names=NAMES,
        wide=False,
    ):
        world = self.world = world.only(names)
        self.folder = folder
        self.cameras, self.modems = {}, {}
        self.places = Places(world, self.modems)
        self._radio, self._speed, self._tap = radio, speed, tap
        self._octets, self._deviations, self._switches = octets, deviations, dict(switches)
        self._families = {row.name: modems[at % len(modems)] for at, row in enumerate(world.subscribers)}
        self._proxy = proxy
        self.calendars = {row.mccmnc: dates.calendar(row.mccmnc, date) for row in world.operators}
        self.agreements = Agreements(world, self.calendars)
        self.operators, self.billings, self._controls = {}, {}, {}
        bills = Bills(world, self.billings, folder)
        self.dates = dates.Dates(self._named_calendars(), lambda: self.smsc.now)
        self.desks = [self.dates, bills]
        self.ways = None
        if wide:
            self.ways = importlib.import_module("tools.lab.ways").Ways(world, self.agreements, speed)
            self.desks += [self.agreements, *self.ways.desks(folder)]
        self._running = []

    async def start(self):
        """Switch everything on, in the order in which one needs the other."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.ways:
            await self._on(self.ways)
        homes = {row.home for row in self.world.subscribers} | {self.world.home}
        for row in self.world.operators:
            if row.mccmnc in homes:
                await self._open(row)
        home = self.operators[self.world.home]
        self.smsc, self.mmsc, self.gateway = home.smsc, home.mmsc, home.gateway
        self.wap = home.wap if home.row.gateway else None
        for row in self.world.subscribers:
            modem_line, camera_line = self.lines(row.name)
            modem = await self._on(self._modem(row, modem_line))
            self._controls[row.number] = modem.control_url
            self.modems[row.name] = modem
            now = functools.partial(self._local, row.home)
            self.cameras[row.name] = await self._on(
                Camera(camera_line, self.world, row.name, self._speed, family=CAMERA, now=now)
            )

    async def _open(self, row):
        operator = Operator(
            self.world, row, self.folder / row.mccmnc, self._controls, self.calendars[row.mccmnc],
            self._visited, self._speed, self._octets, self._deviations,
        )  # fmt: skip
        self._running.append(operator)
        if self.ways:
            await operator.start(self.ways.join)
            self.ways.joined(operator)
        else:
            await operator.start()
        self.operators[row.mccmnc], self.billings[row.mccmnc] = operator, operator.billing

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
            **({"spending": {"plan": row.plan}} if row.plan else {}),
            **({"profile": row.profile} if row.profile and Profiles().named(row.profile).mms else {}),
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
                if operator.mccmnc in self.operators
            },
        }

    def _local(self, home):
        return self.calendars[home].local(self.operators[home].smsc.now)

    def _named_calendars(self):
        return {"%s %s" % (row.mccmnc, row.name): self.calendars[row.mccmnc] for row in self.world.operators}

    def _visited(self, number):
        """The cell in which a subscriber is, or None."""
        modem = self.modems.get(self.world.subscriber(number).name)
        return modem and modem.machine.registration.cell

    def _proxy_of(self, operator):
        return "wsp://" + wap_address(operator) if self._proxy == "wsp" else operator.gateway

    def _modem(self, row, line):
        family = self._families[row.name]
        return Modem(
            line,
            routes=self.operators[row.home].routes,
            number=row.number,
            imsi=row.imsi,
            iccid=row.iccid,
            address=row.address,
            smsc=self.operators[row.home].smsc.url,
            row=self._radio,
            speed=self._speed,
            lab=self.world,
            tap=self._tap,
            name=row.name,
            switches=options.switches_of(family, self._switches),
            family=family,
            country=row.country,
        )

    async def _on(self, shell):
        self._running.append(shell)
        await shell.start()
        return shell
