"""Settings that are changed while the handset runs: held to their rules, written whole, and no secret shown."""

import asyncio
import json
import os

from mms.errors import ModemError, UsageError
from mms.handset import rooms
from mms.handset.console import answering, commands
from mms.handset.store import files
from mms.handset.store.files import make_folder, new_id
from tests.kit.checks import raises
from tests.kit.handset.phone import Phone

FILE = {"number": "+447700900001", "pin": "1234", "operators": {"23410": {"apn": "mms.example", "mmsc": "http://m/"}}}


class Edited:
    """A Phone whose settings stand in a file."""

    def __init__(self, file=FILE):
        make_folder("build/tests")
        self.path = "build/tests/editing-%s.json" % new_id()
        with open(self.path, "w") as there:
            there.write(json.dumps(file))
        self.phone = Phone()
        self.phone.settings.update(rooms.settings.load(self.path))

    def type(self, *lines, started=False):
        """The results of lines that a person types, or their errors; `started`: the handset runs, which it can once."""
        found = []

        async def story():
            for line in lines:
                try:
                    command = answering.parse(line.encode())
                    assert commands.check("set", command) == "editing"
                    found.append(await rooms.editing.do_set(self.phone.handset, command))
                except UsageError as error:
                    found.append(str(error))

        self.phone.live(story) if started else asyncio.run(story())
        return found

    @property
    def told(self):
        with open(self.path) as file:
            return json.loads(file.read())


def test_a_setting_is_written_and_in_force_or_asks_for_a_restart():
    edited = Edited()
    handset = edited.phone.handset
    results = edited.type(
        "set press.to +447700900002, 25286",
        "set camera.size QVGA",
        "set delivery_report no",
        "set register_seconds 90",
        "set modem.baud 9600",
        "set operators.23410.apn other.example",
        'set operators.23415 {"apn": "three.example", "mmsc": "http://three/"}',
        started=True,
    )
    assert [one["restart"] for one in results] == [False, False, False, False, True, False, False]
    assert "restart the handset" in results[4]["text"]
    told = edited.told
    assert told["number"] == FILE["number"] and told["pin"] == "1234" and told["modem"] == {"baud": 9600}
    assert told["press"] == {"to": ["+447700900002", "25286"]} == handset.settings["press"]
    assert handset.settings["camera"]["size"] == "QVGA" and handset.settings["camera"]["quality"] == 79
    assert handset.settings["delivery_report"] is False and handset.settings["register_seconds"] == 90
    assert handset.settings["modem"]["baud"] == 115200, "a modem that is open keeps its speed"
    assert handset.bearer.profile.apn == "other.example" and "release" in edited.phone.modem.log
    assert rooms.settings.load(edited.path)["operators"]["23415"]["apn"] == "three.example"
    os.remove(edited.path)


def test_an_operator_is_in_force_also_where_the_modem_does_not_answer():
    edited = Edited()
    edited.phone.modem.faults = {"release": [ModemError("modem")]}
    (result,) = edited.type("set operators.23410.apn other.example", started=True)
    assert result["restart"] is False and edited.phone.handset.bearer.profile.apn == "other.example"
    os.remove(edited.path)


def test_the_usual_value_comes_back():
    edited = Edited()
    edited.type("set delivery_report no", "set camera.limit 50000", "set press.text Hi there")
    edited.type("set delivery_report default", '{"do": "set", "setting": "camera.limit", "value": null}')
    edited.type("set press.text default")
    told, settings = edited.told, edited.phone.settings
    assert "delivery_report" not in told and settings["delivery_report"] is True
    assert told["camera"] == {} and "limit" not in settings["camera"] and told["press"] == {}
    os.remove(edited.path)


