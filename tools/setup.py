"""Makes build/venv from requirements.lock, by the standard library alone: `make` starts it with a Python that it finds.

Two that start at once make it once: the second waits for the first.
"""

import fcntl
import pathlib
import shutil
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / "build" / "venv"
READY = VENV / "ready"
LOCK = ROOT / "requirements.lock"
# --no-deps: the lock has all that is needed, and less than the FONA library asks for (pyproject.toml)
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps", "-r")


def is_ready():
    """Whether the venv is whole, and no older than the list of what is in it."""
    return READY.exists() and READY.stat().st_mtime >= LOCK.stat().st_mtime


def make():
    """Make it anew; raises OSError, CalledProcessError."""
    print("Setting up build/venv with Python %d.%d" % sys.version_info[:2], flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    builder = venv.EnvBuilder(with_pip=True, symlinks=True)
    builder.create(VENV)
    subprocess.run([builder.ensure_directories(VENV).env_exe, *PIP, str(LOCK)], check=True)
    READY.touch()


def main():
    """Make it where it is missing or old; the exit status."""
    VENV.parent.mkdir(exist_ok=True)
    with open(VENV.parent / "venv.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is setting up build/venv: waiting for it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_ready():
            make()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit("build/venv cannot be made: %s" % error)
