"""The lab network with a modem and a camera for each subscriber, until Ctrl-C: everything around the handsets.

It prints where each of its parts can be reached, and how to put a handset to each of its lines. Lines that are typed
carry subscribers to other countries, or take the coverage away: type help. Exit status 0: ended by Ctrl-C or SIGTERM.
2: wrong arguments, values that are refused, a folder that another lab has, a package that is missing.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import pathlib
import random
import shlex
import signal
import sys

from tools import alone, programs
from tools.lab import options
from tools.lab import world as worlds
from tools.lab.lab import NAMES, Lab
from tools.lab.modem.masking import masked
from tools.lab.modem.shell import EVENTS
from tools.lab.network import radio as radios
from tools.lab.operator import wap_address
from tools.lab.places import Control, steps
from tools.lab.shell import private
from tools.lab.terminal import Terminal

_EXAMPLES = ("--speed 10", "--names all --date '2003-01-27 09:00'", "--modem sim7600 --log lab.log", "--chances 1")
_TYPED = 4096  # octets of a line that is typed


def _subscribers(network, folder):
    """Write settings for each subscriber: where they are, and the lines of modem and camera, as dicts."""
    rows = network.world.subscribers
    for row in rows:
        settings = network.settings(row.name, folder)
        others = [other.number for other in rows if other is not row]
        settings["press"] = {"to": others[:1], "text": "Hello from %s" % row.name}
        path = folder / (row.name + ".json")
        with open(path, "w", opener=private) as file:  # with the operator's password
            file.write(json.dumps(settings, indent=2) + "\n")
        modem, camera = network.lines(row.name)
        told = {"settings": str(path), "modem": str(modem), "camera": str(camera)}
        yield {"name": row.name, "number": row.number, **told}


def _command(row):
    """The line that starts a subscriber's handset, to be pasted into any shell."""
    words = (word for key in ("settings", "modem", "camera") for word in ("--" + key, row[key]))
    return "%s, %s:\n    %s" % (row["name"], row["number"], shlex.join([*programs.handset(), *words]))


def _places(network):
    """The address of each part of the lab, a line each."""
    for code, operator in network.operators.items():
        if len(network.operators) > 1:
            yield "%s %s" % (code, operator.row.name)
        yield from _operator(operator)
        if network.ways:
            yield from network.ways.told(code)
    if network.ways:
        yield "Mail for anybody at %s: %s" % (network.ways.mailbox.domain, network.ways.mailbox.address)
    for name, modem in network.modems.items():
        yield "%s's modem: %s with POST /sms, GET /sms and POST /do/NAME" % (name, modem.control_url)
    yield "    NAME is one of %s" % ", ".join(EVENTS)


def _operator(operator):
    yield "The gateway: %s, for handsets %s" % (operator.gateway.address, operator.row.gateway or "unknown")
    if operator.row.gateway:
        yield "The WAP gateway: UDP %s, for handsets wsp://%s" % (operator.wap.address, wap_address(operator.row))
    yield "The MMSC: %s, for handsets http://%s, its journal: %s" % (
        operator.mmsc.url, operator.mmsc.host, operator.folder / "mmsc" / "journal.jsonl",
    )  # fmt: skip
    yield "The SMS centre: %s with POST /submit?from=NUMBER, /text?to=NUMBER&from=NAME and /push likewise" % (
        operator.smsc.url
    )


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

    def udp(self, board, key, host, port, sent, octets):
        pass  # WAP's are in the gateway's log, as requests

    def closed(self, board, key):
        logging.getLogger("lab." + board).info("connection %s is closed", key)


def _log(path, is_json):
    """Let the terminal have what the parts refuse, and `path` (- is the terminal) everything that they do."""
    line = logging.Formatter("%(asctime)s %(name)s: %(message)s")
    handlers = [logging.StreamHandler()]
    if path == "-":
        handlers[0] = logging.StreamHandler(sys.stderr if is_json else sys.stdout)
    elif path:
        handlers[0].setLevel(logging.WARNING)
        handlers.append(logging.StreamHandler(open(path, "a", opener=private)))  # noqa: SIM115 it is open to the end
    for handler in handlers:
        handler.setFormatter(line)
        logging.getLogger("lab").addHandler(handler)
    logging.getLogger("lab").setLevel(logging.INFO if path else logging.WARNING)


