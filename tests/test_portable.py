"""Every portable test file passes inside MicroPython, too."""

import re

import pytest

from tests.kit import portable


@pytest.mark.parametrize("path", portable.files())
def test_passes_inside_micropython(path):
    if not portable.micropython():
        pytest.skip("PyPI has no MicroPython for this machine")
    done = portable.run(path)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^[1-9]\d* passed, 0 failed$", done.stdout, re.MULTILINE), done.stdout
