"""The handset of this program: main.py, or another entry, opens it and gives it to `hold`.

Any other module gets it by `phone.handset()`. No driver is imported here. At Python's prompt `send`, `inbox` and
`check` run the program for one call (mms/handset/console/prompt.py); `open` gives a program on a PC one (alone.py).
"""

from mms.errors import UsageError

_handset = None


def __getattr__(name):
    """One of the functions for Python's prompt, or for a PC, loaded for that call."""
    if name in ("send", "inbox", "check", "open"):
        from mms.handset import rooms

        hold(None)  # the program opens another handset, which needs the memory of an earlier one
        return getattr(rooms.alone if name == "open" else rooms.prompt, name)
    raise AttributeError(name)


def hold(handset):
    """Make `handset` the one that `handset()` returns, None for none; the result is `handset`."""
    global _handset
    _handset = handset
    return handset


def handset():
    """The open Handset; raises UsageError when there is none."""
    if _handset is None:
        raise UsageError("no handset is open: main.py opens one, or give your own to mms.phone.hold")
    return _handset


class Program:
    """A coroutine function in place of a console: the handset runs until it ends, and `result` is what it returns."""

    def __init__(self, work):
        self._work = work
        self.result = None

    async def serve(self):
        """Call the function with the open handset."""
        self.result = await self._work(handset())

    async def flush(self):
        """Nothing is left to be written."""
