"""Writes package.json, from which mip and mpremote install the handset on a board.

`mpremote mip install package.json` copies lib/, drivers/ and the tables of assets/ into the board's /lib, and main.py
and an example of settings.json into /lib/mms/examples: a board may have a main.py of its own, which mip would overwrite
without a word.
"""

import json

from tools.board.size import is_bare
from tools.programs import ROOT

FILE = ROOT / "package.json"
FOR_PCS = tuple(
    "drivers/serial/%s.py" % name for name in ("completion", "paths", "pyserial", "terminal", "threaded", "tty", "ttys")
)
DEPENDENCIES = [["hmac", "latest"]]  # of micropython-lib
EXAMPLES = [["mms/examples/main.py", "main.py"], ["mms/examples/settings.json", "examples/settings.json"]]
DATA = [[name, name] for name in ("assets/operators.bin", "assets/tariffs.bin", "assets/profiles.bin")]


def contents():
    """The dict of package.json: the modules of lib/ and drivers/ that a board can use, data and examples."""
    urls = []
    for folder in ("lib", "drivers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.relative_to(ROOT).as_posix()
            if source not in FOR_PCS and not is_bare(path):
                urls.append([source.removeprefix("lib/"), source])
    return {"urls": urls + DATA + EXAMPLES, "deps": DEPENDENCIES, "version": "0.1.0"}


def text():
    """package.json as text, one file a line."""
    package = contents()
    rows = ",\n".join("    %s" % json.dumps(row) for row in package["urls"])
    return '{\n  "urls": [\n%s\n  ],\n  "deps": %s,\n  "version": "%s"\n}\n' % (
        rows,
        json.dumps(package["deps"]),
        package["version"],
    )


if __name__ == "__main__":
    FILE.write_text(text())
