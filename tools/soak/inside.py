"""Plays sessions and prints one JSON object a line, on either interpreter: FIRST COUNT STEP MODEMS [FAULT]."""

import gc
import json
import sys


def _all_rooms():
    """Import the modules that the handset loads when it needs them (on CPython)."""
    import importlib
    import pkgutil

    import mms.codec
    import mms.handset

    for floor in (mms.codec, mms.handset):
        for room in pkgutil.walk_packages(floor.__path__, floor.__name__ + "."):
            importlib.import_module(room.name)


def main(words=None):
    """Play the sessions FIRST, FIRST + STEP ...: COUNT of them."""
    import mms.handset.handset
    from tools.soak import session

    words = words or sys.argv[1:]
    first, count, step = int(words[0]), int(words[1]), int(words[2])
    modems, only = words[3].split(","), words[4] if len(words) > 4 else None
    print(json.dumps({"handset": mms.handset.handset.__file__, "interpreter": sys.implementation.name}))
    if hasattr(gc, "freeze"):
        _all_rooms()
        gc.collect()
        gc.freeze()  # CPython: later collections skip the objects that exist here
    for seed in range(first, first + count * step, step):
        print(json.dumps(session.play(seed, only, session.families(seed, modems))))
        if hasattr(gc, "mem_free"):
            gc.collect()


if __name__ == "__main__":
    sys.exit(main())
