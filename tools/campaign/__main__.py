"""Campaigns of test cases over probes and networks: run one from its TOML file, go on with it, report it, compare two.

Exit status 0: every attempt passed, or was not possible; no figure is worse. 1: attempts failed; a figure is worse. 2:
wrong arguments, a wrong plan, a journal that cannot be read, a folder that another campaign has, a package is missing,
or the report cannot be written. 3: the campaign stopped before its end, and --resume goes on; 130: stopped with Ctrl-C
or SIGTERM, likewise; 141: the reader of its output has gone, likewise.
"""

import argparse
import asyncio
import contextlib
import io
import json
import logging
import pathlib
import sys

from tools import alone, ending
from tools.campaign import campaign, journal, plan, results
from tools.campaign.runner import Stopped
from tools.campaign.view import Rows, Terminal, View
from tools.programs import BUILD, called, examples

_EXAMPLES = (
    "check spring.toml",
    "run spring.toml --listen 127.0.0.1:9100",
    "run spring.toml --resume",
    "compare winter spring",
    "report spring --json",
)


def _speed(word):
    number = float(word)
    if not 0 < number <= 1000:
        raise argparse.ArgumentTypeError("more than 0, at most 1000")
    return number


def _run(given):
    planned = plan.read(given.plan)
    out = given.out or planned.campaign["out"] or BUILD / "campaign" / planned.campaign["name"]
    folder = pathlib.Path(out).resolve()
    alone.keep_private()
    alone.hold(folder)
    asyncio.run(campaign.check(planned))
    logging.basicConfig(filename=folder / "campaign.log")
    logging.raiseExceptions = False  # a full disk is told by the journal
    written, standing = campaign.open_journal(planned, folder, given.resume, given.speed)
    total, done = len(planned.attempts()), len(standing.done)
    # Words on standard error come without a table that moves, since the objects may be on the same terminal.
    view = Rows(total, done, _console(True, force_terminal=False)) if given.json else View(total, done)
    reported = True
    try:
        with contextlib.ExitStack() as stack:
            stack.callback(view.close)
            listeners = [view.hear]
            if given.listen:
                listeners.append(stack.enter_context(results.watched(given.listen, journal.read(written.path))))
            asyncio.run(campaign.run(planned, folder, written, standing, listeners))
    finally:
        written.close()
        if view.shown or standing.done:
            reported = _show(view.console, written.path, folder, given.json)
    return 1 if standing.failed + view.counts["failed"] else 0 if reported else 2


def _console(is_json, **more):
    """The console for words: where objects are printed, it is that of standard error."""
    return Terminal(highlight=False, stderr=is_json, **more)


def _print(row):
    print(json.dumps(row), flush=True)


def _show(console, path, folder, is_json):
    """Write the report, and show the figures and the paths: whether that could be; the journal has it all."""
    paths = []
    try:
        figures, paths = results.write(path, folder)
        summary, rows = results.summary(figures), results.rows(figures) if is_json else ()
    except results.Missing as error:
        console.print(str(error), markup=False)
    except OSError as error:
        text = "the report cannot be written: %s; then: %s report %s" % (error.strerror, called("campaign"), path)
        console.print(text, soft_wrap=True, markup=False)
    else:
        console.print(summary)
        for row in rows:
            _print(row)
    written = [path, *paths] if path.parent == folder else paths
    if is_json:
        _print({"files": list(map(str, written))})
    elif written:
        names = ", ".join(each.name for each in written)
        console.print("in %s: %s" % (folder, names), soft_wrap=True, markup=False)
    return bool(paths)


def _check(given):
    planned = plan.read(given.plan)
    attempts = planned.attempts()
    asyncio.run(campaign.check(planned))
    for attempt in attempts:
        if given.json:
            networks = {"network": attempt.network["mccmnc"], "mt_network": attempt.mt_network}
            _print({"key": attempt.key, "case": attempt.case.name, **networks, "repetition": attempt.repetition})
        else:
            print(attempt.key)
    text = "%d attempts, with %d probes" % (len(attempts), len(planned.probes))
    print(text, file=sys.stderr if given.json else sys.stdout)
    return 0


