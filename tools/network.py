"""The lab network with a modem and a camera for each subscriber: everything around the handsets.

`python -m tools.network` runs it until Ctrl-C. It says where each of its parts can be reached, and how to put a handset
to each of its lines.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import pathlib
import shlex
import signal
import sys

from tools import alone, phone
from tools.lab import radio as radios
from tools.lab import world as worlds
from tools.lab.camera import Camera
from tools.lab.gateway import Gateway
from tools.lab.mmsc import Mmsc, deviation
from tools.lab.modem import EVENTS, Modem, switch
from tools.lab.shell import private
from tools.lab.smsc import Smsc
from tools.trace import masked

HANDSET_BAUD = 115200  # of modem and camera, as the settings ask for


class Network:
    """All shells of the lab in one process; `folder` holds serial lines, journal and frames.

    `octets` and `deviations` are the MMSC's, `switches` the modems'. An operator of the world without a gateway lets
    handsets connect directly.
    """

    def __init__(self, world, folder, radio, speed=1.0, tap=None, octets=None, deviations=(), switches=()):
        self.world = world
        self.folder = folder
        self.cameras, self.modems = {}, {}
        self._radio, self._speed, self._tap = radio, speed, tap
        self._octets, self._deviations, self._switches = octets, deviations, dict(switches)
        self._routes = {}
        self._home = world.operator(world.home)
        self._running = []

    async def start(self):
        """Switch everything on, in the order in which one needs the other."""
        self.folder.mkdir(parents=True, exist_ok=True)
        controls = {}
        callers = {row.address: row.number for row in self.world.subscribers}
        self.smsc = await self._on(Smsc(controls, self.world, speed=self._speed))
        self.mmsc = await self._on(
            Mmsc(
                self.folder / "mmsc",
                self.smsc.url,
                [row.number for row in self.world.subscribers if row.home == self.world.home],
                self.world,
                speed=self._speed,
                octets=self._octets,
                deviations=self._deviations,
                callers=callers,
            )
        )
        hosts = dict.fromkeys(self.mmsc.hosts, self.mmsc.address)
        self.gateway = await self._on(Gateway(hosts, callers, self.world, speed=self._speed))
        self._routes = {self._home.gateway: self.gateway.address} if self._home.gateway else hosts
        for row in self.world.subscribers:
            modem_line, camera_line = self.lines(row.name)
            modem = await self._on(self._modem(row, modem_line))
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
                    **({"proxy": operator.gateway} if operator.gateway else {}),
                }
                for operator in self.world.operators
            },
        }

    def _modem(self, row, line):
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
            switches=self._switches,
        )

    async def _on(self, shell):
        self._running.append(shell)
        await shell.start()
        return shell


def _commands(network, folder):
    """Write settings for each subscriber; the lines that start their handsets, to be pasted into any shell."""
    rows = network.world.subscribers
    for row in rows:
        settings = network.settings(row.name, folder)
        others = [other.number for other in rows if other is not row]
        settings["press"] = {"to": others[:1], "text": "Hello from %s" % row.name}
        path = folder / (row.name + ".json")
        with open(path, "w", opener=private) as file:  # with the operator's password
            file.write(json.dumps(settings, indent=2) + "\n")
        modem, camera = network.lines(row.name)
        words = [*phone.handset(), "--settings", path, "--modem", modem, "--camera", camera]
        yield "%s, %s:\n    %s" % (row.name, row.number, shlex.join(map(str, words)))


def _places(network):
    """Where the parts of the lab are, a line each."""
    home = network.world.operator(network.world.home)
    yield "The gateway: %s, for handsets %s" % (network.gateway.address, home.gateway or "unknown")
    yield "The MMSC: %s, for handsets http://%s, its journal: %s" % (
        network.mmsc.url, network.mmsc.host, network.folder / "mmsc" / "journal.jsonl",
    )  # fmt: skip
    yield "The SMS centre: %s with POST /submit?from=NUMBER and POST /push?to=NUMBER&from=NAME" % network.smsc.url
    for name, modem in network.modems.items():
        yield "%s's modem: %s with POST /sms, GET /sms and POST /do/NAME" % (name, modem.control_url)
    yield "    NAME is one of %s" % ", ".join(EVENTS)


class _Heard:
    """A modem's tap that writes lines and messages to the log."""

    def at(self, board, sent, line):
        logging.getLogger("lab." + board).info("%s %s", ">" if sent else "<", masked(bytes(line)).decode("latin-1"))

    def sms(self, board, to_handset, tpdu):
        logging.getLogger("lab." + board).info("SMS %s: %s", "to it" if to_handset else "of it", tpdu.hex())

    def opened(self, board, key, host, port):
        logging.getLogger("lab." + board).info("connection %s to %s:%d", key, host, port)

    def tcp(self, board, key, sent, octets):
        pass  # the MMSC's journal has what came of it

    def closed(self, board, key):
        logging.getLogger("lab." + board).info("connection %s is closed", key)


