"""Ground plan: settings, board, handset, run."""

import asyncio
import gc
import sys

getattr(gc, "threshold", int)(16384)  # collected early, the heap stays in large pieces; CPython's collector has none
_FOLDER, _, _FILE = globals().get("__file__", "").rpartition("/")
if _FILE.startswith("main."):  # a frozen main.py has no file, or that of the boot.py before it, and needs no path
    _FIRST = 0 if sys.implementation.name == "micropython" else len(sys.path)  # construct is PyPI's where there is one
    sys.path[_FIRST:_FIRST] = [_FOLDER or ".", (_FOLDER or ".") + "/lib"]


def arguments():
    """The paths of settings, modem and camera, and the one command to perform; a board has no command line."""
    if len(sys.argv) < 2:
        return "settings.json", None, None, None
    from drivers.board import pc

    if sys.implementation.name != "micropython":
        import mms.codec.mm1  # noqa: F401 (a PC that lacks PyPI's construct says so before anything starts)
    return pc.arguments()


async def run(work, path, modem, camera, command=None):
    """Run one handset until its console, or `await work(handset)`, ends; raises the error that ended it."""
    from drivers import board
    from drivers.serial import stdio
    from mms import phone
    from mms.events import Events
    from mms.handset.console.console import Console
    from mms.handset.handset import Handset, load_settings, rooms
    from mms.handset.store.store import Store

    settings, events = load_settings(path), Events()
    with board.Watchdog(settings) as watchdog:
        modem, camera = board.open(settings["board"], settings, events, modem, camera)
        handset = phone.hold(Handset(settings, Store(settings["store"], board.claim), modem, camera, events))
        console = phone.Program(work) if work or command else Console(stdio.open(), handset, events)
        parts = await board.prepare(settings, events, modem)
        panel = parts and asyncio.create_task(rooms.panel.serve(handset, parts))  # noqa: F841 (tasks are held)
        await (rooms.alone.perform(handset, print, command) if command else handset.run(console, watchdog))
        return getattr(console, "result", None)


def main(work=None):
    """Run the program; returns its exit status: the result of `work`, None when the user quits, 1 after an error."""
    try:
        return asyncio.run(run(work, *arguments()))
    except KeyboardInterrupt:  # by itself: after Ctrl-C in a collection the unix port allocates no tuple of classes
        return 130
    except Exception as error:
        from drivers import board

        return board.ended(error)


if __name__ == "__main__":
    sys.exit(main())
