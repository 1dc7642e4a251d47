"""Programs by others, which tests use as peers."""

import os
import shutil

import pytest


def need(program):
    """The path of `program`; without it the test is skipped, which in CI is a failure."""
    places = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))  # Kannel's is not users'
    path = shutil.which(program, path=places)
    if not path:
        pytest.skip("needs %s" % program)
    return path
