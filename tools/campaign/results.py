"""Results of a journal: figures, the report, files for other programs, and the comparison of two.

The rooms that compute and draw take the packages of the group `campaign`; they are loaded when they are used.
"""

import contextlib
import pathlib
import tempfile

from tools.campaign import campaign
from tools.campaign import journal as journals

REPORT = "report.html"
COMPARISON = "comparison.html"


class Missing(Exception):
    """A package of the group `campaign` is not installed."""


@contextlib.contextmanager
def _packages():
    """Around imports that need packages of the group; raises Missing."""
    try:
        yield
    except ImportError as error:
        raise Missing("%s is not installed: make campaign installs what reports take" % error.name) from None


def find(path):
    """The journal at `path`, which may be the folder of a campaign."""
    return path / campaign.NAME if path.is_dir() else path


def figures_of(path):
    """The Figures of the journal at `path`; raises JournalError, Missing."""
    with _packages():
        from tools.campaign.figures.measure import measure
    figures = measure(journals.read(path))
    if not figures.campaign:
        raise journals.JournalError("%s: no campaign in it" % path)
    return figures


def write(path, folder):
    """(Figures, paths of the files): write the report and all files for other programs into `folder`.

    A file appears when all are whole. Raises JournalError, Missing, OSError.
    """
    figures = figures_of(path)
    with _packages():
        from tools.campaign.outputs import files as others
        from tools.campaign.report import page
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        new = pathlib.Path(name)
        page.write(figures, journals.read(path), new / REPORT)
        files = [new / REPORT, *others.write(figures, journals.read(path), new)]
        return figures, [file.replace(folder / file.name) for file in files]


def summary(figures):
    """The figures on one screen of a terminal, for rich; raises Missing."""
    with _packages():
        from tools.campaign.report import terminal
    return terminal.summary(figures)


def rows(figures):
    """The figures as objects for JSON, which are the rows of figures.csv; raises Missing."""
    with _packages():
        from tools.campaign.outputs import tables
    return (dict(zip(tables.OF_FIGURES, row, strict=True)) for row in tables.rows(figures))


def compare(before, after, out):
    """(Comparison, its summary for rich) of the journals at two paths, whose page is written to `out`.

    Raises JournalError, Missing, OSError.
    """
    one, two = figures_of(before), figures_of(after)
    with _packages():
        from tools.campaign.figures import compare
        from tools.campaign.report import comparison
    compared = compare.compare(one, two)
    out.parent.mkdir(parents=True, exist_ok=True)
    comparison.write(one, two, compared, out)
    return compared, comparison.summary(two, compared)


@contextlib.contextmanager
def watched(address, entries):
    """A listener for a journal, whose metrics Prometheus reads at `address` meanwhile; `entries` are those of before.

    Raises Missing, and ValueError where nothing can listen.
    """
    with _packages():
        from tools.campaign.outputs import prometheus
    metrics = prometheus.Metrics()
    for entry in entries:
        metrics.handle(entry)
    try:
        with prometheus.serve(address, metrics):
            yield metrics.handle
    except prometheus.ListenError as error:
        raise ValueError(str(error)) from None
