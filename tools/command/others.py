"""The verbs of `mms` that are programs of their own, each with its command line: they need no handset."""

import importlib.util
import runpy
import sys

from tools.programs import CHECKOUT, COMMAND

_OTHERS = {  # verb: (module, about, the extra of the wheel that has what it needs)
    "pdu": ("tools.pdu", "show, make and record what MMS puts on the wire", ""),
    "lab": ("tools.lab", "a mobile network on this PC, for handsets without any other", "lab"),
    "campaign": ("tools.campaign", "test cases by the hundred, with figures and a report", "campaign"),
    "hil": ("tools.hil", "a walk through everything that wants real hardware", "hil"),
}
_OURS = ("tools", "drivers", "mms", "main")


def known():
    """{verb: (module, about, extra)} of those that this installation has."""
    return {verb: row for verb, row in _OTHERS.items() if importlib.util.find_spec(row[0])}


def run(verb, words):
    """Run the program in this process: its exit status."""
    module, _, extra = known()[verb]
    sys.argv[:] = [COMMAND, *words]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=False)
    except SystemExit as end:
        if isinstance(end.code, str):
            print("mms %s: %s" % (verb, end.code), file=sys.stderr)
            return 1
        return end.code or 0
    except ModuleNotFoundError as error:
        if not extra or error.name.partition(".")[0] in _OURS:
            raise
        install = "make %s" % extra if CHECKOUT else "pip install 'micropython-mms[%s]'" % extra
        print("mms %s needs %s: %s" % (verb, error.name, install), file=sys.stderr)
        return 2
    return 0