def _report(given):
    path = results.find(given.journal)
    torn = []
    if not [entry for entry in journal.read(path, torn.append) if entry["what"] == "campaign"]:
        raise journal.JournalError("%s: no campaign in it" % path)
    print("".join(text + "\n" for text in torn), end="", file=sys.stderr)
    return 0 if _show(_console(given.json), path, given.out or path.parent, given.json) else 2


def _compare(given):
    before, after = results.find(given.before), results.find(given.after)
    out = (given.out or after.parent) / results.COMPARISON
    compared, summary = results.compare(before, after, out)
    console = _console(given.json)
    console.print(summary)
    if given.json:
        for one in compared.verdicts:
            _print({**one._asdict(), "before": one.before._asdict(), "after": one.after._asdict()})
        _print({"files": [str(out)]})
    else:
        console.print("in %s" % out, soft_wrap=True, markup=False)
    return int("worse" in [one.verdict for one in compared.verdicts])


def arguments(words=None):
    """The command line."""
    parser = argparse.ArgumentParser(
        prog=called("campaign"),
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=examples("campaign", *_EXAMPLES),
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, do, text):
        found = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        found.set_defaults(do=do)
        found.add_argument("--json", action="store_true", help="one JSON object a line, and words on standard error")
        return found

    run = command("run", _run, "make the attempts of a plan, and write its journal and report")
    run.add_argument("plan", metavar="FILE", help="the plan, in TOML: docs/campaign.md")
    run.add_argument("--resume", action="store_true", help="go on where the journal ends")
    run.add_argument("--out", metavar="FOLDER", help="for journal and report, instead of %s/campaign/NAME" % BUILD.name)
    run.add_argument(
        "--speed", type=_speed, help="of the lab behind simulated probes: times as fast as the world, 1 by default"
    )
    run.add_argument("--listen", metavar="HOST:PORT", help="tell Prometheus the figures meanwhile: 127.0.0.1:9100")
    check = command("check", _check, "read a plan, and list its attempts")
    check.add_argument("plan", metavar="FILE", help="the plan, in TOML")
    report = command("report", _report, "compute all figures of a journal again, and write its report")
    report.add_argument("journal", metavar="JOURNAL", type=pathlib.Path, help="or the folder that it is in")
    report.add_argument("--out", metavar="FOLDER", type=pathlib.Path, help="instead of the journal's folder")
    compare = command("compare", _compare, "compare the figures of two journals, where there are samples enough")
    compare.add_argument("before", metavar="BEFORE", type=pathlib.Path, help="a journal, or its folder")
    compare.add_argument("after", metavar="AFTER", type=pathlib.Path, help="another one")
    compare.add_argument("--out", metavar="FOLDER", type=pathlib.Path, help="for the page, instead of AFTER's folder")
    return parser.parse_args(words)


def main(words=None):
    """Do what the command line says; the exit status."""
    given = arguments(words)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal of Latin-1 has no marks of the report
    try:
        with ending.by_sigterm():
            return given.do(given)
    except alone.Taken as error:
        status, text = 2, "a campaign writes into %s already: wait until it ends, or say --out" % error
    except Stopped as error:
        status, text = 3, str(error)
    except journal.JournalError as error:
        status, text = 3 if given.do is _run else 2, str(error)
    except (plan.PlanError, results.Missing, ValueError) as error:
        status, text = 2, str(error)
    except KeyboardInterrupt:
        status, text = 130, "stopped: --resume goes on"
    except BrokenPipeError:
        return ending.closed()
    except OSError as error:
        status, text = 2, "%s: %s" % (error.filename or "standard output", error.strerror)
    except Exception as error:  # a user gets one line; the rest is in the log
        logging.exception("the campaign failed")
        status, text = 3, "the campaign failed: %s: %s; campaign.log has more" % (type(error).__name__, error)
    print(text, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