def _log(path):
    """Let the terminal have what the parts refuse, and `path` (- is the terminal) everything that they do."""
    line = logging.Formatter("%(asctime)s %(name)s: %(message)s")
    handlers = [logging.StreamHandler()]
    if path == "-":
        handlers[0] = logging.StreamHandler(sys.stdout)
    elif path:
        handlers[0].setLevel(logging.WARNING)
        handlers.append(logging.StreamHandler(open(path, "a", opener=private)))  # noqa: SIM115 it is open to the end
    for handler in handlers:
        handler.setFormatter(line)
        logging.getLogger("lab").addHandler(handler)
    logging.getLogger("lab").setLevel(logging.INFO if path else logging.WARNING)


async def _live(network, folder):
    end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    try:
        await network.start()
        print("The lab network runs until Ctrl-C. A handset in another terminal, at its prompt type help:")
        print("\n".join([*_commands(network, folder), *_places(network)]), flush=True)
        await end.wait()
    finally:
        await network.stop()


def add_deviations(parser):
    """Options for what is not as the standard or the usual modem has it."""
    parser.add_argument(
        "--deviation", metavar="NAME[=TIMES]", type=deviation, action="append", default=[],
        help="the MMSC does otherwise than the standard has it: see python -m tools.lab.mmsc --help",
    )  # fmt: skip
    parser.add_argument(
        "--switch", metavar="NAME=VALUE", type=switch, action="append", default=[],
        help="modems that differ from the usual one: see python -m tools.lab.modem --help",
    )  # fmt: skip


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m tools.network", description=__doc__)
    parser.add_argument("--speed", type=float, default=1.0, help="times as fast as the world")
    parser.add_argument("--radio", default="gprs-10-cs2", choices=radios.rows(), help="one of: %(choices)s")
    folder = phone.ROOT / "build/lab"
    parser.add_argument("--folder", default=folder, type=pathlib.Path, help="of lines, settings and journal")
    parser.add_argument("--world", metavar="FILE", help="instead of the lab's world.toml")
    parser.add_argument("--log", metavar="FILE", help="for all that the parts say and do; - is this terminal")
    add_deviations(parser)
    return parser


def main():
    """The command line."""
    parser = _arguments()
    given = parser.parse_args()
    if not 0 < given.speed <= 1000:
        parser.error("--speed: more than 0, at most 1000")
    folder = given.folder.resolve()
    alone.keep_private()
    try:
        world = worlds.load(given.world)
    except worlds.WorldError as error:
        sys.exit("%s: %s" % (given.world or worlds.FILE, error))
    try:
        _log(given.log)
    except OSError as error:
        sys.exit("--log: %s: %s" % (given.log, error.strerror))
    try:
        alone.hold(folder)
    except alone.Taken:
        sys.exit("a lab runs in %s already: end it, or say --folder for another" % folder)
    except OSError as error:
        sys.exit("%s: %s; say --folder for another" % (folder, error.strerror))
    with contextlib.suppress(KeyboardInterrupt):
        tap = _Heard() if given.log else None
        lab = Network(world, folder, given.radio, given.speed, tap, None, given.deviation, given.switch)
        asyncio.run(_live(lab, folder))


if __name__ == "__main__":
    main()
