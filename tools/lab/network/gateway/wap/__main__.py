"""One WAP gateway by itself, until Ctrl-C: WSP and WTP on a UDP port of loopback, HTTP behind it."""

import argparse

from tools.lab import options, world
from tools.lab.network.gateway import shell as proxies
from tools.lab.network.gateway.__main__ import add_hosts
from tools.lab.network.gateway.wap import shell
from tools.lab.network.gateway.wap.deviations import NAMES
from tools.lab.shell import run


def _description():
    return "\n".join([__doc__, "deviations:", *("  %-12s%s" % row for row in NAMES.items())])


def main():
    """Run one WAP gateway until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.lab.network.gateway.wap", description=_description(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add_hosts(parser)
    options.add_callers(parser, "beside the subscribers of the world")
    options.add_deviation(parser, "see above", NAMES)
    parser.add_argument("--seed", type=int, default=1, help="of the chance by which datagrams go astray")
    options.add_server(parser)
    given = parser.parse_args()

    def make():
        surroundings = world.load(given.world)
        callers = {row.address: row.number for row in surroundings.subscribers}
        callers.update(given.caller)
        proxy = proxies.Gateway(dict(given.host), callers, surroundings, 0, given.speed)
        return shell.WapGateway(proxy, given.port, given.deviation, given.seed)

    run(make, "WAP gateway")


if __name__ == "__main__":
    main()
