"""Rooms that are loaded when they are needed: `rooms.draft.Draft(...)` loads mms.handset.sending.draft.

On a board the module leaves memory again once nothing refers to it, with all that it alone has loaded of the codec; a
board's heap has no room for everything at once (docs/memory.md). Elsewhere modules stay loaded. rooms.pyi declares the
same names for readers, editors and mypy.
"""

import sys

from mms import memory

_CODEC = "mms.codec."
_PLACES = """
mms.codec links multipart names nested provisioning push segments slides smil tpdu transfer
mms.link http
mms.handset numbers policy settings
mms.handset.store json_escapes json_faults places
mms.handset.sending draft kinds message reports requests texts wishes
mms.handset.receiving album arriving assembly contents dedup eviction indications proposals pushes recovery retention\
 retrieved
mms.handset.carrying answers confirmation errands pin retrieval submission
mms.handset.console commands composing plain render sentences verbs
"""
_STAY = [_CODEC + room for room in ("charset", "content", "fields", "mm1", "wsp")]  # each message needs these
_STAY += [name for name in sys.modules if name.startswith(_CODEC)]  # those of another program stay its own


def __getattr__(name):
    """The module of that name; raises AttributeError when no line of _PLACES has it."""
    for line in _PLACES.split("\n"):
        folder, *names = line.split(" ")
        if name in names:
            return _load(folder + "." + name)
    raise AttributeError(name)


def _load(name):
    known = name in sys.modules
    module = __import__(name, None, None, ("*",))
    if memory.BOARD:
        for other in list(sys.modules):
            if other == name and not known or other.startswith(_CODEC) and other not in _STAY:
                memory.forget(other)
    return module
