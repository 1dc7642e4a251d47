"""The world of the announcement in one command: one picture to seven kinds of recipients, and the bill.

Starts seven operators, and six handsets as the real program. build/world gets report.json and index.html with the
pictures as each recipient saw them. Exit status 0: everybody got it in the way that is right for him, and the bill
agrees; 1: a step failed, and which; 2: wrong arguments; 130: stopped with Ctrl-C.
"""

import argparse
import json
import logging
import pathlib
import shutil
import sys

from tools import alone
from tools.journey.going import go
from tools.journey.screen import Screen, plain
from tools.lab import options
from tools.lab import world as worlds
from tools.lab.network import radio as radios
from tools.programs import BUILD
from tools.world import page
from tools.world.story import HANDSETS, Story


def arguments(words=None):
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.world", description=__doc__)
    options.add_clock(parser)
    parser.add_argument("--radio", default="gprs-10-cs2", choices=radios.rows(), help="one of: %(choices)s")
    parser.add_argument("--out", default=BUILD / "world", type=pathlib.Path, help="folder for everything written")
    parser.add_argument("--date", help="the local time of each operator at the start: YYYY-MM-DD HH:MM")
    return parser.parse_args(words)


def clear(out):
    """Delete the files that an earlier story left in the folder `out`, but nothing else."""
    for name in (*HANDSETS, "lab", "seen"):
        shutil.rmtree(out / name, ignore_errors=True)
    names = ("report.json", "index.html", "lab.log", *[name + end for name in HANDSETS for end in (".log", ".json")])
    for name in names:
        (out / name).unlink(missing_ok=True)


def main():
    """Tell the story, write its report."""
    given = arguments()
    out = given.out.resolve()
    alone.keep_private()
    try:
        alone.hold(out)
        clear(out)
        world = worlds.load()
        logging.basicConfig(filename=out / "lab.log")
        screen = Screen(speed=given.speed)
        story = Story(world, out, given.radio, given.speed, screen, given.date or world.date)
    except alone.Taken:
        sys.exit("a story writes into %s already: wait until it ends, or say --out for another folder" % out)
    except worlds.WorldError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit("%s: %s" % (given.out, error.strerror))
    screen.console.print("[bold]One picture, seven kinds of recipients[/], %g times as fast as the world" % given.speed)
    status, why = go(story)
    screen.close()
    story.report["why"] = why
    (out / "report.json").write_text(json.dumps(story.report, indent=2) + "\n")
    page.write(out / "index.html", story.report)
    if why:
        screen.console.print("[red]%s[/]" % plain(why), soft_wrap=True)
    screen.console.print("The pictures as each saw them: %s" % (out / "index.html"), soft_wrap=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
