"""The names of the drivers in a package. It is imported only to answer a name that is not among them."""

import os
import sys

from mms import memory

FROZEN = {  # a firmware has no folder that could be listed
    "drivers.board": "esp32cam_sim800 lab lilygo_a7670_s3 lilygo_ta7670 lilygo_tcall lilygo_tcall_v14 lilygo_tsim7600"
    " pc pico_sim800 picow_sim800",
    "drivers.camera": "arducam esp32 file vc0706",
    "drivers.modem": "auto bg95 m66 sara sim7600 sim800",
}


def names(package, entry):
    """The names of the modules in a package ("drivers.camera") that have the attribute `entry`, sorted."""
    try:
        found = _modules(sys.modules[package].__path__)
    except OSError:
        return FROZEN[package].split(" ")
    return [name for name in found if _has(package + "." + name, entry)]


def _modules(path):
    """The names of the modules in the folders of a package's path, which MicroPython has as a text."""
    found = set()
    for folder in [path] if isinstance(path, str) else path:
        for file in os.listdir(folder):
            name, _, suffix = file.rpartition(".")
            if suffix in ("py", "mpy") and name != "__init__":
                found.add(name)
    return sorted(found)


def _has(full, entry):
    """True when the module can be imported here and has the attribute; a board forgets the module again."""
    known = full in sys.modules
    try:
        return hasattr(__import__(full, None, None, ("*",)), entry)
    except ImportError:
        return False
    finally:
        if not known:
            memory.forget(full)
