"""The walk: one row after the other, each with its verdict. A row that cannot be tried says why."""

import asyncio
import dataclasses

from tools.campaign.attempt import Impossible
from tools.campaign.probes.probe import Gone, ProbeError, Silent

PASSED, FAILED, NOT_POSSIBLE = "passed", "failed", "not possible"
_LEFT_OUT = "it was left out when it was flashed"  # as the handset says it of a room
_GONE = "the line to the board is lost"


@dataclasses.dataclass
class Row:
    """One thing that was tried: `part` of the walk, `name`, `verdict`, and `text`: how it went, or why not.

    A failed one has the layer's `code` or None, and `advice`. took_ms: of the handset's own clock where it tells one.
    """

    part: str
    name: str
    verdict: str = NOT_POSSIBLE
    text: str = ""
    code: int | None = None
    advice: str = ""
    took_ms: int | None = None


@dataclasses.dataclass
class Held:
    """The result of a step that took a time."""

    text: str
    took_ms: int | None = None


class Walk:
    """The rows so far; `show(row)` gets each one, `begin(row)` each that is tried. `clock` is the campaign's.

    patience: by which the seconds of all waits are multiplied. Boards whose line is lost are in `gone`.
    """

    def __init__(self, clock, show=lambda row: None, begin=lambda row: None, patience=1.0):
        self.clock, self.rows, self.gone = clock, [], set()
        self._show, self._begin, self._patience = show, begin, patience

    def seconds(self, seconds):
        """Seconds of a wait."""
        return seconds * self._patience

    def passed(self, part, name):
        """Whether the row with that part and name has passed."""
        return any((row.part, row.name, row.verdict) == (part, name, PASSED) for row in self.rows)

    @property
    def failed(self):
        """How many rows have failed."""
        return sum(row.verdict == FAILED for row in self.rows)

    async def row(self, part, name, work, board=None, needs=()):
        """Try one thing: `await work()` returns a text or Held, or raises; returns whether it has passed.

        board: the one whose line it needs; needs: (part, name) of rows that have to have passed.
        """
        if asyncio.current_task().cancelling():  # Ctrl-C came just as a wait ended, which asyncio then forgets
            raise asyncio.CancelledError
        row = Row(part, name)
        missing = [wanted for wanted in needs if not self.passed(*wanted)]
        if board in self.gone:
            row.text = _GONE
        elif missing:
            row.text = "it needs %s: %s" % missing[0]
        else:
            self._begin(row)
            await self._try(row, work, board)
        self.rows.append(row)
        self._show(row)
        return row.verdict == PASSED

    async def _try(self, row, work, board):
        try:
            held = await work()
            row.verdict = PASSED
            row.text, row.took_ms = (held.text, held.took_ms) if isinstance(held, Held) else (held, None)
        except Impossible as error:
            row.text = str(error)
        except ProbeError as error:
            if _LEFT_OUT in error.text:
                row.text = error.text
                return
            row.verdict, row.text = FAILED, "%s: %s" % (error.step, error.text)
            row.code, row.advice = error.code, error.advice
            if isinstance(error, Gone):
                self.gone.add(board)
        except asyncio.CancelledError:
            row.text = "the walk was ended by hand"
            self.rows.append(row)
            self._show(row)
            raise
        except Exception as error:  # a fault of the walk must not lose the rows before it
            row.verdict, row.text = FAILED, "the walk itself: %s %s" % (type(error).__name__, error)
            row.advice = "report this, too: it is a fault of tools/hil"


async def leave(*tasks):
    """Cancel tasks and wait for their ends, without their errors; a Ctrl-C meanwhile is not taken for theirs."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # else asyncio would print it


async def first(board, names, seconds, since, **match):
    """The first of these events; raises Silent where none comes, Refused and Gone as `seen` does."""
    tasks = [asyncio.create_task(board.seen(name, seconds, since, **match)) for name in names]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        await leave(*tasks)


async def settled(board, walk, seconds):
    """Wait until a board that recovers answers `status` on a network: that reply; raises Silent."""
    end = board.clock.now() + walk.seconds(seconds)
    why = "no network"
    while board.clock.now() < end:
        try:
            status = await board.ask("status", walk.seconds(60))
            if status["network"]["status"] in ("home", "roaming"):
                return status
        except Gone:
            raise
        except ProbeError as error:
            why = error.text
        await board.clock.sleep(walk.seconds(1))
    raise Silent("register", text="not back in %d s: %s" % (seconds, why), advice="switch it off and on again")
