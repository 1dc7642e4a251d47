"""The handset of main.py in this program, with its console at hand as a Phone."""

import asyncio
import contextlib
import importlib.util
import pathlib
import sys

from mms.handset.console.console import Console

from .phone import Gone, Phone

_MAIN = pathlib.Path(__file__).resolve().parents[2] / "main.py"
_NAME = "mms_program"  # mms/handset/console/prompt.py knows it, and a user's own main.py is something else
_LINE = 2000  # octets of a line of the console
_END_SECONDS = 10


def program():
    """The module of main.py."""
    if _NAME not in sys.modules:
        spec = importlib.util.spec_from_file_location(_NAME, _MAIN)
        sys.modules[_NAME] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[_NAME])
    return sys.modules[_NAME]


class _End:
    """One end of a pipe inside this program: a Stream, which reads what the other end has written."""

    line = _LINE

    def __init__(self):
        self.other = None
        self._octets, self._closed = bytearray(), False
        self._changed = asyncio.Event()

    async def readinto(self, buf):
        """Octets as they come; 0 at the end."""
        while not self._octets and not self._closed:
            self._changed.clear()
            await self._changed.wait()
        count = min(len(buf), len(self._octets))
        buf[:count] = self._octets[:count]
        del self._octets[:count]
        return count

    async def write(self, buf):
        """Give octets to the other end."""
        self.other._octets += buf
        self.other._changed.set()

    def close(self):
        """End both."""
        for end in (self, self.other):
            end._closed = True
            end._changed.set()


def _pipe():
    one, two = _End(), _End()
    one.other, two.other = two, one
    return one, two


@contextlib.asynccontextmanager
async def run(settings, modem, camera=None):
    """A Phone whose handset runs here, with the settings of a file and lines of these paths, None for no camera.

    Raises what ends the handset: ModemError, SimError, SettingsError, StoreError, UsageError ...
    """
    ours, theirs = _pipe()

    async def serve(handset):
        await Console(theirs, handset, handset.events).serve()

    running = asyncio.create_task(program().run(serve, str(settings), modem, camera))
    running.add_done_callback(lambda task: ours.close())
    phone = Phone(ours)
    try:
        await phone.start(30)
        yield phone
    except Gone:
        await asyncio.wait((running,), timeout=_END_SECONDS)
        if running.done() and not running.cancelled() and running.exception():
            raise running.exception() from None
        raise
    finally:
        await phone.stop()  # the console sees the end of its stream, and the handset ends
        await asyncio.wait((running,), timeout=_END_SECONDS)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):  # it was raised above, or is of the end only
            await running