def _listen(terminal, is_json):
    """Perform the lines that are typed into the terminal, until it ends."""
    loop, handle, typed = asyncio.get_running_loop(), sys.stdin.fileno(), bytearray()

    def read():
        octets = os.read(handle, _TYPED)
        if not octets:
            loop.remove_reader(handle)
        typed.extend(octets)
        *lines, rest = bytes(typed).split(b"\n")
        typed[:] = rest[-_TYPED:]
        for line in lines:
            answer = terminal.perform(line.decode(errors="replace"))
            print(json.dumps({"lines": list(answer)}) if is_json else "\n".join(answer), flush=True)

    with contextlib.suppress(PermissionError):  # a file or nothing, from which no lines come
        loop.add_reader(handle, read)


def _told(network, rows, control, terminal):
    """The lines that say how to reach a lab that runs."""
    yield "The lab network runs until Ctrl-C. A handset in another terminal, at its prompt type help:"
    yield from map(_command, rows)
    yield from _places(network)
    yield "Places: %s with GET /subscribers, POST /subscribers/NAME and GET /countries; or type here:" % control.url
    yield from ("    " + line for line in terminal.help)


async def _live(network, folder, script, speed, is_json):
    control = Control(network.places, script, speed, desks=network.desks)
    terminal = Terminal(network.places, network.desks)
    end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    try:
        await network.start()
        await control.start()
        rows = list(_subscribers(network, folder))
        if is_json:
            print(json.dumps({"control": control.url, "subscribers": rows}), flush=True)
        else:
            print("\n".join(_told(network, rows, control, terminal)), flush=True)
        _listen(terminal, is_json)
        await end.wait()
    finally:
        await control.stop()
        await network.stop()


def _arguments():
    parser = argparse.ArgumentParser(
        prog=programs.called("lab"),
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=programs.examples("lab", *_EXAMPLES),
    )
    options.add_clock(parser)
    parser.add_argument(
        "--radio", default="gprs-10-cs2", choices=radios.rows(), metavar="RADIO", help="one of: %(choices)s"
    )
    folder = programs.BUILD / "lab"
    parser.add_argument("--folder", default=folder, type=pathlib.Path, help="of lines, settings and journal")
    options.add_world(parser)
    options.add_proxy(parser)
    parser.add_argument(
        "--names", metavar="NAME[,NAME]", help="subscribers, or all: with their operators, and all ways between them"
    )
    text = "the local time of every operator at the start, instead of the world's: YYYY-MM-DD HH:MM"
    parser.add_argument("--date", metavar="DATE", help=text)
    parser.add_argument("--script", metavar="FILE", help="of coverage that comes and goes: docs/lab.md")
    parser.add_argument("--log", metavar="FILE", help="for all that the parts say and do; - is this terminal")
    options.add_chances(parser)
    options.add_deviation(parser)
    options.add_modem(parser)
    options.add_switch(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line, and words on standard error")
    return parser


def main():
    """The command line."""
    parser = _arguments()
    given = parser.parse_args()
    options.check_switches(parser, given.switch, given.modem)
    options.check_radio(parser, given)
    folder = given.folder.resolve()

    def refuse(text):
        parser.exit(2, text + "\n")

    alone.keep_private()
    try:
        world = worlds.load(given.world)
        if given.chances is not None:
            world.roll(random.Random(given.chances).random, worlds.chances())
    except worlds.WorldError as error:
        refuse(str(error))
    try:
        _log(given.log, given.json)
    except OSError as error:
        refuse("--log: %s: %s" % (given.log, error.strerror))
    try:
        alone.hold(folder)
    except alone.Taken:
        refuse("a lab runs in %s already: end it, or say --folder for another" % folder)
    except OSError as error:
        refuse("%s: %s; say --folder for another" % (folder, error.strerror))
    with contextlib.suppress(KeyboardInterrupt):
        tap = _Heard() if given.log else None
        more = (given.deviation, given.switch, given.modem, given.proxy)
        try:
            names = [row.name for row in world.subscribers]
            if given.names is None and set(NAMES) <= set(names):
                names = NAMES
            elif given.names not in (None, "all"):
                names = given.names.split(",")
            wide = {"names": names, "wide": given.names is not None, "date": given.date or world.date}
            lab = Lab(world, folder, given.radio, given.speed, tap, None, *more, **wide)
            script = steps(given.script, lab.places) if given.script else ()
        except worlds.WorldError as error:
            refuse(str(error))
        except ImportError as error:
            refuse("--names takes the packages of the group world (%s): make lab NAMES=all installs them" % error)
        asyncio.run(_live(lab, folder, script, given.speed, given.json))


if __name__ == "__main__":
    main()
