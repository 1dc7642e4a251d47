"""All files of a campaign for other programs: write(figures, journal, folder) -> their paths."""

from tools.campaign.outputs import junit, tables, trace

_TRACED = 2000  # attempts of which the trace has all; of more, those that failed


def write(figures, lines, folder):
    """Write junit.xml, figures.csv, attempts.csv, steps.csv and trace.pcapng into `folder`; their paths.

    `figures` are those of the journal, of which `lines` are read once more.
    """
    junit.write(figures, folder / "junit.xml")
    tables.write_figures(figures, folder / "figures.csv")
    tables.write_attempts(figures, folder / "attempts.csv")
    tables.write_steps(figures, folder / "steps.csv")
    trace.write(lines, folder / "trace.pcapng", _traced(figures.attempts))
    return [folder / name for name in ("junit.xml", "figures.csv", "attempts.csv", "steps.csv", "trace.pcapng")]


def _traced(attempts):
    """The numbers of the attempts that the trace has."""
    if len(attempts) <= _TRACED:
        return {attempt.number for attempt in attempts}
    return {attempt.number for attempt in attempts if attempt.verdict == "failed"}
