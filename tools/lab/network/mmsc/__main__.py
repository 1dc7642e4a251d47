"""One MMSC by itself, until Ctrl-C.

journal.jsonl has one event a line; bodies/ keeps what was submitted, by message id. With --deviation it does what real
message centres do otherwise than the standard has it, always or TIMES times.
"""

import argparse

from tools.lab import options, world
from tools.lab.network.mmsc import shell
from tools.lab.network.mmsc.deviations import NAMES
from tools.lab.shell import run


def _description():
    return "\n".join([__doc__, "deviations:", *("  %-18s%s" % row for row in NAMES.items())])


def main():
    """Run one MMSC until Ctrl-C."""
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
    options.add_callers(parser, "those of the world by default")
    options.add_deviation(parser, "see above", NAMES)
    options.add_server(parser)
    given = parser.parse_args()

    def make():
        surroundings = world.load(given.world)
        operator = given.operator or surroundings.home
        ours = [row.number for row in surroundings.subscribers if row.home == operator]
        return shell.Mmsc(
            given.folder, given.smsc.rstrip("/"), given.subscriber or ours, surroundings, operator,
            given.port, given.speed, given.octets, given.deviation,
            dict(given.caller) or {row.address: row.number for row in surroundings.subscribers},
        )  # fmt: skip

    run(make, "MMSC")


if __name__ == "__main__":
    main()
