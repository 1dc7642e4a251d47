"""The files that the handset's page needs on a board: microdot, compiled, and the files in assets/page, compressed."""

import gzip
import importlib.util
import pathlib

from tools.board import size
from tools.programs import ROOT

ASSETS = ROOT / "assets" / "page"
MODULES = ("__init__", "microdot")  # of the package microdot: the others are not loaded here


def sources():
    """The paths of microdot's modules that a board needs; raises ModuleNotFoundError when it is not installed."""
    spec = importlib.util.find_spec("microdot")
    if spec is None:
        raise ModuleNotFoundError("microdot: make venv installs it")
    return [pathlib.Path(spec.origin).with_name(name + ".py") for name in MODULES]


def assets():
    """The paths of the page's own files."""
    return sorted(ASSETS.iterdir())


def put(folder):
    """Put all into `folder`, laid out as on a board; {file: its octets}."""
    sizes = {}
    for source in sources():
        target = folder / "microdot" / (source.stem + ".mpy")
        size.compile_one(source, target)
        sizes["microdot/%s.py" % source.stem] = target.stat().st_size
    (folder / "assets" / "page").mkdir(parents=True, exist_ok=True)
    for source in assets():
        octets = gzip.compress(source.read_bytes(), mtime=0)
        (folder / "assets" / "page" / (source.name + ".gz")).write_bytes(octets)
        sizes["assets/page/%s" % source.name] = len(octets)
    return sizes
