"""Runs tools/soak/inside.py in MicroPython's unix port, compiled and in ROMFS as the handset (tools/board/rom.py)."""

import json
import os
import pathlib
import re
import sys

from tools.board import rom
from tools.programs import ROOT
from tools.soak import countries
from tools.soak.abroad import HOME

_FOLDERS = ("tools/soak", "tools/sim", "tools/lab")
_OURS = ("__main__.py", "board.py", "countries.py", "inside.py", "lab.py", "processes.py")
_FOREIGN = "argparse|asyncio|aiohttp|dataclasses|importlib|sqlite3|tomllib|zoneinfo|PIL|random|termios|tty"
_WORLD = {"adaptation", "billing", "mm3", "mm4", "portal", "viewer"}  # rooms of the lab without which sessions go
_SHELL = re.compile(r"^\s*(import|from) (%s)\b" % _FOREIGN, re.MULTILINE)


def program():
    """The files of the image: first the program, then the modules that it imports."""
    rooms = [
        path.relative_to(ROOT).as_posix()
        for folder in _FOLDERS
        for path in sorted(pathlib.Path(ROOT, folder).rglob("*.py"))
        if path.name not in _OURS
        and _WORLD.isdisjoint(path.parts)
        and not (folder == "tools/lab" and _SHELL.search(path.read_text()))
    ]
    return ("tools/soak/inside.py", "tools/__init__.py", *rooms)


if __name__ == "__main__":
    os.environ["COUNTRIES"] = json.dumps(countries.rows(HOME))
    sys.exit(rom.main(sys.argv[1:], program()))
