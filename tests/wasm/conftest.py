"""32-bit MicroPython under node."""

import pytest

from tests.kit.programs import need
from tools.heap import install


@pytest.fixture(scope="session")
def micropython():
    """The path of MicroPython's JavaScript module."""
    need("node")
    need("npm")
    return install.micropython()
