"""One tool of the project by its name: `./mms TOOL ...` is `python -m tools.TOOL ...`. Without a name, a list."""

import ast
import pathlib
import runpy
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
_PARTS = {"__main__", "bench.inside", "pdu.board", "power.cuts", "setup", "soak.board", "soak.inside"}  # parts


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
    """List the tools, or run the one that the first word names, in this process."""
    known, words = tools(), sys.argv[1:]
    if not words or words[0] in ("help", "-h", "--help"):
        print("Tools, each with --help; ./mms NAME runs one from any folder:\n")
        for name, path in known.items():
            print("  %-12s %s" % (name, purpose(path)))
        return 0
    if words[0] not in known:
        print("no tool %s: ./mms lists them" % words[0], file=sys.stderr)
        return 2
    sys.argv[1:] = words[1:]
    runpy.run_module("tools." + words[0], run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
