"""Options of the lab's command lines: each is declared here once, with the type that reads its value."""

import argparse
import functools

from tools import programs
from tools.lab import families
from tools.lab.network.gateway.wap import deviations as wap
from tools.lab.network.mmsc.deviations import NAMES
from tools.lab.network.radio import LTE, access

PROXIES = ("http", "wsp")
_DEVIATIONS = {**NAMES, **wap.NAMES}
_ANSWERED = "a wrong one is answered with those that there are"  # the wheel's command does not have the lab's parts
_OF_NETWORK = "see --help of ./mms lab.network.mmsc and lab.network.gateway.wap" if programs.CHECKOUT else _ANSWERED
_OF_MODEMS = "see --help of ./mms lab.modem" if programs.CHECKOUT else _ANSWERED


def add_clock(parser):
    """--speed."""
    parser.add_argument("--speed", type=speed, default=1.0, help="times as fast as the world, at most 1000")


def add_world(parser):
    """--world."""
    parser.add_argument("--world", metavar="FILE", help="instead of tools/lab/world.toml")


def add_chances(parser):
    """--chances."""
    text = "have networks abroad fail, and be late, by the chances of tools/lab/chances.toml, drawn from this seed"
    parser.add_argument("--chances", metavar="SEED", type=int, help=text)


def add_server(parser):
    """--port, --speed and --world: what every server of the network has."""
    parser.add_argument("--port", type=int, default=0, help="on loopback; a free one by default")
    add_clock(parser)
    add_world(parser)


def add_proxy(parser):
    """--proxy."""
    text = "the protocol between handsets and the home network's gateway: %(choices)s (WAP 1.x, UDP port 9201)"
    parser.add_argument("--proxy", choices=PROXIES, default=PROXIES[0], help=text)


def add_callers(parser, others):
    """--caller; `others` says which callers are known without it."""
    parser.add_argument(
        "--caller",
        metavar="ADDRESS=MSISDN",
        type=pair,
        action="append",
        default=[],
        help="the subscriber who connects from an address; " + others,
    )


def add_deviation(parser, see=_OF_NETWORK, names=_DEVIATIONS):
    """--deviation of `names`; `see` says where they are listed."""
    parser.add_argument(
        "--deviation",
        metavar="NAME[=TIMES]",
        type=functools.partial(deviation, names=names),
        action="append",
        default=[],
        help="a way in which the network deviates from the standard, any number of times: " + see,
    )


def add_switch(parser, see=_OF_MODEMS):
    """--switch; `see` says where the names are listed."""
    parser.add_argument(
        "--switch",
        metavar="NAME=VALUE",
        type=switch,
        action="append",
        default=[],
        help="a way in which modems differ from the usual one, any number of times: " + see,
    )


def add_modem(parser):
    """--modem: the families of the subscribers' modems."""
    parser.add_argument(
        "--modem",
        metavar="FAMILY[,FAMILY]",
        type=modems,
        default=["sim800"],
        help="of each subscriber in turn, from %s" % ", ".join(families.names("modem")),
    )


def check_switches(parser, switches, chosen):
    """End with one line when a switch, or its value, is of none of the `chosen` families."""
    for name, value in switches:
        if not [family for family in chosen if value in _values(family, name)]:
            parser.error("--switch: no %s=%s in %s" % (name, value, ", ".join(chosen)))


def switches_of(family, switches):
    """Those of `switches` {name: value} that a family of modems has."""
    return {name: switches[name] for name in switches if switches[name] in _values(family, name)}


def _values(family, name):
    """The values of a switch of a family of modems, none where it does not exist."""
    return families.module("modem", family).SWITCHES.get(name, ((), ""))[0]


def check_radio(parser, given):
    """End with one line when a modem of --modem has no radio for the networks of --radio."""
    technology = access(given.radio)
    for family in given.modem:
        machine = families.module("modem", family).MACHINE
        if technology not in machine.ACCESS and "model" not in dict(given.switch):  # a model may have more
            parser.error("--radio: a %s has %s, and no network is in reach of it" % (family, ", ".join(machine.ACCESS)))
        if technology == LTE and given.radio not in machine.LTE_ROWS:
            parser.error("--radio: the LTE of a %s is %s" % (family, ", ".join(machine.LTE_ROWS)))


def modems(text):
    """Families of modems between commas as a list. Raises ArgumentTypeError with those that there are."""
    chosen, known = text.split(","), families.names("modem")
    for family in chosen:
        if family not in known:
            raise argparse.ArgumentTypeError("no modem %r: there are %s" % (family, ", ".join(known)))
    return chosen


def pair(text):
    """NAME=VALUE as (name, value). Raises ValueError."""
    name, found, value = text.partition("=")
    if not (name and found and value):
        raise ValueError("not NAME=VALUE: %r" % text)
    return name, value


def deviation(text, names=_DEVIATIONS):
    """NAME or NAME=TIMES, of `names`, as (name, times or None). Raises ArgumentTypeError."""
    name, given, times = text.partition("=")
    if name not in names:
        raise argparse.ArgumentTypeError("no %s; there are %s" % (name, ", ".join(names)))
    if given and not (times.isdecimal() and int(times)):
        raise argparse.ArgumentTypeError("%s: so many times is a number from 1 on" % text)
    if given and name in wap.CHANCES and int(times) > 100:
        raise argparse.ArgumentTypeError("%s: so many out of a hundred" % text)
    return name, int(times) if given else None


def switch(text):
    """NAME=VALUE as (name, value). Raises ArgumentTypeError."""
    name, _, value = text.partition("=")
    tables = [families.module("modem", family).SWITCHES for family in families.names("modem")]
    known = sorted({each for table in tables for each in table})
    if name not in known:
        raise argparse.ArgumentTypeError("no switch %r; there are %s" % (name, ", ".join(known)))
    values = sorted({each for table in tables for each in table.get(name, ((), ""))[0]})
    if value not in values:
        raise argparse.ArgumentTypeError("%s is one of %s" % (name, ", ".join(values)))
    return name, value


def speed(text):
    """How many times as fast as the world the lab runs. Raises ValueError, ArgumentTypeError."""
    times = float(text)
    if not 0 < times <= 1000:
        raise argparse.ArgumentTypeError("more than 0, at most 1000")
    return times
