"""One camera by itself, until Ctrl-C."""

import argparse

from tools.lab import families, options, world
from tools.lab.camera import shell
from tools.lab.shell import run


def main():
    """Run one camera until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tools.lab.camera", description=shell.__doc__)
    parser.add_argument("--pty", metavar="LINK", required=True, help="path of the serial line")
    parser.add_argument("--family", default="vc0706", choices=families.names("camera"), help="one of: %(choices)s")
    parser.add_argument("--name", default="lab", help="what is written into the pictures")
    parser.add_argument("--frames", metavar="DIR", help="keep every frame in this folder")
    options.add_clock(parser)
    options.add_world(parser)
    given = parser.parse_args()
    run(
        lambda: shell.Camera(given.pty, world.load(given.world), given.name, given.speed, given.frames, given.family),
        "camera (%s)" % given.family,
    )


if __name__ == "__main__":
    main()
