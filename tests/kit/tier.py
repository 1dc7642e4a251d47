"""How much a test does: `make test` runs every test once, `make long` those marked `long` again, with more."""

import os

LONG = os.environ.get("TIER") == "long"


def amount(usual, long):
    """`long` in `make long` (TIER=long in the environment), `usual` otherwise."""
    return long if LONG else usual
