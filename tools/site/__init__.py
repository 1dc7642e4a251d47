"""The documents as a site of pages: `make docs` writes build/site, whose index.html any browser opens.

The documents are copied to build/site-source as they lie in the project, with the files that they link to, so that a
link that leads somewhere here leads somewhere there. Every warning of MkDocs is an error: a link or an anchor that
leads nowhere, a document that the navigation has not.
"""

import re
import shutil
import subprocess
import sys

from tools.programs import ROOT

SITE = ROOT / "build" / "site"
SOURCE = ROOT / "build" / "site-source"
CONFIG = ROOT / "tools" / "site" / "mkdocs.yml"
_LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)\s]*)?\)")


def documents():
    """The documents, as paths from the root."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def stage():
    """Copy documents, and files that they link to, to SOURCE."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    wanted = documents()
    while wanted:
        name = wanted.pop()
        there = SOURCE / name
        if there.exists():
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, there)
        if name.endswith(".md"):
            linked = [(ROOT / name).parent / link for link in _LINK.findall((ROOT / name).read_text("utf-8"))]
            wanted += [path.resolve().relative_to(ROOT).as_posix() for path in linked if path.is_file()]


def build():
    """Write SITE; returns the exit status and MkDocs' words."""
    stage()
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean", "--config-file", str(CONFIG)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout
