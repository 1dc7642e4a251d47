"""Makes build/venv from requirements/GROUP.lock: `make` starts it with a Python that it finds.

`setup.py run`, `docs`, `flash`, `world`, `campaign`, `test` or `labgrid`. It needs the standard library only. Each
group has all of `run`, and `test` has all of all; others than `run` are added to a venv that has it. `labgrid` alone
becomes build/labgrid, a venv of its own: its pyserial-labgrid owns the same files as pyserial. Two that start at once
make it once: the second waits for the first.
"""

import fcntl
import pathlib
import shutil
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / "build" / "venv"
READY = {"run": VENV / "ready"} | {
    group: VENV / ("ready-" + group) for group in ("docs", "flash", "world", "campaign", "test")
}
APART = {"labgrid": ROOT / "build" / "labgrid"}  # groups with a venv of their own
READY |= {group: place / "ready" for group, place in APART.items()}
# --no-deps: the lock has all that is needed, and less than the FONA library asks for (pyproject.toml)
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps", "-r")


def _lock(group):
    return ROOT / "requirements" / (group + ".lock")


def _first(group):
    """The group that the venv of a group has before all others."""
    return group if group in APART else "run"


def is_ready(group):
    """Whether the venv has all of a group, and is no older than its lock."""
    ready = READY[group]
    return ready.exists() and ready.stat().st_mtime >= _lock(group).stat().st_mtime


def make(group):
    """Make the venv anew, or add the group to it; raises OSError, CalledProcessError."""
    place = APART.get(group, VENV)
    print("Setting up build/%s with Python %d.%d for %s" % (place.name, *sys.version_info[:2], group), flush=True)
    builder = venv.EnvBuilder(with_pip=True, symlinks=True)
    if READY[group].exists() or not is_ready(_first(group)):
        shutil.rmtree(place, ignore_errors=True)
        builder.create(place)
    subprocess.run([builder.ensure_directories(place).env_exe, *PIP, str(_lock(group))], check=True)
    READY[_first(group)].touch()
    READY[group].touch()


def main():
    """Make the venv where it is missing or old; the exit status."""
    group = sys.argv[1]
    place = APART.get(group, VENV)
    place.parent.mkdir(exist_ok=True)
    with open(place.parent / (place.name + ".lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is setting up build/%s: waiting for it" % place.name, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not (is_ready(_first(group)) and is_ready(group)):
            make(group)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit("the packages cannot be installed into build/: %s" % error)
