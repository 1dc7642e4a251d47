"""What the files of pages in a real browser share."""

import pytest

from tests.kit.programs import need
from tools.phone import browser


@pytest.fixture(scope="session")
def chromium():
    """All that the stories need."""
    for program in ("chromium", "node", "npm"):
        need(program)
    browser.environment()
