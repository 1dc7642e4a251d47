"""pytest's set-up: lib/ goes to the end of the path, and no skip goes unnoticed."""

import gc
import os
import pathlib
import signal
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
INSTALL = "sudo .ci/install"

# A shell that has no job control starts what ends in & deaf for Ctrl-C, and so is all that the tests start then.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Where MicroPython's unix port finds hmac, which mip installs on a board; on CPython it is in the standard library.
os.environ["MICROPYPATH"] = ".frozen:%s" % (ROOT / "tests" / "kit" / "micropython")

# A test that ends its power knows what is durable by itself (tools/sim/disk.py); others only wait for the disk.
os.fsync = lambda number: None

# PyPI's construct must win over the engine in lib/construct: so lib/ comes last.
sys.path.insert(0, str(ROOT))
sys.path.append(str(ROOT / "lib"))


def pytest_collection_finish():
    """Thousands of tests stay until the end: without them gc.collect() of a handset takes 10 ms, with them 300."""
    gc.freeze()


@pytest.fixture(autouse=True)
def rights():
    """New files have usual rights again after programs that a test runs in this process: they end with it otherwise."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI everything is installed: what is skipped there has failed."""
    report = (yield).get_result()
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", "skipped in CI: %s" % reason


def pytest_sessionfinish():
    """What was measured is kept here, since a worker that ends too slowly is killed."""
    measure = sys.modules["coverage"].Coverage.current() if "coverage" in sys.modules else None
    if measure:
        measure.stop()
        measure.save()


def pytest_terminal_summary(terminalreporter):
    """Name the tests that were skipped, and the one command that installs what they need."""
    skipped = terminalreporter.stats.get("skipped", ())
    if not skipped:
        return
    terminalreporter.section("not tested here")
    for report in skipped:
        terminalreporter.line("%s: %s" % (report.nodeid, report.longrepr[-1]))
    terminalreporter.line("What is missing comes with:  " + INSTALL)
