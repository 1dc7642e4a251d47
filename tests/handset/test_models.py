"""The setting `profile`: requests say that the handset is a model of the table, and its size is kept to."""

from mms import clock, limits
from mms.codec import mm1
from mms.errors import SettingsError
from mms.handset import operators, settings
from tests.kit.checks import raises
from tests.kit.handset.phone import MINUTE, OPERATOR, Phone, hello

NOKIA = "Nokia6100/1.0 (04.01) Profile/MIDP-1.0 Configuration/CLDC-1.0"
UAPROF = "http://nds.nokia.com/uaprof/N6100r100.xml"


def profile(name, **more):
    """The operator's Profile of a handset with that setting."""
    operator = dict(OPERATOR)
    operator.update(more)
    return operators.find_profile(settings.check({"profile": name, "operators": {"23410": operator}}), "23410")


def test_a_handset_says_that_it_is_the_model_of_its_settings_and_keeps_to_its_size():
    made = profile("nokia6100")
    assert [value for name, value in made.headers if name in ("User-Agent", "x-wap-profile")] == [NOKIA, UAPROF]
    assert (made.octets, made.receives) == (46080, 46080)
    made = profile("nokia6100", user_agent="Mine/1.0", octets=20000)
    assert ("User-Agent", "Mine/1.0") in made.headers and ("x-wap-profile", UAPROF) in made.headers
    assert (made.octets, made.receives) == (20000, 46080)
    assert profile("today").octets == limits.MESSAGE


def test_a_model_speaks_its_own_version_unless_the_settings_have_another():
    versions = [settings.check({"profile": name})["version"] for name in ("nokia6800", "today")]
    assert versions == ["1.0", "1.2"]
    assert settings.check({"profile": "nokia6800", "version": "1.1"})["version"] == "1.1"

    async def story():
        await phone.handset.send(hello())
        await clock.sleep(MINUTE)

    phone = Phone(profile="nokia7250")
    phone.live(story)
    ((_, _, pdu),) = phone.mmsc.heard
    assert pdu.get(mm1.VERSION) == 0x10


def test_a_model_that_is_in_no_table_is_named_with_those_that_are():
    assert str(raises(SettingsError, settings.check, {"profile": "nokia3310"})) == (
        'profile: one of "nokia6100", "nokia6800", "nokia7250", "today", please'
    )
    assert "a name of small letters" in str(raises(SettingsError, settings.check, {"profile": "Nokia 6100"}))
