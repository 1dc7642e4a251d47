"""A handset reads settings of version 0.1, and says once at its start what to write instead."""

from mms.handset import rooms, settings
from tests.kit.handset.phone import Phone


def test_what_to_write_instead_of_old_settings_is_said_once():
    async def story():
        return phone.told("old_settings")

    old = {"board": "rp2", "camera": {"compression": 255}}
    phone = Phone()
    phone.settings["old"] = settings.check(old)["old"]
    (event,) = phone.live(story)
    said = "board pico_sim800 in place of rp2, camera.quality 1 in place of camera.compression 255"
    assert event["write"] == said and phone.names().index("old_settings") < phone.names().index("ready")
    rows = "".join(rooms.sentences.render(event, phone.handset))
    assert " ".join(rows.split()) == "* the settings are of version 0.1; write " + said
    assert "old" not in phone.settings


def test_settings_of_this_version_say_nothing():
    async def story():
        return phone.told("old_settings")

    phone = Phone()
    assert phone.live(story) == []
