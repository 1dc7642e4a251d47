"""Runs test files inside MicroPython: `micropython tests/kit/inside.py LIB FILE...`, from the root.

LIB is the folder of the modules in lib/, which may be compiled. A test is a function `test_...` without arguments.
tests/kit/portable.py and tests/wasm/ start this.
"""

import gc
import sys


def tests(path):
    """The names of the tests in a file, in their order (a dict of MicroPython does not keep it)."""
    with open(path) as source:
        return [line[4 : line.index("(")] for line in source if line.startswith("def test_")]


def run(path):
    """Run one file's tests; print PASS or FAIL for each; the numbers of passed and failed ones."""
    passed = failed = 0
    module = __import__(path[:-3].replace("/", "."), None, None, ("*",))
    for name in tests(path):
        gc.collect()
        try:
            getattr(module, name)()
        except (Exception, SystemExit) as error:
            failed += 1
            print("FAIL %s::%s" % (path, name))
            sys.print_exception(error)
        else:
            passed += 1
            print("PASS %s::%s" % (path, name))
    print("%d passed, %d failed" % (passed, failed))
    return passed, failed


if __name__ == "__main__":
    sys.path[:] = [sys.argv.pop(1), "", ".frozen", "tests/kit/micropython"]
    sys.exit(1 if any([run(path)[1] for path in sys.argv[1:]]) else 0)
