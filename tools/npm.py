"""Packages of npm, installed into build/ as a package-lock.json says."""

import fcntl
import shutil
import subprocess

from tools.programs import ROOT


class Missing(Exception):
    """A program that has to be installed first: its name."""


def install(folder, name):
    """Install what the package-lock.json in `folder` has into build/NAME, if it is not there: that folder.

    Raises Missing without node and npm, CalledProcessError.
    """
    for program in ("node", "npm"):
        if not shutil.which(program):
            raise Missing(program)
    build = ROOT / "build" / name
    build.mkdir(parents=True, exist_ok=True)
    with open(build / "busy", "w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)  # tests run side by side
        _install(folder, build)
    return build


def _install(folder, build):
    ready, wanted = build / "ready", (folder / "package-lock.json").read_bytes()
    if ready.exists() and ready.read_bytes() == wanted:
        return
    for file in ("package.json", "package-lock.json"):
        shutil.copy(folder / file, build)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--silent", "--prefix", str(build)]
    subprocess.run(command, check=True, timeout=120)
    ready.write_bytes(wanted)