def test_a_value_that_does_not_fit_is_refused_in_the_words_of_its_rule_and_changes_nothing():
    edited = Edited()
    for line, words in (
        ("set camera.quality 101", "camera.quality: a whole number from 1 to 100, please"),
        ("set camera.quality fine", "camera.quality: a whole number from 1 to 100, please"),
        ("set shrink perhaps", "shrink: true or false, please"),
        ("set retrieve.home later", 'retrieve.home: one of "now", "manual", please'),
        ("set number 07700900001", "number: a number in international form, such as +447700900001, please"),
        ("set press.to nobody", "press.to: a list of at most 20 numbers"),
        ("set pin 12", "pin: a text of four to eight digits, please"),
        ("set operators.23415.apn three.example", "operators.23415.mmsc: is missing"),
        ("set operators.23410.mmsc default", "operators.23410.mmsc: is missing"),
        ("set operators.234.10 x", "no such setting"),
        ("set page.host 0.0.0.0", "page.password: 8 characters or more, please"),
        ("set modem fast", "modem: an object, please"),
        ("set modem " + "[" * 900, "modem: an object, please"),
        ("set colour red", "colour: no such setting: type set alone to see all of them"),
        ("set file other.json", "no such setting"),
        ('{"do": "set", "setting": 7, "value": 7}', "no such setting"),
        ('{"do": "set", "value": 7}', "a setting, please"),
    ):
        (said,) = edited.type(line)
        assert isinstance(said, str) and said.find(words) >= 0, (line, said)
    assert edited.told == FILE and edited.phone.settings["camera"]["quality"] == 79
    os.remove(edited.path)


def test_all_settings_are_listed_with_their_rules_and_secrets_are_not():
    edited = Edited()
    edited.type("set page.password open sesame", "set wifi.password trustno1!")
    (all_of_them,), (one,) = edited.type("set"), edited.type("set operators.23410.apn")
    rows = {row["name"]: row for row in all_of_them["sections"]}
    assert list(one["sections"]) == [rows["operators.23410.apn"]]
    assert rows["operators.23410.apn"] == {
        "name": "operators.23410.apn",
        "takes": "apn",
        "secret": False,
        "value": "mms.example",
    }
    assert rows["modem.baud"]["takes"].startswith("one 9600 ") and rows["modem.baud"]["value"] == 115200
    assert rows["press.to"]["value"] is None and rows["camera.size"]["value"] == "VGA"
    assert [rows[name]["value"] for name in ("pin", "page.password", "wifi.password")] == ["**"] * 3
    secrets = sorted([name for name in rows if rows[name]["secret"]])
    assert secrets == ["operators.23410.password", "page.password", "pin", "wifi.password"]
    shown = "".join(rooms.render.reply("set", edited.type("set")[0], {"do": "set"}, edited.phone.handset))
    assert "register_seconds             60  (whole 5 600)" in shown and "shrink                       true" in shown
    assert "sesame" not in shown and "1234" not in shown
    os.remove(edited.path)


def test_a_file_that_is_gone_or_full_of_something_else_stays_as_it_is():
    edited = Edited()
    for text in ("[]", "no json", '{"modem": 7}'):
        with open(edited.path, "w") as file:
            file.write(text)
        (said,) = edited.type("set modem.baud 9600")
        with open(edited.path) as file:
            assert file.read() == text and isinstance(said, str)
    os.remove(edited.path)
    assert edited.type("set shrink no")[0].startswith("the settings file cannot be read")


def test_the_parts_of_a_handset_that_want_a_setting_take_it_from_the_handset():
    """Another `settings` than that of the bearer would leave a change without effect."""
    phone = Phone()
    assert phone.handset.bearer.settings is phone.handset.settings
    raises(UsageError, asyncio.run, rooms.editing.do_set(phone.handset, {"setting": "shrink", "value": True}))


class Cut(BaseException):
    """The power fails."""


def test_where_the_power_fails_before_the_new_file_has_its_name_the_old_settings_are_whole():
    edited, replace = Edited(), files.replace

    def cut(*paths):
        raise Cut

    files.replace = cut
    try:
        raises(Cut, rooms.editing.change, edited.phone.settings, "shrink", False)
    finally:
        files.replace = replace
    assert edited.told == FILE and rooms.settings.load(edited.path)["shrink"] is True
    rooms.editing.change(edited.phone.settings, "shrink", False)
    name = edited.path.rpartition("/")[2]
    assert rooms.settings.load(edited.path)["shrink"] is False
    assert [one for one in files.names("build/tests") if one.startswith(name)] == [name]
    os.remove(edited.path)
