"""Rooms that are loaded when they are needed: `rooms.draft.Draft(...)` loads mms.handset.sending.draft.

On a board the module leaves memory again once nothing refers to it, with the modules of the codec that it has loaded;
those that each message needs stay until `rest` (docs/memory.md). Elsewhere modules stay loaded. rooms.pyi declares the
same names for readers, editors and mypy.
"""

import sys

from mms import memory

_CODEC = "mms.codec."
_PLACES = """
mms.codec charset links mm1 multipart nested provisioning push segments slides smil statuses tpdu transfer
mms.link http
mms.handset numbers policy settings
mms.handset.store json_escapes json_faults places
mms.handset.sending accepted content draft kinds message reports requests texts wishes
mms.handset.receiving album arriving assembly contents dedup entries eviction expiry indications intake proposals\
 pushes recovery retention retrieved short_messages
mms.handset.carrying answers confirmation errands pin retrieval submission
mms.handset.console answering commands composing plain render sentences verbs
"""
_SHARED = ["construct"] + [_CODEC + room for room in ("charset", "content", "fields", "mm1", "tables", "wsp")]
_FOREIGN = [name for name in sys.modules if name == "construct" or name.startswith(_CODEC)]  # another program's
_fresh = False  # whether the first of these was loaded since the last `rest`


def __getattr__(name):
    """The module of that name; raises AttributeError when no line of _PLACES has it."""
    for line in _PLACES.split("\n"):
        folder, *names = line.split(" ")
        if name in names:
            return _load(folder + "." + name)
    raise AttributeError(name)


def _load(name):
    global _fresh
    known, absent = name in sys.modules, _SHARED[0] not in sys.modules
    module = __import__(name, None, None, ("*",))
    _fresh = _fresh or absent and _SHARED[0] in sys.modules
    if memory.BOARD:
        for other in [other for other in sys.modules if _is_idle(other)]:
            memory.forget(other)
        if not known and name not in _SHARED:
            memory.forget(name)
    return module


def _is_idle(name):
    return name.startswith(_CODEC) and name not in _SHARED and name not in _FOREIGN


def rest(at_once=False):
    """Let the shared rooms of the codec leave memory, unless they were loaded since the last call.

    Called each minute, it keeps them for a minute or two: loading them takes a board longer than the rest of a message.
    """
    global _fresh
    if memory.BOARD and (at_once or not _fresh):
        for name in _SHARED:
            if name not in _FOREIGN:
                memory.forget(name)
    _fresh = False
