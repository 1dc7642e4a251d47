"""Makes the tag of a release: `make release`, after `make full`. It pushes nothing.

The version is the one of pyproject.toml. It must stand in CHANGELOG.md and in all other places that name it, the work
tree must be clean, and the tag must not exist yet.
"""

import argparse
import json
import re
import subprocess
import sys
import tomllib

from tools.programs import ROOT


class Unready(Exception):
    """The project cannot be released: the text says why."""


def version(root):
    """The version that pyproject.toml has; raises Unready where another file has another one."""
    wanted = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    found = {
        "package.json": json.loads((root / "package.json").read_text())["version"],
        "manifest.py": _quoted("version", root / "manifest.py"),
        "lib/mms/__init__.py": _quoted("__version__", root / "lib/mms/__init__.py"),
    }
    for name, other in found.items():
        if other != wanted:
            raise Unready("%s has version %s, pyproject.toml has %s" % (name, other, wanted))
    return wanted


def _quoted(name, path):
    """The text that is assigned to a name in a Python file, or None."""
    found = re.search(r'\b%s ?= ?"([^"]*)"' % name, path.read_text())
    return found and found[1]


def notes(root, wanted):
    """The section of CHANGELOG.md about a version; raises Unready when there is none or it is empty."""
    path = root / "CHANGELOG.md"
    text = path.read_text() if path.exists() else ""
    found = re.search(r"^## \[?%s\b.*\n((?:(?!## ).*\n?)*)" % re.escape(wanted), text, re.MULTILINE)
    if not found or not found[1].strip():
        raise Unready("CHANGELOG.md says nothing of version %s" % wanted)
    return found[1].strip()


def git(root, *words):
    """The output of a git command, without the last line end; raises CalledProcessError."""
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def release(root):
    """Make the tag and return its name; raises Unready, CalledProcessError."""
    wanted = version(root)
    text = notes(root, wanted)
    tag = "v" + wanted
    if git(root, "status", "--porcelain"):
        raise Unready("there are changes that are not committed")
    if git(root, "tag", "--list", tag):
        raise Unready("the tag %s exists already" % tag)
    git(root, "tag", "--annotate", "--cleanup=verbatim", tag, "--message", "Version %s\n\n%s" % (wanted, text))
    return tag


def main():
    """The command line."""
    argparse.ArgumentParser(prog="python -m tools.release", description=__doc__).parse_args()
    try:
        print("%s is made: git push origin %s" % (2 * (release(ROOT),)))
    except (Unready, OSError, ValueError) as error:
        sys.exit("no release: %s" % error)
    except subprocess.CalledProcessError as error:
        sys.exit("no release: %s" % error.stderr.strip())


if __name__ == "__main__":
    main()
