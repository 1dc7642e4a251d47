"""The command `mms` in a checkout, where `./mms TOOL ...` is `python -m tools.TOOL ...`, too."""

import ast
import pathlib
import runpy
import sys

from tools.command import __main__ as command
from tools.command.parser import create

FOLDER = pathlib.Path(__file__).resolve().parent
WIDTH = 80
_PARTS = {  # of other programs
    "__main__",
    "bench.inside",
    "command.__main__",
    "command.face",
    "labgrid.arrange",
    "labgrid.client",
    "pdu.board",
    "power.cuts",
    "setup",
    "soak.board",
    "soak.inside",
}


def tools():
    """{name of each tool: its source}: the modules and packages of this folder that run as programs."""
    found = {}
    for path in sorted(FOLDER.rglob("*.py")):
        name = ".".join(path.relative_to(FOLDER).with_suffix("").parts)
        if name not in _PARTS and '\nif __name__ == "__main__":\n' in path.read_text("utf-8"):
            found[name.removesuffix(".__main__")] = path
    return found


def purpose(path):
    """The first line of the docstring of the source at `path`."""
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))).split("\n")[0]


def main():
    """Run the tool that the first word names, in this process, or else the command; the exit status."""
    known, words, verbs = tools(), sys.argv[1:], create().verbs
    if not words or words[0] == "help":
        words = ["--help"]
    if words[0] not in known or words[0] in verbs:
        named = {name: purpose(path) for name, path in known.items() if name not in verbs}
        rows = ["  %-*s  %s" % (max(map(len, named)), name, named[name]) for name in named]
        rows = [row if len(row) < WIDTH else row[: WIDTH - 4] + " ..." for row in rows]
        return command.main(words, "\n\ntools of this checkout, each with --help:\n" + "\n".join(rows))
    sys.argv[1:] = words[1:]
    runpy.run_module("tools." + words[0], run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
