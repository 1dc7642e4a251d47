"""Writes package.json, from which mip and mpremote install the handset on a board.

`mpremote mip install package.json` copies lib/ and drivers/ into the board's /lib; main.py and
settings.json are the user's to copy.
"""

import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE = ROOT / "package.json"


def contents():
    """What package.json says, as a dict: every module of lib/ and drivers/, sorted."""
    urls = []
    for folder in ("lib", "drivers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.relative_to(ROOT).as_posix()
            urls.append([source.removeprefix("lib/"), source])
    return {"urls": urls, "deps": [], "version": "0.1.0"}


def text():
    """package.json as text, one file a line."""
    package = contents()
    rows = ",\n".join("    %s" % json.dumps(row) for row in package["urls"])
    return '{\n  "urls": [\n%s\n  ],\n  "deps": [],\n  "version": "%s"\n}\n' % (
        rows,
        package["version"],
    )


if __name__ == "__main__":
    FILE.write_text(text())
