"""The house keeps its own rules: who imports whom, how big rooms are, what is shipped."""

import ast
import functools
import pathlib
import re
import tomllib

import pytest

import construct
from mms import limits
from mms.handset import rooms as handset_rooms
from tools.board import package

ROOT = package.ROOT
SMALL = {"mms.advice", "mms.clock", "mms.errors", "mms.events", "mms.flash", "mms.limits", "mms.memory", "mms.sizes"}

# room: what of ours it may import, as beginnings of module names
ALLOWED = {
    "lib/construct": ("construct",),
    "lib/mms/codec": ("construct", "mms.codec", *sorted(SMALL - {"mms.clock", "mms.flash", "mms.memory"})),
    "lib/mms/link": ("mms.link", *sorted(SMALL)),
    "lib/mms/handset": ("mms.handset", "mms.link", "mms.codec", *sorted(SMALL)),
    "lib/mms": tuple(sorted(SMALL)),
    "lib/mms/__init__.py": ("mms.handset", *sorted(SMALL)),  # the face: it has Handset and Message
    "lib/mms/phone.py": ("mms.handset.rooms", *sorted(SMALL)),  # which finds what a person calls at Python's prompt
    "drivers": ("drivers", *sorted(SMALL)),
    "tools/lab": ("tools.lab", "tools.alone", "tools.programs", "mms.codec", *sorted(SMALL)),
    "tools/sim": ("tools.sim", *sorted(SMALL)),
    "tools/board": (
        "tools",
        "main",
        "drivers",
        "mms.codec",
        "mms.handset.rooms",
        "mms.handset.settings",
        *sorted(SMALL),
    ),
    "tools/bench": ("construct", "tools", "mms.codec", "mms.handset.sending.message", *sorted(SMALL)),
    "tools/command": ("tools", "drivers.serial", "mms.handset.console", "mms.handset.rooms", *sorted(SMALL)),
    "tools/power": ("tools", "mms"),  # the real handset on a flash whose power fails
    # leaves out what the handset would refuse
    "tools/operators.py": ("tools.blocks", "tools.programs", "mms.handset.settings", *sorted(SMALL)),
    "tools/soak": ("tools", "drivers", "mms"),  # whole sessions in one process: it stands above everything
    # a campaign does not know what its probes stand on: only simulated ones are of the lab
    "tools/campaign": (
        *(
            "tools.%s" % name
            for name in ("alone", "campaign", "ending", "journey.phone", "journey.screen", "journey.trace", "programs")
        ),
        *sorted(SMALL),
    ),
    "tools/campaign/probes": ("tools", *sorted(SMALL)),
    "tools/campaign/traffic.py": ("tools", "mms.codec", *sorted(SMALL)),
    "tools/hil": ("tools", "drivers.modem", "mms", *sorted(SMALL)),
    "tools/campaign/virtual": ("tools", "drivers", "mms"),
    "tools/campaign/virtual/truth.py": (),  # no fault of the figures, of the report or of the lab can hide in it
    "tools": ("tools", "main", "mms.codec", *sorted(SMALL)),
}
OURS = ("construct", "mms", "drivers", "tools", "tests", "main")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
WAITING = {"asyncio", "machine", "os", "select", "socket", "time"}
LINES = 400
FUNCTION_LINES = 40
MAIN_LINES = 60

SHARED = ("tests.kit", "tests.vectors")


