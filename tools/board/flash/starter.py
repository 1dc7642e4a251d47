"""Starts the handset. `make flash` wrote this file: a program of yours that uses the handset may take its place."""

import sys

try:
    import switch_over  # noqa: F401 (it is there only while an update is unfinished, and finishes it)
except ImportError:
    pass
from mms_program import main  # noqa: E402

if __name__ == "__main__":
    status = main()
    if status != 130:  # Ctrl-C leads to the REPL; after anything else the board begins anew
        sys.exit(status)
