"""The row of a board that is flashed before the walk: `make flash` with the rooms that the walk needs."""

import argparse
import asyncio
import io

from rich.console import Console

from mms.errors import SettingsError
from tools.board.flash import __main__ as flash
from tools.board.flash.line import FAST, FlashError
from tools.campaign.probes.probe import Refused

FEATURES = ("probe", "checkup", "support")


async def put(given):
    """Flash the board: what it said first; raises Refused."""
    words = argparse.Namespace(
        board=given.flash, port=given.port, firmware=None, baud=FAST, more=FEATURES, fewer=(), settings=given.settings
    )
    said = io.StringIO()
    console = Console(file=said, highlight=False, soft_wrap=True)
    try:
        await asyncio.to_thread(flash.put, words, console)
    except (FlashError, SettingsError) as error:
        raise Refused("flash", None, str(error), "see docs/flashing.md") from None
    return said.getvalue().strip().split("\n")[-1][:200]
