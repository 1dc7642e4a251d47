"""main.py as a firmware has it, and as mip installs it: without `__file__`, and without what a board cannot use."""

import asyncio
import contextlib
import functools
import hashlib
import http.server
import json
import shutil
import subprocess
import sys
import threading

import pytest

from mms.handset import settings
from tests.kit.laboratory import Laboratory
from tools import programs
from tools.board import package

# What a firmware does with a frozen main.py: its code runs as __main__, and its rooms are on the path already.
FROZEN = """
import sys
sys.path[:] = %s
with open("main.py") as source:
    code = compile(source.read(), "frozen", "exec")
exec(code, {"__name__": "__main__"})
"""
BOOTED = FROZEN.replace('{"__name__"', '{"__file__": "boot.py", "__name__"')  # a boot.py ran before it


def frozen(interpreter, code=FROZEN):
    """The command that runs main.py so."""
    if interpreter == "cpython":
        return [sys.executable, "-c", code % "sys.path[1:] + ['', 'lib']"]
    if not programs.micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    return [*programs.micropython(), "-X", "heapsize=1m", "-c", code % "['.frozen', '', 'lib']"]


@pytest.mark.parametrize("interpreter, code", [("cpython", FROZEN), ("micropython", FROZEN), ("micropython", BOOTED)])
def test_a_frozen_main_starts_a_handset(tmp_path, interpreter, code):
    async def story():
        async with Laboratory(tmp_path) as lab:
            alice = await lab.ready("alice", frozen(interpreter, code))
            assert (await alice.ask("status", 30))["home"] == "23410"

    asyncio.run(story())


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder):
    """The address of a server for `folder`: in it are the project and an index of micropython-lib that has hmac."""
    (folder / "project").symlink_to(programs.ROOT)
    octets = (programs.ROOT / "tests/kit/micropython/hmac.py").read_bytes()
    name = hashlib.sha256(octets).hexdigest()[:8]
    about = {"v": 1, "version": "1.0", "hashes": [["hmac.py", name]]}
    for path, content in (
        ("index/package/6/hmac/latest.json", json.dumps(about).encode()),
        ("index/file/%s/%s" % (name[:2], name), octets),
    ):
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_bytes(content)
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield "http://127.0.0.1:%d" % server.server_port
        server.shutdown()


def test_what_mip_installs_starts_from_its_example_and_leaves_the_makers_own_main_alone(tmp_path, tmp_path_factory):
    if not programs.micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    own = tmp_path / "main.py"
    own.write_text("print('my own')\n")
    with served(tmp_path_factory.mktemp("server")) as address:
        words = (address, address, tmp_path)
        install = "import mip; mip.install('%s/project/package.json', index='%s/index', target='%s/lib')" % words
        done = subprocess.run([*programs.micropython(), "-c", install], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "Done" in done.stdout, done.stdout + done.stderr
    assert own.read_text() == "print('my own')\n" and {path.name for path in tmp_path.iterdir()} == {"main.py", "lib"}
    assert (tmp_path / "lib/hmac.py").exists()
    for name in ("main.py", "settings.json"):
        shutil.copy(tmp_path / "lib/mms/examples" / name, tmp_path / name)
    run = [*programs.micropython(), "-X", "heapsize=1m", "main.py"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=30)
    # as far as a machine without a board's UARTs can go
    assert (done.returncode, done.stderr) == (1, "no modem: say where it is with --modem PATH\n"), done.stdout


def test_the_example_of_settings_is_as_settings_have_to_be():
    told = json.loads((programs.ROOT / "examples/settings.json").read_text())
    assert settings.check(told)["operators"]


def test_what_only_a_pc_can_use_goes_to_no_board():
    sources = {source for _, source in package.contents()["urls"]}
    assert sources.isdisjoint({"drivers/serial/" + name for name in ("tty.py", "pyserial.py")})
    for _, source in package.contents()["urls"]:
        assert (programs.ROOT / source).is_file(), source
