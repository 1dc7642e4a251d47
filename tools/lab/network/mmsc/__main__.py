"""One MMSC by itself, until Ctrl-C.

journal.jsonl has one event a line; bodies/ keeps what was submitted, by message id. With --deviation it does what real
message centres do otherwise than the standard has it, always or TIMES times. With --mm4 it exchanges messages with its
peers, to which a number belongs by the world or by --number; with --mm3 it takes mail to its subscribers, and theirs
goes to the mail server of --smarthost.
"""

import argparse
import importlib
import pathlib
import sys

from tools import alone
from tools.lab import options, world
from tools.lab.network.mm4 import profiles
from tools.lab.network.mmsc import shell
from tools.lab.network.mmsc.deviations import NAMES
from tools.lab.network.mmsc.routing import Router
from tools.lab.shell import HOST, run


class _Always:
    """The agreements of an MMSC whose peers are those that it is given."""

    def allows(self, own, peer, octets, date, direction):
        return True


def _join(mmsc, row, surroundings, given, ours):
    """Give an MMSC the ports that were asked for."""
    domains = {each.mccmnc: each.domain for each in surroundings.operators}
    numbers = {number: domains[code] for number, code in surroundings.numbers.items()} | dict(given.number)
    numbers |= dict.fromkeys(ours, row.domain)
    relay = mmsc.machine
    if given.mm4 is not None:
        mm4 = importlib.import_module("tools.lab.network.mm4.shell")
        peer = importlib.import_module("tools.lab.network.mm4.machine").Peer
        written = {domain: {name for at, name in given.writes if at == domain} for domain, _ in given.peer}
        peers = {domain: peer(address, profiles.profile(written[domain])) for domain, address in given.peer}
        interconnect = mm4.Interconnect(
            relay, mmsc.wall, row.domain, peers, numbers.get, _Always(), mmsc.journal, surroundings.delays.mm4,
            given.mm4, given.speed,
        )  # fmt: skip
        mmsc.add(interconnect)
    if given.mm3 is not None:
        mm3 = importlib.import_module("tools.lab.network.mm3.shell")
        mmsc.add(mm3.MailService(
            relay, mmsc.wall, row.mail, ours.__contains__, lambda: given.smarthost, given.mm3, given.speed,
            surroundings.delays.mm3,
        ))  # fmt: skip
    relay.route = Router(row.domain, numbers, {}, lambda *message: True, lambda number: True, relay.date)


def _port(text):
    """The port of HOST:PORT. Raises ArgumentTypeError."""
    host, _, port = text.rpartition(":")
    if host != HOST or not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError("%r: %s:PORT, since the lab listens nowhere else" % (text, HOST))
    return int(port)


def _place(text):
    """HOST:PORT of another's server. Raises ArgumentTypeError."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError("%r: HOST:PORT, please" % text)
    return text


def _writes(text):
    """DOMAIN=SWITCH as (domain, switch). Raises ArgumentTypeError."""
    domain, _, name = text.partition("=")
    if not domain or name not in profiles.NAMES:
        raise argparse.ArgumentTypeError("%r: DOMAIN= and one of %s" % (text, ", ".join(profiles.NAMES)))
    return domain, name


def _description():
    tables = ("deviations:", NAMES), ("what --writes can be:", profiles.NAMES)
    rows = [[title, *("  %-20s%s" % row for row in names.items())] for title, names in tables]
    return "\n".join([__doc__, *rows[0], "", *rows[1]])


def _arguments():
    parser = argparse.ArgumentParser(
        prog="python -m tools.lab.network.mmsc", description=_description(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--folder", metavar="DIR", required=True, help="of journal and bodies")
    parser.add_argument("--smsc", metavar="URL", required=True, help="the SMS centre")
    parser.add_argument(
        "--subscriber", metavar="MSISDN", action="append",
        help="any number of times; those of the world by default",
    )  # fmt: skip
    parser.add_argument("--operator", metavar="MCCMNC", help="of the world; its home by default")
    parser.add_argument("--octets", type=int, help="of the largest message")
    parser.add_argument(
        "--mm4", metavar="HOST:PORT", type=_port,
        help="where peers find this MMSC: %s:PORT" % HOST,
    )  # fmt: skip
    parser.add_argument(
        "--peer", metavar="DOMAIN=HOST:PORT", type=options.pair, action="append", default=[],
        help="an MMSC, by its name, and its SMTP; any number of times",
    )  # fmt: skip
    parser.add_argument(
        "--writes", metavar="DOMAIN=SWITCH", type=_writes, action="append", default=[],
        help="how mail to that peer deviates, see above; any number of times",
    )  # fmt: skip
    parser.add_argument(
        "--number", metavar="NUMBER=DOMAIN", type=options.pair, action="append", default=[],
        help="whose number it is, beside those of the world; any number of times",
    )  # fmt: skip
    parser.add_argument(
        "--mm3", metavar="HOST:PORT", type=_port,
        help="where mail to subscribers comes in: %s:PORT" % HOST,
    )  # fmt: skip
    parser.add_argument(
        "--smarthost", metavar="HOST:PORT", type=_place, default=HOST + ":25",
        help="the mail server that takes their mail; %(default)s by default",
    )  # fmt: skip
    options.add_callers(parser, "those of the world by default")
    options.add_deviation(parser, "see above", NAMES)
    options.add_server(parser)
    return parser.parse_args()


def main():
    """Run one MMSC until Ctrl-C."""
    given = _arguments()

    def make():
        surroundings = world.load(given.world)
        operator = given.operator or surroundings.home
        ours = given.subscriber or [row.number for row in surroundings.subscribers if row.home == operator]
        mmsc = shell.Mmsc(
            given.folder, given.smsc.rstrip("/"), ours, surroundings, operator,
            given.port, given.speed, given.octets, given.deviation,
            dict(given.caller) or {row.address: row.number for row in surroundings.subscribers},
        )  # fmt: skip
        if given.mm4 is not None or given.mm3 is not None:
            _join(mmsc, surroundings.operator(operator), surroundings, given, ours)
        return mmsc

    try:
        alone.hold(pathlib.Path(given.folder))
        run(make, "MMSC")
    except alone.Taken:
        sys.exit("MMSC: one runs in %s already: end it, or say --folder for another" % given.folder)
    except OSError as error:
        sys.exit("MMSC: %s" % error)
    except ImportError as error:
        sys.exit("--mm4 and --mm3 take the packages of the group world: %s" % error)


if __name__ == "__main__":
    main()
