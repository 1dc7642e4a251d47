"""A simulated modem by itself, until Ctrl-C.

    python -m tools.lab.modem --pty build/alice --route 10.1.1.1:8080=127.0.0.1:18080

Its control interface is described in tools/lab/modem/shell.py.
"""

import argparse
import asyncio
import signal

from tools.lab import families, options, world
from tools.lab.modem import shell
from tools.lab.network import radio


def _listed(family):
    """The switches of a family in one line."""
    known = families.module("modem", family).SWITCHES
    return "; ".join("%s: %s (%s)" % (name, known[name][1], ", ".join(known[name][0])) for name in sorted(known))


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m tools.lab.modem", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--family", default="sim800", choices=families.names("modem"), help="one of: %(choices)s")
    add("--pty", required=True, metavar="LINK", help="where the handset's end of the line appears")
    add("--control", default="127.0.0.1:0", metavar="HOST:PORT", help="HTTP on loopback")
    add("--route", action="append", default=[], metavar="NAME[:PORT]=HOST:PORT", help="a host that there is, repeated")
    add("--number", default="+447700900001")
    add("--imsi", default="234100000000001")
    add("--iccid", default="8944110000000000016")
    add("--pin", help="the SIM asks for it")
    add("--no-sim", action="store_true", help="no card in the modem")
    add("--address", default="127.0.3.1", help="where its connections come from")
    add("--smsc", metavar="URL", help="the SMS centre that takes what the handset submits")
    add("--radio", metavar="ROW", choices=radio.rows(), help="one of: %(choices)s")
    add("--apn", action="append", default=[], help="one more APN, for any user")
    options.add_clock(parser)
    options.add_world(parser)
    listed = " ".join("%s: %s." % (family, _listed(family)) for family in families.names("modem"))
    options.add_switch(parser, "the first value is the usual one. " + listed)
    return parser


async def _run(given, routes, world):
    modem = shell.Modem(
        given.pty,
        given.control,
        routes,
        given.number,
        given.imsi,
        given.iccid,
        given.pin,
        not given.no_sim,
        given.address,
        given.smsc,
        given.radio,
        given.speed,
        world,
        given.apn,
        switches=dict(given.switch),
        family=given.family,
    )
    end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    try:
        await modem.start()
        print("modem at %s, control at %s" % (given.pty, modem.control_url), flush=True)
        await end.wait()
    finally:
        await modem.stop()


def main():
    """Run one modem until Ctrl-C."""
    parser = _arguments()
    given = parser.parse_args()
    options.check_switches(parser, given.switch, [given.family])
    routes = dict(route.partition("=")[::2] for route in given.route)
    if not all(target.rpartition(":")[2].isdigit() for target in routes.values()):
        parser.error("a route is NAME=HOST:PORT")
    if not given.control.startswith(("127.", "localhost:")):
        parser.error("--control is for loopback only")
    try:
        asyncio.run(_run(given, routes, world.load(given.world)))
    except world.WorldError as error:
        parser.error(str(error))
    except OSError as error:
        raise SystemExit("%s: %s" % (parser.prog, error)) from None


if __name__ == "__main__":
    main()
