"""The set of files that a board gets: only what its modem, its camera, its settings and its features need, compiled."""

import ast
import functools
import hashlib
import pathlib
import re
import tempfile

from mms.handset import rooms
from tools.board import boards as descriptions
from tools.board import page, size
from tools.board.flash.features import FEATURES, NAMES, wanted
from tools.board.flash.line import FlashError
from tools.board.package import FOR_PCS
from tools.programs import ROOT

STARTER = pathlib.Path(__file__).with_name("starter.py")
CACHE = ROOT / "build" / "flash"
_REGISTRY = "lib/mms/handset/console/commands.py"
OPERATORS = "assets/operators.bin"
TABLES = {"prices": "assets/tariffs.bin", "models": "assets/profiles.bin"}  # of features
PCS = "pc", "lab"  # files in drivers/board that are for no board
OLDEST = (1, 24)  # MicroPython that the handset is meant for; the tests run 1.29 of the unix port
MPY = 6  # the format of what mpy-cross writes
_MODEM, _CAMERA, _BOARD = "drivers/modem/%s.py", "drivers/camera/%s.py", "drivers/board/%s.py"
_ANY = ("auto", "")
_USUAL_CAMERA = "vc0706"


def boards():
    """The names of the boards that can be flashed."""
    return descriptions.names()


def about(name):
    """The first sentence of a board's docstring."""
    return find(name).__doc__.split(". ")[0].split(".\n")[0]


def find(name):
    """The module of a board; raises FlashError with those there are."""
    if name not in boards():
        raise FlashError("no board %s: BOARD is one of %s" % (name, ", ".join(boards())))
    return descriptions.load(name)


@functools.cache
def _all():
    """{name of a module: its source, from the root} of all that a board can use."""
    found = [path.relative_to(ROOT).as_posix() for path in size.sources()]
    return {_module(source): source for source in found if source not in FOR_PCS}


def _module(source):
    return source.removeprefix("lib/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@functools.cache
def _needs(source):
    """The sources that a source loads: by import, as `rooms.NAME`, in a text with the whole name of a module, or as the
    room that performs a command.
    """
    found = set()
    for node in ast.walk(ast.parse((ROOT / source).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update([node.module, *["%s.%s" % (node.module, alias.name) for alias in node.names]])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rooms":
            found.add(_room(node.attr))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    if source == _REGISTRY:
        found.update(map(_room, re.findall(r"^\w+\|(\w+)\|", (ROOT / source).read_text("utf-8"), re.MULTILINE)))
    return {_all()[name] for name in found if name in _all()}


def _room(name):
    line = next((line for line in vars(rooms)["_PLACES"].split("\n") if " %s " % name in line), "")
    return "%s.%s" % (line.split(" ")[0], name)


def closure(roots, without=()):
    """The sources that are reached from `roots`, and by none of those `without`, whose names may end in a slash."""
    seen, left = set(), list(roots)
    while left:
        source = left.pop()
        if source not in seen and not any(
            source == one or one[-1:] == "/" and source.startswith(one) for one in without
        ):
            seen.add(source)
            left.extend(_needs(source))
    return seen


def _families():
    return [name for name in descriptions_of(_MODEM, "\nopen = ") if name != "auto"]


def descriptions_of(pattern, entry):
    """The names of the drivers in a folder whose source has the text `entry`."""
    paths = sorted((ROOT / pattern).parent.glob("*.py"))
    return [path.stem for path in paths if entry in path.read_text("utf-8")]


def _cells(family):
    found = re.search(r"^    CELLS = \"(\w+)\"", (ROOT / (_MODEM % family)).read_text("utf-8"), re.MULTILINE)
    return [found[1]] if found else []


def roots(name, board, settings, names):
    """The sources from which all that a board needs is reached; raises FlashError for an unknown driver."""
    told = settings.get("modem", {}).get("family", "auto")
    first = getattr(board, "FAMILY", "")
    families = _families() if "families" in names or first in _ANY and told in _ANY else {told, first}.difference(_ANY)
    line = board.CAMERA if isinstance(board.CAMERA, dict) else {}
    cameras = descriptions_of(_CAMERA, "\ndef open(") if "cameras" in names else []
    cameras += [settings.get("camera", {}).get("family") or line.get("family") or _USUAL_CAMERA]
    found = ["main.py", _BOARD % name, _MODEM % "auto", *[_MODEM % family for family in families]]
    found += [_CAMERA % camera for camera in cameras if camera != "__init__"]
    for source in found:
        if not (ROOT / source).exists():
            raise FlashError("the settings want %s, which there is not" % source)
    return found + [_MODEM % room for family in families for room in _cells(family) if "checkup" in names]


class Plan:
    """The set of a board: `sources`, and `names` of its features.

    settings: those of the board; more, fewer: names of features. Raises FlashError for names that there are not.
    """

    def __init__(self, name, settings, more=(), fewer=()):
        for word in (*more, *fewer):
            if word not in NAMES:
                raise FlashError("no feature %s: there are %s" % (word, ", ".join(NAMES)))
        self.board = find(name)
        self._name, self._settings = name, settings
        self.names = wanted(self.board, settings) - set(fewer) | set(more)
        if "page" in self.names and not (self.board._PSRAM and self.board._WIFI) and "page" not in more:
            self.names.remove("page")
        self.sources = self._sources(self.names)

    def _sources(self, names):
        others = [_BOARD % other for other in (*boards(), *PCS) if other != self._name]
        cut = [room for feature in FEATURES if feature.name not in names for room in feature.rooms]
        if not getattr(self.board, "MICROPHONE", None):
            cut.append(_BOARD % "microphone")
        return closure(roots(self._name, self.board, self._settings, names), (*others, *cut, *FOR_PCS))

    def cost(self, name):
        """The octets of .mpy that a feature adds, or has added, to this set."""
        without = self._sources(self.names - {name})
        more = self._sources(self.names | {name}) - without
        return sum(len(compiled(source)) for source in more) + (_page_octets() if name == "page" else 0)

    def files(self):
        """{path on the board: octets} of all, the tables and the starter among them."""
        files = {"main.py": STARTER.read_bytes()}
        files.update(tables(self.names))
        files.update((target(source), compiled(source)) for source in self.sources)
        return files | (_page_files() if "page" in self.names else {})


def tables(features):
    """{path on the board: octets} of the tables that these features read, and of those that every board has."""
    names = [OPERATORS, *(TABLES[name] for name in TABLES if name in features)]
    return {"lib/" + name: (ROOT / name).read_bytes() for name in names}


def target(source):
    """The path on the board of a source's compiled file."""
    path = "mms_program" if source == "main.py" else source.removeprefix("lib/").removesuffix(".py")
    return "lib/%s.mpy" % path


@functools.cache
def compiled(source):
    """The octets of a source's .mpy; they are kept in build/ until the source changes."""
    key = hashlib.sha256(pathlib.Path(size.__file__).read_bytes() + (ROOT / source).read_bytes()).hexdigest()[:32]
    kept = CACHE / (key + ".mpy")
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:  # of its own: two programs may compile the same source
            made = pathlib.Path(folder) / kept.name
            size.compile_one(ROOT / source, made)
            made.replace(kept)
    return kept.read_bytes()


@functools.cache
def _page_files():
    with tempfile.TemporaryDirectory() as folder:
        page.put(pathlib.Path(folder))
        found = [path for path in pathlib.Path(folder).rglob("*") if path.is_file()]
        return {"lib/" + path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _page_octets():
    return sum(map(len, _page_files().values()))
