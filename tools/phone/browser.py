"""A browser that programs drive: Debian's Chromium, with playwright-core and axe-core of npm; for tests and pictures.

`run` starts a script of node, which gets the browser's path and the folder of the packages by its environment.
"""

import os
import pathlib
import shutil
import subprocess

from tools import npm

HERE = pathlib.Path(__file__).resolve().parent


def environment():
    """The variables of a script: CHROMIUM and PACKAGES; raises npm.Missing."""
    chromium = shutil.which("chromium")
    if not chromium:
        raise npm.Missing("chromium")
    return dict(os.environ, CHROMIUM=chromium, PACKAGES=str(npm.install(HERE, "browser") / "node_modules"))


def run(script, *words, seconds=60):
    """(exit status, all that a script has printed)."""
    done = subprocess.run(
        ["node", str(script), *words],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
    )
    return done.returncode, done.stdout
