"""Ground plan: settings, board, handset, run."""

import asyncio
import gc
import sys

if hasattr(gc, "mem_free"):
    gc.threshold(16384)  # collected early, the heap stays in large pieces

_ROOT = __file__.rsplit("/", 1)[0] if "/" in __file__ else "."
if sys.implementation.name == "micropython":
    sys.path[:0] = [_ROOT, _ROOT + "/lib"]
else:
    sys.path += [_ROOT, _ROOT + "/lib"]  # behind the installed packages: construct is PyPI's there

from drivers import board  # noqa: E402
from drivers.serial.stdio import Stdio  # noqa: E402
from mms.events import Events  # noqa: E402
from mms.handset.console import Console  # noqa: E402
from mms.handset.handset import Handset  # noqa: E402
from mms.handset.store import Store  # noqa: E402


def arguments():
    """Where settings, modem and camera are; a board has no command line and takes the defaults."""
    if len(sys.argv) < 2:
        return {"settings": "settings.json", "modem": None, "camera": None}
    import argparse

    parser = argparse.ArgumentParser(description="An MMS handset for GPRS modem boards.")
    parser.add_argument("--settings", default="settings.json", help="settings, a JSON file")
    parser.add_argument("--modem", help="serial line of the modem, instead of the board's")
    parser.add_argument("--camera", help="serial line of the camera, instead of the board's")
    given = parser.parse_args()
    return {name: getattr(given, name) for name in ("settings", "modem", "camera")}


def load_settings(path):
    """The settings in a file. The room that checks them is needed once: its memory is wanted."""
    import mms.handset.settings

    settings = mms.handset.settings.load(path)
    del sys.modules["mms.handset.settings"]
    del mms.handset.settings
    return settings


async def phone(where):
    """Run one handset until its console ends; what it raises has ended it."""
    settings = load_settings(where["settings"])
    events = Events()
    store = Store(settings["store"])
    modem, camera = board.open(settings["board"], settings, events, modem=where["modem"], camera=where["camera"])
    handset = Handset(settings, store, modem, camera, events)
    console = Console(Stdio(), handset, events)
    running = asyncio.create_task(handset.run())
    serving = asyncio.create_task(console.serve())
    while not running.done() and not serving.done():
        await asyncio.sleep(0.05)
    serving.cancel()
    await console.flush()
    if running.done():
        await running
    running.cancel()


def main():
    """Exit 0 when the user quits, 1 with one line on what failed and what to do."""
    try:
        asyncio.run(phone(arguments()))
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from mms.advice import advice

        hint = advice(error)
        print("%s%s" % (error or type(error).__name__, "; " + hint if hint else ""), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
