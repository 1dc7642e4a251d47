"""Workers for pieces of work that do not need each other: those of a dask scheduler, or processes of this machine.

A piece is a call of a function of a module; whichever worker is free plays it. The pieces of a worker that dies are
played again by another one. The dashboard is off, and everything stays on the loopback interface unless the user names
a scheduler on another machine: there `PYTHONPATH=. dask worker tcp://HOST:PORT --nthreads 1` in the project's folder
starts a worker.
"""

import contextlib
import logging
import signal
import tempfile
from multiprocessing import resource_tracker

import dask
from distributed import Client, LocalCluster, as_completed, get_worker

from tools import ending

_PATIENCE_S = 30  # until a scheduler answers, and its first worker is there
_DEATHS = 4  # of workers that play one piece, after which it is taken for the reason of them
_SETTINGS = {
    "distributed.admin.tick.limit": "1h",  # a piece holds the interpreter for seconds
    "distributed.comm.timeouts.connect": "30s",
    "distributed.scheduler.allowed-failures": _DEATHS - 1,
    "distributed.scheduler.work-stealing": True,
    "distributed.worker.profile.enabled": False,
}


class ClusterError(Exception):
    """There are no workers, or a piece of work has ended them: one line with what to do."""


@contextlib.contextmanager
def workers(scheduler=None, jobs=1, processes=True):
    """A Client of dask: of the `scheduler` at tcp://HOST:PORT, or of `jobs` workers of this machine.

    With `processes` False they are threads of this process, for work that is a process of its own. SIGTERM raises
    KeyboardInterrupt meanwhile, as Ctrl-C does. Raises ClusterError.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(ending.by_sigterm())
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="mms-workers-"))
        stack.enter_context(dask.config.set({**_SETTINGS, "temporary-directory": place}))
        for name in ("distributed.nanny", "distributed.worker", "distributed.core", "distributed.scheduler"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # a worker that dies is told by what comes of it
        if scheduler is None:
            with _without_interrupts():
                cluster = _local(place, jobs, processes)
            scheduler = stack.enter_context(cluster)
        try:
            client = stack.enter_context(Client(scheduler, set_as_default=False, timeout=_PATIENCE_S))
            client.wait_for_workers(1, timeout=_PATIENCE_S)
        except (OSError, TimeoutError, ValueError) as error:
            text = "no workers at the scheduler %s: %s; start one with: dask worker %s --nthreads 1"
            raise ClusterError(text % (scheduler, error, scheduler)) from None
        yield client


@contextlib.contextmanager
def _without_interrupts():
    """Keep Ctrl-C from the threads and processes that are started meanwhile; this thread hears it afterwards.

    A terminal sends it to all of them, and each would print where it was.
    """
    resource_tracker.ensure_running()  # it lets the signal through again, where it is started
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _local(place, jobs, processes):
    return LocalCluster(
        n_workers=jobs if processes else 1,
        threads_per_worker=1 if processes else jobs,
        processes=processes,
        host="127.0.0.1",
        protocol="tcp",  # a cluster without it would have its pages on every interface
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        local_directory=place,
        memory_limit=None,
        silence_logs=logging.CRITICAL,
    )


def folder():
    """The folder of the worker that plays this piece, which goes with the cluster; None where none does."""
    try:
        return get_worker().local_directory
    except ValueError:
        return None


def threads(client):
    """How many pieces all workers of a Client play at once."""
    return max(sum(client.nthreads().values()), 1)


def play(client, function, pieces):
    """(number of the piece, result of `function(piece)`) of each of `pieces`, as they come; raises their errors.

    The order of the results is that in which they end. Raises ClusterError for a piece that ends its workers.
    """
    futures = {client.submit(function, piece, pure=False): number for number, piece in enumerate(pieces)}
    try:
        for future in as_completed(list(futures), loop=client.loop):
            try:
                result = future.result()
            except Exception as error:
                if type(error).__name__ != "KilledWorker":
                    raise
                text = "piece %d has ended %d workers; look at their memory"
                raise ClusterError(text % (futures[future] + 1, _DEATHS)) from None
            yield futures.pop(future), result
            future.release()
    finally:
        client.cancel(list(futures))
