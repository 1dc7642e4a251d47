"""JUnit XML of a campaign, as servers of continuous integration read it: one suite a case, one test an attempt.

An attempt that failed is a failure, with step and code as its type; one that was not possible is skipped; one that was
broken off is an error, for it says nothing about the network.
"""

import datetime
import re

import junitparser

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


def write(figures, path):
    """Write the attempts of `figures` into the file `path`."""
    report = junitparser.JUnitXml(_text(figures.campaign.get("name") or "campaign"))
    cases = dict.fromkeys(attempt.case for attempt in figures.attempts)
    for case in cases:
        suite = junitparser.TestSuite(_text(case))
        attempts = [attempt for attempt in figures.attempts if attempt.case == case]
        suite.timestamp = _moment(figures.campaign.get("date"), attempts[0].at)
        suite.add_testcases([_test(attempt) for attempt in attempts])
        report.add_testsuite(suite)
    report.update_statistics()
    report.write(str(path), pretty=True)


def _test(attempt):
    name = "%s, attempt %d" % (attempt.key, attempt.number)
    test = junitparser.TestCase(
        _text(name), "%s.%s" % (_text(attempt.group), _text(attempt.case)), attempt.seconds or 0
    )
    kind = "%s" % attempt.step if attempt.code is None else "%s %s" % (attempt.step, attempt.code)
    text = "%s; %s" % (attempt.text, attempt.advice) if attempt.advice else attempt.text
    if attempt.verdict == "failed":
        test.result = [junitparser.Failure(_text(text), _text(kind))]
    elif attempt.verdict == "not possible":
        test.result = [junitparser.Skipped(_text(text))]
    elif attempt.verdict != "passed":
        test.result = [junitparser.Error(_text(text or attempt.verdict), attempt.verdict)]
    steps = [
        "%s (%s): %s" % (s.procedure, s.role, "failed" if s.stop is None else "%.3f s" % s.seconds)
        for s in attempt.steps
    ]
    test.system_out = _text("\n".join(steps))
    return test


def _moment(date, seconds):
    """ISO 8601 of a moment of the campaign, or None where its date is not known."""
    try:
        began = datetime.datetime.fromisoformat(date)
    except (TypeError, ValueError):
        return None
    return (began + datetime.timedelta(seconds=seconds)).isoformat(timespec="seconds")


def _text(value):
    """A text without the characters that XML cannot have."""
    return _NOT_XML.sub("?", str(value or ""))
