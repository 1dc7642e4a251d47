"""Everything that a handset on a board says, each line with its time, until Ctrl-C; nothing is sent to the board."""

import argparse
import sys
import time

from tools.board.flash.line import USUAL, FlashError, lines, open_port


def main(words=None):
    """Print lines; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.logs", description=__doc__)
    parser.add_argument("--port", required=True, help="the board's serial port")
    parser.add_argument("--baud", type=int, default=USUAL)
    parser.add_argument("--seconds", type=float, help="end after so many")
    given = parser.parse_args(words)
    try:
        with open_port(given.port, given.baud) as port:
            for row in lines(port, given.seconds):
                print(time.strftime("%H:%M:%S ") + "".join(c if c.isprintable() else "?" for c in row), flush=True)
    except FlashError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
