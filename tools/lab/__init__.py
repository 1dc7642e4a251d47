"""The lab: a mobile network on one machine, for who has no board, SIM or network."""

import sys

if sys.implementation.name == "cpython":
    _LIB = __file__.rsplit("/", 3)[0] + "/lib"
    if _LIB not in sys.path:
        sys.path.append(_LIB)  # behind the installed packages: construct is PyPI's
