"""Families of modems and cameras, found by their names: a family is a module or a folder with a name `MACHINE`."""

import importlib
import pathlib

_FOLDER = pathlib.Path(__file__).resolve().parent


def names(kind):
    """The families of a kind, which is "modem" or "camera"."""
    paths = [*_FOLDER.glob(kind + "/*.py"), *_FOLDER.glob(kind + "/*/__init__.py")]
    found = [path for path in paths if "\nMACHINE = " in path.read_text("utf-8")]
    return sorted(path.parent.name if path.name == "__init__.py" else path.stem for path in found)


def module(kind, family):
    """The module of a family, with its `MACHINE`; raises LookupError with the list of those that exist."""
    known = names(kind)
    if family not in known:
        raise LookupError("no %s %s: there is %s" % (kind, family, ", ".join(known)))
    return importlib.import_module("tools.lab.%s.%s" % (kind, family))
