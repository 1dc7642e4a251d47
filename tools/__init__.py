"""The PC's side of the project. On CPython lib/ is found behind the installed packages: construct is PyPI's there."""

import sys

if sys.implementation.name == "cpython":
    _LIB = __file__.rsplit("/", 2)[0] + "/lib"
    if _LIB not in sys.path:
        sys.path.append(_LIB)
