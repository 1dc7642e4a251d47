"""Virtual time under asyncio: when every task waits, the clock is set to the next moment with something to do.

`run(world, story)` gives the result of the coroutine `story` in a loop of its own. `world.now` is the time in
milliseconds; `world.next()` is when the world has something to do, or None; `world.turn()` lets it do that.
The handset's ticks are those of a 32-bit port: they begin again at 2^30, which they reach after `world.wraps_at`.
"""

import asyncio
import sys
import time

from mms import clock

_START = 1 << 40  # more than real ticks, with which MicroPython's C queue stamps tasks that are due at once
_PERIOD = 1 << 30
_ENDINGS = 10  # a task that was cancelled may still wait, or begin another


class Deadlock(Exception):
    """Every task waits, and nothing is due any more."""


class Time:
    """The world's time, in place of the module time and of `ticks` and `since` in mms.clock."""

    def __init__(self, world):
        self._world = world

    def ticks(self):
        return (int(self._world.now) - self._world.wraps_at) % _PERIOD

    def since(self, start):
        return (self.ticks() - start + _PERIOD // 2) % _PERIOD - _PERIOD // 2

    def time(self):
        return self._world.date()

    def localtime(self, seconds):
        return time.gmtime(seconds)


def _under(world):
    """Let the handset's clock be the world's; returns a function that gives it its own again."""
    usual = clock.time, clock.ticks, clock.since
    ours = Time(world)

    def back():
        clock.time, clock.ticks, clock.since = usual

    clock.time, clock.ticks, clock.since = ours, ours.ticks, ours.since
    return back


def idle(world, ms):
    """Let time pass until the world has something to do, or for the `ms` milliseconds until a task is due.

    `ms` is None when no task is due at all; raises Deadlock when the world has nothing to do either.
    """
    due = world.next()
    if due is not None and (ms is None or due <= world.now + ms):
        world.now = max(world.now, due)
        world.turn()
    elif ms is None:
        raise Deadlock("nothing will ever come")
    else:
        world.now += ms


def hold(world, ms):
    """Block the program that calls this for `ms` milliseconds, while the world around it goes on."""
    end = world.now + ms
    with _no_task():
        due = world.next()
        while due is not None and due <= end:
            world.now = max(world.now, due)
            world.turn()
            due = world.next()
    world.now = max(world.now, end)


def world():
    """The world whose time the running event loop has, or None."""
    return getattr(asyncio.get_running_loop(), "world", None)


def untyped(error):
    """Whether an error is none of those that our layers raise on purpose."""
    from mms import errors

    ours = (errors.ModemError, errors.LinkError, errors.PduError, errors.StoreError, errors.CameraError, errors.Stuck)
    expected = ours + (errors.UsageError, errors.SettingsError, asyncio.TimeoutError, asyncio.CancelledError)
    return not isinstance(error, expected)


if sys.implementation.name == "micropython":
    import asyncio.core as core

    class _no_task:
        """The world acts outside of any task: asyncio has no current task meanwhile."""

        def __enter__(self):
            self._task, core.cur_task = core.cur_task, None

        def __exit__(self, *error):
            core.cur_task = self._task

    class _Poller:
        def __init__(self, world):
            self._world = world

        def ipoll(self, ms):
            if ms:
                core.cur_task = None  # the world acts outside of any task
                idle(self._world, None if ms < 0 else ms)
            return ()

    def run(world, story):
        """Run `story` under the time of `world`; `world.stray(error)` is called for errors that no task awaits."""
        back = _under(world)
        usual, core.ticks = core.ticks, lambda: _START + world.now
        loop = asyncio.new_event_loop()
        core._io_queue.poller = _Poller(world)
        loop.set_exception_handler(lambda loop, context: world.stray(context["exception"]))
        try:
            return loop.run_until_complete(story)
        finally:
            core.ticks = usual
            back()

else:
    import contextlib

    _no_task = contextlib.nullcontext

    class _Loop(asyncio.BaseEventLoop):
        def __init__(self, world):
            super().__init__()
            self.world = world
            self._selector = self
            self._clock_resolution = 0.0005
            self.tasks = {}  # also those of a killed program, to which nothing else has a reference
            self.set_task_factory(self._begin)

        def time(self):
            return self.world.now / 1000

        def select(self, seconds):
            if seconds != 0:
                idle(self.world, None if seconds is None else max(1, int(seconds * 1000 + 0.999)))
            return ()

        def _process_events(self, events):
            pass

        def _begin(self, loop, story, **more):
            task = asyncio.Task(story, loop=loop, **more)
            self.tasks[task] = None
            task.add_done_callback(self._ended)
            return task

        def _ended(self, task):
            del self.tasks[task]
            if not task.cancelled() and task.exception() is not None:
                self.world.stray(task.exception())

    def run(world, story):
        """Run `story` under the time of `world`; `world.stray(error)` is called for every task's error."""
        back = _under(world)
        loop = _Loop(world)
        try:
            return loop.run_until_complete(story)
        finally:
            for _ in range(_ENDINGS):
                tasks = list(loop.tasks)
                for task in tasks:
                    task.cancel()
                if tasks:
                    loop.run_until_complete(asyncio.wait(tasks, timeout=1))
            loop.close()
            back()
