"""One SMS centre by itself, until Ctrl-C."""

import argparse

from tools.lab import options, world
from tools.lab.network.smsc import shell
from tools.lab.shell import run


def main():
    """Run one SMS centre until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tools.lab.network.smsc", description=shell.__doc__)
    parser.add_argument(
        "--subscriber", metavar="MSISDN=URL", type=options.pair, action="append", default=[],
        help="a subscriber and the control of his modem; any number of times",
    )  # fmt: skip
    options.add_server(parser)
    given = parser.parse_args()
    run(
        lambda: shell.Smsc(dict(given.subscriber), world.load(given.world), given.port, given.speed),
        "SMS centre",
    )


if __name__ == "__main__":
    main()
