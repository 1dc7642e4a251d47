"""The prompt of a board, or the handset's console, by pyserial's terminal: Ctrl-] ends it. Not tried on hardware."""

import argparse
import sys

from serial.tools.miniterm import Miniterm

from tools.board.flash.line import USUAL, FlashError, open_port


def talk(port, baud):
    """Pass keys and characters between this terminal and a port until Ctrl-]."""
    terminal = Miniterm(open_port(port, baud), eol="cr", filters=["direct"])
    terminal.set_rx_encoding("UTF-8")
    terminal.set_tx_encoding("UTF-8")
    print("%s: Ctrl-] ends this, Ctrl-C stops the handset and leads to >>>, Ctrl-D starts it again." % port)
    terminal.start()
    try:
        terminal.join(True)
    except KeyboardInterrupt:
        pass
    terminal.join()
    terminal.close()


def main(words=None):
    """Talk; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.board.repl", description=__doc__)
    parser.add_argument("--port", required=True, help="the board's serial port")
    parser.add_argument("--baud", type=int, default=USUAL)
    given = parser.parse_args(words)
    if not sys.stdin.isatty():
        print("a board's console needs a terminal", file=sys.stderr)
        return 1
    try:
        talk(given.port, given.baud)
    except FlashError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
