"""Rooms that are loaded when they are needed: `rooms.draft.Draft(...)` loads mms.handset.sending.draft.

On a board the module leaves memory again once nothing refers to it, with the modules of the codec that it has loaded;
those that each message needs stay for a while (`rest`, docs/memory.md). Elsewhere modules stay loaded. rooms.pyi
declares the same names for readers, editors and mypy.
"""

import sys

from mms import memory
from mms.errors import UsageError
from mms.limits import const

_CODEC = const("mms.codec.")
_URL = const("mms.link.url")
_LEFT_OUT = const("%s is not on this board: it was left out when it was flashed (docs/flashing.md)")
# A line is a package, then its rooms, each between two spaces.
_PLACES = (
    "mms.codec audio charset connectivity links mm1 multipart nested provisioning push requantise segments slides smil "
    "statuses thumbnail tpdu transfer \n"
    "mms sizes \n"
    "mms.link http wsp \n"
    "mms.handset editing models numbers operators policy preview restarts settings \n"
    "mms.handset.spending bill ledger prices refunds tariffs \n"
    "mms.handset.store blocks json_escapes json_faults places \n"
    "mms.handset.sending accepted attempts content draft fitting kinds message recording reports requests shrinking "
    "sources texts upkeep wishes \n"
    "mms.handset.receiving album arriving assembly contents dedup entries eviction expiry indications intake losses "
    "noting proposals pushes recovery retention retrieved short_messages \n"
    "mms.handset.carrying abroad answers checkup choice confirmation directory early errands pin probing retrieval "
    "setbacks submission \n"
    "mms.handset.page bodies exchange page \n"
    "mms.handset.panel panel presses \n"
    "mms.handset.console alone answering commands composing plain prompt render sentences support topics verbs \n"
)
_SHARED = ["construct"] + [_CODEC + room for room in ("charset", "content", "fields", "mm1", "tables", "wsp")]
_FOREIGN = [name for name in sys.modules if name == "construct" or name.startswith(_CODEC)]  # another program's
_STAY = _SHARED + _FOREIGN
_STAY_RESTS = const(5)
_rests = 0  # so many more calls of `rest` the rooms in _SHARED stay


def __getattr__(name):
    """The module of that name; raises AttributeError when no line of _PLACES has it, UsageError without its file."""
    at = _PLACES.find(" %s " % name)
    if at < 0:
        raise AttributeError(name)
    line = _PLACES[_PLACES.rfind("\n", 0, at) + 1 : at]
    return _load("%s.%s" % (line.split(" ", 1)[0], name))


def has(name):
    """Whether a room is there: a board has no rooms of features that were left out when it was flashed."""
    try:
        return __getattr__(name) is not None
    except UsageError:
        return False


def _load(name):
    global _rests
    modules, absent = len(sys.modules), _SHARED[0] not in sys.modules
    try:
        module = __import__(name, None, None, ("*",))
    except ImportError as error:
        if name not in str(error) and name[: name.rfind(".")] + "'" not in str(error):
            raise  # the room and its package are there, and a module that it needs is not
        raise UsageError(_LEFT_OUT % name)
    if absent and _SHARED[0] in sys.modules:
        _rests = _STAY_RESTS
    loaded = len(sys.modules) - modules
    if memory.BOARD and loaded:
        if name not in _SHARED:
            memory.forget(name)
        for other in [other for other in sys.modules if other.startswith(_CODEC) or other == _URL]:
            if other not in _STAY:
                memory.forget(other)
    return module


def rest(at_once=False):
    """Let the rooms of the codec leave memory: at once, or _STAY_RESTS calls after they were loaded.

    Called each minute, it keeps them for some: loading them takes a board longer than the rest of a message.
    """
    global _rests
    _rests = 0 if at_once else _rests - 1
    if memory.BOARD and _rests < 1:
        for name in [name for name in sys.modules if name == _SHARED[0] or name.startswith(_CODEC)]:
            if name not in _FOREIGN:  # a room of the codec that a call has loaded holds the shared ones in memory
                memory.forget(name)
