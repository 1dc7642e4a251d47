"""The package micropython_mms of the wheel: the command `mms`, and the handset as a library.

It holds main.py, drivers/, tools/ and assets/ of a checkout. `main` puts that folder at the head of the path of its own
process. A user's program, which may have a main.py or tools of its own, only gets it behind everything else.
"""

import pathlib
import sys

_FOLDER = str(pathlib.Path(__file__).resolve().parent)


def main():
    """The command line; returns the exit status."""
    sys.path.insert(0, _FOLDER)
    try:
        from tools.command.__main__ import main as command
    except KeyboardInterrupt:
        return 130  # loading takes long enough for a Ctrl-C

    return command()


def open(port=None, *, board=None, settings=None, camera=None, told=None):
    """`async with open("/dev/ttyUSB0") as phone`: see tools/command/opening.py. Raises ImportError.

    The ImportError is for a program that has another package `drivers`.
    """
    if _FOLDER not in sys.path:
        sys.path.append(_FOLDER)
    import drivers

    if not str(drivers.__file__).startswith(_FOLDER):
        raise ImportError("micropython-mms: another package named drivers is in the way: %s" % drivers.__file__)
    from micropython_mms.tools.command.opening import open as opened

    return opened(port, board=board, settings=settings, camera=camera, told=told)


if __name__ == "__main__":
    sys.exit(main())