def rooms(*folders):
    """The Python files in folders, as paths from the root."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path.relative_to(ROOT).as_posix() for path in found]


@functools.cache
def tree(room):
    """The syntax tree of a file."""
    return ast.parse((ROOT / room).read_text())


@functools.cache
def imports(room):
    """The modules that a file imports, `from package import module` as package.module."""
    names = set()
    for node in ast.walk(tree(room)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = "%s.%s" % (node.module, alias.name)
                path = inner.replace(".", "/")
                exists = any(
                    (ROOT / base / (path + end)).exists() for base in ("", "lib") for end in (".py", "/__init__.py")
                )
                names.add(inner if exists else node.module)
    return names


def module(room):
    """The name under which a file is imported."""
    return room.removeprefix("lib/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def needs(room):
    """The modules that a file imports, at its top or in a function, and those that it uses as `rooms.NAME`."""
    found = imports(room) - {module(room)}
    if room.startswith("lib/mms/handset/"):
        for folder, *names in (line.split() for line in handset_rooms._PLACES.strip().split("\n")):
            lazy = {node.attr for node in ast.walk(tree(room)) if _of_rooms(node)}
            found |= {"%s.%s" % (folder, name) for name in lazy.intersection(names)}
    return found


def circles(graph):
    """The sets of names that reach each other in a graph {name: names that it needs}."""
    reached = {name: set(needed) for name, needed in graph.items()}
    for middle in graph:
        for name in graph:
            if middle in reached[name]:
                reached[name] |= reached[middle]
    found = []
    for name in graph:
        circle = {other for other in reached[name] if name in reached[other]}
        if circle and circle not in found:
            found.append(circle)
    return found


def allowed(room):
    """What of ours the file may import: the rule of the innermost folder."""
    for parent in [room, *map(str, pathlib.PurePosixPath(room).parents)]:
        if parent in ALLOWED:
            return ALLOWED[parent]
    raise AssertionError("no rule for %s" % room)


def _name(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _of_rooms(node):
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rooms"


def _under(name, beginnings):
    return any(name == start or name.startswith(start + ".") for start in beginnings)


@pytest.mark.parametrize("room", rooms("lib", "drivers", "tools"))
def test_a_room_imports_only_what_lies_below_it(room):
    ours = {name for name in imports(room) if _under(name, OURS)}
    ours -= {"mms", "drivers", "tools", "tools.lab"}  # the packages themselves hold nothing
    assert {name for name in ours if not _under(name, allowed(room))} == set()


@pytest.mark.parametrize("room", rooms("lib/mms/codec", "lib/construct"))
def test_the_codec_neither_waits_nor_reads_nor_writes(room):
    assert imports(room) & WAITING == set()
    names = {node.id for node in ast.walk(tree(room)) if _name(node)}
    assert names & {"open", "print", "input"} == set()


def test_time_is_known_to_the_clock_only():
    users = [room for room in rooms("lib", "drivers") if "time" in imports(room)]
    assert users == ["lib/mms/clock.py"]


def test_the_bound_imports_nothing_of_ours():
    assert not any(_under(name, OURS) for name in imports("tools/bound.py"))


@pytest.mark.parametrize("room", rooms("lib", "drivers", "tools"))
def test_a_room_says_what_it_is_and_can_be_read_in_one_sitting(room):
    text = (ROOT / room).read_text()
    assert len(text.splitlines()) < LINES
    if text.strip():
        assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("file", rooms("tests"))
def test_a_file_of_tests_can_be_read_in_one_sitting(file):
    assert len((ROOT / file).read_text().splitlines()) < LINES


@pytest.mark.parametrize("file", rooms("tests"))
def test_a_test_imports_no_other_test(file):
    assert {name for name in imports(file) if _under(name, ("tests",)) and not _under(name, SHARED)} == set()


def test_nothing_in_tools_runs_code_of_tests():
    assert [room for room in rooms("tools") if any(_under(name, ("tests",)) for name in imports(room))] == []
    programs = [room for room in rooms("tools") if not room.startswith("tools/check/")]  # that runs the tests
    text = "".join((ROOT / room).read_text() for room in programs)
    assert re.findall(r"-m tests\b|\btests/[\w/]+\.py", text) == []


@pytest.mark.parametrize("room", rooms("lib", "drivers"))
def test_a_function_can_be_seen_as_a_whole(room):
    functions = [node for node in ast.walk(tree(room)) if isinstance(node, FUNCTIONS)]
    assert [node.name for node in functions if node.end_lineno - node.lineno >= FUNCTION_LINES] == []


def test_no_imports_go_in_a_circle():
    modules = {module(room): room for room in rooms("lib", "drivers", "tools")}
    found = circles({name: needs(room) & modules.keys() for name, room in modules.items()})
    assert found == []


def test_circles_are_found():
    assert circles({"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": {"b", "e"}, "e": set(), "f": {"a"}}) == [set("abcd")]
    assert circles({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}) == []


def test_the_ground_plan_fits_on_a_page():
    assert len((ROOT / "main.py").read_text().splitlines()) < MAIN_LINES


def test_construct_is_pypis_on_cpython():
    assert construct.__version__ == "2.10.70"
    assert ROOT / "lib" not in pathlib.Path(construct.__file__).parents


def test_all_of_lib_and_drivers_that_a_board_can_use_is_shipped():
    assert package.FILE.read_text() == package.text(), "run: python -m tools.board.package"


def test_all_of_lib_and_drivers_that_a_board_can_use_is_frozen():
    frozen = []

    def freeze(name, files=None, base_path="."):
        folder = pathlib.PurePosixPath(base_path, name)
        frozen.extend(rooms(folder) if files is None else [str(folder / file) for file in files])

    required = []
    language = {"metadata": dict, "module": frozen.append, "package": freeze, "require": required.append}
    exec((ROOT / "manifest.py").read_text(), language)
    wanted = [room for room in rooms("lib", "drivers") if room not in package.FOR_PCS]
    assert sorted(frozen) == sorted([*wanted, "main.py"])
    assert required == [name for name, _ in package.DEPENDENCIES]


def test_one_version_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert package.contents()["version"] == project["version"]
    assert 'version="%s"' % project["version"] in (ROOT / "manifest.py").read_text()


APART = "labgrid"  # the group with a venv of its own
GROUPS = ("run", "flash", "docs", "world", "campaign", "test", APART)


def locked(group):
    """{name: version} of what the lock of a group installs."""
    text = (ROOT / "requirements" / (group + ".lock")).read_text()
    assert "--index-url" not in text and "://" not in text
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("group", GROUPS)
def test_every_direct_dependency_is_pinned_and_locked(group):
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"][group]
    pins = [row.split(";")[0].strip().split("==") for row in wanted if isinstance(row, str)]
    assert pins and {name: locked(group).get(name) for name, _ in pins} == dict(pins), "run: make lock"


def test_a_group_that_adds_to_another_changes_none_of_its_versions():
    for group in ("docs", "flash", "world", "campaign"):
        assert locked("run").items() <= locked(group).items() <= locked("test").items()


def test_pyserial_and_its_double_are_never_in_one_venv():
    for group in GROUPS:
        assert {"pyserial", "pyserial-labgrid"} & locked(group).keys() == {
            "pyserial-labgrid" if group == APART else "pyserial"
        }
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    assert {"include-group": APART} not in [row for rows in listed.values() for row in rows]


def test_each_group_has_a_lock_and_each_lock_a_group():
    assert set(tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]) == set(GROUPS)
    assert {path.stem for path in (ROOT / "requirements").glob("*.lock")} == set(GROUPS)


def test_packages_of_npm_are_locked_without_naming_a_registry():
    locks = [path.read_text() for path in (ROOT / "tools").rglob("package-lock.json")]
    assert len(locks) == 2 and all('"integrity"' in lock and '"resolved"' not in lock for lock in locks)


def test_security_names_tests_and_files_that_there_are():
    words = re.findall(r"`([\w/.]+)`", (ROOT / "SECURITY.md").read_text())
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = [word for word in words if word.startswith("test_")]
    assert len(named) > 5 and [name for name in named if "def %s(" % name not in tests] == []
    assert [word for word in words if "/" in word and not (ROOT / word).exists()] == []


def test_what_the_docs_say_of_limits_is_so():
    text = " ".join((ROOT / "docs/console.md").read_text().split())
    for words, bound in (
        ("%d messages that are announced", limits.WAITING),
        ("%d short messages", limits.TEXTS),
        ("(%d where the flash is small)", limits.TEXTS // 4),
        ("%d links and 16 proposals", limits.LINKS),
        ("the last %d stay in the outbox", limits.SENT),
        ("slowed to %s a minute", {6: "six"}[60000 // limits.RETRIEVAL_MS]),
    ):
        assert words % bound in text
