"""Two phones in two browser windows: the lab network, alice and bob, each a real handset process with a page.

It prints the two addresses and runs until Ctrl-C. Exit status 0; 1: a handset ended, or the lab network failed; 2:
wrong arguments.
"""

import argparse
import asyncio
import contextlib
import logging
import pathlib
import shutil
import signal
import socket
import sys

from tools import alone, programs
from tools.journey.phone import Failed, Phone
from tools.lab import decoder, options
from tools.lab import world as worlds
from tools.lab.lab import Lab
from tools.lab.network import radio as radios
from tools.lab.shell import HOST

NAMES = ("alice", "bob")
HEAP = "384k"  # of 64-bit objects: with the page a board needs 48 kB more, docs/memory.md
FIRST_PORT = 8001
START_SECONDS = 60  # until a handset is ready
LOOK_SECONDS = 0.5


def free_ports(first, count):
    """So many free ports from `first` on."""
    found, port = [], first
    while len(found) < count and port < 65536:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            found.append(port)
        port += 1
    return found


class Phones:
    """`urls` are the addresses of the pages by subscriber, once they have started.

    `decoder` makes WAV of AMR for them (tools/lab/decoder.py), None where PyAV is absent.
    """

    decoder = None

    def __init__(self, folder, radio="gprs-10-cs2", speed=1.0, modems=("sim800",), first=FIRST_PORT, heard=None):
        self._folder, self._speed = folder, speed
        self.network = Lab(worlds.load(), folder / "lab", radio, speed, modems=modems)
        self._heard = heard
        self._ports = dict(zip(NAMES, free_ports(first, len(NAMES)), strict=True))
        self.urls = {name: "http://%s:%d" % (HOST, port) for name, port in self._ports.items()}
        self.phones = {}
        origins = ["http://%s:%d" % (host, port) for host in (HOST, "localhost") for port in self._ports.values()]
        with contextlib.suppress(LookupError):
            self.decoder = decoder.Decoder(origins)

    def settings(self, name, **more):
        """The settings of a subscriber's handset; `more` are those of its page."""
        settings = self.network.settings(name, self._folder)
        others = [row.number for row in self.network.world.subscribers if row.name in NAMES and row.name != name]
        settings["press"] = {"to": others, "text": "Hello from %s" % name}
        settings.update(read_report=True, read_report_allowed=True)
        settings["page"] = dict(more, port=self._ports[name])
        if self.decoder:
            settings["page"]["decoder"] = self.decoder.url
        return settings

    async def start(self, **pages):
        """Start all; `pages` has more settings of a subscriber's page. Raises Failed."""
        await self.network.start()
        if self.decoder:
            await self.decoder.start()
        for name in NAMES:
            modem, camera = self.network.lines(name)
            settings, command = self.settings(name, **pages.get(name, {})), programs.interpreter(HEAP)
            self.phones[name] = Phone(name, settings, self._folder, modem, camera, command, self._heard)
            await self.phones[name].start()
        for name, phone in self.phones.items():
            await phone.seen("ready", START_SECONDS / self._speed + START_SECONDS)
            try:
                _, writer = await asyncio.open_connection(HOST, self._ports[name])
            except OSError as error:
                raise Failed(name, "page", "nothing listens at %s (%s)" % (self.urls[name], error)) from None
            writer.close()

    async def stop(self):
        """End all."""
        await asyncio.gather(*(phone.stop() for phone in self.phones.values()))
        if self.decoder:
            await self.decoder.stop()
        await self.network.stop()

    async def over(self):
        """Wait until a handset ends by itself, which none should: it raises Failed."""
        while True:
            for phone in self.phones.values():
                await phone.check()
            await asyncio.sleep(LOOK_SECONDS)


def _show(name, event):
    if event["event"] == "failed":
        print("%s: %s; %s" % (name, event["text"], event["advice"]), flush=True)


async def _live(phones):
    task = asyncio.current_task()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        print("Starting the lab network and two handsets.", flush=True)
        await phones.start()
        for name, url in phones.urls.items():
            print("%s, %s:  %s" % (name, phones.network.world.subscriber(name).number, url))
        if not phones.decoder:
            print("AMR sounds can be saved, not played: for a browser they need PyAV, which make world installs.")
        print("Open both in a browser, and send a picture from one to the other. Ctrl-C ends all.", flush=True)
        await phones.over()
    finally:
        await phones.stop()


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m tools.phone", description=__doc__)
    options.add_clock(parser)
    parser.add_argument("--radio", default="gprs-10-cs2", choices=radios.rows(), help="one of: %(choices)s")
    parser.add_argument("--out", default=programs.BUILD / "phone", help="folder for everything written")
    parser.add_argument("--port", type=int, default=FIRST_PORT, help="the first that is tried for a page")
    options.add_modem(parser)
    given = parser.parse_args()
    given.switch = []
    options.check_radio(parser, given)
    return given


def main():
    """Run until Ctrl-C; the exit status."""
    given = _arguments()
    out = pathlib.Path(given.out).resolve()
    alone.keep_private()
    try:
        alone.hold(out)
        for name in (*NAMES, "lab"):
            shutil.rmtree(out / name, ignore_errors=True)
    except alone.Taken:
        sys.exit("two phones write into %s already: end them, or say --out for another folder" % out)
    except OSError as error:
        sys.exit("%s: %s" % (given.out, error.strerror))
    logging.basicConfig(filename=out / "lab.log")
    try:
        asyncio.run(_live(Phones(out, given.radio, given.speed, given.modem, given.port, _show)))
    except Failed as failed:
        sys.exit("%s failed at %s: %s" % (failed.who, failed.step, failed.why))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0
    except OSError as error:
        sys.exit("the lab network failed: %s" % error)


if __name__ == "__main__":
    sys.exit(main())
