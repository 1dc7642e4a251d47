"""Brings a modem and the handset to the beginning of a command; loaded after a start and a command without an end."""

import asyncio

from mms import clock
from mms.limits import const

_REFUSING_MS = const(20000)  # a modem that answers ERROR to everything still starts, as one with a busy SIM does
_LEAVING_MS = const(70000)  # a modem that answers to a way out has more to do: AT+CIPSHUT may take 65 s
_LATE_MS = const(20)  # as dialogue.py has it


async def sync(dialogue, way_out=b"", attempts=0):
    """Ask "sync" of a Dialogue, whose lock the caller holds: whether it was answered well.

    way_out: octets that end an input which another program began and left; attempts: 0 for those of the table.
    """
    _, line, seconds, usual, _, _ = dialogue.command("sync")
    escape = dialogue.escape() if callable(dialogue.escape) else dialogue.escape
    dialogue.escape = b""
    dialogue.check_line()
    digester = dialogue.digester
    since, late, attempt, patience = clock.ticks(), digester.late, 0, 0
    leaving = escape or way_out
    while attempt < (attempts or usual) or clock.since(since) < patience:
        dialogue.clear()
        digester.expect(line, None, "OK")
        try:
            await dialogue.write(escape + line.encode() + b"\r")
            escape = b""
            await dialogue.wait(seconds)
            if dialogue.good:
                await _drop_late(digester)
                dialogue.stale = False
                return True
            dialogue.check_line()
            patience = max(patience, _REFUSING_MS)
            await clock.sleep(int(seconds * 1000))  # it answers ERROR at once, and may need some time to start
        except asyncio.TimeoutError:
            if leaving and digester.late != late:
                patience = _LEAVING_MS
            if attempt:
                digester.abandon_block()
            unwired = b"" if getattr(dialogue.pipe, "flow", False) else dialogue.unwired
            await dialogue.write((b"" if attempt else way_out) + unwired)
        finally:
            dialogue.finish()
        attempt += 1
    return False


async def _drop_late(digester):
    """Wait until no more answers come: the OK may have been the late one of a command that was given up."""
    digester.expect_nothing()
    await clock.sleep(_LATE_MS)
    strays = -1
    while strays != digester.strays:
        strays = digester.strays
        await clock.sleep(100)
        await clock.sleep(_LATE_MS)
