"""As fast as physics lets it be: whole journeys under virtual time, measured against the bound of tools/bound.py."""

import pytest

from tests.kit.tier import amount
from tools.bench import links

UP, DOWN = links.MOST, links.MOST
EXACT = 0.999  # no journey is faster than the bound: only the world's last millisecond may be
LINKS = links.asked(amount((30000,), (30000, 100000)))
# A long message takes this machine little time over LTE, where the serial line is the slowest.
LONG = ("lte-1",) + amount((), ("gprs-10-cs2",))
_FAST = [link for link in links.LINKS if link[1] in LONG]
LINKS += [row for row in links.asked((100000, 300000), _FAST) if row not in LINKS]

SHOTS = sorted({link[:3] for link in links.LINKS if not link[3]})

pytestmark = pytest.mark.long


@pytest.mark.parametrize("size, family, radio, baud, wap", LINKS)
def test_a_message_goes_and_comes_as_fast_as_physics_lets_it(size, family, radio, baud, wap):
    result = links.measure(size, family, radio, baud, wap)
    assert EXACT <= result.up_ratio <= UP
    assert EXACT <= result.down_ratio <= DOWN


@pytest.mark.parametrize("family, radio, baud", SHOTS)
def test_from_the_shutter_to_the_confirmation_a_registered_handset_loses_nothing(family, radio, baud):
    _, ratio = links.shoot(30000, family, radio, baud)
    assert EXACT <= ratio <= links.SHUTTER
