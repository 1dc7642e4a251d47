"""The verbs of `mms` that are programs of their own, each with its command line: they need no handset."""

import importlib.metadata
import importlib.util
import re
import runpy
import sys

PROG = "mms"  # sys.argv[0] of a program that the command has started
_OTHERS = {  # verb: (module, about)
    "pdu": ("tools.pdu", "show, make and record what MMS puts on the wire"),
    "lab": ("tools.lab", "a mobile network on this PC, for handsets without any other"),
    "campaign": ("tools.campaign", "test cases by the hundred, with figures and a report"),
    "hil": ("tools.hil", "a walk through everything that wants real hardware"),
}


def known():
    """{verb: (module, about)} of those that this installation has."""
    return {verb: row for verb, row in _OTHERS.items() if importlib.util.find_spec(row[0])}


def run(verb, words):
    """Run the program in this process: its exit status."""
    module, _ = known()[verb]
    sys.argv[:] = [PROG, *words]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=False)
    except SystemExit as end:
        if isinstance(end.code, str):
            print("mms %s: %s" % (verb, end.code), file=sys.stderr)
            return 1
        return end.code or 0
    except ImportError as error:
        extra = extra_of(error.name)
        if extra is None:
            raise
        print("mms %s needs %s: pip install 'micropython-mms[%s]'" % (verb, error.name, extra), file=sys.stderr)
        return 2
    return 0


def extra_of(module):
    """The extra of the wheel that brings a module; None for a module that none does. In a checkout: "campaign"."""
    name = (module or "").partition(".")[0]
    if not name or name in ("tools", "drivers", "mms"):
        return None
    names = {"PIL": "pillow", "font_manrope": "font-manrope"}
    wanted = re.sub("[-_.]+", "-", names.get(name, name)).lower()
    try:
        rows = importlib.metadata.requires("micropython-mms") or []
    except importlib.metadata.PackageNotFoundError:
        rows = []
    for row in rows:
        found = re.match(r"([\w.-]+).*extra == ['\"](\w+)['\"]", row)
        if found and re.sub("[-_.]+", "-", found[1]).lower() == wanted:
            return found[2]
    return "campaign"
