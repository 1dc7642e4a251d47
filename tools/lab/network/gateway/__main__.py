"""One WAP gateway by itself, until Ctrl-C."""

import argparse

from tools.lab import options, world
from tools.lab.network.gateway import shell
from tools.lab.shell import run


def _host(text):
    """NAME[:PORT]=HOST:PORT of a command line as (name, address). Raises ArgumentTypeError."""
    name, _, target = text.partition("=")
    host, _, port = target.rpartition(":")
    if not name or not host or not _is_port(port) or ":" in name and not _is_port(name.rpartition(":")[2]):
        raise argparse.ArgumentTypeError("not NAME[:PORT]=HOST:PORT: %r" % text)
    return name.lower(), target


def _is_port(text):
    return text.isdecimal() and 0 < int(text) < 65536


def add_hosts(parser):
    """--host."""
    parser.add_argument(
        "--host", metavar="NAME[:PORT]=HOST:PORT", type=_host, action="append", default=[],
        help="a server behind the gateway, at one port or at any; any number of times",
    )  # fmt: skip


def main():
    """Run one gateway until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tools.lab.network.gateway", description=shell.__doc__)
    add_hosts(parser)
    options.add_callers(parser, "beside the subscribers of the world")
    options.add_server(parser)
    given = parser.parse_args()

    def make():
        surroundings = world.load(given.world)
        callers = {row.address: row.number for row in surroundings.subscribers}
        callers.update(given.caller)
        return shell.Gateway(dict(given.host), callers, surroundings, given.port, given.speed)

    run(make, "gateway")


if __name__ == "__main__":
    main()
