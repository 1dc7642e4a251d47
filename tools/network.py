"""The lab network with a modem and a camera for each subscriber: everything around the handsets."""

from tools.lab.camera import Camera
from tools.lab.gateway import Gateway
from tools.lab.mmsc import Mmsc
from tools.lab.modem import Modem
from tools.lab.smsc import Smsc

HANDSET_BAUD = 115200  # of modem and camera, as the settings ask for


class Network:
    """All shells of the lab in one process; `folder` holds serial lines, journal and frames."""

    def __init__(self, world, folder, radio, speed=1.0, tap=None, octets=None):
        self.world = world
        self.folder = folder
        self.cameras, self.modems = {}, {}
        self._radio, self._speed, self._tap = radio, speed, tap
        self._octets = octets
        self._home = world.operator(world.home)
        self._running = []

    async def start(self):
        """Switch everything on, in the order in which one needs the other."""
        self.folder.mkdir(parents=True, exist_ok=True)
        controls = {}
        self.smsc = await self._on(Smsc(controls, self.world, speed=self._speed))
        self.mmsc = await self._on(
            Mmsc(
                self.folder / "mmsc",
                self.smsc.url,
                [row.number for row in self.world.subscribers if row.home == self.world.home],
                self.world,
                speed=self._speed,
                octets=self._octets,
            )
        )
        callers = {row.address: row.number for row in self.world.subscribers}
        hosts = {self.mmsc.host: self.mmsc.address}
        gateway = await self._on(Gateway(hosts, callers, self.world, speed=self._speed))
        for row in self.world.subscribers:
            modem_line, camera_line = self.lines(row.name)
            modem = await self._on(self._modem(row, modem_line, gateway.address))
            controls[row.number] = modem.control_url
            self.modems[row.name] = modem
            self.cameras[row.name] = await self._on(
                Camera(camera_line, self.world, row.name, self._speed)
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
        """Settings for the handset of the subscriber `name`, which keeps its things in `folder`."""
        row = self.world.subscriber(name)
        return {
            "number": row.number,
            "store": str(folder / name / "store"),
            "album": str(folder / name / "album"),
            "modem": {"family": "sim800", "baud": HANDSET_BAUD},
            "camera": {
                "family": "vc0706",
                "baud": HANDSET_BAUD,
                "size": "VGA",
                "compression": 54,
            },
            "operators": {
                operator.mccmnc: {
                    "name": operator.name,
                    "apn": operator.apn,
                    "user": operator.user,
                    "password": operator.password,
                    "auth": operator.auth,
                    "mmsc": operator.mmsc,
                    "proxy": operator.gateway,
                }
                for operator in self.world.operators
            },
        }

    def _modem(self, row, line, gateway):
        return Modem(
            line,
            routes={self._home.gateway: gateway},
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
        )

    async def _on(self, shell):
        self._running.append(shell)
        await shell.start()
        return shell
