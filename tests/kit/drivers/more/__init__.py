"""Drivers that only tests have, one file each: `more/camera/` for drivers.camera, and so on."""

import sys


class More:
    """A context in which the drivers of a package ("drivers.camera") are those in a folder beside this file.

    CPython finds the package's own ones as well. MicroPython has room for one path: there the modules that the test's
    driver imports have to be loaded before.
    """

    def __init__(self, package):
        self._package = sys.modules[package]
        self._folder = "tests/kit/drivers/more/" + package.rpartition(".")[2]

    def __enter__(self):
        self._usual, self._loaded = self._package.__path__, set(sys.modules)
        own = self._usual
        self._package.__path__ = self._folder if isinstance(own, str) else [self._folder] + own

    def __exit__(self, *_):
        self._package.__path__ = self._usual
        for name in set(sys.modules) - self._loaded:
            if name.startswith(self._package.__name__ + "."):
                del sys.modules[name]
