"""Programs by others, which tests use as peers."""

import os
import shutil

import pytest


def need(program):
    """The path of `program`; without it the test is skipped, or fails in CI."""
    path = shutil.which(program)
    if not path:
        if os.environ.get("CI") == "true":
            pytest.fail("%s is missing" % program)
        pytest.skip("needs %s" % program)
    return path
