"""assets/profiles.bin is what tools/profiles.py makes of assets/profiles.toml."""

from tools import profiles
from tools.lab.network.adaptation.profiles import Profiles


def test_the_file_for_handsets_is_that_of_the_table():
    assert profiles.TARGET.read_bytes() == profiles.compile(Profiles())
