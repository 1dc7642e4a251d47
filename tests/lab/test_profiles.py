"""Handset profiles: which one a request names, and a table with a mistake."""

import pytest

from tools import profiles as compiled
from tools.lab.network.adaptation import profiles

PROFILES = profiles.Profiles()


@pytest.mark.parametrize(
    ("agent", "url", "key"),
    [
        ("Nokia6100/1.0 (04.01) Profile/MIDP-1.0 Configuration/CLDC-1.0", "", "nokia6100"),
        ("Nokia6100/1.0 (05.16) Profile/MIDP-1.0", "", "nokia6100"),  # other firmware
        ("NOKIA7250/2.0", "", "nokia7250"),
        ("", '"http://nds1.nds.nokia.com/uaprof/N6800r100.xml"', "nokia6800"),
        ("Nokia6100/1.0", '"http://x.example/a.xml", "http://nds1.nds.nokia.com/uaprof/N7250r100.xml"', "nokia7250"),
        ("Android-Mms/2.0", "http://www.google.com/oha/rdf/ua-profile-kila.xml", "today"),
        ("Nokia61000/1.0", "", None),
        ("micropython-mms", "http://x.example/a.xml", None),
        ("", "", None),
    ],
)
def test_a_request_names_a_handset_by_its_url_or_else_by_its_product(agent, url, key):
    found = PROFILES.find(agent, url)
    assert (found.key if found else None) == key


def test_the_nokias_of_2002_take_46080_octets_and_neither_amr_nor_video():
    for key in ("nokia6100", "nokia6800", "nokia7250"):
        row = PROFILES.named(key)
        assert (row.octets, row.screen, row.mms) == (46080, (128, 128), "1.0")
        assert row.takes("image/jpeg") and row.takes("audio/sp-midi")
        assert not row.takes("audio/amr") and not row.takes("video/3gpp")


def test_every_value_has_a_source_or_is_marked_as_ours():
    for row in PROFILES:
        assert row.source or row.ours
        assert (row.octets > 0) == bool(row.mms) == bool(row.types)
    with pytest.raises(profiles.ProfileError, match="no profile 'nokia': there are nokia6100, nokia6800, nokia7250"):
        PROFILES.named("nokia")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("octets = 46080", 'octets = "46080"', r"nokia6100\.octets has a wrong value"),
        ("screen = [128, 128]", "screen = [128]", r"nokia6100\.screen has a wrong value"),
        ('mms = "1.0"', "", "nokia6100: mms"),
        ('ours = ["mms", "charsets"]', 'ours = ["colour"]', r"nokia6100\.ours has a wrong value"),
        ("[nokia6100]", "[nokia6100", "profiles.toml: "),
    ],
)
def test_a_mistake_in_the_table_is_told_with_profile_and_key(tmp_path, old, new, words):
    text = profiles.FILE.read_text()
    file = tmp_path / "profiles.toml"
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(profiles.ProfileError, match=words):
        profiles.Profiles(file)


def test_the_file_for_handsets_is_that_of_the_table():
    assert compiled.TARGET.read_bytes() == compiled.compile(PROFILES)
