"""The wheel: what it owns, and the command that it brings, in a fresh environment beside PyPI's construct."""

import asyncio
import importlib.metadata
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile

import pytest
from packaging.requirements import Requirement

from tests.kit import command
from tests.kit.laboratory import SECONDS, Laboratory
from tools.programs import ROOT

NAME = "micropython-mms"
OF_BASE, OF_LAB = "", "lab"


def needed(names):
    """The distributions of these names and all that they need, of those that this environment has."""
    found, names = {}, list(names)
    while names:
        name = names.pop()
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another machine
        if distribution.metadata["Name"] not in found:
            found[distribution.metadata["Name"]] = distribution
            rows = [row for row in distribution.requires or () if "extra ==" not in row]
            names += [re.match(r"[\w.-]+", row).group() for row in rows]
    return list(found.values())


def wanted(path, extra):
    """The names that the wheel at `path` requires, those of an extra included."""
    with zipfile.ZipFile(path) as wheel:
        (metadata,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        rows = re.findall(r"^Requires-Dist: (.*)$", wheel.read(metadata).decode(), re.MULTILINE)
    return [re.match(r"[\w.-]+", row).group() for row in rows if "extra" not in row or "extra == '%s'" % extra in row]


def build(kind, folder):
    words = [sys.executable, "-m", "build", "--" + kind, "--no-isolation", "--outdir", folder, ROOT]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.iterdir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build("wheel", tmp_path_factory.mktemp("wheel"))


class Environment:
    """A fresh environment with the wheel, and with what it requires, copied from this one."""

    def __init__(self, folder, wheel, extra):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        self.python = folder / "bin/python"
        (self.packages,) = folder.glob("lib/python*/site-packages")
        for distribution in needed(wanted(wheel, extra)):
            for file in distribution.files or ():
                target = self.packages / file
                if ".." not in file.parts and "__pycache__" not in file.parts:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file.locate(), target)
        words = [sys.executable, "-m", "uv", "pip", "install", "-q", "--offline", "--no-deps", "--compile-bytecode"]
        # Bytecode lies beside the modules, as it does for people, wherever that of these tests lies.
        around = {key: value for key, value in os.environ.items() if key != "PYTHONPYCACHEPREFIX"}
        words += ["--python", self.python, wheel]
        done = subprocess.run(words, env=around, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        self.command = [self.python, "-I", folder / "bin/mms"]

    def files(self):
        """All that is in site-packages, with its time, but for bytecode of packages by others, which were copied."""
        found = [path.relative_to(self.packages) for path in self.packages.rglob("*")]
        ours = [
            path for path in found if "__pycache__" not in path.parts or path.parts[0] in ("mms", "micropython_mms")
        ]
        return {path: (self.packages / path).stat().st_mtime_ns for path in ours if (self.packages / path).is_file()}


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    return Environment(tmp_path_factory.mktemp("venv"), wheel, OF_LAB)


def test_it_owns_two_names_and_construct_is_pypis(installed):
    (record,) = installed.packages.glob("micropython_mms-*.dist-info/RECORD")
    owned = {pathlib.PurePosixPath(line.split(",")[0]) for line in record.read_text().splitlines()}
    tops = {path.parts[0] for path in owned if ".." not in path.parts}
    assert tops == {"mms", "micropython_mms", record.parent.name}
    assert {path.name for path in owned if ".." in path.parts} == {"mms"}  # the command
    assert not [path for path in owned if "construct" in path.parts or path.suffix == ".sh" or "tests" in path.parts]
    both = {"mms/py.typed", "mms/phone.pyi", "micropython_mms/py.typed", "micropython_mms/main.py"}
    assert both <= set(map(str, owned))
    code = "import construct, mms.codec.mm1; print(construct.__version__)"
    done = subprocess.run([installed.python, "-I", "-c", code], capture_output=True, text=True)
    assert done.stdout == importlib.metadata.version("construct") + "\n", done.stderr
    for name in ("drivers", "tools", "tests", "main"):
        assert subprocess.run([installed.python, "-I", "-c", "import " + name], stderr=-3).returncode == 1


def test_the_command_sends_in_its_own_lab_from_any_folder_and_writes_nothing_beside_itself(installed, tmp_path):
    before = installed.files()

    async def mms(*words):
        return await command.run(tmp_path, *words, command=installed.command)

    async def story():
        told = await mms("--help")
        assert told.status == 0 and "mms send" in told.said and "exit status" in told.said
        shutil.copy(ROOT / "tests/vectors/pdu-82-notification-ind.hex", tmp_path)
        octets = re.sub("#.*", "", (tmp_path / "pdu-82-notification-ind.hex").read_text())
        (tmp_path / "octets.mms").write_bytes(bytes.fromhex(octets))
        told = await mms("lab", "--help")
        assert "--switch" in told.said and "./mms" not in told.said and "tools.lab" not in told.said
        decoded = await mms("pdu", "decode", "--json", "octets.mms")
        assert decoded.rows[0]["pdu"] == "M-Notification.ind"
        for shell in ("bash", "zsh"):
            assert "_shtab_mms" in (await mms("completion", shell)).said

        lab = await command.start(tmp_path, "lab", "--speed", "20", command=installed.command)
        try:
            while b"--settings" not in (row := await asyncio.wait_for(lab.stdout.readline(), SECONDS)):
                assert row, (await lab.stderr.read()).decode()
            lines = shlex.split(row.decode())
            settings, modem, camera = (lines[lines.index(name) + 1] for name in ("--settings", "--modem", "--camera"))
            assert pathlib.Path(settings).is_relative_to(tmp_path / "micropython-mms")
            bob = json.loads(pathlib.Path(settings).read_text())["press"]["to"][0]
            where = ("--port", modem, "--camera", camera, "--settings", settings)
            sent = await mms("send", bob, "Look", "--picture", "--json", *where)
            assert sent.status == 0 and sent.rows[0]["state"] == "sent", sent.errors
        finally:
            lab.send_signal(2)
            await lab.communicate()

    asyncio.run(story())
    assert installed.files() == before


def test_the_programs_of_docs_library_run_beside_modules_named_like_ours(installed, tmp_path):
    page = (ROOT / "docs/library.md").read_text()
    programs = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for name in ("main", "tools"):  # a user's own
        (tmp_path / (name + ".py")).write_text("raise SystemExit('the wrong %s')\n" % name)

    async def story():
        async with Laboratory(tmp_path / "network") as lab:
            settings = tmp_path / "micropython-mms/settings.json"
            settings.parent.mkdir()
            settings.write_text(json.dumps(lab.network.settings("alice", settings.parent)))
            for program in programs:
                path = tmp_path / "program.py"
                path.write_text(program.replace("/dev/ttyUSB0", str(lab.network.lines("alice")[0])))
                process = await command.start(tmp_path, command=[installed.python, "-E", "-u", path])
                heard = b""
                if "watch" in program:
                    while b"mmsc" not in heard:
                        heard = await asyncio.wait_for(process.stdout.readline(), SECONDS)
                        assert heard, (await process.stderr.read()).decode()
                    bob = await lab.ready("bob")
                    await bob.ask("send", SECONDS, to=[lab.number("alice")], text="Hi")
                said, errors = await asyncio.wait_for(process.communicate(), SECONDS)
                assert process.returncode == 0 and errors == b"", errors
                assert (b"notified" if heard else b"sent as ") in said

    asyncio.run(story())
    assert len(programs) == 2


def test_without_an_extra_one_line_says_what_to_install(wheel, tmp_path):
    bare = Environment(tmp_path / "venv", wheel, OF_BASE)
    done = asyncio.run(command.run(tmp_path, "lab", command=bare.command))
    assert done.status == 2 and "pip install 'micropython-mms[lab]'" in done.fault


def test_the_source_distribution_builds_the_same_wheel(wheel, tmp_path):
    source = build("sdist", tmp_path / "sdist")
    shutil.unpack_archive(source, tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "again", unpacked]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(next((tmp_path / "again").iterdir())) as other:
        assert set(one.namelist()) == set(other.namelist())


def test_the_versions_that_are_locked_lie_in_the_ranges_of_the_wheel():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements/test.lock").read_text(), re.MULTILINE))
    extras = project["optional-dependencies"]
    rows = [Requirement(row) for row in (*project["dependencies"], *(row for name in extras for row in extras[name]))]
    assert [row.name for row in rows if row.name != NAME and not row.specifier.contains(locked[row.name])] == []
