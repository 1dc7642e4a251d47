"""What is wanted of the coverage: a figure for all, and the names of those that drag it down."""

from tools.check import covered


def report(branches):
    """A report of coverage's: two files of 100 lines and branches each, one whole, one with so many branches."""
    files = {"lib/a.py": (100, 100), "drivers/b.py": (100, branches), "lib/empty.py": (0, 0)}
    keys = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    summaries = {path: dict(zip(keys, (of, of, of, done), strict=True)) for path, (of, done) in files.items()}
    totals = {key: sum(summary[key] for summary in summaries.values()) for key in keys}
    return {"totals": totals, "files": {path: {"summary": summary} for path, summary in summaries.items()}}


def test_too_few_branches_fail_though_every_line_was_run():
    told, enough = covered.judge(report(90))
    assert enough and told == ["covered: 100.0 % of the lines, 95.0 % of the branches of lib/ and drivers/"]
    told, enough = covered.judge(report(89))
    assert not enough and told[1:] == ["   89.0 %  drivers/b.py", "at least 95 % of both are wanted"]


def test_nothing_measured_is_one_line(monkeypatch, tmp_path, capsys):
    class Nothing(covered.Coverage):
        def __init__(self):
            super().__init__(data_file=str(tmp_path / "data"))

    monkeypatch.setattr(covered, "Coverage", Nothing)
    assert covered.main() == 1
    assert capsys.readouterr().out.startswith("nothing is measured: ")
